/* models/mail_server_internal.h -- how the mail servers are kept; for mail_server.c and mail_server_fetch.c. */
#ifndef MODELS_MAIL_SERVER_INTERNAL_H
#define MODELS_MAIL_SERVER_INTERNAL_H

#include "models/mail_server.h"
#include "sim/base/slots.h"
#include "sim/res/fluid.h"
#include "sim/res/station.h"
#include "sim/stat/tally.h"

#include <stddef.h>

enum { NOWHERE = -1 };

/* What the desktop users of a server take, wherever they are served. */
struct desktop {
    int32_t at; /* server, or NOWHERE */
    struct sim_handle disk, cpu;
};

struct server {
    _Alignas(64) struct sim_station *line; /* concurrent transactions */
    struct sim_fluid *disk;                /* millionths of a read */
    struct sim_fluid *cpu;                 /* core-nanoseconds */
    uint32_t disk_class, cpu_class, desktop_disk_class, desktop_cpu_class;
    double mate_from_s; /* if it is down */
    bool is_down;
    struct desktop desktop; /* from here on nothing that a transaction touches */
    struct sim_stream probe_stream;
};

_Static_assert(offsetof(struct server, desktop) < 64, "what a transaction touches is a cache line");

enum { HOME_MASK = (1 << 30) - 1 };
struct transaction {
    _Alignas(64) struct sim_slot head;
    uint32_t home : 30; /* server of the mail file */
    uint32_t is_probe : 1, on_cpu : 1;
    int32_t at; /* server, or NOWHERE */
    double reads;
    union {
        struct sim_call done;
        double submitted_s; /* of a probe, at whose end nobody is called */
    };
    struct sim_handle place; /* in the line */
    struct sim_handle flow;  /* on the disk, then on the CPU */
};

_Static_assert(sizeof(struct transaction) == 64, "a cache line");

struct mail_farm {
    struct sim *sim;
    const struct mail_config *config;
    struct server *server;
    struct sim_slots transactions;
    struct mail_stats stats;
    struct sim_tally window; /* probes answered in the present five minutes */
    double window_end_s;
    double worst_s; /* greatest mean of a window that is over */
};

static inline struct transaction *transaction_at(const struct mail_farm *m, uint64_t slot)
{
    return sim_slots_at(&m->transactions, (uint32_t)slot);
}

/* mail_server_fetch.c: of the end of a flow on a disk or a CPU. */
bool mail_fetch_end(void *farm, uint64_t slot, unsigned step);

#endif
