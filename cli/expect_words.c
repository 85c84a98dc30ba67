#include "cli/expect_words.h"

#include "cli/words.h"

#include <math.h>
#include <string.h>

/* How numbers of a figure are shown: divided by a factor, and in a unit. */
struct scale {
    double factor;
    const char *unit;
};

/* Times in what reads well for the estimate, or for the limit, if it never came. */
static struct scale scale_of(const struct expectation *x, const struct judgement *j)
{
    const double in_s = strcmp(x->unit, "s") == 0 ? 1 : strcmp(x->unit, "min") == 0 ? 60 : 0;
    if (in_s > 0) {
        const double value = isfinite(j->estimate) ? j->estimate : x->limit;
        const struct time_unit time = time_unit_of(value * in_s);
        return (struct scale){time.in_s / in_s, time.symbol};
    }
    return (struct scale){1, strcmp(x->unit, "1") == 0 ? "" : x->unit};
}

/* Three significant digits: enough to see on which side of the limit it is, as a rule. */
static void put_number(double value, FILE *out)
{
    const double size = fabs(value);
    const int decimals = size >= 100 || size <= 0 ? 0 : 2 - (int)floor(log10(size));
    fprintf(out, "%.*f", decimals, value);
}

static void put(double value, struct scale scale, FILE *out)
{
    put_number(value / scale.factor, out);
    fprintf(out, "%s%s", *scale.unit != '\0' ? " " : "", scale.unit);
}

static void put_undecided(const struct judgement *j, struct scale scale, FILE *out)
{
    if (isnan(j->low) || isnan(j->high)) {
        fputs(", and one replication has no interval", out);
        return;
    }
    if (isinf(j->low) || isinf(j->high)) {
        fputs(isinf(j->low) ? ", with no lower bound" : ", at least ", out);
        if (isfinite(j->low)) {
            put(j->low, scale, out);
        }
        fputs(isinf(j->high) ? ", with no upper bound" : ", at most ", out);
        if (isfinite(j->high)) {
            put(j->high, scale, out);
        }
    } else {
        fputs(", between ", out);
        put_number(j->low / scale.factor, out);
        fputs(" and ", out);
        put(j->high, scale, out);
    }
    if (isfinite(j->needs)) {
        fprintf(out, "; about %.0f replications would decide", j->needs);
    }
}

void expect_words(const struct expectation *x, const struct judgement *j, FILE *out)
{
    const struct scale scale = scale_of(x, j);
    const bool wants_low = x->relation == EXPECT_LESS || x->relation == EXPECT_AT_MOST;
    if (isnan(j->estimate)) {
        fputs("not measured", out);
        return;
    }
    if (isinf(j->estimate) && isinf(j->low)) {
        fputs("never, in at least one replication", out);
        return;
    }
    if (isinf(j->estimate)) {
        fputs("never", out);
    } else {
        put(j->estimate, scale, out);
    }
    if (j->verdict == VERDICT_UNDECIDED) {
        put_undecided(j, scale, out);
        return;
    }
    const bool is_upper = wants_low == (j->verdict == VERDICT_MET);
    fputs(is_upper ? ", at most " : ", at least ", out);
    put(is_upper ? j->high : j->low, scale, out);
}
