#include "models/verify.h"

#include <math.h>

static const double rounding = 1e-9;

static enum sim_err check_gap(double gap, const char *what, struct sim_error *e)
{
    return gap <= rounding
               ? SIM_OK
               : sim_fail(e, SIM_EINVAL, "internal error: %s is off by %.3g; please report this",
                          what, gap);
}

/* Relative to the larger side; counts must agree to the last one. */
static enum sim_err check_equal(double left, double right, const char *what, struct sim_error *e)
{
    const double size = fmax(fmax(fabs(left), fabs(right)), 1);
    return check_gap(fabs(left - right) / size, what, e);
}

static enum sim_err check_count(uint64_t left, uint64_t right, const char *what,
                                struct sim_error *e)
{
    return check_gap(left == right ? 0 : fabs((double)left - (double)right), what, e);
}

/* Against what a shared resource has served: each end of a flow is rounded to a time, which for short flows
 * late in a long run is more than 1e-9 of what they get. */
static enum sim_err check_served(double amount, double served, double may_be_off, const char *what,
                                 struct sim_error *e)
{
    const double gap = fmax(0, fabs(amount - served) - may_be_off);
    return check_gap(gap / fmax(fmax(amount, served), 1), what, e);
}

/* ---- Sync servers ---- */

static enum sim_err verify_stations(const struct sync_server *s, struct sim_error *e)
{
    const struct sim_station *const stations[] = {sync_server_threads(s),
                                                  sync_server_device_workers(s),
                                                  prime_sync_workers(sync_server_prime(s))};
    enum sim_err err = SIM_OK;
    for (size_t i = 0; i < 3 && err == SIM_OK; i++) {
        err = check_gap(sim_station_little_gap(stations[i]), "Little's law at a sync server", e);
    }
    return err;
}

static enum sim_err verify_host(struct sync_host *host, struct sim_error *e)
{
    const struct sim_disk_stats *const disk = sim_disk_stats(sync_host_state_disk(host));
    const struct sim_pool_stats *const heap = sim_pool_stats(sync_host_heap(host));
    enum sim_err err =
        check_gap(sim_fluid_conservation_gap(sync_host_cpu(host)), "CPU time of a sync server", e);
    if (err == SIM_OK) {
        err = check_served(sync_host_stats(host)->done.cpu_s + sync_host_cpu_under_way_s(host),
                           sim_fluid_stats(sync_host_cpu(host))->served / 1e9,
                           sim_fluid_rounding(sync_host_cpu(host)) / 1e9,
                           "the CPU time of a sync server's work", e);
    }
    if (err == SIM_OK) {
        err = check_count(disk->submitted,
                          disk->completed + disk->cancelled +
                              sim_disk_n_jobs(sync_host_state_disk(host)),
                          "the number of jobs of a state database", e);
    }
    if (err == SIM_OK) {
        err = check_count(heap->requested,
                          heap->granted + heap->cancelled + (uint64_t)heap->waiting.value,
                          "the number of requests for heap", e);
    }
    return err;
}

static enum sim_err verify_requests(const struct sync_server *s, struct sim_error *e)
{
    const struct sync_server_stats *const n = sync_server_stats(s);
    return check_count(n->requests,
                       n->answered + n->unheard + n->refused + n->replaced + n->cut +
                           sync_server_n_present(s),
                       "the number of requests at a sync server", e);
}

static enum sim_err verify_server(const struct sync_server *s, struct sim_error *e)
{
    enum sim_err err = verify_stations(s, e);
    if (err == SIM_OK) {
        err = verify_host(sync_server_host(s), e);
    }
    return err == SIM_OK ? verify_requests(s, e) : err;
}

/* ---- The database of a pool ---- */

static enum sim_err verify_pool(const struct world *w, struct sim_error *e)
{
    return world_is_pool(w) ? check_gap(sim_fluid_conservation_gap(pool_database_cpu(w->pool)),
                                        "CPU time of the pool's database", e)
                            : SIM_OK;
}

/* ---- Mail servers ---- */

static enum sim_err verify_mail_server(const struct world *w, uint32_t i, struct sim_error *e)
{
    const struct mail_farm *const m = w->mail;
    enum sim_err err =
        check_gap(sim_station_little_gap(mail_farm_line(m, i)), "Little's law at a mail server", e);
    if (err == SIM_OK) {
        err = check_gap(sim_fluid_conservation_gap(mail_farm_disk(m, i)),
                        "the reads of a mail server", e);
    }
    if (err == SIM_OK) {
        err = check_gap(sim_fluid_conservation_gap(mail_farm_cpu(m, i)),
                        "CPU time of a mail server", e);
    }
    return err;
}

static enum sim_err verify_mail(const struct world *w, struct sim_error *e)
{
    const struct mail_farm *const m = w->mail;
    const struct mail_stats *const n = mail_farm_stats(m);
    enum sim_err err = check_count(
        n->submitted, n->transactions + n->probes + n->cancelled + mail_farm_n_present(m),
        "the number of mail transactions", e);
    for (uint32_t i = 0; i < mail_farm_n_servers(m) && err == SIM_OK; i++) {
        err = verify_mail_server(w, i, e);
    }
    return err;
}

/* ---- Devices ---- */

static enum sim_err verify_states(const struct world *w, struct sim_error *e)
{
    uint64_t n = 0;
    for (int state = 0; state < DEVICE_N_STATES; state++) {
        n += devices_n_in_state(w->devices, (enum device_state)state);
    }
    enum sim_err err = check_count(n, w->n_devices, "the number of devices", e);
    if (err == SIM_OK) {
        err = check_gap(devices_accounting_gap_s(w->devices) / fmax(sim_now(w->sim), 1),
                        "the time of a device by stage", e);
    }
    return err;
}

/* What devices have, against what was made for them. */
static enum sim_err verify_goods(const struct world *w, struct sim_error *e)
{
    double payload_byte = 0;
    uint64_t missing_items = 0;
    for (uint32_t i = 0; i < w->n_devices; i++) {
        const struct device_record r = devices_record(w->devices, i);
        payload_byte += r.payload_byte;
        missing_items += isfinite(r.full_s) ? r.items - r.items_done : 0;
    }
    enum sim_err err = check_equal(payload_byte, network_stats(w->network)->accepted_byte,
                                   "the payload of the devices, against that of the network,", e);
    if (err == SIM_OK) {
        err = check_count(missing_items, 0, "the number of items of full devices", e);
    }
    return err;
}

/* ---- Lines between them ---- */

static enum sim_err verify_network(const struct world *w, struct sim_error *e)
{
    struct network *const n = w->network;
    const struct network_stats *const s = network_stats(n);
    enum sim_err err =
        check_equal(s->accepted_byte, s->payload_byte + s->cancelled_byte + network_present_byte(n),
                    "the payload on the network", e);
    if (err == SIM_OK) {
        err = check_gap(sim_fluid_conservation_gap(network_uplink(n)), "the bits on the uplink", e);
    }
    return err;
}

enum sim_err world_verify(const struct world *w, struct sim_error *e)
{
    enum sim_err err = verify_states(w, e);
    if (err == SIM_OK) {
        err = verify_goods(w, e);
    }
    if (err == SIM_OK) {
        err = check_count(balancer_n_connections(w->balancer), devices_n_connected(w->devices),
                          "the number of connections at the balancer", e);
    }
    for (uint32_t i = 0; i < w->scenario->n_servers && err == SIM_OK; i++) {
        err = verify_server(w->server[i], e);
    }
    if (err == SIM_OK) {
        err = verify_pool(w, e);
    }
    if (err == SIM_OK) {
        err = verify_mail(w, e);
    }
    return err == SIM_OK ? verify_network(w, e) : err;
}
