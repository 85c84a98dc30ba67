/* M/M/1 at a load of 0.8. cc mm1.c $(pkg-config --cflags --libs libprimesim) -lm -o mm1 && ./mm1 */
#include <math.h>
#include <sim/res/station.h>
#include <stdio.h>

struct shop {
    struct sim *sim;
    struct sim_station *server;
    struct sim_stream arrivals, services;
};

static double exponential(struct sim_stream *s, double mean)
{
    return -mean * log(sim_stream_uniform(s));
}

static void on_served(void *self, uint64_t customer, enum sim_station_outcome outcome)
{
    (void)self, (void)customer, (void)outcome; /* all end well, and the station keeps the books */
}

static void on_arrival(void *self, uint64_t unused)
{
    struct shop *const s = self;
    const struct sim_station_job customer = {.service_s = exponential(&s->services, 1),
                                             .fn = on_served};
    (void)unused;
    sim_station_enter(s->server, &customer, NULL);
    sim_after(s->sim, exponential(&s->arrivals, 1 / 0.8), (struct sim_call){on_arrival, s, 0});
}

int main(void)
{
    const double until_s = 4e6; /* 3,200,000 customers; the line is forgotten after some hundred */
    struct shop s;
    if (sim_create(1, 0, &s.sim) != SIM_OK ||
        sim_station_create(s.sim, 1, SIM_STATION_UNBOUNDED, &s.server) != SIM_OK) {
        return 1;
    }
    sim_open_stream(s.sim, &s.arrivals, 0, 0, 0); /* entity 0 draws for purpose 0, */
    sim_open_stream(s.sim, &s.services, 0, 1, 0); /* and for purpose 1 */
    on_arrival(&s, 0);
    const enum sim_err err = sim_run(s.sim, until_s);
    const struct sim_station_stats *const n = sim_station_stats(s.server);
    printf("L = %.3f, theory says rho/(1 - rho) = %g\n",
           sim_timeavg_mean(&n->waiting, until_s) + sim_timeavg_mean(&n->busy, until_s), 0.8 / 0.2);
    printf("W = %.3f, theory says 1/(mu - lambda) = %g\n", n->sojourn_s.mean, 1 / 0.2);
    sim_station_destroy(s.server);
    sim_destroy(s.sim);
    return err;
}
