#include "output/plot.h"

#include <stdbool.h>
#include <string.h>

enum { WIDTH = 1100, HEIGHT = 680 };

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
    char remark[512];
    quote(title, sizeof title, p->title, true);
    quote(note, sizeof note, p->note, true);
    quote(remark, sizeof remark, p->remark != NULL ? p->remark : "", true);
    const bool has_remark = *remark != '\0';
    fprintf(
        out,
        "# Draws %s.png and %s.svg from the CSV files one folder up. Edit it and run it again:\n"
        "#     gnuplot %s.gp\n"
        "set terminal pngcairo size %d,%d font 'sans,12' noenhanced background '#ffffff'\n"
        "set termoption enhanced\n"
        "set output '%s.png'\n"
        "set datafile separator comma\n"
        "set title \"{/:Bold=16 \" . '%s' . \"}\\n{/=12 \" . '%s' . \"}%s\" . '%s' . \"%s\"\n"
        "set xlabel '%s' offset 0,0.5\n"
        "set ylabel '%s'\n"
        "set key below center horizontal Left reverse noenhanced samplen 5 spacing 1.3 width 1\n"
        "set rmargin 4\n"
        "set grid linecolor rgb '#dddddd' linewidth 1\n"
        "set border 3 linecolor rgb '#555555'\n"
        "set tics nomirror textcolor rgb '#333333'\n",
        p->name, p->name, p->name, WIDTH, HEIGHT, p->name, title, note,
        has_remark ? "\\n{/=10 " : "", remark, has_remark ? "}" : "", p->x_label, p->y_label);
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
