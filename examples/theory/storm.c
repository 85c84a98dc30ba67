/* 500 phones come at once to 16 servers, each for an exponential time of mean 1: when has the last one been served?
 * cc storm.c $(pkg-config --cflags --libs libprimesim) -lm -o storm && ./storm */
#include <math.h>
#include <sim/res/station.h>
#include <sim/stat/tally.h>
#include <stdio.h>

enum { PHONES = 500, SERVERS = 16, REPLICATIONS = 4000 };

static void on_served(void *self, uint64_t phone, enum sim_station_outcome outcome)
{
    (void)self, (void)phone, (void)outcome; /* when it is over is the time of the last event */
}

/* The end of one storm, negative after an error. */
static double end_s(uint32_t replication)
{
    struct sim *sim;
    struct sim_station *servers;
    struct sim_stream services;
    if (sim_create(1, replication, &sim) != SIM_OK ||
        sim_station_create(sim, SERVERS, SIM_STATION_UNBOUNDED, &servers) != SIM_OK) {
        return -1;
    }
    sim_open_stream(sim, &services, 0, 0, 0);
    for (int i = 0; i < PHONES; i++) {
        const struct sim_station_job phone = {.service_s = -log(sim_stream_uniform(&services)),
                                              .fn = on_served};
        sim_station_enter(servers, &phone, NULL);
    }
    const double end = sim_run(sim, INFINITY) == SIM_OK ? sim_now(sim) : -1;
    sim_station_destroy(servers);
    sim_destroy(sim);
    return end;
}

int main(void)
{
    struct sim_tally ends = {0};
    double harmonic = 0;
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        const double end = end_s(r);
        if (end < 0) {
            return 1;
        }
        sim_tally_add(&ends, end);
    }
    for (int k = 1; k <= SERVERS; k++) { /* all are busy until 16 are left, then k of them are */
        harmonic += 1.0 / k;
    }
    const double half = 1.96 * sim_tally_sd(&ends) / sqrt(REPLICATIONS);
    printf("E-max = %.3f (95 %%: %.3f to %.3f), theory says (N - c)/c + H_c = %.7g\n", ends.mean,
           ends.mean - half, ends.mean + half, (double)(PHONES - SERVERS) / SERVERS + harmonic);
    return 0;
}
