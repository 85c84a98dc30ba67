/* The queue: which points come first. */
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"
#include "tests/support/scratch.h"

#include "study/queue.h"

#include <string.h>

/* A study of one block of rows, and its store. */
struct study {
    struct settings settings;
    struct scenario scenario;
    struct plan plan;
    struct store *store;
};

static void begin(struct study *s, const char *yaml, const char *store)
{
    char other[64];
    struct problems problems = {0};
    struct sim_error e = {SIM_OK, ""};
    settings_from_text(yaml, &s->settings, &s->scenario);
    assert_int_equal(plan_create(&s->settings, &s->scenario, 100, NULL, &s->plan, &problems),
                     SIM_OK);
    problems_fini(&problems);
    assert_int_equal(store_open(scratch_file(scratch_folder, store), NULL, &s->store, &e), SIM_OK);
    assert_int_equal(store_set_program(s->store, "test", other, sizeof other, &e), SIM_OK);
}

static void end(struct study *s)
{
    store_close(s->store);
    plan_fini(&s->plan);
    scenario_fini(&s->scenario);
    settings_fini(&s->settings);
}

static struct queue *make_queue(const struct study *s)
{
    struct queue *q = NULL;
    struct sim_error e = {SIM_OK, ""};
    assert_int_equal(queue_create(&s->plan, s->store, (struct shard){0, 1}, &q, &e), SIM_OK);
    return q;
}

/* The points of the next n runs, "210"; they are given back. */
static void assert_order(const struct study *s, const char *wanted)
{
    struct queue *const q = make_queue(s);
    const size_t n = strlen(wanted);
    char order[16] = "";
    for (size_t i = 0; i < n; i++) {
        struct task task;
        struct sim_error e;
        enum queue_answer answer;
        assert_int_equal(queue_take(q, &task, &answer, &e), SIM_OK);
        assert_int_equal(answer, QUEUE_TASK);
        order[i] = (char)('0' + task.point);
    }
    assert_string_equal(order, wanted);
    queue_destroy(q);
}

static void put(const struct study *s, uint32_t point, uint32_t replication, double wall_s)
{
    struct metric metric = {"user_minutes_lost", "min", "lost", 1};
    const struct outcome o = {wall_s, &metric, 1, NULL, 0};
    struct sim_error e;
    int64_t id;
    assert_int_equal(store_add_point(s->store, s->plan.point[point].digest, "p", &id, &e), SIM_OK);
    assert_int_equal(store_put(s->store, id, replication, &o, &e), SIM_OK);
}

/* As many devices at each point: more mail, smaller chunks and a longer timeline take longer. */
static void test_the_scenario_says_what_takes_long(void **state)
{
    struct study s;
    (void)state;
    begin(&s,
          "users: 10\nreplications: 1\nsweep:\n  zip:\n"
          "    mailbox.received_per_day: [10, 200, 200, 10]\n    sync.chunk.items: 100, 100, 10, "
          "50\n",
          "mail.db");
    assert_order(&s, "2130");
    end(&s);
    begin(&s,
          "users: 10\nreplications: 1\nsweep:\n  grid:\n    devices.heartbeat: 1 h, 5 min\n"
          "timeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 5 h, do: restart host A}\n",
          "polls.db");
    assert_order(&s, "10");
    end(&s);
}

/* Point 0 has more devices by far, but a run of point 2 took longer; what is known of point 1, which has no run, is its
 * scenario: half of point 0. */
static void test_runs_say_what_takes_long(void **state)
{
    struct study s;
    (void)state;
    begin(&s, "replications: 3\nsweep:\n  grid:\n    users: 40, 20, 10\n", "runs.db");
    assert_order(&s, "000111222");
    put(&s, 0, 0, 1);
    assert_order(&s, "00111222");
    put(&s, 2, 1, 5);
    assert_order(&s, "2211100");
    /* In six seconds 1.25 runs of point 0 were expected; left are two of 5 s, two of 1 s, and three halves. */
    struct queue *const q = make_queue(&s);
    const double left = queue_state(q).cost_left / s.plan.point[0].cost;
    assert_near(left, 12 * 1.25 / 6 + 1.5, 1e-9);
    queue_destroy(q);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_scenario_says_what_takes_long),
        cmocka_unit_test(test_runs_say_what_takes_long),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
