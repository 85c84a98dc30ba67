/* Caps and weights: a few flows that share a link, worked out by hand.
 *
 * Each flow gets the share of the capacity that its weight earns, but never more than its cap; what
 * a capped flow leaves goes to the others. Between two starts or ends all rates are constant, so the
 * ends are fractions that a pencil finds. Nothing is random: the end of each flow must agree within
 * 1e-12. */
#include "models/theory/theory.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

/* The kernel counts in whole bit/s: a unit of the exercise is 1e9 of them. */
static const double unit = 1e9;

struct flow {
    double start_s, size, cap;
    uint32_t weight;
};

struct exercise {
    double capacity;
    uint32_t n;
    struct flow flow[THEORY_MAX_ROWS];
};

struct run {
    const struct exercise *p;
    struct sim *sim;
    struct sim_fluid *link;
    uint32_t class_id[THEORY_MAX_ROWS];
    struct theory_value *value;
};

static void on_end(void *self, uint64_t i)
{
    struct run *const r = self;
    r->value[i] = (struct theory_value){sim_now(r->sim), 1};
}

static void on_start(void *self, uint64_t i)
{
    struct run *const r = self;
    sim_fluid_start(r->link, r->class_id[i], r->p->flow[i].size * unit,
                    (struct sim_call){on_end, r, i}, NULL);
}

static enum sim_err simulate_exercise(const void *parameters, uint64_t seed, uint32_t replication,
                                      struct theory_value value[])
{
    struct run r = {.p = parameters, .value = value};
    enum sim_err err = sim_create(seed, replication, &r.sim);
    if (err == SIM_OK) {
        err = sim_fluid_create(r.sim, (uint64_t)(r.p->capacity * unit), &r.link);
    }
    for (uint32_t i = 0; i < r.p->n && err == SIM_OK; i++) {
        const struct flow *const f = &r.p->flow[i];
        err = sim_fluid_add_class(r.link, (uint64_t)(f->cap * unit), f->weight, &r.class_id[i]);
        sim_after(r.sim, f->start_s, (struct sim_call){on_start, &r, i});
    }
    if (err == SIM_OK) {
        err = sim_run(r.sim, INFINITY);
    }
    sim_fluid_destroy(r.link);
    sim_destroy(r.sim);
    return err;
}

/* ---- The rows ---- */

static const struct exercise three = {10, 3, {{0, 10, 1, 1}, {0, 12, 4, 1}, {0, 24, 8, 1}}};
static const struct exercise five = {
    10, 5, {{0, 10, 1, 1}, {0, 12, 4, 1}, {0, 24, 8, 1}, {1, 5, 5, 1}, {2, 3, 10, 1}}};
static const struct exercise eight = {100,
                                      8,
                                      {{0, 60, 10, 1},
                                       {1, 70, 20, 1},
                                       {2, 80, 30, 1},
                                       {3, 90, 40, 1},
                                       {4, 100, 50, 1},
                                       {5, 110, 60, 1},
                                       {6, 120, 70, 1},
                                       {7, 130, 80, 1}}};
static const struct exercise weights = {12, 3, {{0, 12, 12, 1}, {0, 12, 12, 2}, {0, 12, 4, 3}}};

static const struct theory_program programs[] = {
    {"caps-a",
     "A: C = 10, three flows with caps 1, 4, 8",
     simulate_exercise,
     &three,
     NULL,
     1,
     3,
     {IDENTITY("end of flow 1", "10/1", 10), IDENTITY("end of flow 2", "12/4", 3),
      IDENTITY("end of flow 3", "3 + 9/8", 33.0 / 8)}},
    {"caps-b",
     "B: A and two flows that start later",
     simulate_exercise,
     &five,
     NULL,
     1,
     5,
     {IDENTITY("end of flow 1", "10", 10), IDENTITY("end of flow 2", "67/18", 67.0 / 18),
      IDENTITY("end of flow 3", "725/144", 725.0 / 144),
      IDENTITY("end of flow 4", "26/9", 26.0 / 9), IDENTITY("end of flow 5", "29/9", 29.0 / 9)}},
    {"caps-c",
     "C: C = 100, flow k starts at k, size 60 + 10 k, cap 10 (k + 1)",
     simulate_exercise,
     &eight,
     NULL,
     1,
     8,
     {IDENTITY("end of flow 0", "6", 6), IDENTITY("end of flow 1", "9/2", 4.5),
      IDENTITY("end of flow 2", "43/9", 43.0 / 9), IDENTITY("end of flow 3", "154/27", 154.0 / 27),
      IDENTITY("end of flow 4", "317/45", 317.0 / 45),
      IDENTITY("end of flow 5", "149/18", 149.0 / 18), IDENTITY("end of flow 6", "55/6", 55.0 / 6),
      IDENTITY("end of flow 7", "233/24", 233.0 / 24)}},
    {"caps-d",
     "D: C = 12, weights 1, 2, 3, the third capped at 4",
     simulate_exercise,
     &weights,
     NULL,
     1,
     3,
     {IDENTITY("end of flow 1", "3", 3), IDENTITY("end of flow 2", "9/4", 9.0 / 4),
      IDENTITY("end of flow 3", "12/4", 3)}},
};

const struct theory_group theory_caps = {"caps", programs, sizeof programs / sizeof programs[0]};
