#include "cli/stop.h"

#include "cli/exit_code.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/* Set by the signal handler, which has nothing else to hand. */
static atomic_bool is_requested;

static void on_signal(int number)
{
    (void)number;
    if (atomic_exchange(&is_requested, true)) {
        _exit(EXIT_STOPPED);
    }
}

void stop_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool stop_requested(void *unused)
{
    (void)unused;
    return atomic_load(&is_requested);
}
