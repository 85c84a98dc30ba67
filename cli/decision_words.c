/* A decision in words. */
#include "cli/decision_report.h"
#include "cli/words.h"
#include "models/metrics.h"
#include "sim/base/text.h"

#include <math.h>
#include <string.h>

static void print_figure(const struct decision *d, const struct sim_interval *i, size_t k,
                         FILE *out)
{
    const struct decision_task *const t = d->task;
    if (metrics_is_time(t->figure[k].metric)) {
        words_time(i->mean, i->half_width, t->scenario->horizon_s, out);
    } else {
        words_interval(i->mean, i->half_width, "", out);
    }
}

/* ---- The table ---- */

static void print_course(const struct decision_case *c, char *text, size_t size)
{
    char duration[32] = "";
    FILE *const out = fmemopen(duration, sizeof duration, "w");
    if (out != NULL) {
        words_duration(c->outage_s, out);
        fclose(out);
    }
    static const char *const formats[] = {[WAY_FAIL_OVER] = "fail over",
                                          [WAY_WAIT] = "wait, back after %s",
                                          [WAY_RESTART] = "wait, restarts by itself: %s",
                                          [WAY_RESTORE] = "restore without state: %s",
                                          [WAY_HOLD] = "hold %s, then fail over"};
    const char *const format = formats[c->way];
    const char *const place = strstr(format, "%s");
    snprintf(text, size, "%.*s%s%s", place != NULL ? (int)(place - format) : (int)strlen(format),
             format, place != NULL ? duration : "", place != NULL ? place + 2 : "");
}

/* The last is there where the scenario has security orders. */
static const struct column {
    size_t figure;
    int width;
    const char *words;
} columns[] = {{DECISION_COST, 25, "user-minutes lost"},
               {2, 25, "today's mail: all"},
               {3, 25, "everything: all"},
               {4, 24, "a device is empty"},
               {5, 22, "desktop mail, x slower"},
               {DECISION_N_SHOWN, 22, "exposed, device-hours"}};

static size_t n_columns(const struct decision *d)
{
    const bool has_orders = security_n_orders(&d->task->scenario->security) > 0;
    return sizeof columns / sizeof columns[0] - !has_orders;
}

static void print_cell(const struct decision *d, const struct decision_case *c,
                       const struct column *column, FILE *out)
{
    char text[64] = "";
    const struct sim_interval *const f = &c->figure[column->figure];
    FILE *const cell = fmemopen(text, sizeof text, "w");
    if (cell != NULL && column->figure == DECISION_N_SHOWN) {
        words_interval(f->mean / 60, f->half_width / 60, "", cell);
    } else if (cell != NULL) {
        print_figure(d, f, column->figure, cell);
    }
    if (cell != NULL) {
        fclose(cell);
    }
    fprintf(out, "  %-*s", column->width, text);
}

/* One of three words, by the interval of the paired difference to failing over. */
static const char *against_failing_over(const struct decision_case *c, const char *const words[3])
{
    const double half = isfinite(c->extra.half_width) ? c->extra.half_width : 0;
    return words[c->extra.mean + half < 0 ? 0 : c->extra.mean - half > 0 ? 2 : 1];
}

static const char *verdict(const struct decision_case *c)
{
    static const char *const words[] = {"cheaper", "as failing over", "dearer"};
    if (c->n_broken > 0) {
        return "not allowed";
    }
    return c->way == WAY_FAIL_OVER || !isfinite(c->extra.mean) ? ""
                                                               : against_failing_over(c, words);
}

void decision_print_table(const struct decision *d, FILE *out)
{
    const struct scenario *const s = d->task->scenario;
    fprintf(out, "%s fails; %u replication%s, paired, %g %% intervals\n\n%-34s", s->server[0].name,
            s->replications, sim_plural(s->replications), 100 * s->confidence, "course");
    for (size_t i = 0; i < n_columns(d); i++) {
        fprintf(out, "  %-*s", columns[i].width, columns[i].words);
    }
    fputs("  against failing over\n", out);
    for (size_t k = 0; k < d->n; k++) {
        char course[64];
        print_course(&d->item[k], course, sizeof course);
        fprintf(out, "%-34s", course);
        for (size_t i = 0; i < n_columns(d); i++) {
            print_cell(d, &d->item[k], &columns[i], out);
        }
        fprintf(out, "  %s\n", verdict(&d->item[k]));
    }
}

/* ---- Advice ---- */

static void print_cost(const struct decision_case *c, FILE *out)
{
    words_interval(c->figure[DECISION_COST].mean, c->figure[DECISION_COST].half_width, "", out);
    fputs(" user-minutes", out);
}

static void print_even(const struct decision *d, FILE *out)
{
    const struct time_unit scale = time_unit_of(d->even_s.x);
    const int digits = words_decimals(d->even_s.x / scale.in_s);
    fprintf(out, "%.*f %s", digits, d->even_s.x / scale.in_s, scale.symbol);
    if (isfinite(d->even_s.low)) {
        fprintf(out, " (%.*f to %.*f)", digits, d->even_s.low / scale.in_s, digits,
                d->even_s.high / scale.in_s);
    }
}

/* A herd that begins later can be the smaller evil: when the one that begins at once does not end. */
static bool is_hold_cheaper(const struct decision *d)
{
    const struct decision_case *const hold = decision_find(d, WAY_HOLD);
    const double half =
        hold != NULL && isfinite(hold->extra.half_width) ? hold->extra.half_width : 0;
    return hold != NULL && hold->extra.mean + half < 0;
}

static void print_if_longer(const struct decision *d, FILE *out)
{
    if (is_hold_cheaper(d)) {
        fputs("; if it takes longer fail over then and not at once, which costs more.", out);
    } else {
        fputs("; fail over at once if it takes longer.", out);
    }
}

static void print_rule(const struct decision *d, FILE *out)
{
    const struct scenario *const s = d->task->scenario;
    const double *const outage_s = d->task->outage_s;
    const char *const a = s->server[0].name;
    switch (d->even_s.crossing) {
    case SIM_CROSSING_FOUND:
        fprintf(out, "Wait if %s will be back, with its state, within ", a);
        print_even(d, out);
        print_if_longer(d, out);
        break;
    case SIM_CROSSING_BELOW:
        fputs("Fail over at once: that costs less than an outage of ", out);
        words_duration(outage_s[0], out);
        fputs(", the shortest that was looked at.", out);
        break;
    case SIM_CROSSING_ABOVE:
        fprintf(out, "Wait for %s: even an outage of ", a);
        words_duration(outage_s[d->task->n_outages - 1], out);
        fputs(", the longest that was looked at, costs less than failing over.", out);
        break;
    }
}

static void print_fail_over(const struct decision *d, FILE *out)
{
    const struct decision_case *const c = decision_find(d, WAY_FAIL_OVER);
    fputs(" Failing over costs ", out);
    print_cost(c, out);
    fputs("; the last user has today's mail after ", out);
    print_figure(d, &c->figure[2], 2, out);
    fputs(", and desktop mail is ", out);
    words_interval(c->figure[5].mean, c->figure[5].half_width, "", out);
    fputs(" times slower than usual in the worst five minutes.", out);
    if (isinf(c->figure[3].mean)) {
        fputs(" Not all devices are done within ", out);
        words_duration(d->task->scenario->horizon_s, out);
        fputs(
            ": 'primestorm run' of this scenario says what holds them up, and that is to be mended "
            "before anything is decided.",
            out);
    }
}

/* Of what can be chosen: how long the server is away cannot. */
static const struct decision_case *cheapest_allowed(const struct decision *d)
{
    const struct decision_case *best = NULL;
    for (size_t i = 0; i < d->n; i++) {
        const struct decision_case *const c = &d->item[i];
        if (c->way != WAY_WAIT && c->n_broken == 0 &&
            (best == NULL || c->figure[DECISION_COST].mean < best->figure[DECISION_COST].mean)) {
            best = c;
        }
    }
    return best;
}

/* The rule knows the cost only. */
static void print_if_forbidden(const struct decision *d, FILE *out)
{
    if (decision_find(d, WAY_FAIL_OVER)->n_broken > 0) {
        const struct decision_case *const c = cheapest_allowed(d);
        char course[64];
        fputs(" That is by cost alone: the limits do not allow failing over.", out);
        if (c != NULL) {
            print_course(c, course, sizeof course);
            fprintf(out, " The cheapest that they allow, whenever the server is back: %s, at ",
                    course);
            print_cost(c, out);
            fputc('.', out);
        }
    }
}

static void print_own_returns(const struct decision *d, FILE *out)
{
    static const char *const words[] = {"less than", "as far as can be seen as much as",
                                        "more than"};
    const struct decision_case *const restart = decision_find(d, WAY_RESTART);
    const struct decision_case *const restore = decision_find(d, WAY_RESTORE);
    if (restart != NULL) {
        fputs(" Its machine restarts by itself in ", out);
        words_duration(restart->outage_s, out);
        fputs(": waiting for that costs ", out);
        print_cost(restart, out);
        fprintf(out, ", %s failing over.", against_failing_over(restart, words));
    }
    fputs(" Restoring it without its state takes ", out);
    words_duration(restore->outage_s, out);
    fputs(" and costs ", out);
    print_cost(restore, out);
    fputs(": the same herd, later.", out);
}

static void print_exposure(const struct decision *d, FILE *out)
{
    const size_t k = DECISION_N_SHOWN;
    const uint32_t n = security_n_orders(&d->task->scenario->security);
    const struct decision_case *const move = decision_find(d, WAY_FAIL_OVER);
    if (n == 0) {
        return;
    }
    fprintf(out, " Failing over forgets %u security order%s", n, sim_plural(n));
    fputs(": devices that should get nothing are exposed for ", out);
    words_interval(move->figure[k].mean / 60, move->figure[k].half_width / 60, "device-hours", out);
    fputs(" up to the horizon; waiting keeps them.", out);
}

static void print_hold(const struct decision *d, FILE *out)
{
    const struct decision_case *const hold = decision_find(d, WAY_HOLD);
    const struct decision_case *const move = decision_find(d, WAY_FAIL_OVER);
    if (hold == NULL) {
        return;
    }
    fputs(" If nobody knows how long it takes: hold for ", out);
    words_duration(hold->outage_s, out);
    fputs(" and then fail over; at worst that costs ", out);
    print_cost(hold, out);
    fprintf(out, ", %.1f times what failing over at once costs.",
            hold->figure[DECISION_COST].mean / move->figure[DECISION_COST].mean);
}

static void print_broken(const struct decision *d, const struct decision_case *c, FILE *out)
{
    char course[64];
    print_course(c, course, sizeof course);
    for (size_t i = 0; i < c->n_broken; i++) {
        const size_t k = c->broken[i];
        fprintf(out, " Not allowed: %s, because %s is ", course, d->task->figure[k].metric);
        print_figure(d, &c->figure[k], k, out);
        fprintf(out, ", the limit %s.", d->task->figure[k].limit_text);
    }
}

/* Of the waits, the shortest that is not allowed says it for the longer ones. */
static void print_limits(const struct decision *d, FILE *out)
{
    bool has_wait = false;
    size_t n_allowed = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct decision_case *const c = &d->item[i];
        n_allowed += c->n_broken == 0;
        if (c->n_broken > 0 && !(c->way == WAY_WAIT && has_wait)) {
            print_broken(d, c, out);
            has_wait = has_wait || c->way == WAY_WAIT;
        }
    }
    if (n_allowed == 0) {
        fputs(" Nothing is allowed: the limits are too tight for this scenario.", out);
    }
}

void decision_print_advice(const struct decision *d, FILE *out)
{
    print_rule(d, out);
    print_if_forbidden(d, out);
    print_fail_over(d, out);
    print_own_returns(d, out);
    print_exposure(d, out);
    print_hold(d, out);
    print_limits(d, out);
    fputc('\n', out);
}
