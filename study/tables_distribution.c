/* distributions.csv: quantiles of the waits of all devices in all storms of a point. */
#include "study/tables_internal.h"

#include "sim/stat/interval.h"
#include "study/distribution.h"

#include <math.h>
#include <stdlib.h>

static const double levels[] = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};

enum { N_LEVELS = sizeof levels / sizeof levels[0] };

/* What one figure of a point comes to. */
struct pool {
    struct sim_loghist *all, *own;    /* of all replications; of one */
    struct sim_tally tally[N_LEVELS]; /* of the replications' own quantiles */
    bool has_never[N_LEVELS];         /* one of them is "never" */
    uint32_t n;                       /* replications */
};

static void take(struct pool *p)
{
    for (size_t i = 0; i < N_LEVELS; i++) {
        const double value_s = distribution_quantile(p->own, levels[i]);
        p->has_never[i] |= isinf(value_s);
        if (isfinite(value_s)) {
            sim_tally_add(&p->tally[i], value_s);
        }
    }
    p->n++;
}

/* Adds a replication; one without such a distribution, or in which no device lost anything, is left out. */
static enum sim_err add_replication(struct tables *t, uint32_t r, const char *name, struct pool *p,
                                    struct sim_error *e)
{
    struct kept_series s;
    enum sim_err err = store_read_series(t->store, t->id, t->replication[r], name, &s, e);
    if (err != SIM_OK) {
        return err == SIM_ENOENT ? SIM_OK : err;
    }
    sim_loghist_clear(p->own);
    if (!distribution_add(&s, p->own)) {
        err = sim_fail(e, SIM_EINVAL, "study.db: what was kept as %s is no histogram", name);
    } else if (sim_loghist_count(p->own) > 0) {
        err = sim_loghist_merge(p->all, p->own);
        take(p);
    }
    free(s.value);
    return err;
}

static void put_rows(struct tables *t, struct csv *csv, const char *name, const struct pool *p)
{
    const double confidence = t->plan->base->confidence;
    for (size_t i = 0; i < N_LEVELS; i++) {
        const double half_width_s = sim_interval_student(&p->tally[i], confidence).half_width;
        csv_whole(csv, t->point);
        tables_put_keys(csv, t);
        csv_text(csv, distribution_figure(name));
        csv_whole(csv, p->n);
        csv_whole(csv, sim_loghist_count(p->all));
        csv_real(csv, levels[i]);
        csv_real(csv, distribution_quantile(p->all, levels[i]));
        csv_real(csv, p->has_never[i] ? (double)NAN : half_width_s);
    }
}

static enum sim_err put_figure(struct tables *t, struct csv *csv, const char *name,
                               struct sim_error *e)
{
    struct pool p = {.n = 0};
    enum sim_err err = distribution_create(&p.all);
    err = err == SIM_OK ? distribution_create(&p.own) : err;
    if (err != SIM_OK) {
        sim_fail_memory(e, "distributions.csv");
    }
    for (uint32_t r = 0; r < t->n && err == SIM_OK; r++) {
        err = add_replication(t, r, name, &p, e);
    }
    if (err == SIM_OK) {
        put_rows(t, csv, name, &p);
    }
    sim_loghist_destroy(p.all);
    sim_loghist_destroy(p.own);
    return err;
}

enum sim_err tables_put_distributions(struct tables *t, struct csv *csv, struct sim_error *e)
{
    const struct sweep *const s = &t->plan->sweep;
    enum sim_err err = SIM_OK;
    for (size_t k = 0; k < s->n_series && err == SIM_OK; k++) {
        if (distribution_is(s->series[k])) {
            err = put_figure(t, csv, s->series[k], e);
        }
    }
    return err;
}
