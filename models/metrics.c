#include "models/metrics.h"

#include "sim/stat/sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
    struct metric *item;
    size_t n;
};

static void add(struct list *l, const char *name, const char *unit, const char *help, double value)
{
    struct metric *const m = &l->item[l->n++];
    snprintf(m->name, sizeof m->name, "%s", name);
    snprintf(m->help, sizeof m->help, "%s", help);
    m->unit = unit;
    m->value = value;
}

bool metrics_is_time(const char *name)
{
    const size_t length = strlen(name);
    return length > 2 && strcmp(name + length - 2, "_s") == 0;
}

double metrics_event_s(const struct device_record *record, enum device_event event)
{
    return event == EVENT_BASIC ? record->basic_s : record->full_s;
}

/* ---- Times of the devices ---- */

static const struct {
    double p;
    const char *suffix, *words;
} levels[] = {{0.5, "p50", "half of the devices"},
              {0.9, "p90", "90 % of the devices"},
              {0.95, "p95", "95 % of the devices"},
              {0.99, "p99", "99 % of the devices"},
              {1, "max", "all devices"}};

enum { N_LEVELS = sizeof levels / sizeof levels[0] };

bool metrics_is_affected(const struct device_record *record)
{
    return isfinite(record->lost_s);
}

/* Devices that were on the network at the failure. */
static bool was_online(const struct device_record *record)
{
    return record->stage_s[STAGE_OFFLINE] <= 0;
}

static bool add_times(struct list *l, const struct run_result *r, enum device_event event,
                      bool online_only, const char *name, const char *words)
{
    struct sim_sample sample = {0};
    bool ok = true;
    for (uint32_t i = 0; i < r->n_devices && ok; i++) {
        const struct device_record *const d = &r->device[i];
        if (metrics_is_affected(d) && (!online_only || was_online(d))) {
            ok = sim_sample_add(&sample, metrics_event_s(d, event)) == SIM_OK;
        }
    }
    if (sample.n == 0 && !online_only && ok) {
        ok = sim_sample_add(&sample, 0) == SIM_OK; /* nobody has to wait */
    }
    sim_sample_sort(&sample);
    for (size_t i = 0; i < N_LEVELS && ok; i++) {
        char key[80];
        char help[160];
        snprintf(key, sizeof key, "%s_%s_s", name, levels[i].suffix);
        snprintf(help, sizeof help, "time until %s%s have %s", levels[i].words,
                 online_only ? " online at the failure" : "", words);
        add(l, key, "s", help, sim_sample_quantile(&sample, levels[i].p));
    }
    sim_sample_fini(&sample);
    return ok;
}

static void add_blackout(struct list *l, const struct run_result *r)
{
    double sum_s = 0;
    double max_s = 0;
    uint32_t emptied = 0;
    double unfinished = 0;
    double offline = 0;
    double affected = 0;
    for (uint32_t i = 0; i < r->n_devices; i++) {
        const struct device_record *const d = &r->device[i];
        sum_s += d->blackout_s;
        max_s = fmax(max_s, d->blackout_s);
        emptied += isfinite(d->erased_s);
        unfinished += isinf(d->full_s) && isfinite(d->lost_s);
        offline += !was_online(d);
        affected += metrics_is_affected(d);
    }
    add(l, "blackout_mean_s", "s",
        "mean time a device is empty, from erase to today's mail, over the devices that erased",
        emptied > 0 ? sum_s / emptied : 0);
    add(l, "blackout_max_s", "s", "longest time a device is empty", max_s);
    add(l, "unfinished", "devices", "devices that lost their server and are not full at the end",
        unfinished);
    add(l, "offline", "devices", "devices that were offline at the failure", offline);
    add(l, "affected", "devices",
        "devices that lost their server, or their state there: times are theirs", affected);
}

/* ---- Counters and resources ---- */

static double wasted_byte(const struct run_result *r)
{
    double sum_byte = r->cut_byte;
    for (uint32_t i = 0; i < r->n_devices; i++) {
        sum_byte += r->device[i].erased_byte;
    }
    return sum_byte;
}

static void add_clients(struct list *l, const struct run_result *r)
{
    double reloads = 0, pulls = 0;
    for (uint32_t i = 0; i < r->n_devices; i++) {
        reloads += r->device[i].reloads;
        pulls += r->device[i].pulls;
    }
    add(l, "reloads", "reloads", "begun from zero by devices, after refusals in a row", reloads);
    add(l, "pulls", "attempts", "by users whose phone was empty", pulls);
}

static void add_counters(struct list *l, const struct run_result *r)
{
    add(l, "user_minutes_lost", "min", "sum over users of the time without current mail",
        r->user_loss_s / 60);
    add(l, "most_s", "s", "when 95 % of the devices were full for good, or the end", r->most_s);
    add(l, "end_s", "s", "when the last device was full, or the horizon", r->end_s);
    add(l, "requests", "requests", "requests that reached a sync server", (double)r->requests);
    add(l, "refused", "answers", "answers 503, by balancer and servers", (double)r->refused);
    add(l, "timeouts", "requests", "requests that devices gave up", (double)r->timeouts);
    add(l, "retries", "attempts", "attempts after a 503 or a time-out", (double)r->retries);
    add(l, "replaced", "requests", "old requests closed by a new one of the same device",
        (double)r->replaced);
    add(l, "discarded_chunks", "chunks", "chunks made for a device that had given up",
        (double)r->discarded_chunks);
    add(l, "discarded_items", "items", "items in these chunks", r->discarded_items);
    add(l, "wasted_cpu_s", "s",
        "CPU time of sync servers for what was given up, cut off or walked through in vain",
        r->thrown_away.cpu_s);
    add(l, "wasted_cpu_share", "1", "the same, relative to all of their CPU time",
        r->cpu_s > 0 ? r->thrown_away.cpu_s / r->cpu_s : 0);
    add(l, "wasted_reads", "reads", "reads at mail servers for it", r->thrown_away.mail_reads);
    add(l, "wasted_commits", "commits", "commits to state databases for it",
        r->thrown_away.commits);
    add(l, "wasted_byte", "byte", "payload that was cut off, or erased again by its device",
        wasted_byte(r));
    add_clients(l, r);
    add(l, "payload_byte", "byte", "payload downloaded by all devices", r->payload_byte);
    add(l, "desktop_response_s", "s", "mean time of a read for a desktop user, up to most_s",
        r->desktop_response_s);
    add(l, "desktop_worst_s", "s", "the same mean in the worst five minutes", r->desktop_worst_s);
    add(l, "desktop_response_max_s", "s", "longest time of a read for a desktop user",
        r->desktop_response_max_s);
    add(l, "desktop_slowdown", "1",
        "desktop_response_s, relative to a read beside the desktop users alone",
        r->desktop_response_s / r->desktop_usual_s);
    add(l, "desktop_worst_slowdown", "1", "desktop_worst_s, relative to the same",
        r->desktop_worst_s / r->desktop_usual_s);
    add(l, "outside_model_share", "1",
        "share of the time in which a fair share of the uplink is below two segments a round trip: "
        "the fluid picture does not hold",
        r->outside_model_share);
    add(l, "events", "events", "events executed", (double)r->events);
}

static void add_poison(struct list *l, const struct run_result *r)
{
    if (r->n_poison == 0) {
        return;
    }
    add(l, "crashes", "crashes", "crashes of sync servers by poison documents", r->crashes);
    add(l, "crash_s", "s", "time that servers were down for it, restarts under way in full",
        r->crash_s);
    add(l, "banned", "documents", "poison documents that the serving server has banned at the end",
        r->n_banned);
}

static void add_gaps(struct list *l, const struct run_result *r)
{
    double devices = 0, items = 0, left = 0;
    for (uint32_t i = 0; i < r->n_devices && r->has_old_state; i++) {
        devices += isfinite(r->device[i].gap_from_s);
        items += r->device[i].gap_items;
        left += isfinite(r->device[i].gap_from_s) && isinf(r->device[i].gap_until_s);
    }
    if (r->has_old_state) {
        add(l, "gap_devices", "devices",
            "devices that went on with an old, restored state: it does not know what they have",
            devices);
        add(l, "gap_items", "items", "mails on which the two disagree, without a sign of it",
            items);
        add(l, "gap_left", "devices", "such devices that have not been reset at the end", left);
    }
}

static void add_security(struct list *l, const struct run_result *r)
{
    double served = 0, missed = 0, ghosts = 0, exposure_s = 0, longest_s = 0;
    for (uint32_t i = 0; i < r->n_orders; i++) {
        const struct security_outcome *const o = &r->order[i];
        served += isfinite(o->served_s);
        missed += o->kind == SECURITY_WIPE && isfinite(o->served_s);
        ghosts += o->is_ghost;
        exposure_s += o->exposure_s;
        longest_s = fmax(longest_s, o->exposure_s);
    }
    if (r->n_orders == 0) {
        return;
    }
    add(l, "security_wrongly_served", "devices",
        "devices denied, locked or to be wiped that got mail, because the order was lost", served);
    add(l, "security_wipes_missed", "devices", "devices to be wiped among them", missed);
    add(l, "security_exposure_min", "min",
        "time from that until the order holds again, or the horizon, summed over devices",
        exposure_s / 60);
    add(l, "security_exposure_max_s", "s", "the longest of these", longest_s);
    add(l, "security_ghost_wipes", "devices",
        "wipes that a restored projection shows as pending, though nobody will carry them out",
        ghosts);
}

/* Column names are in small letters; server names may have others. */
static void lower(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text >= 'A' && *text <= 'Z') {
            *text = (char)(*text - 'A' + 'a');
        }
    }
}

static void add_resource(struct list *l, const struct resource_use *use)
{
    char name[80];
    char help[160];
    snprintf(name, sizeof name, "%s.busy_share", use->name);
    lower(name);
    snprintf(help, sizeof help, "%s: share in use, up to most_s", use->words);
    add(l, name, "1", help, use->busy_share);
    snprintf(name, sizeof name, "%s.limit_s", use->name);
    lower(name);
    snprintf(help, sizeof help, "%s: time as the limit, somebody waits or shares, up to most_s",
             use->words);
    add(l, name, "s", help, use->saturated_s);
}

struct metric *metrics_of(const struct run_result *r, size_t *n)
{
    enum { MAX_GENERAL = 80 };
    struct list l = {calloc(MAX_GENERAL + 2 * r->n_resources, sizeof(struct metric)), 0};
    if (l.item == NULL) {
        return NULL;
    }
    if (!add_times(&l, r, EVENT_BASIC, false, "basic", "today's mail") ||
        !add_times(&l, r, EVENT_FULL, false, "full", "everything") ||
        !add_times(&l, r, EVENT_BASIC, true, "online_basic", "today's mail") ||
        !add_times(&l, r, EVENT_FULL, true, "online_full", "everything")) {
        free(l.item);
        return NULL;
    }
    add_blackout(&l, r);
    add_counters(&l, r);
    add_poison(&l, r);
    add_gaps(&l, r);
    add_security(&l, r);
    for (size_t i = 0; i < r->n_resources; i++) {
        add_resource(&l, &r->resource[i]);
    }
    *n = l.n;
    return l.item;
}

size_t metrics_find(const struct metric *metrics, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(metrics[i].name, name) == 0) {
            return i;
        }
    }
    SIM_ASSERT(false);
    return 0;
}
