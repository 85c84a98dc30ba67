/* The end of a replication: use of resources, counters, devices. */
#include "models/collect.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Use of resources ---- */

struct uses {
    const struct world *world;
    struct resource_use *item;
    size_t n;
    double span_s; /* from the failure to now */
};

/* A resource has a name and words for people: ("servers.B.cpu", "the CPU of server B"). */
struct label {
    char name[64];
    char words[96];
};

static struct label server_label(const struct sync_server *server, const char *part,
                                 const char *words)
{
    struct label l;
    snprintf(l.name, sizeof l.name, "servers.%s.%s", sync_server_name(server), part);
    snprintf(l.words, sizeof l.words, "%s of server %s", words, sync_server_name(server));
    return l;
}

static struct label mail_label(uint32_t i, const char *part, const char *words)
{
    struct label l;
    snprintf(l.name, sizeof l.name, "mail.%u.%s", i, part);
    snprintf(l.words, sizeof l.words, "%s of mail server %u", words, i);
    return l;
}

static struct resource_use *add_use(struct uses *u, struct label label)
{
    struct resource_use *const use = &u->item[u->n++];
    memcpy(use->name, label.name, sizeof use->name);
    memcpy(use->words, label.words, sizeof use->words);
    return use;
}

static double area(const struct uses *u, const struct sim_timeavg *a)
{
    return sim_timeavg_area(a, sim_now(u->world->sim));
}

static double per_span(const struct uses *u, double area)
{
    return u->span_s > 0 ? area / u->span_s : 0;
}

static void add_fluid(struct uses *u, struct label label, struct sim_fluid *f)
{
    struct resource_use *const use = add_use(u, label);
    const struct sim_fluid_stats *const s = sim_fluid_stats(f);
    use->busy_share = per_span(u, area(u, &s->used));
    use->saturated_s = area(u, &s->saturated);
}

static void add_station(struct uses *u, struct label label, const struct sim_station *station)
{
    struct resource_use *const use = add_use(u, label);
    const struct sim_station_stats *const s = sim_station_stats(station);
    use->is_line = true;
    use->busy_share = per_span(u, area(u, &s->busy) / sim_station_n_servers(station));
    use->saturated_s = area(u, &s->saturated);
}

static void add_heap(struct uses *u, struct label label, const struct sim_pool *heap)
{
    struct resource_use *const use = add_use(u, label);
    const struct sim_pool_stats *const s = sim_pool_stats(heap);
    use->busy_share = per_span(u, area(u, &s->in_use) / (double)sim_pool_capacity(heap));
    use->saturated_s = area(u, &s->saturated);
}

static void add_disk(struct uses *u, struct label label, struct sim_disk *disk)
{
    struct resource_use *const use = add_use(u, label);
    const struct sim_disk_stats *const s = sim_disk_stats(disk);
    use->busy_share = per_span(u, area(u, &s->busy));
    use->saturated_s = area(u, &s->saturated);
}

static void add_server(struct uses *u, const struct sync_server *s)
{
    const struct sync_host *const host = sync_server_host(s);
    add_fluid(u, server_label(s, "cpu", "the CPU"), sync_host_cpu(host));
    if (!world_is_pool(u->world)) {
        add_disk(u, server_label(s, "state_db", "the state database's disk"),
                 sync_host_state_disk(host));
    }
    add_heap(u, server_label(s, "heap", "the heap"), sync_host_heap(host));
    add_station(u, server_label(s, "http", "the HTTP threads"), sync_server_threads(s));
    add_station(u, server_label(s, "prime", "the prime-sync workers"),
                prime_sync_workers(sync_server_prime(s)));
    add_station(u, server_label(s, "chunk", "the device-sync workers"),
                sync_server_device_workers(s));
}

static void add_mail_server(struct uses *u, uint32_t i)
{
    const struct mail_farm *const mail = u->world->mail;
    add_fluid(u, mail_label(i, "disk", "the disk"), mail_farm_disk(mail, i));
    add_fluid(u, mail_label(i, "cpu", "the CPU"), mail_farm_cpu(mail, i));
    add_station(u, mail_label(i, "transactions", "the concurrent transactions"),
                mail_farm_line(mail, i));
}

static void collect_desktop(const struct world *w, struct run_result *r)
{
    const struct sim_tally *const response_s = &mail_farm_stats(w->mail)->response_s;
    r->desktop_response_s = response_s->n > 0 ? response_s->mean : (double)NAN;
}

enum sim_err collect_use(struct world *w)
{
    struct run_result *const result = w->result;
    enum { PER_SERVER = 6, PER_MAIL_SERVER = 3, N_OTHERS = 3 };
    const uint32_t n_servers = w->scenario->n_servers;
    const uint32_t n_mail = mail_farm_n_servers(w->mail);
    const size_t most =
        (size_t)n_servers * PER_SERVER + (size_t)n_mail * PER_MAIL_SERVER + N_OTHERS;
    struct uses u = {w, calloc(most, sizeof *u.item), 0, sim_now(w->sim)};
    if (u.item == NULL) {
        return SIM_ENOMEM;
    }
    free(result->resource);
    result->most_s = sim_now(w->sim);
    collect_desktop(w, result);
    for (uint32_t i = 0; i < n_servers; i++) {
        add_server(&u, w->server[i]);
    }
    if (world_is_pool(w)) {
        const struct label database = {"pool.database", "the disk of the pool's database"};
        const struct label cpu = {"pool.database.cpu", "the CPU of the pool's database"};
        add_disk(&u, database, pool_database_disk(w->pool));
        add_fluid(&u, cpu, pool_database_cpu(w->pool));
    }
    for (uint32_t i = 0; i < n_mail; i++) {
        add_mail_server(&u, i);
    }
    const struct label uplink = {"uplink", "the uplink"};
    add_fluid(&u, uplink, network_uplink(w->network));
    result->resource = u.item;
    result->n_resources = u.n;
    return SIM_OK;
}

/* ---- Counters ---- */

static void collect_counters(const struct world *w, struct run_result *r)
{
    r->refused = balancer_stats(w->balancer)->refused;
    for (uint32_t i = 0; i < w->scenario->n_servers; i++) {
        const struct sync_server_stats *const s = sync_server_stats(w->server[i]);
        const struct sync_host_stats *const h = sync_host_stats(sync_server_host(w->server[i]));
        r->thrown_away.mail_reads += h->thrown_away.mail_reads;
        r->thrown_away.cpu_s += h->thrown_away.cpu_s;
        r->thrown_away.commits += h->thrown_away.commits;
        r->cpu_s += h->done.cpu_s;
        r->requests += s->requests;
        r->refused += s->refused;
        r->replaced += s->replaced;
        r->discarded_chunks += s->discarded;
        r->discarded_items += s->discarded_items;
    }
    for (uint32_t i = 0; i < w->n_devices; i++) {
        r->timeouts += r->device[i].timeouts;
        r->retries += r->device[i].retries;
    }
    const struct mail_stats *const mail = mail_farm_stats(w->mail);
    r->crashes = w->n_crashes;
    r->crash_s = w->crash_s;
    r->n_poison = w->scenario->poison.documents;
    const struct state_db *const state = sync_server_state(w->server[world_active(w)]);
    for (uint32_t i = 0; i < r->n_poison; i++) {
        r->n_banned += state_db_is_banned(state, i);
    }
    for (uint32_t i = 0; i < w->scenario->n_timeline; i++) {
        r->has_old_state |= w->scenario->timeline[i].action == ACTION_RESTORE_OLD;
    }
    r->desktop_response_max_s = mail->response_s.n > 0 ? mail->response_s.max : (double)NAN;
    r->desktop_worst_s = fmax(mail_farm_worst_response_s(w->mail), r->desktop_response_s);
    r->desktop_usual_s = mail_usual_response_s(&w->scenario->mail);
    r->user_loss_s = devices_user_loss_s(w->devices);
    r->payload_byte = network_stats(w->network)->payload_byte;
    r->cut_byte = network_stats(w->network)->cut_byte;
    r->outside_model_share =
        sim_timeavg_mean(&network_stats(w->network)->outside_model, sim_now(w->sim));
}

static enum sim_err collect_orders(const struct world *w, struct run_result *r)
{
    const struct security_config *const c = &w->scenario->security;
    r->n_orders = security_n_orders(c);
    if (r->n_orders == 0) {
        return SIM_OK;
    }
    r->order = calloc(r->n_orders, sizeof *r->order);
    if (r->order == NULL) {
        return SIM_ENOMEM;
    }
    const struct security_scene scene = {w->user_of, w->n_devices, w->scenario->n_servers,
                                         w->scenario->horizon_s};
    return security_judge(c, w->sim, &w->security, &scene, r->order);
}

enum sim_err collect_result(struct world *w)
{
    struct run_result *const r = w->result;
    r->n_devices = w->n_devices;
    r->n_users = w->scenario->users;
    r->end_s = sim_now(w->sim);
    r->is_complete = w->is_complete;
    r->events = sim_n_events(w->sim);
    r->device = sim_zeros_create(w->n_devices, sizeof *r->device);
    if (r->device == NULL) {
        return SIM_ENOMEM;
    }
    for (uint32_t i = 0; i < w->n_devices; i++) {
        r->device[i] = devices_record(w->devices, i);
    }
    const bool has_most = r->resource != NULL && devices_n_full(w->devices) >=
                                                     result_n_most(devices_n_affected(w->devices));
    const enum sim_err err = has_most ? SIM_OK : collect_use(w);
    collect_counters(w, r);
    return err == SIM_OK ? collect_orders(w, r) : err;
}
