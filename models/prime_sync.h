/* models/prime_sync.h -- the prime sync: the server's walk through a user's whole mail file.
 *
 * It decides what of the mail file should be on the user's devices, and fills the state database.
 * There is one per user, not per device: two phones of a user wait for the same one. Its cost goes
 * with the size of the mailbox, not with what the devices load. It works in batches of documents; a
 * batch reads from the mail server, takes CPU time here and writes to the state database. It goes
 * on when the device that caused it has hung up.
 *
 * Those who wait for a worker are taken in the order they came, or the smallest mail file first, equal
 * ones in the order they came. Smallest first has the least mean wait of all orders that do not
 * interrupt (Smith 1956, the rule of the shortest processing time); the largest wait longest.
 */
#ifndef MODELS_PRIME_SYNC_H
#define MODELS_PRIME_SYNC_H

#include "models/mailbox.h"
#include "models/state_db.h"
#include "models/sync_host.h"

struct prime_sync; /* opaque: the prime syncs of one server */

enum prime_order { PRIME_BY_ARRIVAL, PRIME_SMALLEST_FIRST };

struct prime_sync_config {
    enum prime_order order; /* of those who wait for a worker */
    uint32_t batch_documents;
    double reads_per_document; /* of every document in the mail file */
    double reads_per_item;     /* of every item in the window, besides */
    double cpu_per_document_s;
    double state_byte_per_item; /* written to the state database */
    double state_page_byte;     /* per commit */
};

enum prime_state { PRIME_NONE, PRIME_QUEUED, PRIME_RUNNING, PRIME_DONE };

/* Called when the prime sync of a user changes its state. */
typedef void prime_changed_fn(void *self, uint32_t user, enum prime_state state);

/* Documents that somebody looks out for: `meets` is told which of a user's have been walked through, from
 * `first` on. If it says true the server is about to go down, and this prime sync goes no further. */
struct prime_watch {
    bool (*meets)(void *self, uint32_t user, uint32_t first, uint32_t documents); /* NULL: nobody */
    void *self;
};

/* mailboxes: one per user. The lists go to `state`. All pointers are borrowed. workers > 0. */
SIM_MUST_CHECK enum sim_err
prime_sync_create(struct sim *sim, const struct prime_sync_config *config, struct sync_host *host,
                  struct state_db *state, uint32_t workers, const struct mailbox *mailboxes,
                  uint32_t n_users, prime_changed_fn *changed, void *self, struct prime_sync **out);
void prime_sync_destroy(struct prime_sync *p); /* NULL allowed */
void prime_sync_watch(struct prime_sync *p, const struct prime_watch *watch);

/* `fetch`, of the `self` of creation and a user: what a change of his state will touch (sim_foresee in sim/core/sim.h). */
void prime_sync_foresee(struct prime_sync *p, sim_fetch_fn *fetch);

/* Asks for the prime sync of a user, a VIP before all others in line; nothing happens if it is under way
 * or done. */
void prime_sync_request(struct prime_sync *p, uint32_t user, bool is_vip);
enum prime_state prime_sync_state(const struct prime_sync *p, uint32_t user);

/* The server has failed: all work stops, and what was not done is to be asked for anew. What was done
 * is in the state database. No callbacks. */
void prime_sync_stop(struct prime_sync *p);

/* The user's list is dropped, and a prime sync under way with it: the next request begins anew. */
void prime_sync_forget_user(struct prime_sync *p, uint32_t user);

/* Asks the memory for what is known of the user's prime sync (sim_foresee). */
void prime_sync_fetch(const struct prime_sync *p, uint32_t user);

const struct sim_station *prime_sync_workers(const struct prime_sync *p);
uint32_t prime_sync_n_done(const struct prime_sync *p); /* running total */

/* What `documents` of a mailbox, from `first` on, demand; for tests that add up by hand. */
struct work prime_sync_batch_work(const struct prime_sync_config *config,
                                  const struct mailbox *mailbox, uint32_t first,
                                  uint32_t documents);

#endif
