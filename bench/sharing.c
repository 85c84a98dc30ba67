#include "bench/sharing.h"

#include "sim/core/sim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct storm {
    struct sim *sim;
    struct sim_fluid *link;
    struct bench_load *load;
};

static void must(enum sim_err err)
{
    if (err != SIM_OK) {
        fprintf(stderr, "sharing: %s\n", sim_err_text(err));
        exit(1);
    }
}

static void on_end(void *self, uint64_t i)
{
    struct storm *const s = self;
    s->load->flow[i].finish_s = sim_now(s->sim);
}

static void on_start(void *self, uint64_t i)
{
    struct storm *const s = self;
    if (i + 1 < s->load->n) {
        sim_at(s->sim, s->load->flow[i + 1].start_s, SIM_NORMAL,
               (struct sim_call){on_start, s, i + 1});
    }
    sim_fluid_start(s->link, (uint32_t)i, s->load->flow[i].amount_bit,
                    (struct sim_call){on_end, s, i}, NULL);
}

enum sim_fluid_solver sharing_run(struct bench_load *load)
{
    struct storm s = {.load = load};
    uint32_t id;
    must(sim_create(1, 0, &s.sim));
    must(sim_fluid_create(s.sim, load->capacity_bit_per_s, &s.link));
    must(sim_fluid_reserve(s.link, load->n, load->n));
    for (uint32_t i = 0; i < load->n; i++) {
        must(sim_fluid_add_class(s.link, load->flow[i].cap_bit_per_s, 1, &id)); /* id is i */
    }
    sim_at(s.sim, load->flow[0].start_s, SIM_NORMAL, (struct sim_call){on_start, &s, 0});
    must(sim_run(s.sim, INFINITY));
    const enum sim_fluid_solver solver = sim_fluid_stats(s.link)->solver;
    sim_fluid_destroy(s.link);
    sim_destroy(s.sim);
    return solver;
}
