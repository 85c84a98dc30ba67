#include "study/expect.h"

#include "sim/stat/interval.h"
#include "study/summary.h"

#include <math.h>
#include <stdlib.h>

void expect_fini(struct expectations *x)
{
    free(x->item);
    *x = (struct expectations){0};
}

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = {"met", "missed", "undecided"};
    return names[v];
}

bool verdict_fails(enum verdict v, bool is_strict)
{
    return v == VERDICT_MISSED || (is_strict && v == VERDICT_UNDECIDED);
}

/* ---- The interval ---- */

/* The mean and interval of points.csv. */
static enum sim_err by_mean(const double value[], uint32_t n, double confidence,
                            struct judgement *j)
{
    struct metric_summary s;
    const enum sim_err err = summary_of(value, n, confidence, &s);
    if (err != SIM_OK) {
        return err;
    }
    const bool is_never = isinf(s.mean);
    j->estimate = s.mean;
    j->low = is_never ? s.mean : s.mean - s.half_width;
    j->high = is_never ? s.mean : s.mean + s.half_width;
    return SIM_OK;
}

static void by_quantile(const struct sim_sample *s, double p, double confidence,
                        struct judgement *j)
{
    if (s->n > 0) {
        const struct sim_quantile_interval interval = sim_interval_quantile(s, p, confidence);
        j->estimate = sim_sample_quantile(s, p);
        j->low = interval.low;
        j->high = interval.high;
    }
}

/* ---- The verdict ---- */

static enum verdict verdict_of(const struct expectation *x, const struct judgement *j)
{
    const bool wants_low = x->relation == EXPECT_LESS || x->relation == EXPECT_AT_MOST;
    const bool takes_limit = x->relation == EXPECT_AT_MOST || x->relation == EXPECT_AT_LEAST;
    if (isnan(j->low) || isnan(j->high)) {
        return VERDICT_UNDECIDED;
    }
    /* Turned so that less is right. */
    const double best = wants_low ? j->low : -j->high;
    const double worst = wants_low ? j->high : -j->low;
    const double limit = wants_low ? x->limit : -x->limit;
    if (takes_limit ? worst <= limit : worst < limit) {
        return VERDICT_MET;
    }
    return (takes_limit ? best > limit : best >= limit) ? VERDICT_MISSED : VERDICT_UNDECIDED;
}

/* Half-widths fall with the root of the number; of a quantile's, both ends must be closed at least. */
static double replications_to_decide(const struct expectation *x, const struct judgement *j,
                                     double confidence)
{
    if (!isnan(x->quantile)) {
        const double closed = (double)sim_interval_quantile_needs(x->quantile, confidence);
        return closed > j->n ? closed : (double)NAN;
    }
    const double half_width = j->high - j->estimate;
    const double distance = fabs(x->limit - j->estimate);
    const double ratio = half_width / distance;
    const double n = ceil(j->n * ratio * ratio);
    return isfinite(n) && n < 1e6 ? fmax(n, j->n + 1.0) : (double)NAN;
}

enum sim_err expect_judge(const struct expectation *x, const double value[], uint32_t n,
                          double confidence, struct judgement *j)
{
    struct sim_sample sample = {0};
    enum sim_err err = SIM_OK;
    *j = (struct judgement){.estimate = NAN, .low = NAN, .high = NAN, .needs = NAN};
    for (uint32_t r = 0; r < n; r++) {
        if (!isnan(value[r]) && sim_sample_add(&sample, value[r]) != SIM_OK) {
            sim_sample_fini(&sample);
            return SIM_ENOMEM;
        }
    }
    sim_sample_sort(&sample);
    j->n = (uint32_t)sample.n;
    if (isnan(x->quantile)) {
        err = by_mean(value, n, confidence, j);
    } else {
        by_quantile(&sample, x->quantile, confidence, j);
    }
    sim_sample_fini(&sample);
    j->verdict = verdict_of(x, j);
    if (j->verdict == VERDICT_UNDECIDED) {
        j->needs = replications_to_decide(x, j, confidence);
    }
    return err;
}
