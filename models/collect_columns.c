/* The columns of the time series: what each is called and how it is read. */
#include "models/collect.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Readers ---- */

static double now_s(const struct world *w)
{
    return sim_now(w->sim);
}

static double area(const struct world *w, const struct sim_timeavg *a)
{
    return sim_timeavg_area(a, now_s(w));
}

static double devices_in_state(const struct world *w, uint32_t state)
{
    return devices_n_in_state(w->devices, (enum device_state)state);
}

static double done_basic(const struct world *w, uint32_t unused)
{
    (void)unused;
    return devices_n_basic(w->devices);
}

static double done_full(const struct world *w, uint32_t unused)
{
    (void)unused;
    return devices_n_full(w->devices);
}

static const struct sim_station_stats *threads(const struct world *w, uint32_t i)
{
    return sim_station_stats(sync_server_threads(w->server[i]));
}

static const struct sim_station_stats *prime(const struct world *w, uint32_t i)
{
    return sim_station_stats(prime_sync_workers(sync_server_prime(w->server[i])));
}

static const struct sim_station_stats *device_workers(const struct world *w, uint32_t i)
{
    return sim_station_stats(sync_server_device_workers(w->server[i]));
}

static double threads_busy(const struct world *w, uint32_t i)
{
    return area(w, &threads(w, i)->busy);
}

static double threads_waiting(const struct world *w, uint32_t i)
{
    return area(w, &threads(w, i)->waiting);
}

static double prime_busy(const struct world *w, uint32_t i)
{
    return area(w, &prime(w, i)->busy);
}

static double prime_waiting(const struct world *w, uint32_t i)
{
    return area(w, &prime(w, i)->waiting);
}

static double prime_done(const struct world *w, uint32_t i)
{
    return prime_sync_n_done(sync_server_prime(w->server[i]));
}

static double device_busy(const struct world *w, uint32_t i)
{
    return area(w, &device_workers(w, i)->busy);
}

static double device_waiting(const struct world *w, uint32_t i)
{
    return area(w, &device_workers(w, i)->waiting);
}

static double cpu_share(const struct world *w, uint32_t i)
{
    return area(w, &sim_fluid_stats(sync_host_cpu(sync_server_host(w->server[i])))->used);
}

static double heap_share(const struct world *w, uint32_t i)
{
    const struct sim_pool *const heap = sync_host_heap(sync_server_host(w->server[i]));
    return area(w, &sim_pool_stats(heap)->in_use) / (double)sim_pool_capacity(heap);
}

static double state_share(const struct world *w, uint32_t i)
{
    return area(w, &sim_disk_stats(sync_host_state_disk(sync_server_host(w->server[i])))->busy);
}

static double state_jobs(const struct world *w, uint32_t i)
{
    return area(w, &sim_disk_stats(sync_host_state_disk(sync_server_host(w->server[i])))->present);
}

static double refused(const struct world *w, uint32_t i)
{
    return (double)sync_server_stats(w->server[i])->refused;
}

static double requests(const struct world *w, uint32_t i)
{
    return (double)sync_server_stats(w->server[i])->requests;
}

/* Who does not serve tells no index. */
static double availability(const struct world *w, uint32_t i)
{
    const double unavailable = -200; /* as the product says it */
    if (!sync_server_is_serving(w->server[i])) {
        return (double)NAN;
    }
    return sync_server_is_available(w->server[i]) ? pool_availability(w->server[i]) : unavailable;
}

static double pool_disk(const struct world *w, uint32_t unused)
{
    (void)unused;
    return area(w, &sim_disk_stats(pool_database_disk(w->pool))->busy);
}

static double pool_jobs(const struct world *w, uint32_t unused)
{
    (void)unused;
    return area(w, &sim_disk_stats(pool_database_disk(w->pool))->present);
}

static double pool_cpu(const struct world *w, uint32_t unused)
{
    (void)unused;
    return area(w, &sim_fluid_stats(pool_database_cpu(w->pool))->used);
}

static double mail_waiting(const struct world *w, uint32_t i)
{
    return area(w, &sim_station_stats(mail_farm_line(w->mail, i))->waiting);
}

static double mail_busy(const struct world *w, uint32_t i)
{
    return area(w, &sim_station_stats(mail_farm_line(w->mail, i))->busy);
}

static double mail_disk(const struct world *w, uint32_t i)
{
    return area(w, &sim_fluid_stats(mail_farm_disk(w->mail, i))->used);
}

static double mail_cpu(const struct world *w, uint32_t i)
{
    return area(w, &sim_fluid_stats(mail_farm_cpu(w->mail, i))->used);
}

static double mail_mean(const struct world *w, series_read_fn *read)
{
    const uint32_t n = mail_farm_n_servers(w->mail);
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += read(w, i);
    }
    return sum / n;
}

static double mean_waiting(const struct world *w, uint32_t unused)
{
    (void)unused;
    return mail_mean(w, mail_waiting);
}

static double mean_busy(const struct world *w, uint32_t unused)
{
    (void)unused;
    return mail_mean(w, mail_busy);
}

static double mean_disk(const struct world *w, uint32_t unused)
{
    (void)unused;
    return mail_mean(w, mail_disk);
}

static double mean_cpu(const struct world *w, uint32_t unused)
{
    (void)unused;
    return mail_mean(w, mail_cpu);
}

static double probe_sum_s(const struct world *w, uint32_t unused)
{
    (void)unused;
    return sim_tally_sum(&mail_farm_stats(w->mail)->response_s);
}

static double probe_count(const struct world *w, uint32_t unused)
{
    (void)unused;
    return (double)mail_farm_stats(w->mail)->response_s.n;
}

static double uplink_share(const struct world *w, uint32_t unused)
{
    (void)unused;
    return area(w, &sim_fluid_stats(network_uplink(w->network))->used);
}

static double uplink_flows(const struct world *w, uint32_t unused)
{
    (void)unused;
    return area(w, &sim_fluid_stats(network_uplink(w->network))->active);
}

static double uplink_bit(const struct world *w, uint32_t unused)
{
    (void)unused;
    return sim_fluid_stats(network_uplink(w->network))->served;
}

static double connections(const struct world *w, uint32_t unused)
{
    (void)unused;
    return balancer_n_connections(w->balancer);
}

static double balancer_refused(const struct world *w, uint32_t unused)
{
    (void)unused;
    return (double)balancer_stats(w->balancer)->refused;
}

/* ---- The table ---- */

struct pattern {
    const char *name, *unit, *help;
    enum column_kind kind;
    series_read_fn *read, *read_count;
};

static const struct pattern general[] = {
    {"done.basic", "devices", "devices that have today's mail again", COLUMN_GAUGE, done_basic,
     NULL},
    {"done.full", "devices", "devices that have everything again", COLUMN_GAUGE, done_full, NULL},
    {"balancer.connections", "connections", "connections at the balancer", COLUMN_GAUGE,
     connections, NULL},
    {"balancer.refused", "connections", "503 by the balancer, running total", COLUMN_GAUGE,
     balancer_refused, NULL},
    {"uplink.busy_share", "1", "share of the uplink in use", COLUMN_SHARE, uplink_share, NULL},
    {"uplink.flows", "downloads", "downloads under way", COLUMN_SHARE, uplink_flows, NULL},
    {"uplink.bit_per_s", "bit/s", "throughput on the wire", COLUMN_RATE, uplink_bit, NULL},
    {"mail.desktop_response_s", "s", "what a read takes for a desktop user", COLUMN_MEAN,
     probe_sum_s, probe_count},
};

static const struct pattern per_server[] = {
    {"http.busy", "threads", "HTTP threads in use, parked long polls included", COLUMN_SHARE,
     threads_busy, NULL},
    {"http.waiting", "requests", "requests waiting for an HTTP thread", COLUMN_SHARE,
     threads_waiting, NULL},
    {"http.refused", "requests",
     "503 for lack of a thread, or of the database of a pool, running total", COLUMN_GAUGE, refused,
     NULL},
    {"http.requests_per_s", "requests/s", "requests that arrive", COLUMN_RATE, requests, NULL},
    {"prime.busy", "prime syncs", "prime syncs running", COLUMN_SHARE, prime_busy, NULL},
    {"prime.waiting", "prime syncs", "prime syncs waiting for a worker", COLUMN_SHARE,
     prime_waiting, NULL},
    {"prime.done", "prime syncs", "prime syncs finished, running total", COLUMN_GAUGE, prime_done,
     NULL},
    {"chunk.busy", "chunks", "chunks being worked on", COLUMN_SHARE, device_busy, NULL},
    {"chunk.waiting", "chunks", "chunks waiting for a worker", COLUMN_SHARE, device_waiting, NULL},
    {"cpu.busy_share", "1", "share of all cores in use", COLUMN_SHARE, cpu_share, NULL},
    {"heap.used_share", "1", "share of the heap in use by syncs", COLUMN_SHARE, heap_share, NULL},
};

/* Where each has a state database of its own. */
static const struct pattern per_lone_server[] = {
    {"state_db.busy_share", "1", "share of the time the state database's disk works", COLUMN_SHARE,
     state_share, NULL},
    {"state_db.jobs", "jobs", "syncs that write to the state database", COLUMN_SHARE, state_jobs,
     NULL},
};

/* Where there is a pool. */
static const struct pattern per_pool_server[] = {
    {"availability_index", "%",
     "100 times the least free share of CPU, heap and HTTP threads; empty while it does not serve",
     COLUMN_GAUGE, availability, NULL},
};

static const struct pattern pool_database[] = {
    {"busy_share", "1", "share of the time the disk of the pool's database works", COLUMN_SHARE,
     pool_disk, NULL},
    {"jobs", "jobs", "syncs that write to the disk of the pool's database", COLUMN_SHARE, pool_jobs,
     NULL},
    {"cpu.busy_share", "1", "share of all cores of the pool's database in use", COLUMN_SHARE,
     pool_cpu, NULL},
};

static const struct pattern per_mail_server[] = {
    {"waiting", "transactions", "transactions waiting for their turn", COLUMN_SHARE, mail_waiting,
     NULL},
    {"busy", "transactions", "transactions under way", COLUMN_SHARE, mail_busy, NULL},
    {"disk.busy_share", "1", "share of the disk in use, desktop users included", COLUMN_SHARE,
     mail_disk, NULL},
    {"cpu.busy_share", "1", "share of all cores in use, desktop users included", COLUMN_SHARE,
     mail_cpu, NULL},
};

/* The same over all mail servers, where there are too many to list. */
static const struct pattern mail_means[] = {
    {"waiting", "transactions", "transactions waiting for their turn, mean over all mail servers",
     COLUMN_SHARE, mean_waiting, NULL},
    {"busy", "transactions", "transactions under way, mean over all mail servers", COLUMN_SHARE,
     mean_busy, NULL},
    {"disk.busy_share", "1", "share of the disk in use, mean over all mail servers", COLUMN_SHARE,
     mean_disk, NULL},
    {"cpu.busy_share", "1", "share of all cores in use, mean over all mail servers", COLUMN_SHARE,
     mean_cpu, NULL},
};

#define COUNT_OF(a) (sizeof(a) / sizeof(a)[0])

enum { MAX_MAIL_COLUMNS = 20 }; /* more mail servers are simulated, but not listed one by one */

static void add(struct series_column *columns, size_t *n, const char *prefix,
                const struct pattern *p, uint32_t index)
{
    struct series_column *const c = &columns[(*n)++];
    *c = (struct series_column){.unit = p->unit,
                                .kind = p->kind,
                                .read = p->read,
                                .read_count = p->read_count,
                                .index = index};
    snprintf(c->name, sizeof c->name, "%s%s", prefix, p->name);
    for (char *letter = c->name; *letter != '\0'; letter++) {
        *letter = (char)tolower((unsigned char)*letter);
    }
    snprintf(c->help, sizeof c->help, "%s", p->help);
}

static void add_states(struct series_column *columns, size_t *n)
{
    for (uint32_t state = 0; state < DEVICE_N_STATES; state++) {
        const struct pattern p = {device_state_name((enum device_state)state),
                                  "devices",
                                  device_state_label((enum device_state)state),
                                  COLUMN_GAUGE,
                                  devices_in_state,
                                  NULL};
        add(columns, n, "devices.", &p, state);
    }
}

static void add_servers(struct series_column *columns, size_t *n, const struct scenario *s)
{
    const bool is_pool = s->balancer.method == METHOD_POOL;
    for (uint32_t server = 0; server < s->n_servers; server++) {
        char prefix[48];
        snprintf(prefix, sizeof prefix, "servers.%s.", s->server[server].name);
        for (size_t i = 0; i < COUNT_OF(per_server); i++) {
            add(columns, n, prefix, &per_server[i], server);
        }
        for (size_t i = 0; !is_pool && i < COUNT_OF(per_lone_server); i++) {
            add(columns, n, prefix, &per_lone_server[i], server);
        }
        for (size_t i = 0; is_pool && i < COUNT_OF(per_pool_server); i++) {
            add(columns, n, prefix, &per_pool_server[i], server);
        }
    }
    for (size_t i = 0; is_pool && i < COUNT_OF(pool_database); i++) {
        add(columns, n, "pool.database.", &pool_database[i], 0);
    }
}

struct series_column *collect_columns(const struct scenario *s, size_t *n)
{
    const uint32_t mail_servers =
        s->mail.servers < MAX_MAIL_COLUMNS ? s->mail.servers : MAX_MAIL_COLUMNS;
    const size_t most =
        DEVICE_N_STATES + COUNT_OF(general) +
        s->n_servers *
            (COUNT_OF(per_server) + COUNT_OF(per_lone_server) + COUNT_OF(per_pool_server)) +
        COUNT_OF(pool_database) + mail_servers * COUNT_OF(per_mail_server) + COUNT_OF(mail_means);
    struct series_column *const columns = calloc(most, sizeof *columns);
    *n = 0;
    if (columns == NULL) {
        return NULL;
    }
    add_states(columns, n);
    for (size_t i = 0; i < COUNT_OF(general); i++) {
        add(columns, n, "", &general[i], 0);
    }
    add_servers(columns, n, s);
    for (size_t i = 0; s->mail.servers > mail_servers && i < COUNT_OF(mail_means); i++) {
        add(columns, n, "mail.mean.", &mail_means[i], 0);
    }
    for (uint32_t server = 0; server < mail_servers; server++) {
        char prefix[32];
        snprintf(prefix, sizeof prefix, "mail.%u.", server);
        for (size_t i = 0; i < COUNT_OF(per_mail_server); i++) {
            add(columns, n, prefix, &per_mail_server[i], server);
        }
    }
    return columns;
}
