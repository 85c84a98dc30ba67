#include "cli/number.h"

#include "sim/base/text.h"

double number_parse(const char *name, const char *text, double least, double most,
                    struct argp_state *state)
{
    const char *end;
    double value = 0;
    if (!sim_parse_double(text, &end, &value) || *end != '\0' || value < least || value > most) {
        argp_error(state, "%s needs a number from %g to %g, found '%s'%s", name, least, most, text,
                   number_hint(text));
    }
    return value;
}

const char *number_hint(const char *text)
{
    const char *end;
    double value;
    const bool is_comma = sim_parse_double(text, &end, &value) && sim_is_decimal_comma(end);
    return is_comma ? ": numbers have a point, no comma" : "";
}
