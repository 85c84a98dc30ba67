#include "tests/theory/reference.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

#include "tests/support/check.h"

#include <stdlib.h>

double reference_finite_source(uint32_t customers, double think_s, double service_s,
                               uint32_t servers, double *all_there)
{
    double log_weight[REFERENCE_MAX_CUSTOMERS + 1] = {0};
    double most = 0;
    double sum = 0;
    double busy = 0;
    for (uint32_t n = 1; n <= customers; n++) {
        const double birth = (customers - n + 1) / think_s;
        const double death = (n < servers ? n : servers) / service_s;
        log_weight[n] = log_weight[n - 1] + log(birth) - log(death);
        most = fmax(most, log_weight[n]);
    }
    for (uint32_t n = 0; n <= customers; n++) {
        const double weight = exp(log_weight[n] - most);
        sum += weight;
        busy += weight * (n < servers ? n : servers);
    }
    *all_there = exp(log_weight[customers] - most) / sum;
    return busy / sum / service_s;
}

double reference_empty(double offered, uint32_t servers, uint32_t room)
{
    double log_weight = 0;
    double sum = 1;
    for (uint32_t n = 1; n < servers || n <= room; n++) {
        log_weight += log(offered) - log(n < servers ? n : servers);
        sum += exp(log_weight);
    }
    if (room == 0) { /* all that follow are a geometric series */
        log_weight += log(offered) - log(servers);
        sum += exp(log_weight) / (1 - offered / servers);
    }
    return 1 / sum;
}

/* ---- Mean value analysis ---- */

static void mva_step(const struct reference_network *w, const uint32_t n[REFERENCE_CLASSES],
                     const double before[REFERENCE_CLASSES][REFERENCE_STATIONS],
                     struct reference_solution *s)
{
    for (uint32_t c = 0; c < w->n_classes; c++) {
        double cycle_s = w->think_s[c];
        for (uint32_t k = 0; k < w->n_stations; k++) {
            s->residence_s[c][k] = w->demand_s[c][k] * (1 + before[c][k]);
            cycle_s += s->residence_s[c][k];
        }
        s->throughput[c] = n[c] > 0 ? n[c] / cycle_s : 0;
        for (uint32_t k = 0; k < w->n_stations; k++) {
            s->present[c][k] = s->throughput[c] * s->residence_s[c][k];
        }
    }
}

/* The sum over classes of the customers at a station, by population; class 1 varies fastest. */
struct reference_solution reference_mva(const struct reference_network *w)
{
    const uint32_t width = w->n_classes > 1 ? w->customers[1] + 1 : 1;
    const size_t cells = (size_t)(w->customers[0] + 1) * width;
    double(*const total)[REFERENCE_STATIONS] = calloc(cells, sizeof *total);
    struct reference_solution s = {{0}, {{0}}, {{0}}};
    assert_non_null(total);
    for (size_t cell = 1; cell < cells; cell++) {
        const uint32_t n[REFERENCE_CLASSES] = {(uint32_t)(cell / width), (uint32_t)(cell % width)};
        double before[REFERENCE_CLASSES][REFERENCE_STATIONS] = {{0}};
        for (uint32_t k = 0; k < w->n_stations; k++) {
            before[0][k] = n[0] > 0 ? total[cell - width][k] : 0;
            before[1][k] = n[1] > 0 ? total[cell - 1][k] : 0;
        }
        mva_step(w, n, (const double(*)[REFERENCE_STATIONS])before, &s);
        for (uint32_t k = 0; k < w->n_stations; k++) {
            total[cell][k] = s.present[0][k] + s.present[1][k];
        }
    }
    free(total);
    return s;
}

/* ---- The same network on the kernel ---- */

static const double unit = 1e9; /* a server gives 1e9 units of work a second */

struct run {
    const struct reference_network *w;
    struct sim *sim;
    struct sim_fluid *station[REFERENCE_STATIONS];
    uint32_t class_id[REFERENCE_STATIONS];
    struct sim_stream stream;
    uint64_t n_cycles[REFERENCE_CLASSES];
    uint32_t present[REFERENCE_CLASSES][REFERENCE_STATIONS];
    double present_s[REFERENCE_CLASSES][REFERENCE_STATIONS]; /* integral over time, up to since_s */
    double since_s[REFERENCE_CLASSES][REFERENCE_STATIONS];
};

static void change_present(struct run *r, uint64_t class, uint64_t k, uint32_t change)
{
    const double now_s = sim_now(r->sim);
    r->present_s[class][k] += r->present[class][k] * (now_s - r->since_s[class][k]);
    r->since_s[class][k] = now_s;
    r->present[class][k] += change;
}

static double exponential(struct run *r, double mean)
{
    return -mean * log(sim_stream_uniform(&r->stream));
}

static void on_thought(void *self, uint64_t class);

/* `where`: class, and behind it the station that is next. */
static void on_next(void *self, uint64_t where)
{
    struct run *const r = self;
    const uint64_t class = where % REFERENCE_CLASSES;
    uint64_t k = where / REFERENCE_CLASSES;
    if (k > 0) {
        change_present(r, class, k - 1, (uint32_t)-1);
    }
    while (k < r->w->n_stations && !(r->w->demand_s[class][k] > 0)) {
        k++;
    }
    if (k == r->w->n_stations) {
        r->n_cycles[class]++;
        sim_after(r->sim, exponential(r, r->w->think_s[class]),
                  (struct sim_call){on_thought, r, class});
        return;
    }
    change_present(r, class, k, 1);
    sim_fluid_start(r->station[k], r->class_id[k], exponential(r, r->w->demand_s[class][k]) * unit,
                    (struct sim_call){on_next, r, (k + 1) * REFERENCE_CLASSES + class}, NULL);
}

static void on_thought(void *self, uint64_t class)
{
    on_next(self, class);
}

/* Forgets what was counted before the warm-up ended. */
static void begin_counting(struct run *r)
{
    for (uint32_t c = 0; c < REFERENCE_CLASSES; c++) {
        r->n_cycles[c] = 0;
        for (uint32_t k = 0; k < REFERENCE_STATIONS; k++) {
            change_present(r, c, k, 0);
            r->present_s[c][k] = 0;
        }
    }
}

static struct reference_solution means_of(struct run *r, double duration_s)
{
    struct reference_solution s = {{0}, {{0}}, {{0}}};
    for (uint32_t c = 0; c < r->w->n_classes; c++) {
        s.throughput[c] = (double)r->n_cycles[c] / duration_s;
        for (uint32_t k = 0; k < r->w->n_stations; k++) {
            change_present(r, c, k, 0);
            s.present[c][k] = r->present_s[c][k] / duration_s;
            s.residence_s[c][k] = s.present[c][k] / s.throughput[c];
        }
    }
    return s;
}

struct reference_solution reference_simulate(const struct reference_network *w, double warm_up_s,
                                             double duration_s, uint32_t replication)
{
    struct run r = {.w = w};
    assert_int_equal(sim_create(1, replication, &r.sim), SIM_OK);
    sim_open_stream(r.sim, &r.stream, 0, 0, 0);
    for (uint32_t k = 0; k < w->n_stations; k++) {
        assert_int_equal(sim_fluid_create(r.sim, (uint64_t)unit, &r.station[k]), SIM_OK);
        assert_int_equal(sim_fluid_add_class(r.station[k], SIM_FLUID_UNCAPPED, 1, &r.class_id[k]),
                         SIM_OK);
    }
    for (uint32_t c = 0; c < w->n_classes; c++) {
        for (uint32_t i = 0; i < w->customers[c]; i++) {
            sim_after(r.sim, 0, (struct sim_call){on_thought, &r, c});
        }
    }
    assert_int_equal(sim_run(r.sim, warm_up_s), SIM_OK);
    begin_counting(&r);
    assert_int_equal(sim_run(r.sim, warm_up_s + duration_s), SIM_OK);
    const struct reference_solution s = means_of(&r, duration_s);
    for (uint32_t k = 0; k < w->n_stations; k++) {
        sim_fluid_destroy(r.station[k]);
    }
    sim_destroy(r.sim);
    return s;
}
