/* models/factor.h -- the estimates a scenario stands on: what nobody knows, and how far it may be off.
 *
 * A factor is a default, or a value of a built-in class, whose source is an estimate, with the two
 * ends of its plausible range. What a scenario says itself is no factor: somebody knew it.
 */
#ifndef MODELS_FACTOR_H
#define MODELS_FACTOR_H

#include "models/schema.h"
#include "models/settings.h"

enum factor_end { FACTOR_LOW, FACTOR_HIGH, FACTOR_N_ENDS };

struct factor {
    /* "devices.classes.edge.rtt"; NAME in place of an element's name if the same default stands for
     * every element that does not give a value of its own. */
    char key[160];
    const char *standard;
    const char *end[FACTOR_N_ENDS]; /* as one would write it; static storage, like `standard` */
    const char *citation;
    const struct schema_section *section;
    const struct schema_row *row;
    bool is_every_element;
};

/* The factors of a scenario, in the order of the keys. The caller frees `*factors`. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err factors_of(const struct settings *settings,
                                       const struct scenario *scenario, struct factor **factors,
                                       size_t *n);

/* Puts one end of the range of a factor into `changed`, a copy of the scenario's settings. The share
 * of a class takes from the other classes, or gives to them, in proportion. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err factor_apply(const struct factor *factor, enum factor_end end,
                                         const struct scenario *scenario, struct settings *changed);

/* The text of the value at a place of the range, as factors_place() puts it. */
void factor_between(const struct factor *factor, double place, char *text, size_t size);

/* Puts every factor at a place of its range into `changed`: 0 is the low end, 1 the high end. Between them a
 * number is interpolated, on a logarithmic scale where both ends are positive and a decade or more apart; of
 * a distribution, each of its numbers, not on a logarithmic scale; a count is rounded. Where the ends are not of one form the nearer one
 * is taken. Shares of classes are divided by their sum afterwards. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err factors_place(const struct factor factors[], size_t n,
                                          const double place[], const struct scenario *scenario,
                                          struct settings *changed);

#endif
