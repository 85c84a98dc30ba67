/* What single values cannot show: sums, references, contradictions. */
#include "models/element.h"
#include "models/scenario_load.h"
#include "models/schema.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where something below `prefix` was said first; the default if nowhere. */
static struct origin place_of(const struct settings *settings, const char *path)
{
    const size_t length = strlen(path);
    for (size_t i = 0; i < settings->n; i++) {
        const char *const candidate = settings->item[i].path;
        if (strncmp(candidate, path, length) == 0 &&
            (candidate[length] == '.' || candidate[length] == '\0')) {
            return settings->item[i].origin;
        }
    }
    return (struct origin){.kind = ORIGIN_DEFAULT};
}

/* Has somebody asked for something else than the default? A scenario that is shown says all of those. */
static bool is_asked_for(const struct settings *settings, const char *path, double value)
{
    const enum origin_kind kind = place_of(settings, path).kind;
    struct schema_place place;
    double standard = value;
    if (schema_locate(path, &place) && place.row != NULL) {
        const enum sim_err err =
            sim_read_quantity(place.row->standard, place.row->dimension, &standard, NULL);
        SIM_ASSERT(err == SIM_OK); /* the table is ours */
    }
    return (kind == ORIGIN_FILE || kind == ORIGIN_OPTION) && value != standard;
}

static void check_shares(const struct settings *settings, const struct device_config *c,
                         struct problems *problems)
{
    char parts[400] = "";
    char hint[256] = "";
    size_t used = 0;
    double sum = 0;
    for (uint32_t i = 0; i < c->n_classes; i++) {
        const struct device_class *const k = &c->device_class[i];
        sum += k->share;
        if (used < sizeof parts) {
            used += (size_t)snprintf(parts + used, sizeof parts - used, "%s%s %g",
                                     i == 0 ? "" : ", ", k->name, k->share);
        }
    }
    if (!(fabs(sum - 1) <= 1e-9)) {
        if (sum < 1) {
            element_replaced_text(settings, schema_sections[SECTION_CLASSES], NULL, hint,
                                  sizeof hint);
        }
        problems_add(problems, place_of(settings, "devices.classes"),
                     "devices.classes: the shares sum to %.10g, not to 1 (%s)%s", sum, parts, hint);
    }
}

static void complain_of_entry(const struct settings *settings, uint32_t i, const char *key,
                              const char *what, struct problems *problems)
{
    char path[64];
    snprintf(path, sizeof path, "timeline.%u.%s", i, key);
    problems_add(problems, place_of(settings, path), "%s: %s", path, what);
}

/* Where the balancer moves nobody from one server to another. */
static void check_move(const struct settings *settings, const struct scenario *s, uint32_t i,
                       struct problems *problems)
{
    const enum timeline_action action = s->timeline[i].action;
    const bool needs_balancer =
        action == ACTION_DRAIN || action == ACTION_BLOCK || action == ACTION_RELEASE;
    if (s->balancer.method == METHOD_DNS) {
        if (needs_balancer) {
            complain_of_entry(settings, i, "do",
                              "balancer.method is dns: there is no balancer that could do it",
                              problems);
        }
    } else if (s->balancer.method != METHOD_ACTIVE &&
               (action == ACTION_REDIRECT || action == ACTION_FLAP || action == ACTION_DRAIN ||
                action == ACTION_FAIL_BACK)) {
        complain_of_entry(settings, i, "do",
                          s->balancer.method == METHOD_POOL
                              ? "balancer.method is pool: the servers take over from each other"
                              : "balancer.method is round_robin: there is no one server that "
                                "has the connections",
                          problems);
    }
}

/* Where the state is not on a host. */
static void check_state(const struct settings *settings, const struct scenario *s, uint32_t i,
                        struct problems *problems)
{
    const enum timeline_action action = s->timeline[i].action;
    if (s->balancer.method == METHOD_POOL &&
        (action == ACTION_RESTORE_HOST || action == ACTION_RESTORE_OLD ||
         action == ACTION_RESTART_DEFRAG || action == ACTION_LOAD_DEFRAG)) {
        complain_of_entry(settings, i, "do",
                          "balancer.method is pool: the state is in its database and not on a "
                          "host; allowed: 'restart host'",
                          problems);
    }
}

static bool read_timeline(const struct settings *settings, struct scenario *s,
                          struct problems *problems)
{
    const struct timeline_names names = {
        s->server,          s->devices.device_class, s->n_servers, s->devices.n_classes,
        s->balancer.groups, s->mail.servers,         s->users,     settings};
    bool ok = true;
    for (uint32_t i = 0; i < s->n_timeline; i++) {
        struct sim_error e;
        if (timeline_parse(&s->timeline[i], &names, &e) != SIM_OK) {
            complain_of_entry(settings, i, "do", e.text, problems);
            ok = false;
        }
    }
    return ok;
}

static bool has_action(const struct scenario *s, enum timeline_action action)
{
    bool has = false;
    for (uint32_t i = 0; i < s->n_timeline; i++) {
        has |= s->timeline[i].action == action;
    }
    return has;
}

/* Devices that lose nothing need no simulation. */
static void check_loss(const struct settings *settings, const struct scenario *s,
                       struct problems *problems)
{
    if (isinf(s->outcome.failure_s)) {
        problems_add(problems, place_of(settings, "timeline"),
                     "timeline: nothing takes a server from its devices; all are at %s at first: "
                     "'fail host %s'%s",
                     s->server[0].name, s->server[0].name,
                     has_action(s, ACTION_FAIL_MAIL)
                         ? "; where a mail server alone fails they keep what they have"
                         : "");
    }
    for (uint32_t i = 0; i < s->n_timeline; i++) {
        char what[160];
        snprintf(what, sizeof what, "later than the horizon of %g h after the failure",
                 s->horizon_s / 3600);
        const struct timeline_entry *const t = &s->timeline[i];
        const double last_s = timeline_step(t, timeline_n_steps(t) - 1).at_s;
        check_move(settings, s, i, problems);
        check_state(settings, s, i, problems);
        if (last_s - s->outcome.failure_s >= s->horizon_s) {
            complain_of_entry(settings, i, "at", what, problems);
        }
    }
}

static void check_timeline(const struct settings *settings, struct scenario *s,
                           struct problems *problems)
{
    struct sim_error e;
    uint32_t faulty;
    const uint32_t most = 1000; /* each is checked when it is read, and all again as a whole */
    if (s->n_timeline > most) {
        problems_add(problems, place_of(settings, "timeline"), "timeline: %u entries; at most %u",
                     s->n_timeline, most);
        return;
    }
    s->is_timeline_assumed = place_of(settings, "timeline.0.do").kind == ORIGIN_BUILTIN;
    if (s->n_servers == 0 || !read_timeline(settings, s, problems)) {
        return;
    }
    const enum sim_err err = timeline_follow(s->timeline, s->n_timeline, s->server, s->n_servers,
                                             &s->balancer, &s->outcome, &faulty, &e);
    if (err == SIM_OK) {
        check_loss(settings, s, problems);
    } else if (err == SIM_ENOMEM) {
        problems->is_out_of_memory = 1;
    } else {
        complain_of_entry(settings, faulty, "do", e.text, problems);
    }
}

static void check_series(const struct settings *settings, const struct scenario *s,
                         struct problems *problems)
{
    const double rows = s->horizon_s / s->series_step_s;
    const double most = 100000;
    if (rows > most) {
        problems_add(problems, place_of(settings, "series_step"),
                     "series_step: %.0f rows up to the horizon; at most %.0f (a step of %g s)",
                     rows, most, ceil(s->horizon_s / most));
    }
}

static void check_precision(const struct settings *settings, struct scenario *s,
                            struct problems *problems)
{
    if (s->precision.min > s->precision.max) {
        problems_add(problems, place_of(settings, "precision.min"),
                     "precision.min: %u, but precision.max is %u", s->precision.min,
                     s->precision.max);
    }
    s->precision.is_auto = s->replications == 0;
    if (s->precision.is_auto) {
        s->replications = s->precision.min;
    }
}

static void check_devices(const struct settings *settings, const struct scenario *s,
                          struct problems *problems)
{
    const double most = 16000000; /* records are named by 24 bits */
    if (s->users * s->devices.per_user > most) {
        problems_add(problems, place_of(settings, "users"),
                     "users: %.0f devices; at most %.0f in one run", s->users * s->devices.per_user,
                     most);
    }
    for (uint32_t i = 0; i < s->devices.n_classes; i++) {
        const struct backoff_config *const b = &s->devices.device_class[i].backoff;
        char path[96];
        snprintf(path, sizeof path, "devices.classes.%s.backoff.max",
                 s->devices.device_class[i].name);
        if (b->max_s < b->first_s) {
            problems_add(problems, place_of(settings, path),
                         "%s: %g s is below backoff.first, %g s", path, b->max_s, b->first_s);
        }
    }
}

static void check_servers(const struct settings *settings, const struct scenario *s,
                          struct problems *problems)
{
    if (s->n_servers == 0) {
        problems_add(problems, place_of(settings, "servers"), "servers: at least one is needed");
    }
    for (uint32_t i = 0; i < s->n_servers; i++) {
        const struct sync_host_config *const h = &s->server[i].host;
        char path[96];
        snprintf(path, sizeof path, "servers.%s", s->server[i].name);
        if (h->heap_per_sync_byte > h->heap_byte) {
            problems_add(problems, place_of(settings, path),
                         "%s: one sync needs %g byte of heap, the whole heap is %g byte", path,
                         h->heap_per_sync_byte, h->heap_byte);
        }
        snprintf(path, sizeof path, "servers.%s.defrag.at_restart", s->server[i].name);
        if (s->server[i].vm.defragments && s->balancer.method == METHOD_POOL) {
            problems_add(problems, place_of(settings, path),
                         "%s: balancer.method is pool: the state is in its database and not on a "
                         "host",
                         path);
        } else if (s->server[i].vm.defragments && !s->server[i].vm.restarts) {
            problems_add(problems, place_of(settings, path),
                         "%s: when the machine restarts by itself, but vm.restarts is false; by "
                         "hand: 'restart host %s with defragmentation'",
                         path, s->server[i].name);
        }
    }
}

/* Where there is no balancer. */
static void check_dns(const struct settings *settings, const struct balancer_config *b,
                      struct problems *problems)
{
    const struct {
        const char *path;
        bool is_asked_for;
    } needs[] = {
        {"balancer.rate_limit", b->rate_limit_per_s > 0},
        {"balancer.bucket", b->bucket > 0},
        {"balancer.retry_after", b->retry_after_s > 0},
        {"balancer.idle_timeout", b->idle_timeout_s > 0},
        {"balancer.failback", b->failback == FAILBACK_AUTOMATIC},
        {"balancer.max_connections",
         is_asked_for(settings, "balancer.max_connections", b->max_connections)},
        {"balancer.groups", b->groups > 1},
    };
    const char *const of_dns[] = {"balancer.dns.ttl", "balancer.dns.violators"};
    const double value[] = {b->name.ttl_s, b->name.violators};
    for (size_t i = 0; i < sizeof needs / sizeof needs[0] && b->method == METHOD_DNS; i++) {
        if (needs[i].is_asked_for) {
            problems_add(problems, place_of(settings, needs[i].path),
                         "%s: balancer.method is dns: there is no balancer that could do it",
                         needs[i].path);
        }
    }
    for (size_t i = 0; i < 2 && b->method != METHOD_DNS; i++) {
        if (is_asked_for(settings, of_dns[i], value[i])) {
            problems_add(problems, place_of(settings, of_dns[i]), "%s: of balancer.method dns",
                         of_dns[i]);
        }
    }
}

/* What has an effect only beside another value that is not given. */
static void check_balancer(const struct settings *settings, const struct scenario *s,
                           struct problems *problems)
{
    const struct balancer_config *const b = &s->balancer;
    if (b->rate_burst > 1 && b->rate_limit_per_s == 0) {
        problems_add(problems, place_of(settings, "balancer.rate_burst"),
                     "balancer.rate_burst: %u at once, but balancer.rate_limit is 0: no limit",
                     b->rate_burst);
    }
    if (b->retry_after_fuzz > 0 && b->retry_after_s == 0) {
        problems_add(problems, place_of(settings, "balancer.retry_after_fuzz"),
                     "balancer.retry_after_fuzz: %g of balancer.retry_after, which is 0: not sent",
                     b->retry_after_fuzz);
    }
    if (b->bucket == 0 &&
        is_asked_for(settings, "balancer.bucket_interval", b->bucket_interval_s)) {
        problems_add(problems, place_of(settings, "balancer.bucket_interval"),
                     "balancer.bucket_interval: of balancer.bucket, which is 0: all are let in");
    }
    if (b->stickiness != STICKY_NONE && b->method != METHOD_ROUND_ROBIN) {
        problems_add(problems, place_of(settings, "balancer.stickiness"),
                     "balancer.stickiness: of balancer.method round_robin; with %s",
                     b->method == METHOD_ACTIVE ? "active all go to one server"
                     : b->method == METHOD_POOL ? "pool every user has his server"
                                                : "dns a name stands for one");
    }
    const bool is_failback = b->failback == FAILBACK_AUTOMATIC && b->method != METHOD_DNS;
    if (b->method != METHOD_ACTIVE && (b->hold_down_s > 0 || is_failback)) {
        const char *const key = b->hold_down_s > 0 ? "balancer.hold_down" : "balancer.failback";
        problems_add(
            problems, place_of(settings, key),
            "%s: of balancer.method active, where the next server takes over; with %s there "
            "is no next one",
            key,
            b->method == METHOD_POOL  ? "pool"
            : b->method == METHOD_DNS ? "dns"
                                      : "round_robin");
    }
    if (b->hold_down_s > 0 && b->method == METHOD_ACTIVE && s->n_servers == 1) {
        problems_add(problems, place_of(settings, "balancer.hold_down"),
                     "balancer.hold_down: %g s before a failover to the next server, but there is "
                     "only %s",
                     b->hold_down_s, s->server[0].name);
    }
    if (b->hold_down_s > 0 && b->failover == FAILOVER_MANUAL) {
        problems_add(problems, place_of(settings, "balancer.hold_down"),
                     "balancer.hold_down: %g s before an automatic failover, but balancer.failover "
                     "is manual",
                     b->hold_down_s);
    }
}

/* A mate has to carry the desktop users of two. */
static void check_mates(const struct settings *settings, const struct mail_config *m,
                        double desktop_reads_per_s, struct problems *problems)
{
    if (m->has_mates && m->servers == 1) {
        problems_add(problems, place_of(settings, "mail.has_mates"),
                     "mail.has_mates: a mate is another mail server, but mail.servers is 1");
    } else if (m->has_mates && (2 * desktop_reads_per_s >= m->disk_iops ||
                                2 * desktop_reads_per_s * m->cpu_per_read_s >= m->cores)) {
        problems_add(problems, place_of(settings, "mail.has_mates"),
                     "mail.has_mates: the desktop users of two servers ask one for %g reads/s and "
                     "%g cores; it has %g and %u",
                     2 * desktop_reads_per_s, 2 * desktop_reads_per_s * m->cpu_per_read_s,
                     m->disk_iops, m->cores);
    }
}

/* The word that follows `users`, and whether anybody has thought of it. */
static void follow_users(const struct settings *settings, struct scenario *s)
{
    const struct setting *const given = settings_find(settings, "mail.desktop_users");
    s->has_desktop_users = given != NULL;
    if (given != NULL && strcmp(given->value, "users") == 0) {
        s->mail.desktop_users = s->users;
    }
}

static void check_mail(const struct settings *settings, const struct scenario *s,
                       struct problems *problems)
{
    const struct mail_config *const m = &s->mail;
    const double desktop = fmax(m->desktop_users * m->desktop_reads_per_s / m->servers,
                                1 / m->probe_interval_s); /* probes count among them */
    if (desktop >= m->disk_iops) {
        problems_add(
            problems, place_of(settings, "mail"),
            "mail: desktop users and probes alone ask for %g reads/s of a disk that gives %g",
            desktop, m->disk_iops);
    }
    check_mates(settings, m, desktop, problems);
    if (desktop * m->cpu_per_read_s >= m->cores) {
        problems_add(problems, place_of(settings, "mail"),
                     "mail: desktop users and probes alone need %g cores of %u",
                     desktop * m->cpu_per_read_s, m->cores);
    }
}

static void check_security(const struct settings *settings, const struct scenario *s,
                           struct problems *problems)
{
    if (security_n_orders(&s->security) > scenario_n_devices(s)) {
        problems_add(problems, place_of(settings, "security"),
                     "security: %u orders, but there are %u devices",
                     security_n_orders(&s->security), scenario_n_devices(s));
    }
}

void scenario_check(const struct settings *settings, struct scenario *s, struct problems *problems)
{
    check_shares(settings, &s->devices, problems);
    check_servers(settings, s, problems);
    check_balancer(settings, s, problems);
    check_dns(settings, &s->balancer, problems);
    check_timeline(settings, s, problems);
    check_series(settings, s, problems);
    check_devices(settings, s, problems);
    follow_users(settings, s);
    check_mail(settings, s, problems);
    check_security(settings, s, problems);
    check_precision(settings, s, problems);
}
