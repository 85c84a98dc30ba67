/* cli/number.h -- numbers of options that are no quantities with units. */
#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include <argp.h>

/* The number in `text`; a usage error of the program, which says what the option `name` needs, if it is none from `least`
 * to `most`. */
double number_parse(const char *name, const char *text, double least, double most,
                    struct argp_state *state);

/* Behind what is said of a text that is no number: ": numbers have a point, no comma" for "0,5", else "". */
const char *number_hint(const char *text);

#endif
