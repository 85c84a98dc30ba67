#include "study/precision.h"

#include "sim/stat/interval.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Half-width over what it may be; at most 1 is precise enough. */
static double excess(const struct scenario *s, const struct sim_tally *tally, uint32_t n_figures)
{
    const double g = s->precision.relative;
    const double confidence = 1 - (1 - s->confidence) / n_figures;
    if (tally->n < 2 || !isfinite(tally->mean)) {
        return HUGE_VAL;
    }
    const double half_width = sim_interval_student(tally, confidence).half_width;
    const double allowed = g / (1 + g) * fabs(tally->mean);
    return half_width == 0 ? 0 : half_width / allowed;
}

/* The greatest excess of all figures after n replications. */
static double worst(const struct scenario *s, const struct sim_tally tally[], uint32_t n_figures)
{
    double most = 0;
    for (uint32_t k = 0; k < n_figures; k++) {
        most = fmax(most, excess(s, &tally[k], n_figures));
    }
    return most;
}

static void add(struct sim_tally tally[], const double value[], uint32_t n_figures, uint32_t stride,
                uint32_t r)
{
    for (uint32_t k = 0; k < n_figures; k++) {
        sim_tally_add(&tally[k], value[(size_t)k * stride + r]);
    }
}

uint32_t precision_enough(const struct scenario *s, const double value[], uint32_t n_figures,
                          uint32_t stride, uint32_t n)
{
    struct sim_tally tally[PRECISION_FIGURES] = {{0}};
    for (uint32_t r = 0; r < n; r++) {
        add(tally, value, n_figures, stride, r);
        if (r + 1 >= s->precision.min && worst(s, tally, n_figures) <= 1) {
            return r + 1;
        }
    }
    return 0;
}

uint32_t precision_next(const struct scenario *s, const double value[], uint32_t n_figures,
                        uint32_t stride, uint32_t n)
{
    struct sim_tally tally[PRECISION_FIGURES] = {{0}};
    for (uint32_t r = 0; r < n; r++) {
        add(tally, value, n_figures, stride, r);
    }
    const double excess_now = worst(s, tally, n_figures);
    const double wanted = ceil(n * excess_now * excess_now); /* half-widths fall with sqrt(n) */
    const double most = fmin(ceil(1.5 * n), s->precision.max);
    return (uint32_t)fmin(fmax(wanted, n + 1.0), most);
}

enum sim_err precision_figures(const struct scenario *s,
                               char name[PRECISION_FIGURES][PRECISION_NAME], uint32_t *n,
                               struct sim_error *e)
{
    *n = 0;
    for (const char *p = s->precision.figures; *p != '\0';) {
        p += strspn(p, " ,");
        const size_t length = strcspn(p, " ,");
        if (length == 0) {
            break;
        }
        if (*n == PRECISION_FIGURES || length >= PRECISION_NAME) {
            return sim_fail(e, SIM_EINVAL, "precision.figures: at most %d columns of runs.csv",
                            (int)PRECISION_FIGURES);
        }
        snprintf(name[(*n)++], PRECISION_NAME, "%.*s", (int)length, p);
        p += length;
    }
    return *n > 0 ? SIM_OK
                  : sim_fail(e, SIM_EINVAL, "precision.figures: a column of runs.csv is missing");
}
