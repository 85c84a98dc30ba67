/* models/mail_server.h -- the mail servers: transactions on disk and CPU, beside the desktop users.
 *
 * A transaction of the sync server (a run of reads in one mail file) takes one of the server's
 * concurrent transactions, or waits for one in the order of arrival; then its reads go to the disk,
 * then their CPU time to the cores; both are shared fairly with the others. One transaction has one
 * read under way at a time, so alone it gets stream_iops, not the whole disk.
 *
 * Desktop users load the same disk and CPU. Their transactions are short and many, so their load is
 * one flow with a high weight (they wait for one another hardly at all); what they feel is measured
 * by probe transactions of one read, which stand in the same lines as everybody and arrive at
 * random (Poisson), so that they see time averages (Wolff, Operations Research 30, 1982).
 *
 * A server may fail. What it had under way is lost and done again from the start: with cluster mates
 * at the next server, which has replicas of the mail files, once the failure has been noticed (switch_s);
 * without, at the server itself when it is back. The mate carries both loads, desktop users too. What
 * is under way at the mate when the first server is back ends there.
 */
#ifndef MODELS_MAIL_SERVER_H
#define MODELS_MAIL_SERVER_H

#include "sim/res/fluid.h"
#include "sim/res/station.h"

struct mail_farm; /* opaque: all mail servers; user u is on server u modulo their number */

struct mail_config {
    uint32_t servers;
    uint32_t transactions; /* concurrent, per server */
    double disk_iops;      /* reads a second of one server's disk */
    double stream_iops;    /* reads a second of one transaction alone */
    uint32_t cores;        /* per server */
    double cpu_per_read_s;
    uint32_t desktop_users;     /* all servers together */
    double desktop_reads_per_s; /* per desktop user */
    double probe_interval_s;    /* mean time between probes at a server */
    bool has_mates;             /* server i + 1, of the last one the first, has replicas of i */
    double switch_s;            /* from a failure until the mate is asked */
};

struct mail_stats {
    uint64_t submitted; /* = transactions + probes + cancelled + present */
    uint64_t transactions, probes, cancelled;
    uint64_t repeated;           /* transactions and probes that were lost with a server */
    struct sim_tally response_s; /* of probes */
};

/* `sim` and `config` are borrowed. Probes run until the simulation ends. */
SIM_MUST_CHECK enum sim_err mail_farm_create(struct sim *sim, const struct mail_config *config,
                                             struct mail_farm **out);
void mail_farm_destroy(struct mail_farm *m); /* NULL allowed */

/* A transaction of `reads` > 0 for a user's mail file; a fraction is a batched read shared with
 * others. */
void mail_farm_submit(struct mail_farm *m, uint32_t user, double reads, struct sim_call done,
                      struct sim_handle *handle);
/* Asks the memory for what a transaction of the user will touch (sim_foresee in sim/core/sim.h). */
bool mail_farm_fetch(const struct mail_farm *m, uint32_t user, unsigned step);

void mail_farm_cancel(struct mail_farm *m, struct sim_handle *handle); /* a past one is ignored */

/* A server that is up fails, or did `age_s` ago; one that is down is back. O(transactions present). */
void mail_farm_fail(struct mail_farm *m, uint32_t server, double age_s);
void mail_farm_restart(struct mail_farm *m, uint32_t server);

uint32_t mail_farm_n_servers(const struct mail_farm *m);
const struct sim_station *mail_farm_line(const struct mail_farm *m, uint32_t server);
struct sim_fluid *mail_farm_disk(const struct mail_farm *m, uint32_t server);
struct sim_fluid *mail_farm_cpu(const struct mail_farm *m, uint32_t server);
const struct mail_stats *mail_farm_stats(const struct mail_farm *m);

/* The greatest mean response of probes over five minutes, counted in fives from the start; of the last
 * ones if at least half of them are over. At least the mean of all; NaN without probes. */
double mail_farm_worst_response_s(const struct mail_farm *m);

uint64_t mail_farm_n_present(const struct mail_farm *m); /* transactions, probes included */

/* What a probe takes beside the desktop users alone, with nothing to synchronise, s: the measure of
 * "slower than usual". */
double mail_usual_response_s(const struct mail_config *config);

#endif
