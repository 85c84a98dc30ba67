/* Programs with other parameters: the closed forms as functions give the values of the rows, and what does
 * not fit is refused with the reason. */
#include "tests/support/check.h"

#include "models/theory/closed_form.h"
#include "models/theory/vary.h"

#include <stdio.h>

static const struct theory_program *find(const char *key)
{
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        for (size_t p = 0; p < theory_groups[g]->n_programs; p++) {
            if (strcmp(theory_groups[g]->programs[p].key, key) == 0) {
                return &theory_groups[g]->programs[p];
            }
        }
    }
    fail_msg("there is no program %s", key);
    return NULL;
}

/* Setting a parameter to the value it has changes no exact value: 14 digits were printed. */
static unsigned check_program(const struct theory_program *program)
{
    const struct theory_variation *const v = program->variation;
    for (size_t k = 0; v != NULL && k < v->n_parameters; k++) {
        const struct theory_setting same = {v->parameter[k].name,
                                            theory_parameter_value(program, &v->parameter[k])};
        struct theory_varied varied;
        struct sim_error e = {SIM_OK, ""};
        assert_int_equal(theory_vary(program, &same, 1, 1, &varied, &e), SIM_OK);
        for (size_t i = 0; i < program->n_rows; i++) {
            assert_close(varied.program.rows[i].exact, program->rows[i].exact, 1e-12);
        }
    }
    return v != NULL;
}

static void test_closed_forms_give_the_exact_values(void **state)
{
    unsigned n = 0;
    (void)state;
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        for (size_t p = 0; p < theory_groups[g]->n_programs; p++) {
            n += check_program(&theory_groups[g]->programs[p]);
        }
    }
    assert_in_range(n, 40, 60);
}

/* M/M/1 at 0.9: L = 9. Two machines, one repairman, mu = 1, Z = 1: p = (1, 2, 2)/5, X = 4/5. */
static void test_other_parameters_give_other_values(void **state)
{
    const struct theory_setting busy = {"lambda", 0.9};
    const struct theory_setting two[] = {{"customers", 2}, {"think_s", 1}};
    struct theory_varied varied;
    struct sim_error e = {SIM_OK, ""};
    (void)state;
    assert_int_equal(theory_vary(find("mm1"), &busy, 1, 1, &varied, &e), SIM_OK);
    assert_close(varied.program.rows[0].exact, 9, 1e-12);
    assert_string_equal(varied.program.name, "mm1 with lambda = 0.9");
    assert_int_equal(theory_vary(find("repair-10"), two, 2, 1, &varied, &e), SIM_OK);
    assert_close(varied.program.rows[0].exact, 0.8, 1e-12);
    assert_close(varied.program.rows[1].exact, 1.5, 1e-12);
    assert_string_equal(varied.program.name, "repair-10 with customers = 2, think_s = 1");
}

/* Runs a program with settings; no row may disagree. Some are blind: rare events are rarer still. */
static void agree(const char *key, const struct theory_setting settings[], size_t n)
{
    struct theory_varied varied;
    struct theory_result result[THEORY_MAX_ROWS];
    struct sim_error e = {SIM_OK, ""};
    assert_int_equal(theory_vary(find(key), settings, n, 1, &varied, &e), SIM_OK);
    assert_int_equal(theory_run(&varied.program, 1, NULL, result), SIM_OK);
    for (size_t i = 0; i < varied.program.n_rows; i++) {
        printf("%s %s: exact %g, simulated %g, z %.2f\n", varied.name, varied.program.rows[i].name,
               varied.program.rows[i].exact, result[i].simulated, result[i].z);
        assert_int_not_equal(result[i].verdict, THEORY_DISAGREES);
    }
}

static void test_varied_programs_agree(void **state)
{
    static const struct theory_setting lambda[] = {{"lambda", 0.6}};
    static const struct theory_setting one[] = {{"lambda", 1}}; /* of two servers */
    static const struct theory_setting loss[] = {{"lambda", 5}, {"servers", 7}};
    static const struct theory_setting m[] = {{"rho", 0.7}, {"m", 10}};
    static const struct theory_setting customers[] = {{"customers", 25}, {"servers", 2}};
    static const struct theory_setting jobs[] = {{"jobs", 100}, {"servers", 100}};
    static const struct theory_setting orbit[] = {{"lambda", 0.3}, {"nu", 2}};
    static const struct theory_setting work[] = {{"work_s", 1800}};
    (void)state;
    agree("mm1", lambda, 1);
    agree("mm2", one, 1);
    agree("md1", lambda, 1);
    agree("mg1-pareto", lambda, 1);
    agree("erlang-b-10", loss, 2);
    agree("mm4k10", loss, 2);
    agree("capped-50", m, 2);
    agree("terminals-10", customers, 2);
    agree("storm-500", jobs, 2);
    agree("retrial-fast", orbit, 2);
    agree("restart-300", work, 1);
}

/* From m = 750 on exp(a) is beyond a double: the weights of the number present at first must not be. */
static void test_a_link_of_thousands_begins_in_its_law(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct theory_setting m = {"m", (const double[]){750, 800, 5000}[i]};
        agree("capped-500", &m, 1);
    }
}

/* A wrong H_c^(2) in the closed form, 2.0 for an sd of 1.62: the program must not have its figure from there. */
static void test_the_sd_by_gaps_is_not_the_formulas(void **state)
{
    const struct theory_setting same = {"servers", 100};
    const double wrong = 2;
    struct theory_varied varied;
    struct theory_result result[THEORY_MAX_ROWS];
    struct sim_error e = {SIM_OK, ""};
    unsigned n_replaced = 0;
    (void)state;
    assert_int_equal(theory_vary(find("storm-10000"), &same, 1, 1, &varied, &e), SIM_OK);
    for (size_t i = 0; i + sizeof wrong <= varied.program.variation->size; i += sizeof wrong) {
        double field;
        memcpy(&field, varied.parameters + i, sizeof field);
        if (fabs(field - varied.program.rows[1].exact) < 1e-12) {
            memcpy(varied.parameters + i, &wrong, sizeof wrong);
            n_replaced++;
        }
    }
    assert_int_equal(n_replaced, 1);
    varied.program.rows[1].exact = wrong;
    varied.program.replications = 20;
    assert_int_equal(theory_run(&varied.program, 1, NULL, result), SIM_OK);
    assert_int_equal(result[1].verdict, THEORY_DISAGREES);
}

static void refuse(const char *key, struct theory_setting setting, const char *words)
{
    struct theory_varied varied;
    struct sim_error e = {SIM_OK, ""};
    assert_int_equal(theory_vary(find(key), &setting, 1, 1, &varied, &e), SIM_EINVAL);
    assert_int_equal(e.code, SIM_EINVAL);
    assert_string_equal(e.text, words);
}

static void test_what_does_not_fit_is_refused(void **state)
{
    (void)state;
    refuse("mm2", (struct theory_setting){"x", 1},
           "mm2 has no parameter 'x' that can be set; it has lambda, servers");
    refuse("caps-a", (struct theory_setting){"x", 1},
           "caps-a has no parameter 'x' that can be set; it has none");
    refuse("mm1", (struct theory_setting){"lambda", 1},
           "mm1: lambda must stay below the number of servers, or the line grows for ever");
    refuse("mm1", (struct theory_setting){"lambda", (double)NAN},
           "mm1: lambda is a number from 0.1 to 2000, not nan");
    refuse("mm1", (struct theory_setting){"lambda", 0.99999},
           "mm1 with lambda = 0.99999 takes some 2.2e+11 events, about 12.4 hours on one "
           "processor; at most 1.8e+10 "
           "are run");
    refuse("mm2", (struct theory_setting){"servers", 2.5},
           "mm2: servers is a whole number from 1 to 2000, not 2.5");
    refuse("storm-500", (struct theory_setting){"servers", 501},
           "storm-500: there must be at least as many jobs as servers");
}

/* What effort multiplies is checked after it has: M/M/1 at 0.999 takes 2.2e9 events, at 0.9999 ten times as many. */
static void test_too_much_effort_is_refused(void **state)
{
    static const struct {
        double lambda;
        uint32_t effort;
        const char *words;
    } too_much[] = {
        {0.999, 1000,
         "mm1 with lambda = 0.999 takes some 2.2e+12 events, about 124 hours on one processor; at "
         "most 1.8e+10 are run, which allows an effort of 8"},
        {0.999, 9,
         "mm1 with lambda = 0.999 takes some 2e+10 events, about 1.12 hours on one processor; at "
         "most 1.8e+10 are run, which allows an effort of 8"},
        {0.9999, 2,
         "mm1 with lambda = 0.9999 takes some 4.5e+10 events, about 2.49 hours on one processor; "
         "at most 1.8e+10 are run, too few even for an effort of 1"},
    };
    struct theory_varied varied;
    (void)state;
    for (size_t i = 0; i < sizeof too_much / sizeof too_much[0]; i++) {
        const struct theory_setting lambda = {"lambda", too_much[i].lambda};
        struct sim_error e = {SIM_OK, ""};
        assert_int_equal(theory_vary(find("mm1"), &lambda, 1, too_much[i].effort, &varied, &e),
                         SIM_EINVAL);
        assert_string_equal(e.text, too_much[i].words);
    }
}

static void test_effort_multiplies_what_is_random(void **state)
{
    const struct theory_setting lambda = {"lambda", 0.999};
    struct theory_varied varied;
    struct sim_error e = {SIM_OK, ""};
    (void)state;
    assert_int_equal(theory_vary(find("mm1"), &lambda, 1, 8, &varied, &e), SIM_OK);
    assert_int_equal(varied.program.replications, 8 * find("mm1")->replications);
    assert_int_equal(theory_vary(find("mm1"), NULL, 0, 8, &varied, &e), SIM_OK);
    assert_int_equal(varied.program.replications, 8 * find("mm1")->replications);
    assert_string_equal(varied.program.name, find("mm1")->name);
    assert_int_equal(theory_vary(find("caps-a"), NULL, 0, 8, &varied, &e), SIM_OK);
    assert_int_equal(varied.program.replications, 1);
}

/* Every model that can be varied counts its events, and an effort of 100 is within bounds for all as they are. */
static void test_events_are_counted(void **state)
{
    (void)state;
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        for (size_t p = 0; p < theory_groups[g]->n_programs; p++) {
            const struct theory_program *const program = &theory_groups[g]->programs[p];
            if (program->variation != NULL) {
                const double events = program->variation->events(program->parameters);
                assert_true(events > 0 &&
                            events * program->replications <= THEORY_MOST_EVENTS / 100);
            }
        }
    }
}

/* One end of the range of one parameter: refused with the reason, or simulated a few times where that is soon done. */
static bool run_end(const struct theory_program *program, struct theory_setting setting)
{
    enum { MOST_EVENTS = 300000 };
    struct theory_varied varied;
    struct theory_result result[THEORY_MAX_ROWS];
    struct sim_error e = {SIM_OK, ""};
    if (theory_vary(program, &setting, 1, 1, &varied, &e) != SIM_OK) {
        assert_true(strlen(e.text) > 0);
        return false;
    }
    const double events = program->variation->events(varied.program.parameters);
    if (events > MOST_EVENTS) {
        return false;
    }
    varied.program.replications =
        (uint32_t)fmin(varied.program.replications, 3 + floor(MOST_EVENTS / events));
    assert_int_equal(theory_run(&varied.program, 1, NULL, result), SIM_OK);
    for (size_t i = 0; i < varied.program.n_rows; i++) {
        printf("%s %s: exact %g, simulated %g, z %.2f\n", varied.name, varied.program.rows[i].name,
               varied.program.rows[i].exact, result[i].simulated, result[i].z);
        assert_true(isfinite(result[i].simulated));
        assert_int_not_equal(result[i].verdict, THEORY_DISAGREES);
    }
    return true;
}

static void test_both_ends_of_every_range(void **state)
{
    unsigned n_run = 0;
    (void)state;
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        for (size_t p = 0; p < theory_groups[g]->n_programs; p++) {
            const struct theory_program *const program = &theory_groups[g]->programs[p];
            const struct theory_variation *const v = program->variation;
            for (size_t k = 0; v != NULL && k < v->n_parameters; k++) {
                const struct theory_parameter *const q = &v->parameter[k];
                n_run += run_end(program, (struct theory_setting){q->name, q->least});
                n_run += run_end(program, (struct theory_setting){q->name, q->most});
            }
        }
    }
    printf("%u ends were run\n", n_run);
    assert_in_range(n_run, 50, 200);
}

/* Numbers that a pencil finds; the queues are held against tables in theory_reference.c. */
static void test_closed_forms_by_hand(void **state)
{
    (void)state;
    assert_close(theory_harmonic(4, 1), 25.0 / 12, 1e-15);
    assert_close(theory_present_just(0.8, 1, UINT32_MAX, 0), 0.2, 1e-14);
    assert_close(theory_present_just(0.8, 1, UINT32_MAX, 3), 0.2 * 0.512, 1e-14);
    assert_close(theory_present_just(1, 2, UINT32_MAX, 0), 1.0 / 3,
                 1e-14); /* 1, 1, 1/2, 1/4, ... */
    assert_close(theory_present_just(1, 2, UINT32_MAX, 2), 1.0 / 6, 1e-14);
    assert_close(theory_present_just(1000, 1000, 1000, 1000), theory_erlang_b(1000, 1000), 1e-12);
    assert_close(theory_harmonic(3, 2), 49.0 / 36, 1e-15);
    assert_close(theory_md1_wait_beyond(0.5, 0), 0.5, 1e-15);
    assert_close(theory_mm1_sojourn_quantile(0.5, 0.75), 2 * log(4), 1e-15);
    assert_near(theory_mm1_wait_quantile(0.5, 0.5), 0, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed_forms_give_the_exact_values),
        cmocka_unit_test(test_other_parameters_give_other_values),
        cmocka_unit_test(test_varied_programs_agree),
        cmocka_unit_test(test_a_link_of_thousands_begins_in_its_law),
        cmocka_unit_test(test_the_sd_by_gaps_is_not_the_formulas),
        cmocka_unit_test(test_what_does_not_fit_is_refused),
        cmocka_unit_test(test_too_much_effort_is_refused),
        cmocka_unit_test(test_effort_multiplies_what_is_random),
        cmocka_unit_test(test_events_are_counted),
        cmocka_unit_test(test_both_ends_of_every_range),
        cmocka_unit_test(test_closed_forms_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
