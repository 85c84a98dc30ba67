#include "models/pool.h"

#include "sim/base/minmax.h"

enum sim_err pool_database_create(struct sim *sim, const struct pool_config *config,
                                  uint32_t n_devices, uint32_t n_users, uint32_t n_poison,
                                  struct pool_database *p)
{
    *p = (struct pool_database){0};
    enum sim_err err = state_db_create(n_devices, n_users, n_poison, &p->state);
    if (err == SIM_OK) {
        err = sim_disk_create(sim, 1 / config->iops, config->group, &p->disk);
    }
    if (err != SIM_OK) {
        pool_database_fini(p);
    }
    return err;
}

void pool_database_fini(struct pool_database *p)
{
    state_db_destroy(p->state);
    sim_disk_destroy(p->disk);
    *p = (struct pool_database){0};
}

static double free_share(double used, double whole)
{
    return sim_max(1 - used / whole, 0);
}

double pool_availability(const struct sync_server *s)
{
    struct sync_host *const host = sync_server_host(s);
    const struct sim_station *const threads = sync_server_threads(s);
    const double cpu = free_share(sim_fluid_n_active(sync_host_cpu(host)), sync_host_cores(host));
    const double heap = free_share((double)sim_pool_in_use(sync_host_heap(host)),
                                   (double)sim_pool_capacity(sync_host_heap(host)));
    const double http = free_share(sim_station_n_busy(threads), sim_station_n_servers(threads));
    return 100 * sim_min(cpu, sim_min(heap, http));
}
