#include "models/mailbox.h"

#include "models/purpose.h"
#include "sim/rng/batch.h"

#include <math.h>

enum {
    DRAWS = 64,                 /* sizes drawn at a time */
    MOST_DOCUMENTS = INT32_MAX, /* there are fewer, by count */
};

/* A count from a real draw; a mailbox of more than a million is cut there. */
static uint32_t count(double value)
{
    const double most = 1e6;
    return (uint32_t)fmin(fmax(round(value), 0), most);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void set_window(struct mailbox *m, const struct mailbox_config *config, double days)
{
    m->mails = count(m->received_per_day * days);
    m->today = smaller(m->mails, count(m->received_per_day * config->today_share));
    m->items =
        larger(m->mails + m->contacts + m->entries, 1); /* an empty mailbox still syncs something */
    m->documents = larger(m->documents, m->items) & MOST_DOCUMENTS;
}

void mailbox_draw(struct mailbox *m, const struct sim *sim, const struct mailbox_config *config,
                  const struct profile_config *profile, uint32_t user)
{
    struct sim_stream box;
    struct sim_stream settings;
    sim_open_stream(sim, &box, user, PURPOSE_MAILBOX, 0);
    sim_open_stream(sim, &settings, user, PURPOSE_PROFILE, 0);

    const uint32_t documents = count(sim_dist_draw(config->documents, &box));
    const double per_day = fmax(sim_dist_draw(config->received_per_day, &box), 0);
    const uint32_t contacts = count(sim_dist_draw(config->contacts, &box));
    const uint32_t entries = count(sim_dist_draw(config->calendar_entries, &box));
    const double days = fmax(sim_dist_draw(profile->mail_days, &settings), 0);

    m->received_per_day = per_day;
    m->contacts = contacts;
    m->entries = entries;
    m->documents = documents & MOST_DOCUMENTS;
    m->has_profile = true;
    set_window(m, config, days);
}

void mailbox_lose_profile(struct mailbox *m, const struct mailbox_config *config,
                          const struct profile_config *profile)
{
    m->has_profile = false;
    set_window(m, config, profile->standard_mail_days);
}

/* The bytes of `n` mails without attachments, of each not more than the profile allows. */
static double bodies_byte(const struct sim_dist *mail_byte, double limit_byte,
                          struct sim_stream *stream, uint32_t n)
{
    double byte = 0;
    for (uint32_t left = n; left > 0;) {
        double drawn[DRAWS];
        const uint32_t now = smaller(left, DRAWS);
        sim_dist_draws(mail_byte, stream, drawn, now);
        for (uint32_t i = 0; i < now; i++) {
            const double its_byte = drawn[i] > 0 ? drawn[i] : 0;
            drawn[i] = its_byte < limit_byte ? its_byte : limit_byte;
        }
        for (uint32_t i = 0; i < now; i++) { /* apart, as only this is a chain */
            byte += drawn[i];
        }
        left -= now;
    }
    return byte;
}

static double mails_byte(const struct sim *sim, const struct mailbox_config *config,
                         const struct profile_config *profile, uint32_t user, uint32_t chunk,
                         uint32_t n)
{
    struct sim_stream size;
    struct sim_stream attachment;
    sim_open_stream(sim, &size, user, PURPOSE_MAIL_SIZE, (uint16_t)chunk);
    double byte = bodies_byte(config->mail_byte, profile->body_limit_byte, &size, n);
    if (profile->attachment_limit_byte <= 0) {
        return byte;
    }
    sim_open_stream(sim, &attachment, user, PURPOSE_ATTACHMENT, (uint16_t)chunk);
    for (uint32_t i = 0; i < n; i++) {
        const double u = sim_stream_uniform(&attachment);
        const double its_byte = sim_dist_draw(config->attachment_byte, &attachment);
        if (u < config->attachment_share && its_byte <= profile->attachment_limit_byte) {
            byte += fmax(its_byte, 0);
        }
    }
    return byte;
}

/* How many of first .. end - 1 lie in from .. to - 1. */
static uint32_t overlap(uint32_t first, uint32_t end, uint32_t from, uint32_t to)
{
    const uint32_t low = larger(first, from);
    const uint32_t high = smaller(end, to);
    return high > low ? high - low : 0;
}

double mailbox_chunk_byte(const struct mailbox *m, const struct sim *sim,
                          const struct mailbox_config *config, const struct profile_config *profile,
                          uint32_t user, uint32_t chunk, uint32_t first, uint32_t n)
{
    const uint32_t end = first + n;
    const uint32_t mails = overlap(first, end, 0, m->mails);
    const uint32_t contacts = overlap(first, end, m->mails, m->mails + m->contacts);
    const uint32_t entries = n - mails - contacts;
    return mails_byte(sim, config, profile, user, chunk, mails) + contacts * config->contact_byte +
           entries * config->calendar_entry_byte;
}

uint32_t mailbox_new_mails(const struct mailbox *m, double span_s, double u)
{
    return count(floor(m->received_per_day * span_s / 86400 + u));
}

double mailbox_new_mail_byte(const struct sim *sim, const struct mailbox_config *config,
                             const struct profile_config *profile, uint32_t user, uint32_t attempt,
                             uint32_t n)
{
    const uint32_t last_chunk = UINT16_MAX; /* its numbers are used from the top down */
    return mails_byte(sim, config, profile, user, last_chunk - attempt, n);
}
