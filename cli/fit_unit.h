/* cli/fit_unit.h -- the unit of a measured column, from the end of its name or as given, and the key of a scenario that
 * takes such values. */
#ifndef CLI_FIT_UNIT_H
#define CLI_FIT_UNIT_H

#include "sim/base/err.h"

#include <stddef.h>

/* How the unit is known, or why it is not. */
enum fit_unit_source {
    FIT_UNIT_GIVEN,
    FIT_UNIT_OF_NAME,
    FIT_UNIT_NONE,        /* the name ends in none that is known */
    FIT_UNIT_FOREIGN_RATE /* it ends as a rate, of what no scenario takes: errors_per_min */
};

/* Texts are static, or those given. */
struct fit_unit {
    const char *name; /* of the column, "" for a pure number */
    const char *unit; /* of a scenario: the same, but kbit/s where the name is kB/s */
    double factor;    /* from the one to the other: 8 */
    const char *key;  /* the usual key with values of this dimension */
    enum fit_unit_source source;
};

/* `given` is what a user says, NULL for nothing: then the longest unit at the end of the name counts. SIM_EINVAL if what
 * is given is no unit. */
SIM_MUST_CHECK enum sim_err fit_unit_find(const char *column, const char *given, struct fit_unit *u,
                                          struct sim_error *e);

/* Writes the full way to a key that takes a law, devices.classes.NAME.rate of rate; "" if there is no such key. */
void fit_key_path(const char *key, char *path, size_t size);

#endif
