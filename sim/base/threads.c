#include "sim/base/threads.h"

#include <pthread.h>
#include <stdlib.h>

void sim_run_threads(uint32_t threads, void *(*work)(void *self), void *self)
{
    pthread_t *const helper = threads > 1 ? calloc(threads - 1, sizeof *helper) : NULL;
    uint32_t n_helpers = 0;
    while (helper != NULL && n_helpers + 1 < threads &&
           pthread_create(&helper[n_helpers], NULL, work, self) == 0) {
        n_helpers++;
    }
    (void)work(self);
    for (uint32_t i = 0; i < n_helpers; i++) {
        pthread_join(helper[i], NULL);
    }
    free(helper);
}
