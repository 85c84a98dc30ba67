#include "cli/rerun_repeat.h"

#include "cli/cmd.h"
#include "output/tree.h"
#include "sim/base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* `decide` prints its decision, quiet or not; here it is of no interest. Returns the former output, -1 if that
 * cannot be had. */
static int silence_stdout(void)
{
    fflush(stdout);
    const int before = dup(STDOUT_FILENO);
    const int nothing = before >= 0 ? open("/dev/null", O_WRONLY) : -1;
    if (nothing >= 0) { /* else it is heard: better than never to be heard again */
        dup2(nothing, STDOUT_FILENO);
        close(nothing);
    }
    return before;
}

static void restore_stdout(int before)
{
    fflush(stdout);
    if (before >= 0) {
        dup2(before, STDOUT_FILENO);
        close(before);
    }
}

/* The commands that can be repeated. */
static const struct {
    const char *name;
    enum exit_code (*run)(int argc, char **argv);
    bool has_threads;
    bool is_one_file; /* its output is a file, not a folder */
} commands[] = {
    {"run", cmd_run, true, false},
    {"decide", cmd_decide, true, false},
    {"fit", cmd_fit, false, false},
    {"replay", cmd_replay, false, true},
};

static size_t find_command(const char *name)
{
    size_t i = 0;
    while (strcmp(commands[i].name, name) != 0) {
        i++;
        SIM_ASSERT(i < sizeof commands / sizeof commands[0]); /* rerun_manifest_read has looked */
    }
    return i;
}

/* Where a command that writes one file writes it; the folder is made. NULL with errno set. */
static char *file_in(const char *folder, const char *name)
{
    return mkdir(folder, 0777) == 0 || errno == EEXIST ? tree_join(folder, name) : NULL;
}

static enum exit_code call(size_t command, const struct rerun_manifest *m, char *input,
                           char *output, unsigned threads)
{
    char name[64];
    char threads_option[16];
    char quiet[] = "--quiet";
    char output_option[] = "--output";
    char **const argv = calloc(m->n_options + 8, sizeof *argv);
    int argc = 0;
    if (argv == NULL) {
        return EXIT_NO_MEMORY;
    }
    snprintf(name, sizeof name, "primestorm %s", m->subcommand);
    snprintf(threads_option, sizeof threads_option, "--threads=%u", threads);
    argv[argc++] = name;
    argv[argc++] = quiet;
    if (commands[command].has_threads) {
        argv[argc++] = threads_option;
    }
    argv[argc++] = output_option;
    argv[argc++] = output;
    for (size_t i = 0; i < m->n_options; i++) {
        argv[argc++] = m->option[i];
    }
    argv[argc++] = input;
    const int before = silence_stdout();
    const enum exit_code code = commands[command].run(argc, argv);
    restore_stdout(before);
    free(argv);
    return code;
}

enum exit_code rerun_repeat(const struct rerun_manifest *m, char *input, const char *folder,
                            unsigned threads)
{
    const size_t command = find_command(m->subcommand);
    char *const output =
        commands[command].is_one_file ? file_in(folder, m->file[0].name) : strdup(folder);
    if (output == NULL) {
        fprintf(stderr, "primestorm: %s: %s\n", folder, strerror(errno));
        return EXIT_CANNOT_CREATE;
    }
    const enum exit_code code = call(command, m, input, output, threads);
    free(output);
    return code;
}

char *rerun_new_manifest(const struct rerun_manifest *m, const char *folder)
{
    char name[PATH_MAX];
    const bool is_one_file = commands[find_command(m->subcommand)].is_one_file;
    snprintf(name, sizeof name, "%s%smanifest.json", is_one_file ? m->file[0].name : "",
             is_one_file ? "." : "");
    return tree_join(folder, name);
}
