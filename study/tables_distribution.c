/* distributions.csv: quantiles of the waits of all devices in all storms of a point. */
#include "study/tables_internal.h"

#include "study/distribution.h"

#include <stdlib.h>

static const double levels[] = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999};

enum { N_LEVELS = sizeof levels / sizeof levels[0] };

/* One figure of a point: all replications, one of them, and how the levels fare in each. */
struct pool {
    struct sim_loghist *all, *own;
    double value_s[N_LEVELS];
    struct distribution_share share[N_LEVELS];
    uint32_t n;
};

/* What a replication kept, into p->own, which is empty if it kept none. */
static enum sim_err load(struct tables *t, uint32_t r, const char *name, struct pool *p,
                         struct sim_error *e)
{
    struct kept_series s;
    sim_loghist_clear(p->own);
    enum sim_err err = store_read_series(t->store, t->id, t->replication[r], name, &s, e);
    if (err != SIM_OK) {
        return err == SIM_ENOENT ? SIM_OK : err;
    }
    if (!distribution_add(&s, p->own)) {
        err = sim_fail(e, SIM_EINVAL, "%s/study.db: what was kept as %s is no histogram", t->folder,
                       name);
    }
    free(s.value);
    return err;
}

static enum sim_err pool_all(struct tables *t, const char *name, struct pool *p,
                             struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    for (uint32_t r = 0; r < t->n && err == SIM_OK; r++) {
        err = load(t, r, name, p, e);
        if (err == SIM_OK && sim_loghist_count(p->own) > 0) {
            err = sim_loghist_merge(p->all, p->own);
            p->n++;
        }
    }
    for (size_t i = 0; i < N_LEVELS; i++) {
        p->value_s[i] = distribution_quantile(p->all, levels[i]);
    }
    return err;
}

/* The same once more, now that the quantiles are known. */
static enum sim_err measure_spread(struct tables *t, const char *name, struct pool *p,
                                   struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    for (uint32_t r = 0; r < t->n && err == SIM_OK; r++) {
        err = load(t, r, name, p, e);
        const double devices = (double)sim_loghist_count(p->own);
        for (size_t i = 0; i < N_LEVELS && err == SIM_OK && devices > 0; i++) {
            const double below = (double)sim_loghist_count_to(p->own, p->value_s[i]);
            distribution_share_add(&p->share[i], below, devices);
        }
    }
    return err;
}

static void put_rows(struct tables *t, struct csv *csv, const char *name, const struct pool *p)
{
    for (size_t i = 0; i < N_LEVELS; i++) {
        double low_s;
        double high_s;
        distribution_interval(p->all, &p->share[i], levels[i], t->plan->base->confidence, &low_s,
                              &high_s);
        csv_whole(csv, t->point);
        tables_put_keys(csv, t);
        csv_text(csv, distribution_figure(name));
        csv_whole(csv, p->n);
        csv_whole(csv, sim_loghist_count(p->all));
        csv_real(csv, levels[i]);
        csv_real(csv, p->value_s[i]);
        csv_real(csv, low_s);
        csv_real(csv, high_s);
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
    err = err == SIM_OK ? pool_all(t, name, &p, e) : err;
    err = err == SIM_OK ? measure_spread(t, name, &p, e) : err;
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
