#include "models/timeline.h"

#include "sim/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_WORDS = 5, WORD_BYTE = 64 };

struct words {
    char word[MAX_WORDS][WORD_BYTE];
    int n;
};

/* Splits at white space; false if there are too many or too long words. */
static bool split(const char *text, struct words *w)
{
    w->n = 0;
    for (const char *p = text; *p != '\0';) {
        while (isspace((unsigned char)*p)) {
            p++;
        }
        size_t length = 0;
        while (p[length] != '\0' && !isspace((unsigned char)p[length])) {
            length++;
        }
        if (length == 0) {
            break;
        }
        if (w->n == MAX_WORDS || length >= WORD_BYTE) {
            return false;
        }
        memcpy(w->word[w->n], p, length);
        w->word[w->n++][length] = '\0';
        p += length;
    }
    return true;
}

static enum sim_err find_server(const char *name, const struct sync_server_config *servers,
                                uint32_t n_servers, uint32_t *server, struct sim_error *e)
{
    char known[256] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < n_servers; i++) {
        if (strcasecmp(servers[i].name, name) == 0) {
            *server = i;
            return SIM_OK;
        }
        if (used < sizeof known) {
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                                     servers[i].name);
        }
    }
    return sim_fail(e, SIM_EINVAL, "there is no server '%s'; servers: %s", name, known);
}

enum sim_err timeline_parse(struct timeline_entry *entry, const struct sync_server_config *servers,
                            uint32_t n_servers, struct sim_error *e)
{
    struct words w;
    if (split(entry->text, &w) && w.n == 3 && strcasecmp(w.word[0], "fail") == 0 &&
        strcasecmp(w.word[1], "host") == 0) {
        entry->action = ACTION_FAIL_HOST;
        return find_server(w.word[2], servers, n_servers, &entry->server, e);
    }
    if (split(entry->text, &w) && w.n == 4 && strcasecmp(w.word[0], "redirect") == 0 &&
        strcasecmp(w.word[2], "to") == 0) {
        entry->action = ACTION_REDIRECT;
        const enum sim_err err = find_server(w.word[1], servers, n_servers, &entry->server, e);
        return err != SIM_OK ? err : find_server(w.word[3], servers, n_servers, &entry->target, e);
    }
    return sim_fail(e, SIM_EINVAL,
                    "'%s' is not understood; allowed: 'fail host NAME', 'redirect NAME to NAME'",
                    entry->text);
}

/* ---- The timeline as a whole ---- */

struct walk {
    const struct timeline_entry *timeline;
    uint32_t n;
    const struct sync_server_config *servers;
    uint32_t n_servers;
    const struct balancer_config *balancer;
    uint32_t active;  /* where connections go, once failures are noticed */
    uint32_t before;  /* where they go until then; = active if none is unnoticed */
    double noticed_s; /* when the last failure must have been noticed */
    struct timeline_outcome *outcome;
};

static bool is_earlier(const struct walk *w, uint32_t a, uint32_t b)
{
    const double a_s = w->timeline[a].at_s;
    const double b_s = w->timeline[b].at_s;
    return a_s < b_s || (a_s == b_s && a < b);
}

/* Has the server failed, or was it taken out, before entry k? */
static bool is_gone(const struct walk *w, uint32_t server, uint32_t k)
{
    for (uint32_t i = 0; i < w->n; i++) {
        if (w->timeline[i].server == server && is_earlier(w, i, k)) {
            return true;
        }
    }
    return false;
}

/* The balancer takes the next server that is there, if it may; else it stays. */
static void fail_over(struct walk *w, uint32_t k)
{
    for (uint32_t i = 1; i < w->n_servers && w->balancer->failover == FAILOVER_AUTOMATIC; i++) {
        const uint32_t next = (w->active + i) % w->n_servers;
        if (!is_gone(w, next, k)) {
            w->active = next;
            w->outcome->is_served = true;
            return;
        }
    }
}

static void count_loss(struct walk *w, const struct timeline_entry *t)
{
    if (w->outcome->n_losses++ == 0) {
        w->outcome->failure_s = t->at_s;
    }
}

static void follow_failure(struct walk *w, uint32_t k)
{
    const struct timeline_entry *const t = &w->timeline[k];
    if (t->server != w->active || !w->outcome->is_served) {
        return;
    }
    if (w->before == w->active) {
        count_loss(w, t);
    }
    w->outcome->is_served = false;
    w->noticed_s = t->at_s + w->balancer->fall * w->balancer->check_interval_s;
    fail_over(w, k);
}

/* A failure that must have been noticed by now is over. */
static void notice(struct walk *w, double now_s)
{
    if (now_s >= w->noticed_s) {
        w->before = w->active;
    }
}

static enum sim_err follow_redirect(struct walk *w, uint32_t k, struct sim_error *e)
{
    const struct timeline_entry *const t = &w->timeline[k];
    const char *const target = w->servers[t->target].name;
    if (t->server == t->target) {
        return sim_fail(e, SIM_EINVAL, "'%s' leads back to the same server", t->text);
    }
    if (t->server != w->active && t->server != w->before) {
        return sim_fail(e, SIM_EINVAL, "'%s': no connections go to %s then, they go to %s", t->text,
                        w->servers[t->server].name, w->servers[w->before].name);
    }
    if (is_gone(w, t->target, k)) {
        return sim_fail(e, SIM_EINVAL, "'%s': %s has failed or was taken out before", t->text,
                        target);
    }
    if (t->server == w->active && w->before == w->active && w->outcome->is_served) {
        count_loss(w, t);
    }
    w->before = t->server == w->before ? t->target : w->before;
    w->active = t->target;
    w->outcome->is_served = true;
    return SIM_OK;
}

/* The entry after `last` in the order of time; n if there is none. `last` = n: the first. */
static uint32_t next_entry(const struct walk *w, uint32_t last)
{
    uint32_t next = w->n;
    for (uint32_t i = 0; i < w->n; i++) {
        const bool is_later = last == w->n || is_earlier(w, last, i);
        if (is_later && (next == w->n || is_earlier(w, i, next))) {
            next = i;
        }
    }
    return next;
}

enum sim_err timeline_follow(const struct timeline_entry *timeline, uint32_t n,
                             const struct sync_server_config *servers, uint32_t n_servers,
                             const struct balancer_config *balancer,
                             struct timeline_outcome *outcome, uint32_t *faulty,
                             struct sim_error *e)
{
    struct walk w = {timeline, n, servers, n_servers, balancer, 0, 0, -INFINITY, outcome};
    *outcome = (struct timeline_outcome){.failure_s = INFINITY, .is_served = true};
    uint32_t k = n;
    for (uint32_t done = 0; done < n; done++) {
        k = next_entry(&w, k);
        notice(&w, timeline[k].at_s);
        if (timeline[k].action == ACTION_FAIL_HOST) {
            follow_failure(&w, k);
        } else if (follow_redirect(&w, k, e) != SIM_OK) {
            *faulty = k;
            return SIM_EINVAL;
        }
    }
    return SIM_OK;
}
