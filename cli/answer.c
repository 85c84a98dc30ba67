#include "cli/answer.h"

#include "cli/bottleneck.h"
#include "cli/quantiles.h"
#include "cli/words.h"
#include "sim/base/text.h"

#include <math.h>
#include <string.h>

/* ---- The bottleneck ---- */

static void print_bottleneck(const struct study *s, FILE *out)
{
    const uint32_t n_devices = s->result[0].n_devices;
    const uint32_t connections = s->scenario->balancer.max_connections;
    if (!s->scenario->outcome.is_served) {
        fputs("no server takes connections after the last entry of the timeline", out);
        return;
    }
    if (connections < n_devices) {
        fprintf(out,
                "the connections of the balancer are the bottleneck (it takes %u; each of the %u "
                "devices wants one, all the time)",
                connections, n_devices);
        return;
    }
    const struct bottleneck b = bottleneck_of(s);
    if (b.use == NULL) {
        fputs("no server or line is a bottleneck for long: most of the time goes into the devices' "
              "own lines, delays and waits",
              out);
        return;
    }
    const struct metric_summary most = study_summary_of(s, "most_s");
    const struct time_unit scale = time_unit_of(most.mean);
    const double limit = b.limit_s / scale.in_s;
    const double span = most.mean / scale.in_s;
    const uint32_t n_affected = (uint32_t)study_summary_of(s, "affected").max;
    const uint32_t n_done = n_affected - (uint32_t)study_summary_of(s, "unfinished").max;
    fprintf(out,
            "%s %s the bottleneck (the limit for %.*f of the %.*f %s %s; %.0f %% of %s in use on "
            "average)",
            b.use->words, b.use->is_line ? "are" : "is", words_decimals(limit), limit,
            words_decimals(span), span, scale.symbol,
            n_done >= result_n_most(n_affected) ? "until 95 % of the devices have everything"
                                                : "simulated",
            100 * b.busy_share, b.use->is_line ? "them" : "its capacity");
}

/* ---- What to beware of ---- */

static void print_timeline_warnings(const struct scenario *s, FILE *out)
{
    const struct timeline_outcome *const o = &s->outcome;
    if (s->is_timeline_assumed) {
        fputc(' ', out);
        words_assumed_timeline("The scenario", s->server[0].name, out);
    }
    if (o->n_losses > 1) {
        fprintf(out,
                " Times count from the first of %u losses; a device counts as done when it has "
                "everything and does not lose it again.",
                o->n_losses);
    }
}

/* Who was not there at the failure comes late whatever the servers do. */
static void print_offline_warning(const struct study *s, FILE *out)
{
    const struct metric_summary offline = study_summary_of(s, "offline");
    const struct metric_summary half = study_summary_of(s, "online_basic_p50_s");
    const struct metric_summary all = study_summary_of(s, "online_full_max_s");
    if (!(offline.mean > 0)) {
        return;
    }
    fprintf(
        out,
        " On average %.0f of the devices were offline at the failure and begin when they come back",
        offline.mean);
    if (offline.max < s->result[0].n_devices) {
        fputs("; of those online, half have today's mail after ", out);
        words_time(half.mean, half.half_width, s->scenario->horizon_s, out);
        fputs(", all have everything after ", out);
        words_time(all.mean, all.half_width, s->scenario->horizon_s, out);
    }
    fputs(".", out);
}

/* "600", or "0.3" of few. */
static void print_mean(double mean, FILE *out)
{
    fprintf(out, "%.*f", mean < 10 && mean != floor(mean) ? 1 : 0, mean);
}

/* A server that was restored with an old state need not have met anybody who had been there. */
static void print_gaps(const struct study *s, FILE *out)
{
    const struct metric_summary left = study_summary_of(s, "gap_left");
    const struct metric_summary all = study_summary_of(s, "gap_devices");
    const struct metric_summary items = study_summary_of(s, "gap_items");
    if (left.max > 0) {
        fputs(" Not as good as it looks: of ", out);
        print_mean(left.mean, out);
        fprintf(out,
                " devices the old, restored state does not know what they have (%.0f mails in "
                "all), and without a reset nobody will notice.",
                items.mean);
    } else if (all.max > 0) {
        fputs(" Of ", out);
        print_mean(all.mean, out);
        fprintf(out,
                " devices the old, restored state did not know what they have (%.0f mails in all), "
                "until a reset, or another server, made them load everything again.",
                items.mean);
    }
}

/* What of the state was lost or wrong, beside the mail. */
static void print_state_warnings(const struct study *s, FILE *out)
{
    if (s->result[0].n_poison > 0) {
        const struct metric_summary crashes = study_summary_of(s, "crashes");
        const struct metric_summary down = study_summary_of(s, "crash_s");
        fprintf(out, " Poison documents bring sync servers down %.3g times, for ", crashes.mean);
        words_time(down.mean, down.half_width, s->scenario->horizon_s, out);
        fputs(" in all.", out);
    }
    if (s->result[0].has_old_state) {
        print_gaps(s, out);
    }
}

/* Orders that were lost with the state. */
static void print_security(const struct study *s, FILE *out)
{
    const uint32_t n_orders = security_n_orders(&s->scenario->security);
    if (n_orders == 0) {
        return;
    }
    const struct metric_summary served = study_summary_of(s, "security_wrongly_served");
    const struct metric_summary exposure = study_summary_of(s, "security_exposure_min");
    if (!(served.max > 0)) {
        fprintf(out, " %s against devices hold%s.", n_orders == 1 ? "The order" : "All orders",
                n_orders == 1 ? "s" : "");
        return;
    }
    fprintf(out, " Of the %u devices that are denied, locked or to be wiped ", n_orders);
    words_interval(served.mean, served.half_width, "", out);
    fputs(" are served, because the orders were lost, and are exposed for ", out);
    words_interval(exposure.mean / 60, exposure.half_width / 60, "device-hours", out);
    fputs(" in all, up to ", out);
    words_duration(fmin(s->scenario->security.reissue_s, s->scenario->horizon_s), out);
    fprintf(out, ", %s.",
            s->scenario->security.reissue_s < s->scenario->horizon_s
                ? "when they are issued again, or later"
                : "the horizon");
}

/* How long all take in the worst of twenty storms, where there are replications enough to say so. */
static void print_quantile(const struct study *s, FILE *out)
{
    struct replication_quantile q;
    const size_t all = metrics_find(s->metric[0], s->n_metrics, "full_max_s");
    const enum sim_err err = study_quantile(s, all, 0.95, &q);
    if (err != SIM_OK || q.n < q.needs || isinf(q.interval.high)) {
        return;
    }
    const struct time_unit scale = time_unit_of(q.value);
    fprintf(
        out,
        " In 95 %% of such storms all have everything within %.*f %s (%.*f to %.*f, by the order "
        "of the replications).",
        words_decimals(q.value / scale.in_s), q.value / scale.in_s, scale.symbol,
        words_decimals(q.interval.low / scale.in_s), q.interval.low / scale.in_s,
        words_decimals(q.interval.high / scale.in_s), q.interval.high / scale.in_s);
}

bool answer_has_other_desktop_users(const struct scenario *scenario)
{
    const double users = scenario->users;
    const double at_desks = scenario->mail.desktop_users;
    return !scenario->has_desktop_users && (users > 2 * at_desks || at_desks > 2 * users);
}

static void print_warnings(const struct study *s, FILE *out)
{
    const struct metric_summary unfinished = study_summary_of(s, "unfinished");
    const struct metric_summary outside = study_summary_of(s, "outside_model_share");
    if (unfinished.max > 0) {
        const struct time_unit scale = time_unit_of(s->scenario->horizon_s);
        fprintf(out, " Up to %.0f device%s not done at the end (%.3g %s).", unfinished.max,
                unfinished.max == 1 ? " was" : "s were", s->scenario->horizon_s / scale.in_s,
                scale.symbol);
    }
    const struct metric_summary wasted = study_summary_of(s, "wasted_cpu_share");
    if (wasted.mean > 0.25) {
        fprintf(
            out,
            " Of the sync servers' CPU time %.0f %% was for nothing: for what was given up, cut "
            "off or had to be done again.",
            100 * wasted.mean);
    }
    if (balancer_loops(&s->scenario->balancer, s->scenario->n_servers)) {
        fputs(" It does not end: each poll may end at a server that does not know what the device "
              "has "
              "(balancer.method is round_robin), and so the times are of the last load before the "
              "horizon.",
              out);
    }
    if (answer_has_other_desktop_users(s->scenario)) {
        fprintf(out,
                " The mail servers have %u desktop users, the default, where the scenario has %u "
                "users; 'mail.desktop_users: users' makes them as many.",
                s->scenario->mail.desktop_users, s->scenario->users);
    }
    if (s->n < 2) {
        fputs(" One replication has no interval.", out);
    } else if (s->n < 5) {
        fprintf(out, " The intervals come from only %u replications.", s->n);
    }
    if (outside.mean > 0.01) {
        fprintf(out,
                " For %.0f %% of the time the uplink is shared so thinly that the model of it is "
                "too kind.",
                100 * outside.mean);
    }
}

/* "Half of the 600 devices", or of how many of them lost their server. */
static void print_half(const struct study *s, FILE *out)
{
    const uint32_t n_devices = s->result[0].n_devices;
    const struct metric_summary affected = study_summary_of(s, "affected");
    if (n_devices == 1) {
        fputs("The only device has today's mail after ", out);
    } else if (affected.min == n_devices) {
        fprintf(out, "Half of the %u devices have today's mail after ", n_devices);
    } else if (affected.min == affected.max) {
        fprintf(out,
                "Half of the %.0f devices that lost their server (of %u) have today's mail after ",
                affected.max, n_devices);
    } else {
        fprintf(out,
                "Half of the %.0f to %.0f devices that lost their server (of %u) have today's mail "
                "after ",
                affected.min, affected.max, n_devices);
    }
}

void answer_print_sentence(const struct study *s, FILE *out)
{
    const struct metric_summary half = study_summary_of(s, "basic_p50_s");
    const struct metric_summary all = study_summary_of(s, "full_max_s");
    const uint32_t n_devices = s->result[0].n_devices;
    print_half(s, out);
    words_time(half.mean, half.half_width, s->scenario->horizon_s, out);
    fputs(n_devices == 1 ? ", everything after " : ", all have everything after ", out);
    words_time(all.mean, all.half_width, s->scenario->horizon_s, out);
    fputs("; ", out);
    print_bottleneck(s, out);
    fputs(".", out);
    print_quantile(s, out);
    print_timeline_warnings(s->scenario, out);
    print_offline_warning(s, out);
    print_state_warnings(s, out);
    print_security(s, out);
    print_warnings(s, out);
    fputs("\n", out);
}

void answer_print_table(const struct study *s, FILE *out)
{
    static const struct {
        const char *metric, *words;
        bool is_time;
    } lines[] = {
        {"basic_p50_s", "today's mail: half of the devices", true},
        {"basic_p95_s", "today's mail: 95 %", true},
        {"basic_max_s", "today's mail: all", true},
        {"full_p50_s", "everything: half of the devices", true},
        {"full_p95_s", "everything: 95 %", true},
        {"full_max_s", "everything: all", true},
        {"blackout_mean_s", "a device is empty for, on average", true},
        {"blackout_max_s", "a device is empty for, at most", true},
        {"user_minutes_lost", "user-minutes lost", false},
        {"refused", "answers 503", false},
        {"timeouts", "requests given up by devices", false},
        {"desktop_slowdown", "desktop mail, times slower than usual", false},
        {"desktop_worst_slowdown", "desktop mail, worst five minutes", false},
    };
    fprintf(out, "%-40s mean (%g %% interval, %u replication%s)\n", "",
            100 * s->scenario->confidence, s->n, sim_plural(s->n));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const struct metric_summary m = study_summary_of(s, lines[i].metric);
        fprintf(out, "  %-38s ", lines[i].words);
        if (isnan(m.mean)) {
            fputs("not measured", out);
        } else if (lines[i].is_time) {
            words_time(m.mean, m.half_width, s->scenario->horizon_s, out);
        } else {
            words_interval(m.mean, m.half_width, "", out);
        }
        fputc('\n', out);
    }
}
