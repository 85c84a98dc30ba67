/* HOLD by primestorm: PENDING events, each of which schedules itself again. Reports the clock after
 * so many events.
 *
 * usage: hold_primestorm PENDING EVENTS */
#include "bench/peers/driver.h"

#include "sim/core/sim.h"

#include <stdlib.h>

static double increment[DRIVER_INCREMENTS];

struct hold {
    struct sim *sim;
    uint64_t left;
    uint64_t drawn;
};

static void must(enum sim_err err)
{
    if (err != SIM_OK) {
        fprintf(stderr, "hold_primestorm: %s\n", sim_err_text(err));
        exit(1);
    }
}

static void on_event(void *self, uint64_t arg);

static void schedule(struct hold *h)
{
    sim_after(h->sim, increment[h->drawn++ % DRIVER_INCREMENTS], (struct sim_call){on_event, h, 0});
}

static void on_event(void *self, uint64_t arg)
{
    struct hold *const h = self;
    (void)arg;
    if (--h->left == 0) {
        sim_stop(h->sim);
    } else {
        schedule(h);
    }
}

int main(int argc, char **argv)
{
    struct hold h = {0};
    if (argc != 3) {
        fputs("usage: hold_primestorm PENDING EVENTS\n", stderr);
        return 64;
    }
    h.left = strtoull(argv[2], NULL, 10);
    driver_increments(increment);
    must(sim_create(1, 0, &h.sim));
    for (unsigned long i = strtoul(argv[1], NULL, 10); i > 0; i--) {
        schedule(&h);
    }
    const double start_s = driver_cpu_s();
    must(sim_run(h.sim, INFINITY));
    driver_report(driver_cpu_s() - start_s, sim_now(h.sim));
    sim_destroy(h.sim);
    return 0;
}
