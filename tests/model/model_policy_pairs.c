/* Any two policies of examples/policies can be combined: the pair is a scenario, its storm ends, its books
 * balance, and neither of the two is lost over the other. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_POLICIES = 40, SCALE = 20 };

/* A twentieth of the users, and of all that is shared among them and is a number. */
static void scale_down(struct scenario *s)
{
    s->users /= SCALE;
    s->balancer.rate_limit_per_s /= SCALE;
    s->balancer.bucket = (s->balancer.bucket + SCALE - 1) / SCALE;
    for (uint32_t i = 0; i < s->n_servers; i++) {
        s->server[i].http_threads /= SCALE;
        s->server[i].prime_workers = (s->server[i].prime_workers + SCALE - 1) / SCALE;
        s->server[i].host.cores = 1;
    }
}

/* What a policy's file says below its first lines, which name the case and the title. */
static char *body_of(const char *path)
{
    char *text = NULL;
    size_t length = 0;
    char line[400];
    FILE *const in = fopen(path, "r");
    FILE *const out = open_memstream(&text, &length);
    assert_true(in != NULL && out != NULL);
    while (fgets(line, sizeof line, in) != NULL) {
        if (strncmp(line, "extends:", 8) != 0 && strncmp(line, "title:", 6) != 0) {
            fputs(line, out);
        }
    }
    fclose(in);
    fclose(out);
    return text;
}

/* The second policy on top of the first; on top of the case if there is no first, and the case alone if there
 * is no second. */
static void load_pair(const char *first, const char *second, struct scenario *s)
{
    char folder[2000];
    char yaml[4000];
    char *const body = second == NULL ? strdup("") : body_of(second);
    assert_true(body != NULL && getcwd(folder, sizeof folder) != NULL);
    const int length = first == NULL
                           ? snprintf(yaml, sizeof yaml, "extends: preset/traveler-2011\n%s", body)
                           : snprintf(yaml, sizeof yaml, "extends: %s/%s\n%s", folder, first, body);
    assert_true((size_t)length < sizeof yaml);
    scenario_from_text(yaml, s);
    free(body);
}

static const char *name_of(const char *policy)
{
    return policy == NULL ? "nothing" : policy;
}

/* world_run fails unless the books balance. */
static double run_pair(const char *first, const char *second)
{
    struct scenario s;
    struct run_result r;
    struct sim_error e = {SIM_OK, ""};
    load_pair(first, second, &s);
    scale_down(&s);
    if (world_run(&s, 0, NULL, NULL, &r, &e) != SIM_OK) {
        fail_msg("%s with %s: %s", name_of(second), name_of(first), e.text);
    }
    if (!r.is_complete) {
        fail_msg("%s with %s: no end", name_of(second), name_of(first));
    }
    const double lost_s = r.user_loss_s;
    run_result_fini(&r);
    scenario_fini(&s);
    return lost_s;
}

static int find_policies(void **state)
{
    static glob_t found;
    assert_int_equal(glob("examples/policies/*.yaml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 12 && found.gl_pathc <= MOST_POLICIES);
    *state = &found;
    return 0;
}

static int forget_policies(void **state)
{
    globfree(*state);
    return 0;
}

/* But for more threads, where there are enough, each changes something for the same users and phones. */
static void test_each_is_felt(void **state)
{
    const glob_t *const policy = *state;
    const double open_s = run_pair(NULL, NULL);
    for (size_t i = 0; i < policy->gl_pathc; i++) {
        const char *const path = policy->gl_pathv[i];
        if ((run_pair(NULL, path) == open_s) != (strstr(path, "more-threads") != NULL)) {
            fail_msg("%s: is not felt, or should not be", path);
        }
    }
}

static void test_each_pair_ends(void **state)
{
    const glob_t *const policy = *state;
    for (size_t i = 0; i < policy->gl_pathc; i++) {
        for (size_t j = 0; j < i; j++) {
            run_pair(policy->gl_pathv[j], policy->gl_pathv[i]);
        }
    }
}

/* They speak of different keys, so it does not matter which is on top. */
static void test_the_order_does_not_matter(void **state)
{
    const glob_t *const policy = *state;
    for (size_t i = 1; i < policy->gl_pathc; i++) {
        const char *const a = policy->gl_pathv[i - 1];
        const char *const b = policy->gl_pathv[i];
        assert_true(run_pair(a, b) == run_pair(b, a));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_felt),
        cmocka_unit_test(test_each_pair_ends),
        cmocka_unit_test(test_the_order_does_not_matter),
    };
    return cmocka_run_group_tests(tests, find_policies, forget_policies);
}
