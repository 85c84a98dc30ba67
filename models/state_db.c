#include "models/state_db.h"

#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct device_row {
    uint32_t key;
    bool is_registered;
};

struct list_row {
    bool is_there, is_old;
};

struct ban_row {
    uint32_t crashes;
    bool is_banned;
};

struct state_db {
    struct device_row *device;
    struct list_row *list; /* by user */
    struct ban_row *ban;   /* by poison document */
    uint32_t n_devices, n_users, n_poison;
};

enum sim_err state_db_create(uint32_t n_devices, uint32_t n_users, uint32_t n_poison,
                             struct state_db **out)
{
    struct state_db *const db = calloc(1, sizeof *db);
    if (db == NULL) {
        return SIM_ENOMEM;
    }
    *db = (struct state_db){.n_devices = n_devices, .n_users = n_users, .n_poison = n_poison};
    db->device = sim_zeros_create(n_devices, sizeof *db->device);
    db->list = sim_zeros_create(n_users, sizeof *db->list);
    db->ban = calloc(n_poison > 0 ? n_poison : 1, sizeof *db->ban);
    if (db->device == NULL || db->list == NULL || db->ban == NULL) {
        state_db_destroy(db);
        return SIM_ENOMEM;
    }
    *out = db;
    return SIM_OK;
}

void state_db_destroy(struct state_db *db)
{
    if (db != NULL) {
        free(db->device);
        free(db->list);
        free(db->ban);
        free(db);
    }
}

void state_db_fill(struct state_db *db)
{
    for (uint32_t i = 0; i < db->n_devices; i++) {
        db->device[i] = (struct device_row){STATE_KEY_FIRST, true};
    }
    for (uint32_t i = 0; i < db->n_users; i++) {
        db->list[i] = (struct list_row){.is_there = true};
    }
    for (uint32_t i = 0; i < db->n_poison; i++) {
        db->ban[i] = (struct ban_row){.is_banned = true};
    }
}

void state_db_clear(struct state_db *db)
{
    memset(db->device, 0, db->n_devices * sizeof *db->device);
    memset(db->list, 0, db->n_users * sizeof *db->list);
    memset(db->ban, 0, db->n_poison * sizeof *db->ban);
}

/* ---- Devices ---- */

bool state_db_is_registered(const struct state_db *db, uint32_t device)
{
    return db->device[device].is_registered;
}

uint32_t state_db_key(const struct state_db *db, uint32_t device)
{
    return db->device[device].key;
}

void state_db_register(struct state_db *db, uint32_t device, uint32_t shown_key)
{
    struct device_row *const row = &db->device[device];
    row->key = (row->key > shown_key ? row->key : shown_key) + 1;
    row->is_registered = true;
}

void state_db_clear_key(struct state_db *db, uint32_t device)
{
    db->device[device].key = STATE_KEY_NONE;
}

void state_db_unregister(struct state_db *db, uint32_t device)
{
    db->device[device] = (struct device_row){0};
}

/* ---- Document lists ---- */

void state_db_fetch_device(const struct state_db *db, uint32_t device)
{
    __builtin_prefetch(&db->device[device], 1);
}

void state_db_fetch_list(const struct state_db *db, uint32_t user)
{
    __builtin_prefetch(&db->list[user]);
}

bool state_db_has_list(const struct state_db *db, uint32_t user)
{
    return db->list[user].is_there;
}

void state_db_set_list(struct state_db *db, uint32_t user, bool is_there)
{
    db->list[user] = (struct list_row){.is_there = is_there};
}

void state_db_age_list(struct state_db *db, uint32_t user)
{
    db->list[user].is_old = db->list[user].is_there;
}

bool state_db_is_list_old(const struct state_db *db, uint32_t user)
{
    return db->list[user].is_old;
}

/* ---- Bans ---- */

void state_db_count_crash(struct state_db *db, uint32_t poison, uint32_t limit)
{
    struct ban_row *const row = &db->ban[poison];
    row->crashes++;
    row->is_banned = row->crashes >= limit;
}

void state_db_ban(struct state_db *db, uint32_t poison)
{
    db->ban[poison].is_banned = true;
}

bool state_db_is_banned(const struct state_db *db, uint32_t poison)
{
    return db->ban[poison].is_banned;
}
