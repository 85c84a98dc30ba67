/* models/state_size.h -- how large the state database of a sync server becomes.
 *
 * The vendor's rule, intentionally high: U * (D * (700 * V + 4000)) byte for U users with D documents
 * and V devices each (HCL Traveler 12.0.0, Estimating the space needed for the database).
 */
#ifndef MODELS_STATE_SIZE_H
#define MODELS_STATE_SIZE_H

#include "models/scenario.h"

/* Byte for `users` with `documents` and `devices` each, at the scenario's cost per document of a user
 * (sync.prime.state_per_item) and per document and device (sync.chunk.state_per_item). */
double state_size_byte(const struct scenario *s, double users, double documents, double devices);

/* The same for the scenario's users when every document of their mail files is recorded. */
double state_size_expected_byte(const struct scenario *s);

#endif
