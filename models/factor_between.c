/* A value between the two ends of a plausible range, as text of the same form. */
#include "models/factor.h"

#include "sim/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Numbers of one law stay on one scale, or its least value could pass its greatest. */
static double between(double low, double high, double place, bool may_be_logarithmic)
{
    const double decade = 10;
    const double a = fmin(low, high);
    const double b = fmax(low, high);
    if (place <= 0 || place >= 1) {
        return place <= 0 ? low : high; /* exactly */
    }
    if (may_be_logarithmic && a > 0 && b >= decade * a) {
        return low * pow(high / low, place);
    }
    return low + place * (high - low);
}

static bool must_be_whole(const struct schema_row *row)
{
    return row->type == SCHEMA_COUNT || row->type == SCHEMA_COUNT64 || row->type == SCHEMA_RATE64;
}

/* The numbers that begin at *low and *high, both with a unit of the row or both without; moves behind them
 * and writes the one between. False if they are not of one kind. */
static bool put_number(const struct schema_row *row, bool is_law, const char **low,
                       const char **high, double place, char *text, size_t size)
{
    double a, b;
    const char *low_end, *high_end;
    enum sim_dimension dimension = row->dimension;
    if (sim_parse_quantity(*low, dimension, &low_end, &a, NULL) != SIM_OK ||
        sim_parse_quantity(*high, dimension, &high_end, &b, NULL) != SIM_OK) {
        dimension = SIM_NUMBER;
        if (!sim_parse_double(*low, &low_end, &a) || !sim_parse_double(*high, &high_end, &b)) {
            return false;
        }
    }
    const double value = between(a, b, place, !is_law);
    sim_quantity_text(text, size, must_be_whole(row) ? round(value) : value, dimension);
    *low = low_end;
    *high = high_end;
    return true;
}

static bool put_between(const struct factor *f, double place, char *text, size_t size)
{
    const char *low = f->end[FACTOR_LOW];
    const char *high = f->end[FACTOR_HIGH];
    const bool is_law = strchr(low, '(') != NULL;
    size_t n = 0;
    while (*low != '\0' || *high != '\0') {
        if (isdigit((unsigned char)*low) && isdigit((unsigned char)*high)) {
            if (!put_number(f->row, is_law, &low, &high, place, text + n, size - n)) {
                return false;
            }
            n += strlen(text + n);
        } else if (*low == *high && n + 1 < size) {
            text[n++] = *low;
            low++;
            high++;
        } else {
            return false;
        }
        text[n] = '\0';
    }
    return true;
}

void factor_between(const struct factor *factor, double place, char *text, size_t size)
{
    if (!put_between(factor, place, text, size)) {
        snprintf(text, size, "%s", factor->end[place < 0.5 ? FACTOR_LOW : FACTOR_HIGH]);
    }
}
