/* models/state_db.h -- the tables of a sync server's state database.
 *
 *   devices         registration, and the sync state: the key under which the server last told the
 *                   device what it should have. A device goes on only with the key it holds itself
 *   document lists  by user: the prime sync's result, what of the mail file should be on his devices
 *   bans            by poison document: it crashed the server so often that it is left out
 *
 * (Security records are in it too: models/security.h.) A server that keeps its database keeps all of
 * them, one that starts with an empty one has none: which operation empties what is the table in
 * docs/model.md, and tests/model/model_operations.c compares every cell of it. The user's profile is
 * in his mail file, not here.
 *
 * Source: Derby is the master of all of it (HCL Traveler 11.0.0, Deleting a user FAQ); its loss "forces
 * all users to resync" (HCL Traveler 9.0.1, Defragmenting the internal database).
 */
#ifndef MODELS_STATE_DB_H
#define MODELS_STATE_DB_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct state_db; /* opaque */

enum { STATE_KEY_NONE = 0, STATE_KEY_FIRST = 1 };

/* Empty tables for so many devices, users and poison documents (0 allowed). */
SIM_MUST_CHECK enum sim_err state_db_create(uint32_t n_devices, uint32_t n_users, uint32_t n_poison,
                                            struct state_db **out);
void state_db_destroy(struct state_db *db); /* NULL allowed */

/* As after a long service: every device is registered under STATE_KEY_FIRST, every list is there, every
 * poison document is banned. */
void state_db_fill(struct state_db *db);
void state_db_clear(struct state_db *db);

/* ---- Devices ---- */

bool state_db_is_registered(const struct state_db *db, uint32_t device);

/* The key of the device's sync state; STATE_KEY_NONE without one. */
uint32_t state_db_key(const struct state_db *db, uint32_t device);

/* Registers the device under a new key, later than the one it shows and than the one that was here. */
void state_db_register(struct state_db *db, uint32_t device, uint32_t shown_key);
void state_db_clear_key(struct state_db *db, uint32_t device); /* the registration stays */
void state_db_unregister(struct state_db *db, uint32_t device);

/* ---- Document lists ---- */

/* Asks the memory for the list (sim_foresee in sim/core/sim.h). */
void state_db_fetch_device(const struct state_db *db, uint32_t device);
void state_db_fetch_list(const struct state_db *db, uint32_t user);

bool state_db_has_list(const struct state_db *db, uint32_t user);
void state_db_set_list(struct state_db *db, uint32_t user, bool is_there);

/* Somebody's device is served elsewhere: a list that is there grows old, until it is made anew. */
void state_db_age_list(struct state_db *db, uint32_t user);
bool state_db_is_list_old(const struct state_db *db, uint32_t user);

/* ---- Bans ---- */

/* The document has crashed the server once more: banned from `limit` times on. */
void state_db_count_crash(struct state_db *db, uint32_t poison, uint32_t limit);
void state_db_ban(struct state_db *db, uint32_t poison); /* by hand */
bool state_db_is_banned(const struct state_db *db, uint32_t poison);

#endif
