#include "tests/support/fluid_driver.h"

#include "tests/support/check.h"

#include <stdlib.h>

struct driver {
    struct sim *sim;
    struct sim_fluid *fluid;
    struct reference_flow *flow;
    const struct reference_capacity *change;
    uint32_t *class_id; /* by flow */
    size_t *made_for;   /* by class: a flow */
    size_t n_classes;
    struct sim_handle *handle;
    struct driver_options options;
    size_t n_starts;
};

static void on_end(void *self, uint64_t i)
{
    struct driver *const d = self;
    d->flow[i].finish_s = sim_now(d->sim);
}

static void add_class(struct driver *d, size_t i)
{
    const struct reference_flow *const f = &d->flow[i];
    for (size_t k = 0; d->options.merges && k < d->n_classes; k++) {
        const struct reference_flow *const of_class = &d->flow[d->made_for[k]];
        if (of_class->cap == f->cap && of_class->weight == f->weight) {
            d->class_id[i] = (uint32_t)k;
            return;
        }
    }
    d->made_for[d->n_classes++] = i;
    assert_int_equal(
        sim_fluid_add_class(d->fluid, (uint64_t)f->cap, (uint32_t)f->weight, &d->class_id[i]),
        SIM_OK);
}

static void on_start(void *self, uint64_t i)
{
    struct driver *const d = self;
    if (d->options.late_classes) {
        add_class(d, i);
    }
    if (d->options.alternates) {
        static const enum sim_fluid_solver in_turn[] = {SIM_FLUID_SCAN, SIM_FLUID_GROUPS,
                                                        SIM_FLUID_KINETIC};
        sim_fluid_use(d->fluid, in_turn[++d->n_starts / 2 % 3]);
    }
    sim_fluid_start(d->fluid, d->class_id[i], d->flow[i].amount, (struct sim_call){on_end, d, i},
                    &d->handle[i]);
}

static void on_cancel(void *self, uint64_t i)
{
    struct driver *const d = self;
    if (sim_fluid_cancel(d->fluid, &d->handle[i])) {
        d->flow[i].finish_s = NAN;
    }
}

static void on_change(void *self, uint64_t i)
{
    struct driver *const d = self;
    sim_fluid_set_capacity(d->fluid, (uint64_t)d->change[i].capacity);
}

struct sim_fluid_stats driver_run(struct reference_flow *flow, size_t n,
                                  const struct reference_capacity *change, size_t n_changes,
                                  struct driver_options options, double *gap)
{
    struct driver d = {.flow = flow, .change = change, .options = options};
    d.class_id = calloc(n, sizeof *d.class_id);
    d.made_for = calloc(n, sizeof *d.made_for);
    d.handle = calloc(n, sizeof *d.handle);
    assert_int_equal(sim_create(1, 0, &d.sim), SIM_OK);
    assert_int_equal(sim_fluid_create(d.sim, (uint64_t)change[0].capacity, &d.fluid), SIM_OK);
    sim_fluid_use(d.fluid, options.solver);
    for (size_t i = 0; i < n; i++) {
        flow[i].finish_s = INFINITY;
        if (!options.late_classes) {
            add_class(&d, i);
        }
        sim_at(d.sim, flow[i].start_s, SIM_NORMAL, (struct sim_call){on_start, &d, i});
        if (isfinite(flow[i].cancel_s)) {
            sim_at(d.sim, flow[i].cancel_s, SIM_LAST, (struct sim_call){on_cancel, &d, i});
        }
    }
    for (size_t i = 1; i < n_changes; i++) {
        sim_at(d.sim, change[i].time_s, SIM_FIRST, (struct sim_call){on_change, &d, i});
    }
    assert_int_equal(sim_run(d.sim, INFINITY), SIM_OK);
    const struct sim_fluid_stats stats = *sim_fluid_stats(d.fluid);
    if (gap != NULL) {
        *gap = sim_fluid_conservation_gap(d.fluid);
    }
    sim_fluid_destroy(d.fluid);
    sim_destroy(d.sim);
    free(d.class_id);
    free(d.made_for);
    free(d.handle);
    return stats;
}
