/* sim/base/threads.h -- the same work on several threads at once. */
#ifndef SIM_BASE_THREADS_H
#define SIM_BASE_THREADS_H

#include <stdint.h>

/* Calls work(self) on `threads` threads, the calling one among them, and returns when all have ended.
 * Threads that cannot be had are done without: the calling one does their share. What work() shares is
 * its own to guard; its result is not looked at. */
void sim_run_threads(uint32_t threads, void *(*work)(void *self), void *self);

#endif
