#define _GNU_SOURCE /* posix_spawn_file_actions_addchdir_np, pipe2, environ */
#include "output/gnuplot.h"

#include "output/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID = 1024, NOT_STARTED = -1, STOPPED = -2, BY_SIGNAL = -3 };

/* ---- The process ---- */

/* A process group of its own, and the usual end if nobody reads what it says. */
static bool set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF) ==
               0 &&
           posix_spawnattr_setpgroup(attributes, 0) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &usual) == 0;
}

/* Both outputs go to `output`; nothing comes in. */
static bool set_files(posix_spawn_file_actions_t *actions, const char *folder, int output)
{
    return posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO) == 0 &&
           (folder == NULL || posix_spawn_file_actions_addchdir_np(actions, folder) == 0);
}

/* The child, 0 if it could not be started. */
static pid_t start(const char *folder, const char *argument, int output)
{
    static char program[] = "gnuplot";
    char *const words = strdup(argument);
    char *const argv[] = {program, words, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t child = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (words == NULL || !set_attributes(&attributes) || !set_files(&actions, folder, output) ||
        posix_spawnp(&child, program, &actions, &attributes, argv, environ) != 0) {
        child = 0;
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(words);
    return child;
}

/* Keeps the end of what is said: there the error stands. */
static void keep(char *said, const char *block, size_t n)
{
    size_t length = strlen(said);
    if (length + n > SAID - 1) {
        const size_t gone = length + n - (SAID - 1);
        memmove(said, said + gone, length - gone);
        length -= gone;
    }
    memcpy(said + length, block, n);
    said[length + n] = '\0';
}

/* Reads until the other side closes; false if it was to stop. A signal may come just before poll(),
 * which then would not notice: hence the limit of its time. */
static bool listen_to(int input, gnuplot_stop_fn *stop_requested, char said[static SAID])
{
    enum { PATIENCE_MS = 50 };
    char block[256];
    for (;;) {
        struct pollfd one = {.fd = input, .events = POLLIN};
        if (stop_requested(NULL)) {
            return false;
        }
        const int n_ready = poll(&one, 1, PATIENCE_MS);
        if (n_ready == 0 || (n_ready < 0 && errno == EINTR)) {
            continue;
        }
        const ssize_t got = read(input, block, sizeof block);
        if (got > 0) {
            keep(said, block, (size_t)got);
        } else if (got == 0 || errno != EINTR) {
            return true;
        }
    }
}

/* Runs gnuplot; returns its exit status or one of the negative values above. */
static int run(gnuplot_stop_fn *stop_requested, const char *folder, const char *argument,
               char said[static SAID])
{
    int ends[2];
    *said = '\0';
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return NOT_STARTED;
    }
    const pid_t child = start(folder, argument, ends[1]);
    close(ends[1]);
    const bool is_to_stop = child > 0 && !listen_to(ends[0], stop_requested, said);
    close(ends[0]);
    if (is_to_stop) {
        kill(-child, SIGKILL); /* what it has drawn so far is thrown away */
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child <= 0          ? NOT_STARTED
           : is_to_stop        ? STOPPED
           : WIFEXITED(status) ? WEXITSTATUS(status)
                               : BY_SIGNAL;
}

bool gnuplot_version(gnuplot_stop_fn *stop_requested, char *text, size_t size)
{
    char said[SAID];
    if (run(stop_requested, NULL, "--version", said) != 0) {
        return false;
    }
    snprintf(text, size, "%.*s", (int)strcspn(said, "\n"), said);
    return true;
}

/* ---- Its pictures ---- */

/* What is wrong: the lines that begin with the quoted name of the script; between them gnuplot repeats
 * the command. Without such lines, the last one. `said` is cut into its lines. */
static void find_reason(char *said, char reason[static SAID])
{
    char *rest = NULL;
    size_t n = 0;
    const char *last = "";
    for (char *line = strtok_r(said, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        last = line;
        if (*line == '"' && n < SAID - 1) {
            n += (size_t)snprintf(reason + n, SAID - n, "%s%s", n > 0 ? "; " : "", line);
        }
    }
    if (n == 0) {
        snprintf(reason, SAID, "%s", last);
    }
}

static const char *const endings[] = {"png", "svg"};
enum { N_ENDINGS = sizeof endings / sizeof endings[0] };

static char *picture(const char *folder, const char *name, int ending)
{
    char file[128];
    snprintf(file, sizeof file, "%s.%s", name, endings[ending]);
    return tree_join(folder, file);
}

static bool are_drawn(const char *folder, const char *name)
{
    bool all = true;
    for (int k = 0; k < N_ENDINGS; k++) {
        struct stat info;
        char *const path = picture(folder, name, k);
        all = all && path != NULL && stat(path, &info) == 0 && info.st_size > 0;
        free(path);
    }
    return all;
}

static void remove_pictures(const char *folder, const char *name)
{
    for (int k = 0; k < N_ENDINGS; k++) {
        char *const path = picture(folder, name, k);
        if (path != NULL) {
            unlink(path);
        }
        free(path);
    }
}

enum sim_err gnuplot_draw(gnuplot_stop_fn *stop_requested, const char *folder, const char *name,
                          struct sim_error *e)
{
    char script[128];
    char said[SAID];
    char reason[SAID];
    snprintf(script, sizeof script, "%s.gp", name);
    const int status = run(stop_requested, folder, script, said);
    if (status == 0 && are_drawn(folder, name)) {
        return SIM_OK;
    }
    remove_pictures(folder, name);
    switch (status) {
    case STOPPED:
        return sim_fail(e, SIM_ESTOPPED, "stopped on request");
    case NOT_STARTED:
        return sim_fail(e, SIM_EIO, "gnuplot %s could not be started", script);
    case BY_SIGNAL:
        return sim_fail(e, SIM_EIO, "gnuplot %s was ended by a signal", script);
    case 0:
        return sim_fail(e, SIM_EIO, "gnuplot %s left an empty file", script);
    default:
        find_reason(said, reason);
        return sim_fail(e, SIM_EIO, "gnuplot %s ended with %d: %s", script, status, reason);
    }
}
