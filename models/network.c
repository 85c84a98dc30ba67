#include "models/network.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* Its class of the uplink has the same number. A quarter of a cache line. */
struct line {
    uint64_t cap_bit_per_s;
    double rtt_s;
};

struct transfer {
    struct sim_slot head;
    uint32_t line;
    double payload_byte;
    struct sim_call done;
    struct sim_handle slow_start; /* event */
    struct sim_handle flow;
};

struct network {
    struct sim *sim;
    const struct network_config *config;
    double typical_rtt_s;
    struct sim_fluid *uplink;
    struct line *line;
    size_t n_lines, line_capacity;
    /* By line: something has been sent over the present connection. Of no use if TCP begins slowly after
     * each pause, and then not touched. */
    bool *window_is_open;
    size_t window_capacity;
    struct sim_slots transfers;
    struct network_stats stats;
};

/* The fluid picture holds while a fair share fills at least two segments a round trip. */
static void on_level_change(void *self, uint64_t unused)
{
    struct network *const n = self;
    (void)unused;
    const double window_bit = sim_fluid_level(n->uplink) * n->typical_rtt_s;
    const double least_bit = 2 * 8 * n->config->transport.mss_byte;
    const double is_outside = sim_fluid_n_active(n->uplink) > 0 && window_bit < least_bit;
    if (is_outside != n->stats.outside_model.value) {
        sim_timeavg_set(&n->stats.outside_model, sim_now(n->sim), is_outside);
    }
}

static void foresee(struct network *n);

enum sim_err network_create(struct sim *sim, const struct network_config *config,
                            double typical_rtt_s, struct network **out)
{
    struct network *const n = calloc(1, sizeof *n);
    if (n == NULL) {
        return SIM_ENOMEM;
    }
    n->sim = sim;
    n->config = config;
    n->typical_rtt_s = typical_rtt_s;
    n->transfers.record_byte = sizeof(struct transfer);
    sim_timeavg_init(&n->stats.outside_model, sim_now(sim), 0);
    const enum sim_err err = sim_fluid_create(sim, config->uplink_bit_per_s, &n->uplink);
    if (err != SIM_OK) {
        network_destroy(n);
        return err;
    }
    foresee(n);
    sim_fluid_watch(n->uplink, (struct sim_call){on_level_change, n, 0});
    *out = n;
    return SIM_OK;
}

void network_destroy(struct network *n)
{
    if (n == NULL) {
        return;
    }
    sim_fluid_destroy(n->uplink);
    sim_slots_fini(&n->transfers);
    free(n->line);
    free(n->window_is_open);
    free(n);
}

enum sim_err network_add_line(struct network *n, uint64_t cap_bit_per_s, double rtt_s)
{
    uint32_t class_id;
    enum sim_err err = sim_grow_lines(&n->line, &n->line_capacity, n->n_lines + 1, sizeof *n->line);
    if (err == SIM_OK) {
        err = sim_grow(&n->window_is_open, &n->window_capacity, n->n_lines + 1,
                       sizeof *n->window_is_open);
    }
    if (err == SIM_OK) {
        err = sim_fluid_add_class(n->uplink, cap_bit_per_s, 1, &class_id);
    }
    if (err == SIM_OK) {
        SIM_ASSERT(class_id == n->n_lines);
        n->window_is_open[n->n_lines] = false;
        n->line[n->n_lines++] = (struct line){cap_bit_per_s, rtt_s};
    }
    return err;
}

static struct transfer *transfer_at(const struct network *n, uint64_t slot)
{
    return sim_slots_at(&n->transfers, (uint32_t)slot);
}

static void on_flow_end(void *self, uint64_t slot)
{
    struct network *const n = self;
    const struct sim_call done = transfer_at(n, slot)->done;
    n->stats.transfers++;
    n->stats.payload_byte += transfer_at(n, slot)->payload_byte;
    sim_slots_release(&n->transfers, (uint32_t)slot);
    done.fn(done.self, done.arg);
}

static void on_slow_start_end(void *self, uint64_t slot)
{
    struct network *const n = self;
    const struct transfer *const t = transfer_at(n, slot);
    const double wire_bit = 8 * t->payload_byte * n->config->transport.wire_overhead;
    struct sim_handle flow;
    sim_fluid_start(n->uplink, t->line, wire_bit, (struct sim_call){on_flow_end, n, slot}, &flow);
    transfer_at(n, slot)->flow = flow;
}

/* First the transfer, then its line, and what is called at its end. */
static bool fetch_transfer(void *self, uint64_t slot, unsigned step)
{
    const struct network *const n = self;
    const struct transfer *const t = transfer_at(n, slot);
    if (step == 0) {
        sim_slots_fetch(&n->transfers, (uint32_t)slot);
        return true;
    }
    return sim_fetch(n->sim, &t->done, step - 1);
}

/* First the transfer, then the class of its line. */
static bool fetch_start(void *self, uint64_t slot, unsigned step)
{
    const struct network *const n = self;
    if (step == 0) {
        sim_slots_fetch(&n->transfers, (uint32_t)slot);
    } else if (step == 1) {
        sim_fluid_fetch_class(n->uplink, transfer_at(n, slot)->line);
    } else {
        sim_fluid_fetch_first(n->uplink, transfer_at(n, slot)->line);
    }
    return step < 2;
}

void network_fetch_line(const struct network *n, uint32_t line)
{
    __builtin_prefetch(&n->line[line]);
}

static void foresee(struct network *n)
{
    sim_foresee(n->sim, on_flow_end, fetch_transfer);
    sim_foresee(n->sim, on_slow_start_end, fetch_start);
}

/* The payload rate the transfer would have if it joined now. */
static double expected_rate_bit_per_s(const struct network *n, const struct line *line)
{
    const double wire = fmin((double)line->cap_bit_per_s, sim_fluid_level(n->uplink));
    return wire / n->config->transport.wire_overhead;
}

static double slow_start_s(struct network *n, uint32_t line, double payload_byte)
{
    const struct transport_config *const t = &n->config->transport;
    const struct line *const l = &n->line[line];
    if (!t->slow_start_restart) {
        if (n->window_is_open[line]) {
            return 0;
        }
        n->window_is_open[line] = true;
    }
    return transport_slow_start_s(t, l->rtt_s, payload_byte, expected_rate_bit_per_s(n, l));
}

void network_new_connection(struct network *n, uint32_t line)
{
    if (!n->config->transport.slow_start_restart) {
        n->window_is_open[line] = false;
    }
}

void network_transfer(struct network *n, uint32_t line, double payload_byte, struct sim_call done,
                      struct sim_handle *handle)
{
    uint32_t slot;
    SIM_ASSERT(line < n->n_lines && payload_byte > 0);
    *handle = (struct sim_handle){0, 0};
    const enum sim_err err = sim_slots_take(&n->transfers, &slot);
    if (err != SIM_OK) {
        sim_raise(n->sim, err, "the network: %s", sim_err_text(err));
        return;
    }
    const double delay_s = slow_start_s(n, line, payload_byte);
    struct transfer *const t = transfer_at(n, slot);
    t->line = line;
    t->payload_byte = payload_byte;
    t->done = done;
    t->flow = (struct sim_handle){0, 0};
    t->slow_start = sim_after(n->sim, delay_s, (struct sim_call){on_slow_start_end, n, slot});
    n->stats.accepted_byte += payload_byte;
    *handle = sim_slots_handle(&n->transfers, slot);
}

void network_cancel(struct network *n, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&n->transfers, *handle)) {
        return;
    }
    struct transfer *const t = transfer_at(n, handle->slot);
    if (sim_cancel(n->sim, &t->slow_start)) {
        t->flow = (struct sim_handle){0, 0};
    } else {
        const double left_bit = sim_fluid_left(n->uplink, t->flow);
        n->stats.cut_byte += t->payload_byte - left_bit / 8 / n->config->transport.wire_overhead;
    }
    sim_fluid_cancel(n->uplink, &t->flow);
    n->stats.cancelled++;
    n->stats.cancelled_byte += t->payload_byte;
    sim_slots_release(&n->transfers, handle->slot);
    *handle = (struct sim_handle){0, 0};
}

double network_present_byte(const struct network *n)
{
    double sum_byte = 0;
    for (uint32_t slot = 0; slot < n->transfers.n; slot++) {
        const struct transfer *const t = transfer_at(n, slot);
        sum_byte += (t->head.generation & 1) != 0 ? t->payload_byte : 0;
    }
    return sum_byte;
}

struct sim_fluid *network_uplink(struct network *n)
{
    return n->uplink;
}

const struct network_stats *network_stats(const struct network *n)
{
    return &n->stats;
}
