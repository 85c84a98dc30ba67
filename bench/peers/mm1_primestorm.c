/* M/M/1 by primestorm (bench/mm1.c): reports the mean sojourn.
 *
 * usage: mm1_primestorm station|events CUSTOMERS SEED */
#include "bench/peers/driver.h"

#include "bench/mm1.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: mm1_primestorm station|events CUSTOMERS SEED\n", stderr);
        return 64;
    }
    const enum mm1_form form = strcmp(argv[1], "station") == 0 ? MM1_STATION : MM1_EVENTS;
    const uint32_t customers = (uint32_t)strtoul(argv[2], NULL, 10);
    const double start_s = driver_cpu_s();
    const double mean_s = mm1_mean_sojourn_s(form, customers, strtoull(argv[3], NULL, 10));
    driver_report(driver_cpu_s() - start_s, mean_s);
    return 0;
}
