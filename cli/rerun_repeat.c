#include "cli/rerun_repeat.h"

#include "cli/cmd.h"
#include "cli/stop.h"
#include "output/manifest.h"
#include "output/tree.h"
#include "sim/base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The commands that can be repeated. */
static const struct {
    const char *name;
    enum exit_code (*run)(int argc, char **argv);
    bool has_threads;
    bool is_one_file; /* its output is a file, not a folder */
} commands[] = {
    {"run", cmd_run, true, false},        {"decide", cmd_decide, true, false},
    {"fit", cmd_fit, false, false},       {"replay", cmd_replay, false, true},
    {"compare", cmd_compare, true, true}, {"sensitivity", cmd_sensitivity, true, true},
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

/* Where a command that writes one file writes it, in full; the folder is made. NULL with errno set. */
static char *file_in(const char *folder, const char *name)
{
    size_t made;
    char *const path = strdup(folder);
    const bool is_made = path != NULL && tree_make_parents(path, &made) &&
                         (mkdir(folder, 0777) == 0 || errno == EEXIST);
    free(path);
    char *const full = is_made ? realpath(folder, NULL) : NULL;
    char *const file = full != NULL ? tree_join(full, name) : NULL;
    free(full);
    return file;
}

/* In the child: some commands print, quiet or not, and that is of no interest here. */
static void be_silent(void)
{
    const int nothing = open("/dev/null", O_WRONLY);
    if (nothing >= 0) { /* else it is heard */
        dup2(nothing, STDOUT_FILENO);
        close(nothing);
    }
}

/* Waits for the child, and hands a request to stop on to it, once. */
static enum exit_code await(pid_t child)
{
    const struct timespec pause = {0, 10000000};
    bool is_told = false;
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (!is_told && stop_requested(NULL)) {
            kill(child, SIGTERM);
            is_told = true;
        }
        nanosleep(&pause, NULL);
    }
    if (WIFEXITED(status)) {
        return (enum exit_code)WEXITSTATUS(status);
    }
    if (!is_told) {
        fprintf(stderr, "primestorm: the repetition was ended by signal %d\n", WTERMSIG(status));
    }
    return is_told ? EXIT_STOPPED : EXIT_INTERNAL;
}

static void go_to(const char *folder)
{
    if (folder != NULL && chdir(folder) != 0) {
        fprintf(stderr, "primestorm: %s: %s; the scenarios were named there\n", folder,
                strerror(errno));
        exit(EXIT_NO_INPUT);
    }
}

/* In a process of its own: whatever ends it, this one is there to clean up. */
static enum exit_code run_apart(size_t command, const char *folder, int argc, char **argv)
{
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        stop_release_signals();
        be_silent();
        go_to(folder);
        const enum exit_code code = commands[command].run(argc, argv);
        free(argv); /* the copy of the child, which does not come back to who made it */
        exit((int)code);
    }
    if (child < 0) {
        fprintf(stderr, "primestorm: no process for the repetition: %s\n", strerror(errno));
        return EXIT_NO_MEMORY;
    }
    return await(child);
}

static enum exit_code call(size_t command, const struct rerun_manifest *m, char *input,
                           char *output, unsigned threads)
{
    char name[64];
    char threads_option[16];
    char quiet[] = "--quiet";
    char output_option[] = "--output";
    char **const argv = calloc(m->n_options + m->n_named + 8, sizeof *argv);
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
    for (size_t i = 0; i < m->n_named; i++) {
        argv[argc++] = m->named[i];
    }
    if (input != NULL) {
        argv[argc++] = input;
    }
    const enum exit_code code = run_apart(command, m->folder, argc, argv);
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
    char name[PATH_MAX] = "manifest.json";
    if (commands[find_command(m->subcommand)].is_one_file) {
        snprintf(name, sizeof name, "%s" MANIFEST_ENDING, m->file[0].name);
    }
    return tree_join(folder, name);
}
