#include "output/plot.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WIDTH = 1100, HEIGHT = 620 };

/* Viridis (Smith and van der Walt, 2015) at even steps: lightness grows all the way. */
static const char *const colours[PLOT_STYLES] = {"#440154", "#482173", "#433e85", "#38588c",
                                                 "#2d708e", "#25858e", "#1e9b8a", "#2ab07f",
                                                 "#52c569", "#86d549", "#c2df23", "#fde725"};

/* Doubles quotes and, if `is_markup`, escapes the characters that mean markup. */
static void quote(char *quoted, size_t size, const char *text, bool is_markup)
{
    size_t n = 0;
    for (const char *p = text; *p != '\0' && n + 3 < size; p++) {
        if (*p == '\'') {
            quoted[n++] = '\'';
        } else if (is_markup && strchr("_^{}@&~\\", *p) != NULL) {
            quoted[n++] = '\\';
        }
        const bool is_control = (unsigned char)*p < ' '; /* a line break would end the command */
        quoted[n++] = *(is_control ? " " : p);
    }
    quoted[n] = '\0';
}

void plot_quote(char *quoted, size_t size, const char *text)
{
    quote(quoted, size, text, false);
}

static void write_styles(FILE *out)
{
    for (int i = 0; i < PLOT_STYLES; i++) {
        fprintf(out, "set linetype %d linecolor rgb '%s' linewidth 2\n", i + 1, colours[i]);
    }
}

void plot_begin(FILE *out, const struct plot *p)
{
    char title[512];
    char note[512];
    quote(title, sizeof title, p->title, true);
    quote(note, sizeof note, p->note, true);
    fprintf(
        out,
        "# Draws %s.png and %s.svg from the CSV files one folder up. Edit it and run it again:\n"
        "#     gnuplot %s.gp\n"
        "set terminal pngcairo size %d,%d font 'sans,12' noenhanced background '#ffffff'\n"
        "set termoption enhanced\n"
        "set output '%s.png'\n"
        "set datafile separator comma\n"
        "set title \"{/:Bold=15 \" . '%s' . \"}\\n{/=11 \" . '%s' . \"}\"\n"
        "set xlabel '%s'\n"
        "set ylabel '%s'\n"
        "set key outside right center vertical Left reverse noenhanced samplen 2 spacing 1.25\n"
        "set grid linecolor rgb '#dddddd' linewidth 1\n"
        "set border 3 linecolor rgb '#555555'\n"
        "set tics nomirror textcolor rgb '#333333'\n",
        p->name, p->name, p->name, WIDTH, HEIGHT, p->name, title, note, p->x_label, p->y_label);
    write_styles(out);
}

void plot_end(FILE *out, const struct plot *p)
{
    fprintf(out,
            "set terminal svg enhanced size %d,%d font 'sans,12' background '#ffffff'\n"
            "set output '%s.svg'\n"
            "replot\n"
            "unset output\n",
            WIDTH, HEIGHT, p->name);
}

/* Reads to the end; what does not fit into `text` is dropped. */
static void read_text(int file, char *text, size_t size)
{
    char block[256];
    size_t n = 0;
    for (;;) {
        const ssize_t got = read(file, block, sizeof block);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        const size_t room = size - 1 - n;
        const size_t kept = (size_t)got < room ? (size_t)got : room;
        memcpy(text + n, block, kept);
        n += kept;
    }
    text[n] = '\0';
}

/* Runs gnuplot with its output going to a pipe; returns the exit status, or -1. */
static int run_gnuplot(const char *folder, const char *argument, char *said, size_t size)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return -1;
    }
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        if (folder == NULL || chdir(folder) == 0) {
            execlp("gnuplot", "gnuplot", argument, (char *)NULL);
        }
        _exit(127);
    }
    close(ends[1]);
    read_text(ends[0], said, size);
    close(ends[0]);
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool plot_gnuplot_version(char *text, size_t size)
{
    if (run_gnuplot(NULL, "--version", text, size) != 0) {
        return false;
    }
    text[strcspn(text, "\n")] = '\0';
    return true;
}

enum sim_err plot_render(const char *folder, const char *name, struct sim_error *e)
{
    char script[128];
    char said[256];
    snprintf(script, sizeof script, "%s.gp", name);
    const int status = run_gnuplot(folder, script, said, sizeof said);
    return status == 0 ? SIM_OK
                       : sim_fail(e, SIM_EIO, "gnuplot %s ended with %d: %s", script, status, said);
}
