#include "models/result.h"

#include <stdlib.h>

void run_result_fini(struct run_result *r)
{
    free(r->device);
    free(r->resource);
    free(r->order);
    sim_series_destroy(r->series);
    *r = (struct run_result){0};
}
