/* models/mailbox.h -- what a user's mailbox holds and what of it a device loads.
 *
 * A device loads the mail of the last `mail_days` days, newest first, then contacts and calendar.
 * Of a mail, the body up to `body_limit` and the attachment if it is not larger than
 * `attachment_limit` are loaded. Items come in chunks of the protocol's window; the sizes of a
 * chunk's items are drawn when the chunk is asked for, from a stream named by user and chunk, so
 * nothing is stored per item and the same chunk has the same size for every device of the user and
 * at every retry.
 */
#ifndef MODELS_MAILBOX_H
#define MODELS_MAILBOX_H

#include "sim/core/sim.h"
#include "sim/rng/dist.h"

/* Distributions are owned by the scenario. */
struct mailbox_config {
    struct sim_dist *documents;        /* in the whole mail file */
    struct sim_dist *received_per_day; /* mails */
    double today_share;                /* of a day's mail that has arrived when the server fails */
    struct sim_dist *mail_byte;        /* one mail without its attachment */
    double attachment_share;           /* of mails that have one */
    struct sim_dist *attachment_byte;
    struct sim_dist *contacts;
    double contact_byte;
    struct sim_dist *calendar_entries; /* in the window */
    double calendar_entry_byte;
};

/* The user's profile, kept in the mail file: it survives the loss of a sync server's state. */
struct profile_config {
    struct sim_dist *mail_days;
    double standard_mail_days; /* of a user without a profile */
    double body_limit_byte;
    double attachment_limit_byte; /* 0: attachments are not loaded */
};

/* Half a cache line, so that none lies across two: with the lines of network.c, 2 % fewer waits for memory. */
struct mailbox {
    uint32_t documents : 31;  /* at least the items */
    uint32_t has_profile : 1; /* else what the server takes for such users */
    uint32_t mails;           /* in the window */
    uint32_t today;           /* of these, from today */
    uint32_t items;           /* mails, contacts and calendar entries */
    uint32_t contacts, entries;
    double received_per_day; /* mails, on the mean */
};

/* Draws the mailbox and the profile of a user. */
void mailbox_draw(struct mailbox *m, const struct sim *sim, const struct mailbox_config *config,
                  const struct profile_config *profile, uint32_t user);

/* The profile is deleted: from now on the window is the standard one. */
void mailbox_lose_profile(struct mailbox *m, const struct mailbox_config *config,
                          const struct profile_config *profile);

/* Bytes of items first .. first + n - 1, before protocol encoding; `chunk` names the random
 * numbers. */
double mailbox_chunk_byte(const struct mailbox *m, const struct sim *sim,
                          const struct mailbox_config *config, const struct profile_config *profile,
                          uint32_t user, uint32_t chunk, uint32_t first, uint32_t n);

/* Mails that arrive in `span_s` seconds: the mean, rounded up or down at random by `u` in (0, 1). */
uint32_t mailbox_new_mails(const struct mailbox *m, double span_s, double u);

/* Bytes of `n` mails that were not there before; `attempt` names the random numbers. */
double mailbox_new_mail_byte(const struct sim *sim, const struct mailbox_config *config,
                             const struct profile_config *profile, uint32_t user, uint32_t attempt,
                             uint32_t n);

#endif
