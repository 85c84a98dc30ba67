#include "models/world_console.h"

#include "models/world_security.h"

/* ---- Commands after which devices have to erase ---- */

static void forget_device(struct world *w, uint32_t server, uint32_t device,
                          enum timeline_action action)
{
    struct sync_server *const s = w->server[server];
    if (action == ACTION_CLEAR_ANCHORS) {
        sync_server_forget_anchors(s, device);
    } else {
        sync_server_forget_device(s, device);
    }
}

/* In a pool what one server forgets is forgotten by all, and requests end wherever they are. */
static bool shares_state(const struct world *w, uint32_t server, uint32_t with)
{
    return server == with || world_is_pool(w);
}

static void forget_everywhere(struct world *w, uint32_t server, uint32_t device,
                              enum timeline_action action)
{
    for (uint32_t i = 0; i < w->scenario->n_servers; i++) {
        if (shares_state(w, i, server)) {
            forget_device(w, i, device, action);
        }
    }
    devices_lose_state(w->devices, server, device);
}

static void forget_user(struct world *w, uint32_t server, uint32_t user,
                        enum timeline_action action)
{
    for (uint32_t device = w->first_device_of[user]; device < w->first_device_of[user + 1];
         device++) {
        forget_everywhere(w, server, device, action);
    }
    if (action != ACTION_CLEAR_ANCHORS) {
        for (uint32_t i = 0; i < w->scenario->n_servers; i++) {
            if (shares_state(w, i, server)) {
                sync_server_forget_list(w->server[i], user);
            }
        }
    }
    if (action == ACTION_DELETE) {
        mailbox_lose_profile(&w->mailboxes[user], &w->scenario->mailbox, &w->scenario->profile);
    }
}

static void drop_state(struct world *w, uint32_t server, const struct timeline_entry *t)
{
    const uint32_t first = t->whom == WHOM_ALL ? 0 : t->number;
    const uint32_t end = t->whom == WHOM_ALL ? w->scenario->users : t->number + 1;
    for (uint32_t user = first; user < end; user++) {
        forget_user(w, server, user, t->action);
    }
    if (t->action != ACTION_CLEAR_ANCHORS) {
        world_change_security(w, SECURITY_RESET, server,
                              t->whom == WHOM_ALL ? SECURITY_ALL_USERS : t->number);
    }
}

/* ---- The others ---- */

static void ban(struct world *w, uint32_t server, const struct timeline_entry *t)
{
    for (uint32_t i = 0; i < w->scenario->poison.documents; i++) {
        if (t->whom == WHOM_ALL || w->poison[i].user == t->number) {
            sync_server_ban(w->server[server], i);
        }
    }
}

uint32_t world_console(const struct world *w, const struct timeline_entry *t)
{
    return t->is_at_server ? t->server : world_active(w);
}

void world_tell_traveler(struct world *w, const struct timeline_entry *t)
{
    const uint32_t server = world_console(w, t);
    if (!sync_server_is_up(w->server[server])) {
        return;
    }
    if (t->action == ACTION_AVAILABLE_OFF || t->action == ACTION_AVAILABLE_ON) {
        sync_server_set_available(w->server[server], t->action == ACTION_AVAILABLE_ON);
    } else if (t->action == ACTION_BAN) {
        ban(w, server, t);
    } else if (t->action == ACTION_SECURITY_DELETE) {
        world_change_security(w, SECURITY_DELETED, server,
                              t->whom == WHOM_ALL ? SECURITY_ALL_USERS : t->number);
    } else {
        drop_state(w, server, t);
    }
}
