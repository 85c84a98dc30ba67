/* cli/stop.h -- SIGINT, SIGTERM and SIGHUP ask for an orderly end.
 *
 * A second SIGINT or SIGTERM ends the program at once. It counts as a second one only a second after
 * the first, since some send theirs twice (timeout(1), shells that close); SIGHUP never does. A SIGHUP
 * that was ignored at the start, as nohup(1) wants it, stays ignored.
 */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>

/* Call it before anything is made that an orderly end takes away again. */
void stop_catch_signals(void);

/* Signals do again what they do to any program. */
void stop_release_signals(void);

/* While files are being made, it is no reason to end that nobody reads standard error any more:
 * SIGPIPE is ignored, and then again what it was. */
void stop_ignore_pipe(void);
void stop_restore_pipe(void);

/* Has one come? Callable from any thread; the argument is for engines that pass a context. */
bool stop_requested(void *unused);

/* For work that never asks: a signal removes the file `path` and ends the program. NULL: no file. The
 * text is borrowed. Between hold and let no signal comes, so that file and name can change together. */
void stop_with_file(const char *path);
void stop_hold_signals(void);
void stop_let_signals(void);

/* A failed assert calls abort(), which ends the program where it is: from now on with the code for bugs in place of a
 * core, and after removing what is named here, a file or a folder with all that is in it. NULL: nothing. The text is
 * borrowed. stop_with_file names its file itself. */
void stop_catch_abort(void);
void stop_name_unfinished(const char *path);

#endif
