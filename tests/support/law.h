/* tests/support/law.h -- distributions from and to text, for tests. */
#ifndef TESTS_SUPPORT_LAW_H
#define TESTS_SUPPORT_LAW_H

#include "sim/rng/dist.h"

/* The law that `text` describes; the test fails, with the message, if it describes none. */
struct sim_dist *law_parse(const char *text, enum sim_dimension dimension);

/* How it is printed; the caller frees it. */
char *law_text(const struct sim_dist *law, enum sim_dimension dimension);

#endif
