#include "models/vm_host.h"

#include "models/purpose.h"

#include <math.h>

double vm_host_defrag_s(const struct vm_host_config *c)
{
    return 8 * c->state_byte / c->defrag_bit_per_s;
}

static double fixed_s(const struct vm_host_config *c)
{
    return c->detect_s + 8 * c->unlogged_byte / c->fixup_bit_per_s +
           (c->defragments ? vm_host_defrag_s(c) : 0);
}

static double sum_of_draws(const struct sim_dist *const part[], size_t n, const struct sim *sim,
                           uint32_t server, uint16_t purpose, uint32_t failure)
{
    struct sim_stream stream;
    double sum_s = 0;
    sim_open_stream(sim, &stream, server, purpose, (uint16_t)failure);
    for (size_t i = 0; i < n; i++) {
        sum_s += fmax(sim_dist_draw(part[i], &stream), 0);
    }
    return sum_s;
}

double vm_host_restart_s(const struct vm_host_config *config, const struct sim *sim,
                         uint32_t server, uint32_t failure)
{
    const struct sim_dist *const part[] = {config->queue, config->guest_boot, config->server_start,
                                           config->traveler_start};
    return fixed_s(config) + sum_of_draws(part, sizeof part / sizeof part[0], sim, server,
                                          PURPOSE_VM_RESTART, failure);
}

double vm_host_mean_restart_s(const struct vm_host_config *config)
{
    return fixed_s(config) + sim_dist_mean(config->queue) + sim_dist_mean(config->guest_boot) +
           sim_dist_mean(config->server_start) + sim_dist_mean(config->traveler_start);
}

static double fetch_s(const struct restore_config *r)
{
    return r->mount_s + 8 * r->data_byte / r->copy_bit_per_s;
}

double vm_host_restore_s(const struct vm_host_config *config, const struct sim *sim,
                         uint32_t server, uint32_t failure)
{
    const struct sim_dist *const part[] = {config->server_start, config->traveler_start};
    return fetch_s(&config->restore) + sum_of_draws(part, 2, sim, server, PURPOSE_RESTORE, failure);
}

double vm_host_mean_restore_s(const struct vm_host_config *config)
{
    return fetch_s(&config->restore) + sim_dist_mean(config->server_start) +
           sim_dist_mean(config->traveler_start);
}

void vm_host_config_fini(struct vm_host_config *config)
{
    sim_dist_destroy(config->queue);
    sim_dist_destroy(config->guest_boot);
    sim_dist_destroy(config->server_start);
    sim_dist_destroy(config->traveler_start);
}
