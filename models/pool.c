#include "models/pool.h"

#include "sim/base/minmax.h"

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
