/* study/where.h -- which points of a sweep are wanted: "servers.B.cores * 120 <= users and mail.servers > 1".
 *
 *   condition   comparison, joined by `and`, `or`, `not` and brackets
 *   comparison  a sum on either side of  <  <=  >  >=  ==  !=   ("=" is "==")
 *   sum         + - * /, brackets, numbers, quantities ("10 s", "64 MiB", "25 %"), keys of the scenario
 *
 * Quantities are compared in SI. Keys of choices, texts and distributions are compared as they are
 * written, with == and != alone, against a word or a text in quotes.
 */
#ifndef STUDY_WHERE_H
#define STUDY_WHERE_H

#include "sim/base/err.h"

#include <stdbool.h>

/* The value of a key as written; NULL if the scenario has no such key. */
typedef const char *where_value_fn(void *context, const char *key);

/* Sets `*holds`. SIM_EINVAL with what is not understood; nothing is kept, so the text is read again for
 * every point: about 1 us. */
SIM_MUST_CHECK enum sim_err where_holds(const char *text, where_value_fn *value_of, void *context,
                                        bool *holds, struct sim_error *e);

#endif
