#include "models/mail_server_internal.h"

#include "models/purpose.h"
#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* Caps of shared resources are whole numbers: reads are counted in millionths, CPU in nanoseconds.
 */
static const double read_unit = 1e6;
static const double cpu_unit = 1e9;

enum { DESKTOP_WEIGHT = 1000000 };

static const double window_s = 300; /* long enough for a mean, short enough to be felt */

static uint64_t whole(double units_per_s)
{
    return (uint64_t)fmax(round(units_per_s), 1);
}

/* A flow that never ends: what the desktop users of one server take of a resource. */
static void add_desktop_load(struct sim_fluid *resource, uint32_t class_id, double units_per_s,
                             struct sim_handle *flow)
{
    if (units_per_s > 0) {
        sim_fluid_start(resource, class_id, HUGE_VAL, (struct sim_call){NULL, NULL, 0}, flow);
    }
}

/* At one server; the probes are part of what desktop users ask for. */
static double desktop_reads_per_s(const struct mail_config *c)
{
    return fmax(c->desktop_users * c->desktop_reads_per_s / c->servers - 1 / c->probe_interval_s,
                0);
}

static enum sim_err create_server(struct mail_farm *m, struct server *s)
{
    const struct mail_config *const c = m->config;
    const double reads_per_s = desktop_reads_per_s(c);
    const double cpu_per_s = reads_per_s * c->cpu_per_read_s;
    enum sim_err err = sim_station_create(m->sim, c->transactions, SIM_STATION_UNBOUNDED, &s->line);
    if (err == SIM_OK) {
        err = sim_fluid_create(m->sim, whole(c->disk_iops * read_unit), &s->disk);
    }
    if (err == SIM_OK) {
        err = sim_fluid_create(m->sim, whole(c->cores * cpu_unit), &s->cpu);
    }
    if (err == SIM_OK) {
        err = sim_fluid_add_class(s->disk, whole(c->stream_iops * read_unit), 1, &s->disk_class);
    }
    if (err == SIM_OK) {
        err = sim_fluid_add_class(s->cpu, whole(cpu_unit), 1, &s->cpu_class);
    }
    if (err == SIM_OK) {
        err = sim_fluid_add_class(s->disk, whole(reads_per_s * read_unit), DESKTOP_WEIGHT,
                                  &s->desktop_disk_class);
    }
    if (err == SIM_OK) {
        err = sim_fluid_add_class(s->cpu, whole(cpu_per_s * cpu_unit), DESKTOP_WEIGHT,
                                  &s->desktop_cpu_class);
    }
    return err;
}

/* The desktop users of `home` are served at `at`, or, NOWHERE, not at all. */
static void move_desktop(struct mail_farm *m, uint32_t home, int32_t at)
{
    const struct mail_config *const c = m->config;
    struct desktop *const d = &m->server[home].desktop;
    const double reads_per_s = desktop_reads_per_s(c);
    if (d->at == at) {
        return;
    }
    if (d->at != NOWHERE) {
        sim_fluid_cancel(m->server[d->at].disk, &d->disk);
        sim_fluid_cancel(m->server[d->at].cpu, &d->cpu);
    }
    d->at = at;
    if (at != NOWHERE) {
        struct server *const s = &m->server[at];
        add_desktop_load(s->disk, s->desktop_disk_class, reads_per_s, &d->disk);
        add_desktop_load(s->cpu, s->desktop_cpu_class, reads_per_s * c->cpu_per_read_s, &d->cpu);
    }
}

static void schedule_probe(struct mail_farm *m, uint32_t server);
static void foresee(struct mail_farm *m);

enum sim_err mail_farm_create(struct sim *sim, const struct mail_config *config,
                              struct mail_farm **out)
{
    enum sim_err err = SIM_ENOMEM;
    struct mail_farm *const m = calloc(1, sizeof *m);
    if (m == NULL) {
        return err;
    }
    m->window_end_s = sim_now(sim) + window_s;
    m->sim = sim;
    foresee(m);
    m->config = config;
    m->transactions.record_byte = sizeof(struct transaction);
    m->server = sim_lines_create(config->servers, sizeof *m->server);
    if (m->server != NULL) {
        err = SIM_OK;
    }
    for (uint32_t i = 0; i < config->servers && err == SIM_OK; i++) {
        err = create_server(m, &m->server[i]);
        m->server[i].desktop.at = NOWHERE;
        if (err == SIM_OK) {
            move_desktop(m, i, (int32_t)i);
        }
        sim_open_stream(sim, &m->server[i].probe_stream, i, PURPOSE_DESKTOP, 0);
        schedule_probe(m, i);
    }
    if (err != SIM_OK) {
        mail_farm_destroy(m);
        return err;
    }
    *out = m;
    return SIM_OK;
}

void mail_farm_destroy(struct mail_farm *m)
{
    if (m == NULL) {
        return;
    }
    for (uint32_t i = 0; m->server != NULL && i < m->config->servers; i++) {
        sim_station_destroy(m->server[i].line);
        sim_fluid_destroy(m->server[i].disk);
        sim_fluid_destroy(m->server[i].cpu);
    }
    free(m->server);
    sim_slots_fini(&m->transactions);
    free(m);
}

static void close_window(struct mail_farm *m)
{
    m->worst_s = m->window.n > 0 ? fmax(m->worst_s, m->window.mean) : m->worst_s;
    m->window = (struct sim_tally){0};
}

double mail_farm_worst_response_s(const struct mail_farm *m)
{
    const bool counts = m->window.n > 0 && m->window_end_s - sim_now(m->sim) <= window_s / 2;
    const struct sim_tally *const all = &m->stats.response_s;
    return all->n > 0 ? fmax(fmax(m->worst_s, all->mean), counts ? m->window.mean : 0)
                      : (double)NAN;
}

static void book_probe(struct mail_farm *m, double response_s)
{
    const double now_s = sim_now(m->sim);
    if (now_s >= m->window_end_s) {
        close_window(m);
        m->window_end_s += window_s * (floor((now_s - m->window_end_s) / window_s) + 1);
    }
    sim_tally_add(&m->window, response_s);
    sim_tally_add(&m->stats.response_s, response_s);
    m->stats.probes++;
}

static void on_cpu_end(void *self, uint64_t slot)
{
    struct mail_farm *const m = self;
    struct transaction t = *transaction_at(m, slot);
    sim_slots_release(&m->transactions, (uint32_t)slot);
    sim_station_release(m->server[t.at].line, &t.place);
    if (t.is_probe) {
        book_probe(m, sim_now(m->sim) - t.submitted_s);
    } else {
        m->stats.transactions++;
        t.done.fn(t.done.self, t.done.arg);
    }
}

static void start_flow(struct mail_farm *m, uint64_t slot, struct sim_fluid *resource,
                       uint32_t class_id, double amount, sim_call_fn *end)
{
    struct sim_handle flow;
    sim_fluid_start(resource, class_id, amount, (struct sim_call){end, m, slot}, &flow);
    transaction_at(m, slot)->flow = flow;
}

static void on_disk_end(void *self, uint64_t slot)
{
    struct mail_farm *const m = self;
    struct transaction *const t = transaction_at(m, slot);
    const struct server *const s = &m->server[t->at];
    const double cpu_s = t->reads * m->config->cpu_per_read_s;
    t->on_cpu = true;
    if (cpu_s > 0) {
        start_flow(m, slot, s->cpu, s->cpu_class, cpu_s * cpu_unit, on_cpu_end);
    } else {
        on_cpu_end(m, slot);
    }
}

static void foresee(struct mail_farm *m)
{
    sim_foresee(m->sim, on_disk_end, mail_fetch_end);
    sim_foresee(m->sim, on_cpu_end, mail_fetch_end);
}

static void on_place(void *self, uint64_t slot, enum sim_station_outcome outcome)
{
    struct mail_farm *const m = self;
    const struct transaction *const t = transaction_at(m, slot);
    const struct server *const s = &m->server[t->at];
    SIM_ASSERT(outcome == SIM_STATION_STARTED); /* the line is unbounded and patient */
    start_flow(m, slot, s->disk, s->disk_class, t->reads * read_unit, on_disk_end);
}

/* ---- Where a transaction goes ---- */

/* Who serves the mail files of `home` now; NOWHERE: nobody yet. */
static int32_t who_serves(const struct mail_farm *m, uint32_t home)
{
    const uint32_t mate = home + 1 < m->config->servers ? home + 1 : 0;
    if (!m->server[home].is_down) {
        return (int32_t)home;
    }
    const bool mate_can = m->config->has_mates && !m->server[mate].is_down;
    return mate_can && sim_now(m->sim) >= m->server[home].mate_from_s ? (int32_t)mate : NOWHERE;
}

/* Into the line of the server that has the mail file; else it waits outside of all. */
static void enter_line(struct mail_farm *m, uint32_t slot)
{
    struct transaction *const t = transaction_at(m, slot);
    t->at = who_serves(m, t->home);
    t->on_cpu = false;
    t->flow = (struct sim_handle){0, 0};
    if (t->at != NOWHERE) {
        const struct sim_station_job job = {
            .service_s = SIM_STATION_HELD, .fn = on_place, .self = m, .arg = slot};
        sim_station_enter(m->server[t->at].line, &job, &t->place);
    }
}

static void leave_line(struct mail_farm *m, struct transaction *t)
{
    const struct server *const s = &m->server[t->at];
    struct sim_handle place = t->place;
    sim_fluid_cancel(t->on_cpu ? s->cpu : s->disk, &t->flow);
    t->at = NOWHERE;
    sim_station_cancel(s->line, &place);
}

static bool is_present(const struct mail_farm *m, uint32_t slot)
{
    return transaction_at(m, slot)->head.generation % 2 == 1; /* sim/base/slots.h */
}

/* Some server came or went: who waited may go on, with the desktop users. */
static void go_on(struct mail_farm *m)
{
    for (uint32_t i = 0; i < m->config->servers; i++) {
        move_desktop(m, i, who_serves(m, i));
    }
    for (uint32_t slot = 0; slot < m->transactions.n; slot++) {
        if (is_present(m, slot) && transaction_at(m, slot)->at == NOWHERE) {
            enter_line(m, slot);
        }
    }
}

static void on_switch(void *self, uint64_t unused)
{
    (void)unused;
    go_on(self);
}

/* Those in service go last: their places must not be given to who is lost as well. */
static void lose_transactions(struct mail_farm *m, uint32_t server)
{
    sim_station_clear(m->server[server].line);
    for (uint32_t slot = 0; slot < m->transactions.n; slot++) {
        struct transaction *const t = transaction_at(m, slot);
        if (is_present(m, slot) && t->at == (int32_t)server) {
            m->stats.repeated++;
            leave_line(m, t);
        }
    }
}

void mail_farm_fail(struct mail_farm *m, uint32_t server, double age_s)
{
    const double left_s = fmax(m->config->switch_s - age_s, 0);
    struct server *const s = &m->server[server];
    SIM_ASSERT(!s->is_down);
    s->is_down = true;
    s->mate_from_s = sim_now(m->sim) + left_s;
    lose_transactions(m, server);
    go_on(m);
    sim_after(m->sim, left_s, (struct sim_call){on_switch, m, 0});
}

void mail_farm_restart(struct mail_farm *m, uint32_t server)
{
    SIM_ASSERT(m->server[server].is_down);
    m->server[server].is_down = false;
    go_on(m);
}

/* Takes it up and sends it on its way. */
static void submit(struct mail_farm *m, const struct transaction *wanted, struct sim_handle *handle)
{
    uint32_t slot;
    const enum sim_err err = sim_slots_take(&m->transactions, &slot);
    if (err != SIM_OK) {
        sim_raise(m->sim, err, "a mail server: %s", sim_err_text(err));
        return;
    }
    struct transaction *const t = transaction_at(m, slot);
    const struct sim_slot head = t->head;
    m->stats.submitted++;
    *t = *wanted;
    t->head = head;
    if (handle != NULL) {
        *handle = sim_slots_handle(&m->transactions, slot);
    }
    enter_line(m, slot);
}

void mail_farm_submit(struct mail_farm *m, uint32_t user, double reads, struct sim_call done,
                      struct sim_handle *handle)
{
    SIM_ASSERT(reads > 0);
    *handle = (struct sim_handle){0, 0};
    const struct transaction wanted = {
        .home = user % m->config->servers & HOME_MASK, .reads = reads, .done = done};
    submit(m, &wanted, handle);
}

static void on_probe(void *self, uint64_t server)
{
    struct mail_farm *const m = self;
    const struct transaction probe = {
        .home = server & HOME_MASK, .is_probe = true, .reads = 1, .submitted_s = sim_now(m->sim)};
    submit(m, &probe, NULL);
    schedule_probe(m, (uint32_t)server);
}

static void schedule_probe(struct mail_farm *m, uint32_t server)
{
    const double u = sim_stream_uniform(&m->server[server].probe_stream);
    const double gap_s = -m->config->probe_interval_s * log(u);
    sim_after(m->sim, gap_s, (struct sim_call){on_probe, m, server});
}

void mail_farm_cancel(struct mail_farm *m, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&m->transactions, *handle)) {
        return;
    }
    struct transaction *const t = transaction_at(m, handle->slot);
    m->stats.cancelled++;
    if (t->at == NOWHERE) {
        sim_slots_release(&m->transactions, handle->slot);
    } else {
        const struct server *const s = &m->server[t->at];
        struct sim_handle place = t->place;
        sim_fluid_cancel(t->on_cpu ? s->cpu : s->disk, &t->flow);
        sim_slots_release(&m->transactions, handle->slot);
        sim_station_cancel(s->line, &place);
    }
    *handle = (struct sim_handle){0, 0};
}

uint32_t mail_farm_n_servers(const struct mail_farm *m)
{
    return m->config->servers;
}

const struct sim_station *mail_farm_line(const struct mail_farm *m, uint32_t server)
{
    return m->server[server].line;
}

struct sim_fluid *mail_farm_disk(const struct mail_farm *m, uint32_t server)
{
    return m->server[server].disk;
}

struct sim_fluid *mail_farm_cpu(const struct mail_farm *m, uint32_t server)
{
    return m->server[server].cpu;
}

const struct mail_stats *mail_farm_stats(const struct mail_farm *m)
{
    return &m->stats;
}

uint64_t mail_farm_n_present(const struct mail_farm *m)
{
    return m->transactions.n_live;
}

double mail_usual_response_s(const struct mail_config *c)
{
    const double reads_per_s = desktop_reads_per_s(c);
    const double disk_left = c->disk_iops - reads_per_s;
    const double cores_left = c->cores - reads_per_s * c->cpu_per_read_s;
    return 1 / fmin(c->stream_iops, disk_left) + c->cpu_per_read_s / fmin(1, cores_left);
}
