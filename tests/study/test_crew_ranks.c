/* Ranks: what rank 0 and a worker say to each other, over a transport of this test. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"
#include "tests/support/scratch.h"

#include "study/crew_ranks.h"

#include <stdlib.h>
#include <string.h>

/* ---- A transport: what one side has said is kept, and played to the other ---- */

enum { MOST_MESSAGES = 8, MOST_BYTE = 1 << 16, PATIENCE = 1000 };

struct message {
    enum transport_tag tag;
    size_t byte;
    unsigned char data[MOST_BYTE];
};

struct tape {
    struct message message[MOST_MESSAGES];
    size_t n, next;
};

static struct tape said;  /* by the side under test */
static struct tape to_it; /* what it hears, in this order */
static int n_looks;       /* in vain */

static bool has_said(enum transport_tag tag)
{
    for (size_t i = 0; i < said.n; i++) {
        if (said.message[i].tag == tag) {
            return true;
        }
    }
    return false;
}

/* Rank 0 hears a worker: what it says comes only after what it answers to. */
static bool is_answer_due(const struct message *m)
{
    return (m->tag != TRANSPORT_RESULT || has_said(TRANSPORT_TASK)) &&
           (m->tag != TRANSPORT_BYE || has_said(TRANSPORT_QUIT));
}

/* A worker that was sent home before it had a run sends none. */
static void skip_unasked(void)
{
    to_it.next += to_it.next < to_it.n && to_it.message[to_it.next].tag == TRANSPORT_RESULT &&
                  has_said(TRANSPORT_QUIT) && !has_said(TRANSPORT_TASK);
}

static void put(struct tape *tape, enum transport_tag tag, const void *data, size_t byte)
{
    assert_true(tape->n < MOST_MESSAGES && byte <= MOST_BYTE);
    struct message *const m = &tape->message[tape->n++];
    m->tag = tag;
    m->byte = byte;
    if (byte > 0) {
        memcpy(m->data, data, byte);
    }
}

static unsigned failing; /* allocation after a run was handed out; 0: none */

static void send_message(int to, enum transport_tag tag, const void *data, size_t byte)
{
    (void)to;
    put(&said, tag, data, byte);
    if (tag == TRANSPORT_TASK && failing > 0) {
        alloc_fail_begin(failing);
    }
}

static bool look(int *from, enum transport_tag *tag, size_t *byte)
{
    skip_unasked();
    const struct message *const m = &to_it.message[to_it.next];
    if (to_it.next == to_it.n || !is_answer_due(m)) {
        assert_true(n_looks++ < PATIENCE); /* it waits for what never comes */
        return false;
    }
    *from = 1;
    *tag = m->tag;
    *byte = m->byte;
    return true;
}

static void receive(int from, enum transport_tag tag, void *data, size_t byte)
{
    const struct message *const m = &to_it.message[to_it.next++];
    (void)from;
    assert_int_equal(tag, m->tag);
    assert_true(byte >= m->byte);
    memcpy(data, m->data, m->byte);
}

static const struct transport transport = {.send = send_message, .look = look, .receive = receive};

/* ---- A study of one run ---- */

struct study {
    struct settings settings;
    struct scenario scenario;
    struct plan plan;
};

static const char one_run[] = "users: 3\nreplications: 1\nsweep: {grid: {mail.cores: [1]}}\n";

static void begin(struct study *s)
{
    struct problems problems = {0};
    settings_from_text(one_run, &s->settings, &s->scenario);
    assert_int_equal(plan_create(&s->settings, &s->scenario, 100, NULL, &s->plan, &problems),
                     SIM_OK);
    problems_fini(&problems);
}

static void end(struct study *s)
{
    plan_fini(&s->plan);
    scenario_fini(&s->scenario);
    settings_fini(&s->settings);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static void hear_progress(void *context, const struct queue_state *state)
{
    (void)context;
    (void)state;
}

static void hear_failure(void *context, const struct task *task, const struct sim_error *e)
{
    (void)context;
    (void)task;
    (void)e;
}

/* What a worker says that is asked for a run and then sent home: HELLO, RESULT, BYE. */
static void record_worker(const struct plan *plan)
{
    const uint32_t order[2] = {0, 0};
    struct sim_error e;
    said = to_it = (struct tape){.n = 0};
    n_looks = 0;
    put(&to_it, TRANSPORT_TASK, order, sizeof order);
    put(&to_it, TRANSPORT_QUIT, NULL, 0);
    assert_int_equal(crew_work(plan, &transport, never, &e), SIM_OK);
    assert_int_equal(said.n, 3);
    assert_int_equal(said.message[1].tag, TRANSPORT_RESULT);
    to_it = said;
    said.n = 0;
    n_looks = 0;
}

/* Rank 0 hears that. `*n_there`: the runs that are in the store then. */
static enum sim_err lead(const struct study *s, const char *store_name, bool *has_failed,
                         bool *are_gone, uint64_t *n_there)
{
    const struct crew_watch watch = {hear_progress, hear_failure, never, NULL};
    struct store *store = NULL;
    struct queue *q = NULL;
    char other[64];
    struct sim_error e = {SIM_OK, ""};
    assert_int_equal(store_open(scratch_file(scratch_folder, store_name), NULL, &store, &e),
                     SIM_OK);
    assert_int_equal(store_set_program(store, "test", other, sizeof other, &e), SIM_OK);
    assert_int_equal(queue_create(&s->plan, store, (struct shard){0, 1}, &q, &e), SIM_OK);
    const enum sim_err err = crew_lead(q, &s->plan, &transport, 2, &watch, are_gone, &e);
    *has_failed = failing > 0 && alloc_fail_end();
    *n_there = queue_state(q).n_there;
    queue_destroy(q);
    store_close(store);
    return err;
}

static void test_a_run_goes_out_and_comes_back(void **state)
{
    struct study s;
    bool has_failed = false;
    bool are_gone = false;
    uint64_t n_there = 0;
    (void)state;
    begin(&s);
    record_worker(&s.plan);
    assert_int_equal(lead(&s, "whole.db", &has_failed, &are_gone, &n_there), SIM_OK);
    assert_int_equal(n_there, 1);
    assert_true(are_gone);
    assert_int_equal(said.n, 2);
    assert_int_equal(said.message[0].tag, TRANSPORT_TASK);
    assert_int_equal(said.message[1].tag, TRANSPORT_QUIT);
    end(&s);
}

/* Rank 0 ends, whatever it has no memory for; where that is a message, those who sent it are not waited for. The first
 * allocations after a run was handed out are those for what comes back; thousands follow, of the next scenario. */
static void test_rank_0_without_memory_does_not_wait(void **state)
{
    enum { FIRST = 12 };
    struct study s;
    unsigned n_deaf = 0;
    (void)state;
    begin(&s);
    for (failing = 1; failing <= FIRST; failing++) {
        char name[32];
        bool has_failed = false;
        bool are_gone = false;
        uint64_t n_there = 0;
        snprintf(name, sizeof name, "failing-%u.db", failing);
        record_worker(&s.plan);
        assert_int_not_equal(lead(&s, name, &has_failed, &are_gone, &n_there), SIM_OK);
        assert_true(has_failed);
        n_deaf += !are_gone;
    }
    failing = 0;
    assert_true(n_deaf > 0);
    end(&s);
}

/* Of another run than was asked for, or cut short. */
static void test_an_answer_that_is_no_run_is_refused(void **state)
{
    struct study s;
    (void)state;
    begin(&s);
    for (int i = 0; i < 2; i++) {
        bool has_failed = false;
        bool are_gone = false;
        uint64_t n_there = 0;
        record_worker(&s.plan);
        struct message *const result = &to_it.message[1];
        if (i == 0) {
            result->byte /= 2;
        } else {
            result->data[4]++; /* of the replication */
        }
        assert_int_equal(lead(&s, i == 0 ? "cut.db" : "other.db", &has_failed, &are_gone, &n_there),
                         SIM_EIO);
        assert_int_equal(n_there, 0);
        assert_true(are_gone);
    }
    end(&s);
}

static void test_a_worker_with_another_plan_is_refused(void **state)
{
    struct study s;
    bool has_failed = false;
    bool are_gone = false;
    uint64_t n_there = 0;
    (void)state;
    begin(&s);
    record_worker(&s.plan);
    to_it.message[0].data[to_it.message[0].byte - 2] ^= 1; /* of the fingerprint */
    to_it.message[1] = to_it.message[2];                   /* it is asked for nothing */
    to_it.n = 2;
    assert_int_equal(lead(&s, "plan.db", &has_failed, &are_gone, &n_there), SIM_EINVAL);
    assert_int_equal(said.n, 1);
    assert_int_equal(said.message[0].tag, TRANSPORT_QUIT);
    assert_true(are_gone);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_goes_out_and_comes_back),
        cmocka_unit_test(test_rank_0_without_memory_does_not_wait),
        cmocka_unit_test(test_an_answer_that_is_no_run_is_refused),
        cmocka_unit_test(test_a_worker_with_another_plan_is_refused),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
