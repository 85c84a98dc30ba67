/* cli/plan_print.h -- a plan as text, CSV, JSON or Markdown on standard output. */
#ifndef CLI_PLAN_PRINT_H
#define CLI_PLAN_PRINT_H

#include "output/table.h"
#include "study/plan.h"

enum plan_format { PLAN_TEXT, PLAN_CSV, PLAN_JSON, PLAN_MD };

/* One run of the costliest point. */
struct plan_pilot {
    uint32_t point;
    double run_s, run_byte; /* NaN: there was none */
    unsigned threads;
};

/* `csv`: TABLE_CSV or another dialect of it, for PLAN_CSV. */
SIM_MUST_CHECK enum sim_err plan_print(const struct plan *plan, const struct plan_pilot *pilot,
                                       enum plan_format format, enum table_format csv,
                                       struct sim_error *e);

#endif
