/* cli/stop.h -- SIGINT and SIGTERM ask for an orderly end; a second one ends the program at once. */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>

/* Call it before anything is made that an orderly end takes away again. */
void stop_catch_signals(void);

/* Has one come? Callable from any thread; the argument is for engines that pass a context. */
bool stop_requested(void *unused);

#endif
