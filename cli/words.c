#include "cli/words.h"

#include <math.h>
#include <stdbool.h>

int words_decimals(double value)
{
    const double size = fabs(value);
    return size <= 0 || size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2;
}

/* As many digits as mean and interval are worth. */
static int digits_of(double mean, double half_width)
{
    const int of_mean = words_decimals(mean);
    const bool is_narrow = isfinite(half_width) && words_decimals(half_width) > 0;
    return of_mean == 0 && is_narrow ? 1 : of_mean;
}

void words_interval(double mean, double half_width, const char *unit, FILE *out)
{
    const int digits = digits_of(mean, half_width);
    fprintf(out, "%.*f%s%s", digits, mean, *unit != '\0' ? " " : "", unit);
    if (isfinite(half_width)) {
        fprintf(out, " (%.*f to %.*f)", digits, fmax(mean - half_width, 0), digits,
                mean + half_width);
    }
}

void words_time_in(struct time_unit unit, double mean_s, double half_width_s, double horizon_s,
                   FILE *out)
{
    if (isinf(mean_s)) {
        const struct time_unit of_horizon = time_unit_of(horizon_s);
        fputs("more than ", out);
        words_interval(horizon_s / of_horizon.in_s, NAN, of_horizon.symbol, out);
    } else {
        words_interval(mean_s / unit.in_s, half_width_s / unit.in_s, unit.symbol, out);
    }
}

void words_time(double mean_s, double half_width_s, double horizon_s, FILE *out)
{
    words_time_in(time_unit_of(mean_s), mean_s, half_width_s, horizon_s, out);
}

void words_duration(double time_s, FILE *out)
{
    const bool is_minutes =
        time_s >= 60 && time_s <= 120; /* "1 min", where 60.2 s would tell more */
    const struct time_unit unit = time_unit_of(is_minutes ? 121 : time_s);
    const double x = time_s / unit.in_s;
    fprintf(out, "%.*f %s", x < 9.95 && fabs(x - round(x)) > 0.05 ? 1 : 0, x, unit.symbol);
}

void words_assumed_timeline(const char *scenario, const char *server, FILE *out)
{
    fprintf(out, "%s has no timeline: it is assumed that server %s fails at 0 s.", scenario,
            server);
}
