/* Ten downloads of 1 to 10 units begin at once on a link of 1 unit/s, which all of them share.
 * cc sharing.c $(pkg-config --cflags --libs libprimesim) -o sharing && ./sharing */
#include <math.h>
#include <sim/res/fluid.h>
#include <stdio.h>

enum { N = 10 };

struct house {
    struct sim *sim;
    double end_s[N];
};

static void on_end(void *self, uint64_t i)
{
    struct house *const h = self;
    h->end_s[i] = sim_now(h->sim);
}

int main(void)
{
    struct house h = {NULL, {0}};
    struct sim_fluid *link;
    uint32_t class_id;
    double done = 0; /* by the first k downloads */
    if (sim_create(1, 0, &h.sim) != SIM_OK || sim_fluid_create(h.sim, 1, &link) != SIM_OK ||
        sim_fluid_add_class(link, SIM_FLUID_UNCAPPED, 1, &class_id) != SIM_OK) {
        return 1;
    }
    for (uint64_t i = 0; i < N; i++) {
        sim_fluid_start(link, class_id, (double)(i + 1), (struct sim_call){on_end, &h, i}, NULL);
    }
    const enum sim_err err = sim_run(h.sim, INFINITY);
    for (int k = 1; k <= N; k++) { /* when the k-th ends, the others have received as much as it */
        done += k;
        printf("t_%d = %.9g, theory says 1 + ... + k + (n - k) k = %g\n", k, h.end_s[k - 1],
               done + (N - k) * k);
    }
    sim_fluid_destroy(link);
    sim_destroy(h.sim);
    return err;
}
