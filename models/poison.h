/* models/poison.h -- documents that crash the sync server, until it bans them.
 *
 * A poison document lies in somebody's mail file. A prime sync that walks over it brings the whole server
 * down; after the restart of its task the server tries again, and after the second crash it bans the
 * document, in its state database. A server that has served long has banned all of them. A fresh one has
 * none of the bans, and meets each of them as often again: 2 x documents crashes, each of which ends all
 * connections and cuts short all prime syncs under way.
 *
 * Source: NTS_BAN_DOC_LIMIT = 2 (Repeated Crash Protection for Lotus Notes Traveler, 8.5.2.3 and later);
 * bans are lost with the database (HCL Traveler 9.0.1, Defragmenting the internal database).
 */
#ifndef MODELS_POISON_H
#define MODELS_POISON_H

#include "models/mailbox.h"

struct poison_config {
    uint32_t documents;
    uint32_t crash_limit;     /* crashes by one document until it is banned, >= 1 */
    struct sim_dist *restart; /* s, from a crash until the server serves again; of the scenario */
};

struct poison {
    uint32_t user, document; /* its place in the mail file */
};

/* Draws where the documents lie: users and places are uniform. */
void poison_draw(struct poison poison[], const struct sim *sim, const struct poison_config *config,
                 const struct mailbox *mailboxes, uint32_t n_users);

/* How long the restart after crash number `crash` of a server takes, s. */
double poison_restart_s(const struct poison_config *config, const struct sim *sim, uint32_t server,
                        uint32_t crash);

#endif
