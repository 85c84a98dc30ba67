/* What a sync server knows: its state database, and what becomes of it. */
#include "models/sync_server_internal.h"

void sync_server_miss_lists(struct sync_server *s)
{
    s->list_epoch += s->list_epoch != 0;
}

void sync_server_restore(struct sync_server *s)
{
    state_db_clear(s->state);
    sync_server_miss_lists(s);
    sync_server_restart(s);
}

void sync_server_restore_old(struct sync_server *s, double backup_s, bool had_devices)
{
    sync_server_restore(s);
    if (had_devices) {
        sync_server_fill_state(s);
        for (uint32_t user = 0; user < s->world->n_users; user++) {
            state_db_age_list(s->state, user);
        }
        s->backup_s = backup_s;
        s->n_old_states++;
    }
}

void sync_server_fill_state(struct sync_server *s)
{
    state_db_fill(s->state);
}

void sync_server_part(struct sync_server *s, uint32_t device)
{
    state_db_age_list(s->state, s->request[device].user);
}

bool sync_server_knows(const struct sync_server *s, uint32_t device, uint32_t key)
{
    return key != STATE_KEY_NONE && state_db_key(s->state, device) == key;
}

double sync_server_backup_s(const struct sync_server *s)
{
    return s->backup_s;
}

uint32_t sync_server_n_old_states(const struct sync_server *s)
{
    return s->n_old_states;
}

void sync_server_forget_anchors(struct sync_server *s, uint32_t device)
{
    sync_server_drop(s, device);
    state_db_clear_key(s->state, device);
}

void sync_server_forget_device(struct sync_server *s, uint32_t device)
{
    sync_server_drop(s, device);
    state_db_unregister(s->state, device);
}

void sync_server_ban(struct sync_server *s, uint32_t poison)
{
    state_db_ban(s->state, poison);
}

void sync_server_forget_list(struct sync_server *s, uint32_t user)
{
    prime_sync_forget_user(s->prime, user);
    sync_server_miss_lists(s);
}

const struct state_db *sync_server_state(const struct sync_server *s)
{
    return s->state;
}

/* ---- Poison documents ---- */

bool sync_server_meets_poison(void *self, uint32_t user, uint32_t first, uint32_t documents)
{
    struct sync_server *const s = self;
    const struct poison_config *const c = s->world->poison_config;
    for (uint32_t i = 0; i < c->documents && !s->is_crashing; i++) {
        const struct poison *const p = &s->world->poison[i];
        const bool is_met =
            p->user == user && p->document >= first && p->document - first < documents;
        if (is_met && !state_db_is_banned(s->state, i)) {
            state_db_count_crash(s->state, i, c->crash_limit);
            s->is_crashing = true;
            s->port.crash(s->port.self, s->index);
        }
    }
    return s->is_crashing;
}
