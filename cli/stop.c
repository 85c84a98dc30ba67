#include "cli/stop.h"

#include "cli/exit_code.h"

#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
enum { N_CAUGHT = sizeof caught / sizeof caught[0] };

/* Set by the signal handler, which has nothing else to hand: the time of the first signal, 0 before. */
static atomic_llong requested_ns;

/* What a signal or an internal error has to remove. */
static const char *volatile unfinished;

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec + 1; /* never 0 */
}

static void on_signal(int number)
{
    const long long patience_ns = 1000000000;
    const long long now = now_ns();
    long long first = 0;
    if (!atomic_compare_exchange_strong(&requested_ns, &first, now) && number != SIGHUP &&
        now - first > patience_ns) {
        _exit(EXIT_STOPPED);
    }
}

void stop_name_unfinished(const char *path)
{
    unfinished = path;
}

static void remove_file(void)
{
    if (unfinished != NULL) {
        unlink(unfinished);
    }
}

/* By another program: after an abort nobody knows whether memory can be had here still, and posix_spawn() takes
 * none, while fork() waits for the allocator. Twice, as a gnuplot at work may make a file meanwhile. */
static void remove_folder(void)
{
    char *arguments[] = {(char[]){"rm"}, (char[]){"-rf"}, (char[]){"--"}, NULL, NULL};
    const char *const folder = unfinished;
    memcpy(&arguments[3], &folder, sizeof folder); /* nobody writes to it, whatever the type says */
    char *const environment[] = {NULL};
    pid_t child;
    for (int i = 0; i < 2 && folder != NULL && access(folder, F_OK) == 0; i++) {
        if (posix_spawn(&child, "/bin/rm", NULL, NULL, arguments, environment) == 0) { /* NOLINT */
            waitpid(child, NULL, 0);
        }
    }
}

static void on_abort(int number)
{
    (void)number;
    remove_file();
    remove_folder();
    _exit(EXIT_INTERNAL);
}

void stop_catch_abort(void)
{
    signal(SIGABRT, on_abort);
}

static void on_signal_with_file(int number)
{
    (void)number;
    remove_file();
    _exit(EXIT_STOPPED);
}

static void catch_with(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < N_CAUGHT; i++) {
        struct sigaction before;
        const bool is_ignored =
            sigaction(caught[i], NULL, &before) == 0 && before.sa_handler == SIG_IGN;
        if (caught[i] != SIGHUP || !is_ignored) {
            sigaction(caught[i], &action, NULL);
        }
    }
}

/* ---- Those who ask ---- */

static struct sigaction pipe_before;

void stop_catch_signals(void)
{
    catch_with(on_signal);
}

void stop_release_signals(void)
{
    catch_with(SIG_DFL);
}

void stop_ignore_pipe(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, &pipe_before);
}

void stop_restore_pipe(void)
{
    sigaction(SIGPIPE, &pipe_before, NULL);
}

bool stop_requested(void *unused)
{
    (void)unused;
    return atomic_load(&requested_ns) != 0;
}

/* ---- Those who do not ---- */

static void mask(int how)
{
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < N_CAUGHT; i++) {
        sigaddset(&set, caught[i]);
    }
    sigprocmask(how, &set, NULL);
}

void stop_hold_signals(void)
{
    mask(SIG_BLOCK);
}

void stop_let_signals(void)
{
    mask(SIG_UNBLOCK);
}

void stop_with_file(const char *path)
{
    stop_name_unfinished(path);
    catch_with(on_signal_with_file);
}
