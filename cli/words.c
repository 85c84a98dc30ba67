#include "cli/words.h"

#include <math.h>
#include <stdbool.h>

int words_decimals(double value)
{
    const double size = fabs(value);
    return size <= 0 || size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2;
}

struct words_scale words_scale_of(double time_s)
{
    static const struct words_scale scales[] = {{1, "s"}, {60, "min"}, {3600, "h"}};
    return scales[fabs(time_s) < 120 ? 0 : fabs(time_s) < 3 * 3600 ? 1 : 2];
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

void words_time(double mean_s, double half_width_s, double horizon_s, FILE *out)
{
    const bool is_never = isinf(mean_s);
    const double shown_s = is_never ? horizon_s : mean_s;
    const struct words_scale scale = words_scale_of(shown_s);
    fputs(is_never ? "more than " : "", out);
    words_interval(shown_s / scale.factor, half_width_s / scale.factor, scale.name, out);
}

void words_duration(double time_s, FILE *out)
{
    const bool is_minutes =
        time_s >= 60 && time_s < 120; /* "1 min", where 60.2 s would tell more */
    const struct words_scale scale = is_minutes ? words_scale_of(120) : words_scale_of(time_s);
    const double x = time_s / scale.factor;
    fprintf(out, "%.*f %s", x < 9.95 && fabs(x - round(x)) > 0.05 ? 1 : 0, x, scale.name);
}
