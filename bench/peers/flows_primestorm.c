/* The flows of a CSV file, in order of their start, through one link by primestorm's fluid resource.
 * Writes id,finish_s, as tests/peers/simgrid_flows does, and to standard error the CPU seconds from
 * the flows in memory to their ends; of the last run if there are several in this process.
 *
 * usage: flows_primestorm FLOWS.csv CAPACITY_BIT_PER_S RUNS */
#include "bench/peers/driver.h"

#include "models/flow_input.h"
#include "sim/core/sim.h"
#include "sim/res/fluid.h"

#include <stdlib.h>
#include <string.h>

struct world {
    struct sim *sim;
    struct sim_fluid *link;
    struct flow_input *in;
};

static void must(enum sim_err err)
{
    if (err != SIM_OK) {
        fprintf(stderr, "flows_primestorm: %s\n", sim_err_text(err));
        exit(1);
    }
}

static void on_end(void *self, uint64_t i)
{
    struct world *const w = self;
    w->in->flow[i].finish_s = sim_now(w->sim);
}

static void on_start(void *self, uint64_t i)
{
    struct world *const w = self;
    const struct trace_flow *const flow = &w->in->flow[i];
    if (i + 1 < w->in->n) {
        sim_at(w->sim, flow[1].start_s, SIM_NORMAL, (struct sim_call){on_start, w, i + 1});
    }
    sim_fluid_start(w->link, (uint32_t)i, 8 * flow->size_byte, (struct sim_call){on_end, w, i},
                    NULL);
}

static double run_s(struct flow_input *in, uint64_t capacity_bit_per_s)
{
    struct world w = {.in = in};
    const double start_s = driver_cpu_s();
    must(sim_create(1, 0, &w.sim));
    must(sim_fluid_create(w.sim, capacity_bit_per_s, &w.link));
    must(sim_fluid_reserve(w.link, (uint32_t)in->n, (uint32_t)in->n));
    for (size_t i = 0; i < in->n; i++) {
        uint32_t id; /* is i */
        must(sim_fluid_add_class(w.link, in->flow[i].cap_bit_per_s, 1, &id));
    }
    sim_at(w.sim, in->flow[0].start_s, SIM_NORMAL, (struct sim_call){on_start, &w, 0});
    must(sim_run(w.sim, INFINITY));
    const double used_s = driver_cpu_s() - start_s;
    sim_fluid_destroy(w.link);
    sim_destroy(w.sim);
    return used_s;
}

int main(int argc, char **argv)
{
    const struct flow_format format = {.delimiter = ','};
    struct flow_input in = {0};
    struct sim_error e;
    double cpu_s = 0;
    if (argc != 4) {
        fputs("usage: flows_primestorm FLOWS.csv CAPACITY_BIT_PER_S RUNS\n", stderr);
        return 64;
    }
    if (flow_input_read(argv[1], &format, &in, &e) != SIM_OK) {
        fprintf(stderr, "flows_primestorm: %s\n", e.text);
        return 65;
    }
    for (int run = atoi(argv[3]); run > 0; run--) {
        cpu_s = run_s(&in, strtoull(argv[2], NULL, 10));
    }
    puts("id,finish_s");
    const char *id = in.id;
    for (size_t i = 0; i < in.n; i++, id += strlen(id) + 1) {
        printf("%s,%.17g\n", id, in.flow[i].finish_s);
    }
    fprintf(stderr, "cpu_s %.9f\n", cpu_s);
    flow_input_fini(&in);
    return 0;
}
