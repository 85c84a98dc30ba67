/* Tables made by GNU Octave's queueing package (tests/data/queueing): first by closed forms, every row; then
 * simulated, a selection, at a family-wise error of 1 %. */
#include "tests/support/check.h"

#include "models/theory/closed_form.h"
#include "tests/theory/reference.h"

#include "sim/base/csv_input.h"
#include "sim/stat/tally.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COLUMNS = 16 };

/* A row as numbers; an empty or worded cell is NaN. */
typedef void row_fn(const double cell[MAX_COLUMNS], const char *first);

struct table {
    const char *file;
    const char *columns[MAX_COLUMNS + 1];
    row_fn *on_row;
    size_t n_columns, n_rows;
};

static enum sim_err on_csv_row(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    struct table *const t = self;
    double cell[MAX_COLUMNS];
    (void)e;
    for (size_t i = 0; i < t->n_columns; i++) {
        const char *const text = sim_csv_text(row, i);
        char *end;
        cell[i] = strtod(text, &end);
        cell[i] = *text == '\0' || *end != '\0' ? (double)NAN : cell[i];
    }
    t->on_row(cell, sim_csv_text(row, 0));
    t->n_rows++;
    return SIM_OK;
}

static size_t each_row(struct table *t)
{
    struct sim_csv_column column[MAX_COLUMNS];
    char path[160];
    struct sim_error e = {SIM_OK, ""};
    for (t->n_columns = 0; t->columns[t->n_columns] != NULL; t->n_columns++) {
        column[t->n_columns] = (struct sim_csv_column){t->columns[t->n_columns], true};
    }
    snprintf(path, sizeof path, "tests/data/queueing/%s", t->file);
    const struct sim_csv_input input = {path, ',', column, t->n_columns, NULL};
    if (sim_csv_read(&input, on_csv_row, t, &e) != SIM_OK) {
        fail_msg("%s", e.text);
    }
    return t->n_rows;
}

/* ---- Closed forms ---- */

static void check_erlang(const double c[], const char *first)
{
    (void)first;
    assert_close(theory_erlang_b(c[0], (uint32_t)c[1]), c[2], 1e-12);
    if (c[0] < c[1]) {
        assert_close(theory_erlang_c(c[0], (uint32_t)c[1]), c[3], 1e-12);
    }
}

static void check_mmc(const double c[], const char *model)
{
    const double lambda = c[1];
    const double mu = c[2];
    const uint32_t servers = isnan(c[3]) ? 1 : (uint32_t)c[3];
    double present;
    double wait_or_block;
    if (strcmp(model, "M/M/c") == 0) {
        wait_or_block = theory_erlang_c(lambda / mu, servers);
        present = lambda / mu + wait_or_block * lambda / (servers * mu - lambda);
    } else {
        theory_finite_room(lambda / mu, servers, (uint32_t)c[4], &present, &wait_or_block);
    }
    const bool is_open = strcmp(model, "M/M/c") == 0;
    const double entering = is_open ? lambda : lambda * (1 - wait_or_block);
    assert_close(entering / (servers * mu), c[5], 1e-9);
    assert_close(present, c[7], 1e-9);
    assert_close(present / entering, c[6], 1e-9);
    assert_close(entering, c[8], 1e-9);
    assert_close(reference_empty(lambda / mu, servers, is_open ? 0 : (uint32_t)c[4]), c[9], 1e-8);
    assert_near(wait_or_block, c[10], 1e-9);
}

/* Pollaczek and Khinchine; processor sharing is insensitive to all but the mean. */
static void check_mg1(const double c[], const char *first)
{
    const double rho = c[0] * c[1];
    const double wait_s = c[1] * theory_mg1_wait(rho, c[2]);
    (void)first;
    assert_close(rho, c[3], 1e-9);
    assert_close(wait_s + c[1], c[4], 1e-9);
    assert_close(c[0] * (wait_s + c[1]), c[5], 1e-9);
    assert_close(c[1] / (1 - rho), c[6], 1e-9);
}

static struct reference_network single_class(const double c[])
{
    return (struct reference_network){.n_classes = 1,
                                      .n_stations = 2,
                                      .customers = {(uint32_t)c[1]},
                                      .think_s = {c[2]},
                                      .demand_s = {{c[3], c[4]}}};
}

static void check_mva(const double c[], const char *first)
{
    const struct reference_network w = single_class(c);
    const struct reference_solution s = reference_mva(&w);
    (void)first;
    assert_close(s.throughput[0], c[5], 1e-11);
    assert_close(s.residence_s[0][0] + s.residence_s[0][1], c[6], 1e-11);
    for (int k = 0; k < 2; k++) {
        if (c[3 + k] > 0) { /* else the station is not visited */
            assert_close(s.residence_s[0][k], c[7 + k], 1e-11);
        }
        assert_near(s.present[0][k], c[9 + k], 1e-11 * c[1]);
        assert_near(s.throughput[0] * c[3 + k], c[11 + k], 1e-11);
    }
}

static struct reference_network two_classes(const double c[])
{
    return (struct reference_network){.n_classes = 2,
                                      .n_stations = 2,
                                      .customers = {(uint32_t)c[0], (uint32_t)c[1]},
                                      .think_s = {c[2], c[3]},
                                      .demand_s = {{c[4], c[5]}, {c[6], c[7]}}};
}

static void check_multiclass(const double c[], const char *first)
{
    const struct reference_network w = two_classes(c);
    const struct reference_solution s = reference_mva(&w);
    (void)first;
    for (int k = 0; k < 2; k++) {
        assert_close(s.throughput[k], c[8 + k], 1e-9);
        assert_close(s.residence_s[k][0] + s.residence_s[k][1], c[10 + k], 1e-9);
        assert_close(s.throughput[0] * c[4 + k] + s.throughput[1] * c[6 + k], c[12 + k], 1e-9);
    }
}

static void check_finite_source(const double c[], const char *first)
{
    double all_there;
    const double throughput =
        reference_finite_source((uint32_t)c[0], c[1], c[2], (uint32_t)c[3], &all_there);
    (void)first;
    assert_close(throughput, c[4], 1e-9);
    assert_close(c[0] / throughput - c[1], c[5], 1e-9); /* Little's law over the whole cycle */
    assert_close(c[0] - throughput * c[1], c[6], 1e-9);
    assert_close(throughput * c[2] / c[3], c[7], 1e-9);
    assert_close(all_there, c[8], 1e-5); /* kept in six digits */
}

static struct table erlang = {
    "erlang.csv", {"offered_load_A", "servers_m", "erlang_b", "erlang_c"}, check_erlang, 0, 0};
static struct table mmc = {"mmc.csv",
                           {"model", "lambda", "mu", "c", "K", "utilization", "mean_response_time",
                            "mean_in_system", "throughput", "p_empty", "p_wait_or_block"},
                           check_mmc,
                           0,
                           0};
static struct table mg1 = {"mg1_fcfs.csv",
                           {"lambda", "mean_service", "scv_service", "utilization",
                            "mean_response_time", "mean_in_system", "mean_response_time_if_ps"},
                           check_mg1,
                           0,
                           0};
static struct table mva = {
    "closed_mva.csv",
    {"case", "N", "Z", "D1", "D2", "X_throughput", "R_total", "R1", "R2", "Q1", "Q2", "U1", "U2"},
    check_mva,
    0,
    0};
static struct table multiclass = {
    "closed_multiclass_mva.csv",
    {"N1", "N2", "Z1", "Z2", "D11", "D12", "D21", "D22", "X1", "X2", "R1", "R2", "U1", "U2"},
    check_multiclass,
    0,
    0};
static struct table finite_source = {"finite_source.csv",
                                     {"N", "think_mean", "service_mean", "servers", "throughput",
                                      "mean_response_time", "mean_at_server",
                                      "utilization_per_server", "p_all_at_server"},
                                     check_finite_source,
                                     0,
                                     0};

static void test_closed_forms(void **state)
{
    (void)state;
    assert_int_equal(each_row(&erlang), 48);
    assert_int_equal(each_row(&mmc), 107);
    assert_int_equal(each_row(&mg1), 49);
    assert_int_equal(each_row(&mva), 81);
    assert_int_equal(each_row(&multiclass), 24);
    assert_int_equal(each_row(&finite_source), 36);
}

/* ---- Simulation ---- */

enum { REPLICATIONS = 20, CYCLES = 10000, EVERY = 7 };

static unsigned n_simulated, n_met;
static size_t n_judged; /* known beforehand: the error is shared among them */

static void judge(const struct reference_network *w, double exact)
{
    struct sim_tally tally = {0};
    const double duration_s = CYCLES / exact;
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        sim_tally_add(&tally,
                      reference_simulate(w, duration_s, duration_s, n_simulated * REPLICATIONS + r)
                          .throughput[0]);
    }
    const double z = (tally.mean - exact) / (sim_tally_sd(&tally) / sqrt(REPLICATIONS));
    const double critical = gsl_cdf_tdist_Qinv(0.01 / 2 / (double)n_judged, REPLICATIONS - 1);
    printf("  N = %u, %u: exact %.6g, simulated %.6g, z %.2f of %.2f\n", w->customers[0],
           w->customers[1], exact, tally.mean, z, critical);
    n_simulated++;
    n_met += fabs(z) < critical;
}

/* The memory of these networks is some cycles of each customer long: 10000 cycles are left out. */
static void simulate_mva(const double c[], const char *first)
{
    static unsigned n;
    const struct reference_network w = single_class(c);
    (void)first;
    if (n++ % EVERY == 0 && w.customers[0] <= 50) {
        judge(&w, c[5]);
    }
}

static void simulate_multiclass(const double c[], const char *first)
{
    static unsigned n;
    const struct reference_network w = two_classes(c);
    (void)first;
    if (n++ % EVERY == 0 && w.customers[0] + w.customers[1] <= 50) {
        judge(&w, c[8]);
    }
}

static void test_simulated_networks(void **state)
{
    (void)state;
    n_judged = 15;
    mva.on_row = simulate_mva;
    multiclass.on_row = simulate_multiclass;
    each_row(&mva);
    each_row(&multiclass);
    printf("%u of %u agree, at a family-wise error of 1 %%\n", n_met, n_simulated);
    assert_in_range(n_simulated, 8, n_judged);
    assert_int_equal(n_met, n_simulated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed_forms),
        cmocka_unit_test(test_simulated_networks),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
