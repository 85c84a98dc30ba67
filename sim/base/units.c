#include "sim/base/units.h"

#include "sim/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct unit {
    const char *name;
    enum sim_dimension dimension;
    double factor;
};

/* Decimal prefixes are powers of 1000, IEC prefixes powers of 1024; "k" and "K" are not mixed up.
 */
static const struct unit units[] = {
    {"us", SIM_TIME, 1e-6},
    {"ms", SIM_TIME, 1e-3},
    {"s", SIM_TIME, 1},
    {"min", SIM_TIME, 60},
    {"h", SIM_TIME, 3600},
    {"d", SIM_TIME, 86400},
    {"byte", SIM_SIZE, 1},
    {"bytes", SIM_SIZE, 1},
    {"B", SIM_SIZE, 1},
    {"kB", SIM_SIZE, 1e3},
    {"MB", SIM_SIZE, 1e6},
    {"GB", SIM_SIZE, 1e9},
    {"TB", SIM_SIZE, 1e12},
    {"KiB", SIM_SIZE, 1024},
    {"MiB", SIM_SIZE, 1048576},
    {"GiB", SIM_SIZE, 1073741824},
    {"bit/s", SIM_RATE, 1},
    {"kbit/s", SIM_RATE, 1e3},
    {"Mbit/s", SIM_RATE, 1e6},
    {"Gbit/s", SIM_RATE, 1e9},
    {"Tbit/s", SIM_RATE, 1e12},
    {"/s", SIM_FREQUENCY, 1},
    {"/min", SIM_FREQUENCY, 1.0 / 60},
    {"/h", SIM_FREQUENCY, 1.0 / 3600},
    {"%", SIM_SHARE, 0.01},
};

static const struct {
    const char *name, *unit, *units;
} dimensions[SIM_N_DIMENSIONS] = {
    [SIM_NUMBER] = {"number", "", "none"},
    [SIM_TIME] = {"time", "s", "us, ms, s, min, h, d"},
    [SIM_SIZE] = {"size", "byte", "byte, B, kB, MB, GB, TB, KiB, MiB, GiB"},
    [SIM_RATE] = {"rate", "bit/s", "bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s"},
    [SIM_FREQUENCY] = {"frequency", "/s", "/s, /min, /h"},
    [SIM_SHARE] = {"share", "%", "% or a fraction of 1"},
};

const char *sim_dimension_name(enum sim_dimension dimension)
{
    return dimensions[dimension].name;
}

const char *sim_dimension_unit(enum sim_dimension dimension)
{
    return dimensions[dimension].unit;
}

const char *sim_dimension_units(enum sim_dimension dimension)
{
    return dimensions[dimension].units;
}

bool sim_dimension_needs_unit(enum sim_dimension dimension)
{
    return dimension != SIM_NUMBER && dimension != SIM_SHARE;
}

/* A unit is a run of letters, '/' and '%'. */
static size_t unit_length(const char *p)
{
    size_t n = 0;
    while (isalpha((unsigned char)p[n]) || p[n] == '/' || p[n] == '%') {
        n++;
    }
    return n;
}

bool sim_parse_unit(const char *text, enum sim_dimension dimension, const char **end,
                    double *factor)
{
    const char *const start = sim_skip_spaces(text);
    const size_t length = unit_length(start);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (units[i].dimension == dimension && strlen(units[i].name) == length &&
            memcmp(units[i].name, start, length) == 0) {
            *end = start + length;
            *factor = units[i].factor;
            return true;
        }
    }
    return false;
}

const char *sim_unit_with_factor(enum sim_dimension dimension, double factor)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (units[i].dimension == dimension && units[i].factor == factor) {
            return units[i].name;
        }
    }
    return NULL;
}

/* A factor below 1 is one over a whole number. Dividing by that one rounds once: "95 %" is 0.95, which
 * 95 * 0.01 is not. */
static double scaled(double number, double factor)
{
    return factor < 1 ? number / round(1 / factor) : number * factor;
}

static enum sim_err fail_comma(const char *text, struct sim_error *e)
{
    return sim_fail(e, SIM_EINVAL, "'%s' has a decimal comma; numbers have a point", text);
}

enum sim_err sim_parse_quantity(const char *text, enum sim_dimension dimension, const char **end,
                                double *value, struct sim_error *e)
{
    const char *const start = sim_skip_spaces(text);
    const char *p;
    double number;
    double factor = 1;

    if (!sim_parse_double(start, &p, &number)) {
        return sim_fail(e, SIM_EINVAL, "'%s' is not a number", start);
    }
    const char *const behind = p;
    if (!sim_parse_unit(p, dimension, &p, &factor) && sim_dimension_needs_unit(dimension)) {
        const char *const unit = sim_skip_spaces(behind);
        const size_t length = unit_length(unit);
        if (sim_is_decimal_comma(unit)) {
            return fail_comma(start, e);
        }
        if (length == 0) {
            return sim_fail(e, SIM_EINVAL, "'%s' needs a unit of %s (%s)", start,
                            sim_dimension_name(dimension), sim_dimension_units(dimension));
        }
        return sim_fail(e, SIM_EINVAL, "'%.*s' is not a unit of %s (%s)", (int)length, unit,
                        sim_dimension_name(dimension), sim_dimension_units(dimension));
    }
    *end = p;
    *value = scaled(number, factor);
    return SIM_OK;
}

enum sim_err sim_read_quantity(const char *text, enum sim_dimension dimension, double *value,
                               struct sim_error *e)
{
    const char *end = text;
    double parsed = 0;
    const enum sim_err err = sim_parse_quantity(text, dimension, &end, &parsed, e);
    if (err != SIM_OK) {
        return err;
    }
    end = sim_skip_spaces(end);
    if (sim_is_decimal_comma(end)) {
        return fail_comma(text, e);
    }
    if (*end != '\0') {
        return sim_fail(e, SIM_EINVAL, "'%s' after the %s '%.*s' is not understood", end,
                        sim_dimension_name(dimension), (int)(end - text), text);
    }
    *value = parsed;
    return SIM_OK;
}

void sim_quantity_text(char *text, size_t size, double value, enum sim_dimension dimension)
{
    char number[SIM_DOUBLE_TEXT];
    const bool share = dimension == SIM_SHARE;
    sim_double_text(number, value);
    const char *const unit = share ? "" : sim_dimension_unit(dimension);
    snprintf(text, size, "%s%s%s", number, *unit != '\0' ? " " : "", unit);
}
