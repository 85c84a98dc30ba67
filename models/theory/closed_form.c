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

double theory_present_just(double offered, uint32_t servers, uint32_t room, uint32_t n)
{
    const uint32_t last = room == UINT32_MAX ? (n > servers ? n : servers) : room;
    double term = 1; /* P(N = k)/P(N = 0), kept below overflow by the running total */
    double total = 1;
    double at_n = n == 0 ? 1 : 0;
    for (uint32_t k = 1; k <= last; k++) {
        term *= offered / (k < servers ? k : servers);
        total += term;
        at_n = k == n ? term : at_n;
        if (total > 1e200) {
            term /= total;
            at_n /= total;
            total = 1;
        }
    }
    const double beyond = room == UINT32_MAX ? term * offered / (servers - offered) : 0;
    return at_n / (total + beyond);
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
