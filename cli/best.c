#include "cli/best.h"

#include "cli/observe.h"
#include "sim/stat/selection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_ROUNDS = 20 };

struct race {
    const struct alternatives *a;
    const struct best_task *task;
    struct sim_selection *selection;
    double *value; /* [alternative][round of the batch] */
    double *round; /* one round: by alternative */
};

/* Runs `n` more rounds of the alternatives that are in. */
static enum sim_err run_batch(struct race *r, uint32_t first, uint32_t n, struct sim_error *e)
{
    const char *const names[] = {r->task->metric};
    for (size_t i = 0; i < r->a->n; i++) {
        double *const value = r->value + i * FIRST_ROUNDS;
        if (!sim_selection_is_in(r->selection, i)) {
            continue;
        }
        const enum sim_err err =
            observe(&r->a->item[i].scenario, first, n, r->task->threads, names, 1, value, e);
        if (err != SIM_OK) {
            return err;
        }
        for (uint32_t k = 0; k < n; k++) {
            if (!isfinite(value[k])) {
                return sim_fail(e, SIM_EINVAL,
                                "%s: %s is 'never' in replication %u; the best can only be chosen "
                                "by figures that always come",
                                r->a->item[i].name, r->task->metric, first + k);
            }
        }
    }
    return SIM_OK;
}

/* Rounds are taken one by one, so the decision does not depend on the size of a batch. */
static void take_batch(struct race *r, uint32_t n)
{
    for (uint32_t k = 0; k < n && !sim_selection_is_decided(r->selection); k++) {
        for (size_t i = 0; i < r->a->n; i++) {
            r->round[i] = r->value[i * FIRST_ROUNDS + k];
        }
        sim_selection_add(r->selection, r->round);
    }
}

static enum sim_err run_race(struct race *r, struct sim_error *e)
{
    const uint32_t later = r->task->threads < FIRST_ROUNDS ? r->task->threads : FIRST_ROUNDS;
    enum sim_err err = SIM_OK;
    uint32_t first = 0;
    while (err == SIM_OK && !sim_selection_is_decided(r->selection) && first < r->task->most) {
        const uint32_t wanted = first == 0 ? FIRST_ROUNDS : later;
        const uint32_t n = wanted < r->task->most - first ? wanted : r->task->most - first;
        err = run_batch(r, first, n, e);
        if (err == SIM_OK) {
            take_batch(r, n);
        }
        first += n;
        if (r->task->progress) {
            fprintf(stderr, "\rreplications of each: %u", first);
        }
    }
    if (r->task->progress) {
        fputc('\n', stderr);
    }
    return err;
}

enum sim_err best_find(const struct alternatives *a, const struct best_task *task,
                       struct best_result *result, struct sim_error *e)
{
    struct race r = {.a = a, .task = task};
    r.value = calloc(a->n * FIRST_ROUNDS, sizeof *r.value);
    r.round = calloc(a->n, sizeof *r.round);
    enum sim_err err = SIM_ENOMEM;
    if (r.value != NULL && r.round != NULL) {
        err = sim_selection_create(a->n, a->item[0].scenario.confidence, task->indifference,
                                   FIRST_ROUNDS, &r.selection);
    }
    if (err != SIM_OK) {
        sim_fail(e, err, "choosing the best: %s", sim_err_text(err));
    } else {
        err = run_race(&r, e);
    }
    if (err == SIM_OK) {
        *result = (struct best_result){.best = sim_selection_best(r.selection),
                                       .is_decided = sim_selection_is_decided(r.selection),
                                       .replications = sim_selection_n_rounds(r.selection)};
    }
    sim_selection_destroy(r.selection);
    free(r.value);
    free(r.round);
    return err;
}
