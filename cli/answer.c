#include "cli/answer.h"

#include "sim/base/text.h"

#include <math.h>
#include <string.h>

/* ---- Numbers for people ---- */

/* Two or three significant digits, no exponent. */
static int decimals(double value)
{
    const double size = fabs(value);
    return size >= 99.5 ? 0 : size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2;
}

static const struct {
    double factor;
    const char *name;
} scales[] = {{1, "s"}, {60, "min"}, {3600, "h"}};

/* The unit in which a time reads well. */
static int scale_of(double value_s)
{
    return fabs(value_s) < 120 ? 0 : fabs(value_s) < 3 * 3600 ? 1 : 2;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* As many digits as mean and interval are worth. */
static int digits_of(double mean, double half_width)
{
    const bool is_narrow = isfinite(half_width) && decimals(half_width) > 0;
    return larger(decimals(mean), is_narrow ? 1 : 0);
}

static void print_interval(double mean, double half_width, const char *unit, FILE *out)
{
    const int digits = digits_of(mean, half_width);
    fprintf(out, "%.*f%s%s", digits, mean, *unit != '\0' ? " " : "", unit);
    if (isfinite(half_width)) {
        fprintf(out, " (%.*f to %.*f)", digits, fmax(mean - half_width, 0), digits,
                mean + half_width);
    }
}

/* "6.1 min (5.9 to 6.3)"; a mean over "never" is "more than" the horizon. */
static void print_time(const struct metric_summary *s, double horizon_s, FILE *out)
{
    const bool is_never = !isfinite(s->mean);
    const double mean_s = is_never ? horizon_s : s->mean;
    const int k = scale_of(mean_s);
    fputs(is_never ? "more than " : "", out);
    print_interval(mean_s / scales[k].factor, s->half_width / scales[k].factor, scales[k].name,
                   out);
}

/* ---- The bottleneck ---- */

struct bottleneck {
    const struct resource_use *use;
    double limit_s, busy_share; /* means over replications */
};

static struct bottleneck mean_use(const struct study *s, size_t i)
{
    struct bottleneck b = {&s->result[0].resource[i], 0, 0};
    for (uint32_t r = 0; r < s->n; r++) {
        b.limit_s += s->result[r].resource[i].saturated_s / s->n;
        b.busy_share += s->result[r].resource[i].busy_share / s->n;
    }
    return b;
}

/* The resource that was the limit for the longest time; workers only if no machine behind them was,
 * since a line before workers is as a rule the shadow of what they wait for. */
static struct bottleneck find_bottleneck(const struct study *s, double end_s)
{
    const double worth_naming = 0.25;
    struct bottleneck best[2] = {{0}, {0}}; /* machines, pools */
    for (size_t i = 0; i < s->result[0].n_resources; i++) {
        const struct bottleneck b = mean_use(s, i);
        struct bottleneck *const kind = &best[b.use->is_pool];
        if (kind->use == NULL || b.limit_s > kind->limit_s) {
            *kind = b;
        }
    }
    const struct bottleneck none = {0};
    if (best[0].use != NULL && best[0].limit_s >= worth_naming * end_s) {
        return best[0];
    }
    return best[1].use != NULL && best[1].limit_s >= worth_naming * end_s ? best[1] : none;
}

static void print_bottleneck(const struct study *s, FILE *out)
{
    const struct metric_summary end = study_summary_of(s, "end_s");
    const struct bottleneck b = find_bottleneck(s, end.mean);
    if (b.use == NULL) {
        fputs("no server or line is a bottleneck for long: most of the time goes into the devices' "
              "own lines, delays and waits",
              out);
        return;
    }
    const int k = scale_of(b.limit_s);
    const double limit = b.limit_s / scales[k].factor;
    fprintf(out, "%s %s the bottleneck (the limit for %.*f %s, in use %.0f %% of the time)",
            b.use->words, b.use->is_pool ? "are" : "is", decimals(limit), limit, scales[k].name,
            100 * b.busy_share);
}

/* ---- What to beware of ---- */

static void print_warnings(const struct study *s, FILE *out)
{
    const struct metric_summary unfinished = study_summary_of(s, "unfinished");
    const struct metric_summary outside = study_summary_of(s, "outside_model_share");
    if (unfinished.max > 0) {
        fprintf(out, " Up to %.0f device%s not done at the end (%.3g h).", unfinished.max,
                unfinished.max == 1 ? " was" : "s were", s->scenario->horizon_s / 3600);
    }
    if (s->n < 2) {
        fputs(" One replication has no interval.", out);
    } else if (s->n < 5) {
        fprintf(out, " The intervals come from only %u replications.", s->n);
    }
    if (outside.mean > 0.01) {
        fprintf(out,
                " For %.0f %% of the time the uplink is shared so thinly that the model of it is "
                "too kind.",
                100 * outside.mean);
    }
}

void answer_print_sentence(const struct study *s, FILE *out)
{
    const struct metric_summary half = study_summary_of(s, "basic_p50_s");
    const struct metric_summary all = study_summary_of(s, "full_max_s");
    const uint32_t n_devices = s->result[0].n_devices;
    if (n_devices == 1) {
        fputs("The only device has today's mail after ", out);
    } else {
        fprintf(out, "Half of the %u devices have today's mail after ", n_devices);
    }
    print_time(&half, s->scenario->horizon_s, out);
    fputs(n_devices == 1 ? ", everything after " : ", all have everything after ", out);
    print_time(&all, s->scenario->horizon_s, out);
    fputs("; ", out);
    print_bottleneck(s, out);
    fputs(".", out);
    print_warnings(s, out);
    fputs("\n", out);
}

void answer_print_table(const struct study *s, FILE *out)
{
    static const struct {
        const char *metric, *words;
        bool is_time;
    } lines[] = {
        {"basic_p50_s", "today's mail: half of the devices", true},
        {"basic_p95_s", "today's mail: 95 %", true},
        {"basic_max_s", "today's mail: all", true},
        {"full_p50_s", "everything: half of the devices", true},
        {"full_p95_s", "everything: 95 %", true},
        {"full_max_s", "everything: all", true},
        {"blackout_mean_s", "a device is empty for, on average", true},
        {"blackout_max_s", "a device is empty for, at most", true},
        {"user_minutes_lost", "user-minutes lost", false},
        {"refused", "answers 503", false},
        {"timeouts", "requests given up by devices", false},
        {"desktop_slowdown", "desktop mail, times slower than idle", false},
    };
    fprintf(out, "%-40s mean (%g %% interval, %u replication%s)\n", "",
            100 * s->scenario->confidence, s->n, sim_plural(s->n));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const struct metric_summary m = study_summary_of(s, lines[i].metric);
        fprintf(out, "  %-38s ", lines[i].words);
        if (lines[i].is_time) {
            print_time(&m, s->scenario->horizon_s, out);
        } else {
            print_interval(m.mean, m.half_width, "", out);
        }
        fputc('\n', out);
    }
}
