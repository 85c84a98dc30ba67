#include "models/theory/closed_form.h"

#include <math.h>

double theory_erlang_b(double offered, uint32_t servers)
{
    double b = 1;
    for (uint32_t k = 1; k <= servers; k++) {
        b = offered * b / (k + offered * b);
    }
    return b;
}

double theory_erlang_c(double offered, uint32_t servers)
{
    const double b = theory_erlang_b(offered, servers);
    return servers * b / (servers - offered * (1 - b));
}

/* Room by room, as Erlang's recursion: no weight leaves the range of a double. */
void theory_finite_room(double offered, uint32_t servers, uint32_t room, double *present,
                        double *refused)
{
    *present = 0;
    *refused = 1;
    for (uint32_t n = 1; n <= room; n++) {
        const double ratio = offered / (n < servers ? n : servers) * *refused;
        *refused = ratio / (1 + ratio);
        *present += (n - *present) * *refused;
    }
}

double theory_mg1_wait(double rho, double scv)
{
    return rho * (1 + scv) / (2 * (1 - rho));
}

double theory_md1_wait_beyond(double rho, double t)
{
    double sum = 0;
    double factorial = 1;
    for (int k = 0; k <= (int)t; k++) {
        factorial *= k > 0 ? k : 1;
        sum += pow(rho * (k - t), k) / factorial * exp(-rho * (k - t));
    }
    return 1 - (1 - rho) * sum;
}

double theory_mm1_sojourn_quantile(double rho, double p)
{
    return -log1p(-p) / (1 - rho);
}

double theory_mm1_wait_quantile(double rho, double p)
{
    return log(rho / (1 - p)) / (1 - rho);
}

/* The small terms first. */
double theory_harmonic(uint32_t n, int power)
{
    double sum = 0;
    for (uint32_t k = n; k > 0; k--) {
        sum += 1 / pow(k, power);
    }
    return sum;
}
