/* Figures that textbooks print of closed networks (tests/data/queueing/published.csv), every row: by mean value
 * analysis within the digits that are printed, and simulated on the kernel at a family-wise error of 1 %. */
#include "tests/support/check.h"

#include "tests/theory/reference.h"

#include "sim/base/csv_input.h"
#include "sim/stat/tally.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Visits come with the network: figures are per visit here, per cycle there. */
struct network {
    struct reference_network w;
    double visits[REFERENCE_CLASSES][REFERENCE_STATIONS];
};

enum { MAX_ROWS = 40, REPLICATIONS = 20, CYCLES = 10000 };

struct row {
    char inputs[96], quantity[48];
    double published, tolerance;
};

static struct row rows[MAX_ROWS];
static size_t n_rows;

/* ---- Reading ---- */

static enum sim_err on_row(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    (void)self;
    (void)e;
    assert_true(n_rows < MAX_ROWS);
    struct row *const r = &rows[n_rows++];
    assert_true(strlen(sim_csv_text(row, 0)) < sizeof r->inputs);
    assert_true(strlen(sim_csv_text(row, 1)) < sizeof r->quantity);
    strcpy(r->inputs, sim_csv_text(row, 0));
    strcpy(r->quantity, sim_csv_text(row, 1));
    r->published = strtod(sim_csv_text(row, 2), NULL);
    r->tolerance = strtod(sim_csv_text(row, 3), NULL);
    return SIM_OK;
}

static int read_rows(void **state)
{
    const struct sim_csv_column column[] = {
        {"inputs", true}, {"quantity", true}, {"published_value", true}, {"tolerance", true}};
    const struct sim_csv_input input = {"tests/data/queueing/published.csv", ',', column, 4, NULL};
    struct sim_error e = {SIM_OK, ""};
    (void)state;
    if (sim_csv_read(&input, on_row, NULL, &e) != SIM_OK) {
        fail_msg("%s", e.text);
    }
    return 0;
}

/* The numbers behind "KEY=": "16 10 5", "[1/10 1/3; 2/5 1]". */
static size_t read_numbers(const char *inputs, const char *key, double number[])
{
    const char *const found = strstr(inputs, key);
    size_t n = 0;
    if (found == NULL) {
        return 0;
    }
    for (const char *p = found + strlen(key);
         strchr("[]; ,0123456789", *p) != NULL && *p != '\0';) {
        char *end;
        const double value = strtod(p, &end);
        if (end == p) {
            p++;
        } else if (*end == '/') {
            number[n++] = value / strtod(end + 1, &end);
            p = end;
        } else {
            number[n++] = value;
            p = end;
        }
        assert_true(n <= (size_t)REFERENCE_CLASSES * REFERENCE_STATIONS);
    }
    return n;
}

/* Schwetman's table is in words. */
static bool read_delays(const char *inputs, struct network *n)
{
    n->w = (struct reference_network){.n_classes = 2, .n_stations = 1};
    n->visits[0][0] = n->visits[1][0] = 1;
    return sscanf(inputs, "N=%u,%u; delay %lf s and %lf s; cpu S=%lf and %lf", &n->w.customers[0],
                  &n->w.customers[1], &n->w.think_s[0], &n->w.think_s[1], &n->w.demand_s[0][0],
                  &n->w.demand_s[1][0]) == 6;
}

static struct network read_network(const char *inputs)
{
    enum { MOST = REFERENCE_CLASSES * REFERENCE_STATIONS + 1 };
    struct network n = {.w = {0}};
    double customers[MOST];
    double service_s[MOST];
    double visits[MOST];
    double think_s[MOST] = {0};
    if (read_delays(inputs, &n)) {
        return n;
    }
    n.w = (struct reference_network){.n_classes = (uint32_t)read_numbers(inputs, "N=", customers)};
    assert_in_range(n.w.n_classes, 1, REFERENCE_CLASSES);
    const size_t cells = read_numbers(inputs, "S=", service_s);
    assert_int_equal(read_numbers(inputs, "V=", visits), cells);
    read_numbers(inputs, "Z=", think_s);
    n.w.n_stations = (uint32_t)cells / n.w.n_classes;
    assert_in_range(n.w.n_stations, 1, REFERENCE_STATIONS);
    for (uint32_t c = 0; c < n.w.n_classes; c++) {
        n.w.customers[c] = (uint32_t)customers[c];
        n.w.think_s[c] = think_s[c];
        for (uint32_t k = 0; k < n.w.n_stations; k++) {
            n.visits[c][k] = visits[c * n.w.n_stations + k];
            n.w.demand_s[c][k] = n.visits[c][k] * service_s[c * n.w.n_stations + k];
        }
    }
    return n;
}

/* ---- What a row asks for ---- */

/* "... station 2", "... disk A": from 0. */
static uint32_t station_of(const char *quantity)
{
    static const char *const names[] = {"at cpu", "at disk A", "at disk B", NULL};
    const char *const found = strstr(quantity, "station ");
    for (uint32_t i = 0; names[i] != NULL; i++) {
        if (strstr(quantity, names[i]) != NULL) {
            return i;
        }
    }
    return found != NULL ? (uint32_t)atoi(found + strlen("station ")) - 1 : 0;
}

static uint32_t class_of(const char *quantity)
{
    const char *const found = strstr(quantity, "class ");
    return found != NULL ? (uint32_t)atoi(found + strlen("class ")) - 1 : 0;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static double figure(const struct network *n, const struct reference_solution *s,
                     const char *quantity)
{
    const uint32_t c = class_of(quantity);
    const uint32_t k = station_of(quantity);
    assert_true(c < n->w.n_classes && k < n->w.n_stations);
    if (begins(quantity, "mean number")) {
        return s->present[c][k];
    }
    if (begins(quantity, "residence class")) {
        return s->residence_s[c][k];
    }
    if (begins(quantity, "residence per visit") || begins(quantity, "response")) {
        return s->residence_s[c][k] / n->visits[c][k];
    }
    if (begins(quantity, "throughput class")) {
        return s->throughput[c];
    }
    if (begins(quantity, "throughput at")) {
        return s->throughput[c] * n->visits[c][k];
    }
    if (begins(quantity, "utilization")) {
        return s->throughput[c] * n->w.demand_s[c][k];
    }
    fail_msg("nobody knows what '%s' is", quantity);
    return NAN;
}

/* ---- Tests ---- */

static void test_every_row_by_mean_value_analysis(void **state)
{
    (void)state;
    assert_int_equal(n_rows, 34);
    for (size_t i = 0; i < n_rows; i++) {
        const struct network n = read_network(rows[i].inputs);
        const struct reference_solution s = reference_mva(&n.w);
        const double value = figure(&n, &s, rows[i].quantity);
        /* Three or four digits are printed, some cut off and not rounded. */
        if (!(fabs(value - rows[i].published) <= rows[i].tolerance)) {
            fail_msg("%s: %s: %.6g is printed, %.6g is computed", rows[i].inputs, rows[i].quantity,
                     rows[i].published, value);
        }
    }
}

/* Row by row of one network, from the same replications. */
static void simulate(size_t first, size_t end)
{
    const struct network n = read_network(rows[first].inputs);
    const struct reference_solution exact = reference_mva(&n.w);
    struct sim_tally tally[MAX_ROWS] = {{0}};
    const double duration_s = CYCLES / exact.throughput[0];
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        const struct reference_solution s = reference_simulate(&n.w, duration_s / 10, duration_s,
                                                               (uint32_t)first * REPLICATIONS + r);
        for (size_t i = first; i < end; i++) {
            sim_tally_add(&tally[i], figure(&n, &s, rows[i].quantity));
        }
    }
    const double critical = gsl_cdf_tdist_Qinv(0.01 / 2 / (double)n_rows, REPLICATIONS - 1);
    for (size_t i = first; i < end; i++) {
        const double half = critical * sim_tally_sd(&tally[i]) / sqrt(REPLICATIONS);
        const double off = fabs(tally[i].mean - rows[i].published);
        printf("  %-38s printed %.6g, simulated %.6g +- %.2g\n", rows[i].quantity,
               rows[i].published, tally[i].mean, half);
        assert_true(off <= half + rows[i].tolerance);
        assert_true(half <= 0.05 * tally[i].mean); /* else agreement would say little */
    }
}

static void test_every_row_simulated(void **state)
{
    size_t first = 0;
    unsigned n_networks = 0;
    (void)state;
    for (size_t i = 1; i <= n_rows; i++) {
        if (i == n_rows || strcmp(rows[i].inputs, rows[first].inputs) != 0) {
            simulate(first, i);
            first = i;
            n_networks++;
        }
    }
    assert_int_equal(n_networks, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_by_mean_value_analysis),
        cmocka_unit_test(test_every_row_simulated),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, read_rows, NULL);
}
