#include "cli/comparison.h"

#include "cli/observe.h"
#include "cli/paired.h"

#include <stdlib.h>

const struct compared_figure compared_figures[COMPARED_N_FIGURES] = {
    {"basic_p50_s", "half of the devices have today's mail", "min", 60, "sooner", "later", 1},
    {"basic_max_s", "all devices have today's mail", "min", 60, "sooner", "later", 1},
    {"full_max_s", "all devices have everything", "min", 60, "sooner", "later", 1},
    {"blackout_mean_s", "a device is empty, on average", "min", 60, "shorter", "longer", 1},
    {"user_minutes_lost", "user-minutes lost", "", 1, "fewer", "more", 0},
    {"desktop_slowdown", "desktop mail, times slower than usual", "", 1, "less", "more", 2},
    {"wasted_cpu_share", "CPU time thrown away, of 100 s", "s", 0.01, "less", "more", 1},
};

static enum sim_err check_alike(const struct alternatives *a, struct sim_error *e)
{
    const struct scenario *const first = &a->item[0].scenario;
    for (size_t i = 1; i < a->n; i++) {
        const struct scenario *const s = &a->item[i].scenario;
        if (s->seed != first->seed || s->replications != first->replications ||
            s->confidence < first->confidence || s->confidence > first->confidence) {
            return sim_fail(e, SIM_EINVAL,
                            "%s: seed, replications or confidence differ from those of %s; give "
                            "--seed, --replications or --set confidence=... for all",
                            a->item[i].name, a->item[0].name);
        }
    }
    return SIM_OK;
}

static void show_progress(size_t n_done, size_t n)
{
    fprintf(stderr, "\rscenarios: %zu of %zu%s", n_done, n, n_done == n ? "\n" : "");
    fflush(stderr);
}

enum sim_err comparison_run(const struct alternatives *alternatives, uint32_t threads,
                            bool progress, struct comparison *out, struct sim_error *e)
{
    const struct scenario *const first = &alternatives->item[0].scenario;
    const char *names[COMPARED_N_FIGURES];
    for (size_t i = 0; i < COMPARED_N_FIGURES; i++) {
        names[i] = compared_figures[i].metric;
    }
    *out = (struct comparison){alternatives, first->replications, first->confidence, NULL};
    enum sim_err err = check_alike(alternatives, e);
    if (err == SIM_OK) {
        out->value = calloc(alternatives->n * COMPARED_N_FIGURES * out->n, sizeof *out->value);
        err = out->value != NULL ? SIM_OK : sim_fail_memory(e, "the figures");
    }
    for (size_t i = 0; i < alternatives->n && err == SIM_OK; i++) {
        err = observe(&alternatives->item[i].scenario, 0, out->n, threads, names,
                      COMPARED_N_FIGURES, out->value + i * COMPARED_N_FIGURES * out->n, e);
        if (progress) {
            show_progress(i + 1, alternatives->n);
        }
    }
    if (err != SIM_OK) {
        comparison_fini(out);
    }
    return err;
}

void comparison_fini(struct comparison *c)
{
    free(c->value);
    *c = (struct comparison){0};
}

const double *comparison_value(const struct comparison *c, size_t alternative, size_t figure)
{
    return c->value + (alternative * COMPARED_N_FIGURES + figure) * c->n;
}

struct sim_interval comparison_mean(const struct comparison *c, size_t alternative, size_t figure)
{
    return paired_interval(comparison_value(c, alternative, figure), NULL, c->n, c->confidence);
}

struct sim_interval comparison_difference(const struct comparison *c, size_t alternative,
                                          size_t figure)
{
    return paired_interval(comparison_value(c, alternative, figure), comparison_value(c, 0, figure),
                           c->n, c->confidence);
}
