/* bench/mm1.h -- M/M/1 through the public kernel, as a user would write it: arrival rate 0.9, service rate 1,
 * an empty system at first. */
#ifndef BENCH_MM1_H
#define BENCH_MM1_H

#include <stdint.h>

enum mm1_form {
    MM1_STATION, /* a station with its line and all its statistics: as peers with resources and processes */
    MM1_EVENTS, /* two event functions, a line by hand and a tally: as peers with events, and the floor */
};

/* Mean sojourn of `customers` customers, s; about 10. Ends the program where there is no memory. */
double mm1_mean_sojourn_s(enum mm1_form form, uint32_t customers, uint64_t seed);

#endif
