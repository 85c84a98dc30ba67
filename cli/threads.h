/* cli/threads.h -- the option --threads, as every subcommand that simulates takes it. */
#ifndef CLI_THREADS_H
#define CLI_THREADS_H

#include <argp.h>

#define THREADS_OPTION                                                                             \
    {                                                                                              \
        "threads", 't', "N", 0, "Replications at once (default: one per processor)", 0             \
    }

/* The number in `text`; a usage error of the program if it is none. */
unsigned threads_parse(const char *text, struct argp_state *state);

unsigned threads_default(void); /* one per processor */

#endif
