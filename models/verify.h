/* models/verify.h -- the books of a run must balance: the identities that hold whatever the scenario.
 *
 * Little's law at every station; conservation on every shared resource, disk and pool; what servers,
 * network and mail servers took is what they finished, gave up and still have; the payload the devices
 * were sent is what the network took; connections at the balancer are those of devices; the stages of a
 * device add up to its total; a full device has all items.
 */
#ifndef MODELS_VERIFY_H
#define MODELS_VERIFY_H

#include "models/world.h"

/* SIM_EINVAL with the culprit if an identity is off by more than 1e-9 of its size and
 * the rounding of times: a bug. O(devices). */
SIM_MUST_CHECK enum sim_err world_verify(const struct world *world, struct sim_error *e);

#endif
