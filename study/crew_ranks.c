#include "study/crew_ranks.h"

#include "output/manifest.h"
#include "sim/base/assert.h"
#include "study/outcome_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAUSE_NS = 100000 }; /* between two looks: processors are left to the runs */

struct hello {
    bool has_plan;
    char fingerprint[SHA256_TEXT];
};

struct order {
    uint32_t point, replication;
};

/* The next message, waited for. */
static void await(const struct transport *t, int *from, enum transport_tag *tag, size_t *byte)
{
    const struct timespec pause = {0, PAUSE_NS};
    while (!t->look(from, tag, byte)) {
        nanosleep(&pause, NULL);
    }
}

/* What two processes must have in common: base, points and series. */
static enum sim_err make_hello(const struct plan *plan, struct hello *h, struct sim_error *e)
{
    char *text = NULL;
    size_t length = 0;
    memset(h, 0, sizeof *h);
    if (plan == NULL) {
        return SIM_OK;
    }
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return sim_fail_memory(e, "the plan");
    }
    fputs(plan->canonical, out);
    for (uint32_t i = 0; i < plan->sweep.n_points; i++) {
        fputs(plan->point[i].digest, out);
    }
    for (size_t i = 0; i < plan->sweep.n_series; i++) {
        fprintf(out, "%s\n", plan->sweep.series[i]);
    }
    if (fclose(out) != 0) {
        free(text);
        return sim_fail_memory(e, "the plan");
    }
    h->has_plan = true;
    manifest_sha256(text, length, h->fingerprint);
    free(text);
    return SIM_OK;
}

/* ---- Rank 0 ---- */

enum condition { AWAY, IDLE, BUSY, GONE };

struct worker {
    enum condition condition;
    struct task task;
};

struct lead {
    struct queue *queue;
    const struct transport *transport;
    const struct crew_watch *watch;
    struct hello hello;
    struct worker *worker; /* by rank */
    int n;
    int n_busy, n_gone;
    bool is_over; /* no more runs are handed out */
    bool is_deaf; /* a message is here for which there is no memory */
    enum sim_err err;
    struct sim_error *error;
};

static void fail(struct lead *l, enum sim_err err, const struct sim_error *e)
{
    if (l->err == SIM_OK) {
        l->err = err;
        *l->error = *e;
    }
    l->is_over = true;
}

static void welcome(struct lead *l, int rank, const struct hello *h)
{
    struct sim_error e;
    l->worker[rank].condition = IDLE;
    if (!h->has_plan) {
        fail(l, sim_fail(&e, SIM_EINVAL, "rank %d cannot read the scenario; rank 0 can", rank), &e);
    } else if (memcmp(h, &l->hello, sizeof *h) != 0) {
        fail(l,
             sim_fail(&e, SIM_EINVAL,
                      "rank %d makes another plan than rank 0: its files or its program are others",
                      rank),
             &e);
    }
}

static void settle(struct lead *l, struct worker *w, struct run_report *r)
{
    const enum sim_err err =
        crew_settle(l->queue, l->watch, &w->task, r->err, &r->outcome, &r->error);
    w->condition = IDLE;
    l->n_busy--;
    if (err != SIM_OK) {
        fail(l, err, &r->error);
    }
}

static void take_result(struct lead *l, int rank, const unsigned char *data, size_t byte)
{
    struct run_report r;
    struct sim_error e;
    struct worker *const w = &l->worker[rank];
    const bool is_good = w->condition == BUSY && outcome_unpack(data, byte, &r);
    if (is_good && r.point == w->task.point && r.replication == w->task.replication) {
        settle(l, w, &r);
    } else {
        fail(l, sim_fail(&e, SIM_EIO, "rank %d sends back what is no run", rank), &e);
    }
    if (is_good) {
        outcome_fini(&r.outcome);
    }
}

/* Takes one message, if there is one. */
static bool listen(struct lead *l)
{
    int from;
    enum transport_tag tag;
    size_t byte;
    struct sim_error e;
    if (!l->transport->look(&from, &tag, &byte)) {
        return false;
    }
    unsigned char *const data = malloc(byte + 1);
    if (data == NULL) {
        fail(l, sim_fail_memory(&e, "the outcome of a run"), &e);
        l->is_deaf = true;
        return false;
    }
    l->transport->receive(from, tag, data, byte);
    if (tag == TRANSPORT_HELLO && byte == sizeof(struct hello)) {
        struct hello h;
        memcpy(&h, data, sizeof h);
        welcome(l, from, &h);
    } else if (tag == TRANSPORT_RESULT) {
        take_result(l, from, data, byte);
    } else if (tag == TRANSPORT_BYE) {
        l->worker[from].condition = GONE;
        l->n_gone++;
    }
    free(data);
    return true;
}

/* A run for each who has none. */
static void hand_out(struct lead *l)
{
    for (int rank = 1; rank < l->n && !l->is_over; rank++) {
        struct worker *const w = &l->worker[rank];
        struct sim_error e = {SIM_OK, ""};
        enum queue_answer answer = QUEUE_EMPTY;
        if (w->condition != IDLE) {
            continue;
        }
        const enum sim_err err = queue_take(l->queue, &w->task, &answer, &e);
        if (err != SIM_OK) {
            fail(l, err, &e);
        } else if (answer == QUEUE_TASK) {
            const struct order order = {w->task.point, w->task.replication};
            w->condition = BUSY;
            l->n_busy++;
            l->transport->send(rank, TRANSPORT_TASK, &order, sizeof order);
        } else if (answer == QUEUE_EMPTY && l->n_busy == 0) {
            l->is_over = true;
        } else {
            return; /* it depends on those under way */
        }
    }
}

static void work_through(struct lead *l)
{
    const struct timespec pause = {0, PAUSE_NS};
    struct sim_error e;
    while (!l->is_over) {
        if (l->watch->stop_requested(NULL)) {
            fail(l, sim_fail(&e, SIM_ESTOPPED, "stopped on request"), &e);
        }
        hand_out(l);
        if (!l->is_over && !listen(l)) {
            nanosleep(&pause, NULL);
        }
    }
}

/* Sends all home. What they have done until they know is put into the store. */
static void dismiss(struct lead *l)
{
    const struct timespec pause = {0, PAUSE_NS};
    for (int rank = 1; rank < l->n; rank++) {
        l->transport->send(rank, TRANSPORT_QUIT, NULL, 0);
    }
    while (l->n_gone < l->n - 1 && !l->is_deaf) {
        if (!listen(l)) {
            nanosleep(&pause, NULL);
        }
    }
}

enum sim_err crew_lead(struct queue *q, const struct plan *plan, const struct transport *t, int n,
                       const struct crew_watch *watch, bool *are_gone, struct sim_error *e)
{
    struct lead l = {.queue = q, .transport = t, .watch = watch, .n = n, .err = SIM_OK, .error = e};
    l.worker = calloc((size_t)n, sizeof *l.worker);
    *are_gone = false;
    if (l.worker == NULL) {
        return sim_fail_memory(e, "the ranks");
    }
    const enum sim_err err = make_hello(plan, &l.hello, e);
    if (err == SIM_OK) {
        work_through(&l);
    }
    dismiss(&l);
    *are_gone = !l.is_deaf;
    free(l.worker);
    return err == SIM_OK ? l.err : err;
}

void crew_dismiss(const struct transport *t, int n)
{
    int n_gone = 0;
    for (int rank = 1; rank < n; rank++) {
        t->send(rank, TRANSPORT_QUIT, NULL, 0);
    }
    while (n_gone < n - 1) {
        struct hello h;
        int from;
        enum transport_tag tag;
        size_t byte;
        await(t, &from, &tag, &byte);
        SIM_ASSERT(byte <= sizeof h);
        t->receive(from, tag, &h, sizeof h); /* nobody has a run: a HELLO or a BYE */
        n_gone += tag == TRANSPORT_BYE;
    }
}

/* ---- The others ---- */

/* The scenario of the point that was last asked for. */
struct workshop {
    const struct plan *plan;
    bool has_point;
    uint32_t point;
    struct settings settings;
    struct scenario scenario;
};

static void clear(struct workshop *w)
{
    if (w->has_point) {
        scenario_fini(&w->scenario);
        settings_fini(&w->settings);
        w->has_point = false;
    }
}

static enum sim_err prepare(struct workshop *w, uint32_t point, struct sim_error *e)
{
    struct problems problems = {0};
    if (w->has_point && w->point == point) {
        return SIM_OK;
    }
    clear(w);
    w->has_point = true; /* to be freed after an error too */
    w->point = point;
    const enum sim_err err = plan_scenario(w->plan, point, &w->settings, &w->scenario, &problems);
    problems_fini(&problems);
    return err == SIM_OK ? SIM_OK : sim_fail_memory(e, "the scenario of a point");
}

static enum sim_err make_run(struct workshop *w, const struct transport *t,
                             const struct order *order, bool (*stop_requested)(void *context),
                             struct sim_error *e)
{
    struct run_report r = {.point = order->point, .replication = order->replication};
    size_t byte;
    r.err = prepare(w, order->point, &r.error);
    if (r.err == SIM_OK) {
        r.err = outcome_run(&w->scenario, order->replication, w->plan->sweep.series,
                            w->plan->sweep.n_series, stop_requested, &r.outcome, &r.error);
    }
    unsigned char *const data = outcome_pack(&r, &byte);
    t->send(0, TRANSPORT_RESULT, data, data != NULL ? byte : 0); /* rank 0 waits for an answer */
    free(data);
    outcome_fini(&r.outcome);
    return data != NULL ? SIM_OK : sim_fail_memory(e, "the outcome of a run");
}

enum sim_err crew_work(const struct plan *plan, const struct transport *t,
                       bool (*stop_requested)(void *context), struct sim_error *e)
{
    struct workshop w = {.plan = plan};
    struct hello hello;
    enum sim_err err = make_hello(plan, &hello, e);
    t->send(0, TRANSPORT_HELLO, &hello, sizeof hello);
    for (;;) {
        struct order order;
        int from;
        enum transport_tag tag;
        size_t byte;
        await(t, &from, &tag, &byte);
        SIM_ASSERT(byte ==
                   (tag == TRANSPORT_TASK ? sizeof order : 0)); /* rank 0 is our program too */
        t->receive(from, tag, &order, byte);
        if (tag == TRANSPORT_QUIT) {
            break;
        }
        if (err == SIM_OK && tag == TRANSPORT_TASK) {
            err = make_run(&w, t, &order, stop_requested, e);
        }
    }
    t->send(0, TRANSPORT_BYE, NULL, 0);
    clear(&w);
    return err;
}

bool crew_is_dismissed(const struct transport *t)
{
    int from;
    enum transport_tag tag;
    size_t byte;
    return t->look(&from, &tag, &byte);
}
