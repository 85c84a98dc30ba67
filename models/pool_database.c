#include "models/pool_database.h"

#include "models/purpose.h"

#include <math.h>
#include <stdlib.h>

static const double cpu_unit = 1e9; /* CPU time is counted in core-nanoseconds */

enum job_phase { JOB_UNDER_WAY, JOB_CPU, JOB_DISK };

struct job {
    struct sim_slot head;
    uint64_t transactions;
    struct sim_call done;
    enum job_phase phase;
    struct sim_handle step; /* of the phase */
};

struct pool_database {
    struct sim *sim;
    const struct pool_database_config *config;
    struct state_db *state;
    struct sim_fluid *cpu;
    uint32_t cpu_class;
    struct sim_disk *disk;
    struct sim_slots jobs;
    uint32_t *n_jobs; /* by user, so far */
};

static enum sim_err create_parts(struct pool_database *p)
{
    const struct pool_database_config *const c = p->config;
    enum sim_err err = sim_fluid_create(p->sim, (uint64_t)(c->cores * cpu_unit), &p->cpu);
    if (err == SIM_OK) {
        err = sim_fluid_add_class(p->cpu, (uint64_t)cpu_unit, 1, &p->cpu_class);
    }
    if (err == SIM_OK) {
        err = sim_disk_create(p->sim, 1 / c->iops, c->group, &p->disk);
    }
    return err;
}

enum sim_err pool_database_create(struct sim *sim, const struct pool_database_config *config,
                                  uint32_t n_devices, uint32_t n_users, uint32_t n_poison,
                                  struct pool_database **out)
{
    struct pool_database *const p = calloc(1, sizeof *p);
    if (p == NULL) {
        return SIM_ENOMEM;
    }
    p->sim = sim;
    p->config = config;
    p->jobs.record_byte = sizeof(struct job);
    p->n_jobs = calloc(n_users, sizeof *p->n_jobs);
    enum sim_err err = p->n_jobs != NULL ? SIM_OK : SIM_ENOMEM;
    if (err == SIM_OK) {
        err = state_db_create(n_devices, n_users, n_poison, &p->state);
    }
    if (err == SIM_OK) {
        err = create_parts(p);
    }
    if (err != SIM_OK) {
        pool_database_destroy(p);
        return err;
    }
    *out = p;
    return SIM_OK;
}

void pool_database_destroy(struct pool_database *p)
{
    if (p == NULL) {
        return;
    }
    state_db_destroy(p->state);
    sim_fluid_destroy(p->cpu);
    sim_disk_destroy(p->disk);
    sim_slots_fini(&p->jobs);
    free(p->n_jobs);
    free(p);
}

static struct job *job_at(const struct pool_database *p, uint64_t slot)
{
    return sim_slots_at(&p->jobs, (uint32_t)slot);
}

static void on_committed(void *self, uint64_t slot)
{
    struct pool_database *const p = self;
    const struct sim_call done = job_at(p, slot)->done;
    sim_slots_release(&p->jobs, (uint32_t)slot);
    done.fn(done.self, done.arg);
}

static void on_cpu_end(void *self, uint64_t slot)
{
    struct pool_database *const p = self;
    struct sim_handle step;
    job_at(p, slot)->phase = JOB_DISK;
    sim_disk_submit(p->disk, job_at(p, slot)->transactions,
                    (struct sim_call){on_committed, p, slot}, &step);
    job_at(p, slot)->step = step;
}

static void on_arrival(void *self, uint64_t slot)
{
    struct pool_database *const p = self;
    const double cpu_s = (double)job_at(p, slot)->transactions * p->config->cpu_per_transaction_s;
    struct sim_handle step;
    if (cpu_s <= 0) {
        on_cpu_end(p, slot);
        return;
    }
    job_at(p, slot)->phase = JOB_CPU;
    sim_fluid_start(p->cpu, p->cpu_class, cpu_s * cpu_unit, (struct sim_call){on_cpu_end, p, slot},
                    &step);
    job_at(p, slot)->step = step;
}

/* Of all transactions of the user's next job. */
static double draw_latency_s(struct pool_database *p, uint32_t user, uint64_t transactions)
{
    struct sim_stream stream;
    double sum_s = 0;
    sim_open_stream(p->sim, &stream, user, PURPOSE_DATABASE, (uint16_t)p->n_jobs[user]++);
    for (uint64_t i = 0; i < transactions; i++) {
        sum_s += fmax(sim_dist_draw(p->config->latency, &stream), 0);
    }
    return sum_s;
}

void pool_database_submit(struct pool_database *p, uint32_t user, uint64_t transactions,
                          struct sim_call done, struct sim_handle *handle)
{
    uint32_t slot;
    const double latency_s = draw_latency_s(p, user, transactions);
    const enum sim_err err = sim_slots_take(&p->jobs, &slot);
    *handle = (struct sim_handle){0, 0};
    if (err != SIM_OK) {
        sim_raise(p->sim, err, "the pool's database: %s", sim_err_text(err));
        return;
    }
    struct job *const j = job_at(p, slot);
    j->transactions = transactions;
    j->done = done;
    j->phase = JOB_UNDER_WAY;
    *handle = sim_slots_handle(&p->jobs, slot);
    if (latency_s > 0) {
        j->step = sim_after(p->sim, latency_s, (struct sim_call){on_arrival, p, slot});
    } else {
        on_arrival(p, slot);
    }
}

void pool_database_cancel(struct pool_database *p, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&p->jobs, *handle)) {
        return;
    }
    const struct job *const j = job_at(p, handle->slot);
    const enum job_phase phase = j->phase;
    struct sim_handle step = j->step;
    sim_slots_release(&p->jobs, handle->slot);
    *handle = (struct sim_handle){0, 0};
    switch (phase) {
    case JOB_UNDER_WAY:
        sim_cancel(p->sim, &step);
        break;
    case JOB_CPU:
        sim_fluid_cancel(p->cpu, &step);
        break;
    case JOB_DISK:
        sim_disk_cancel(p->disk, &step);
        break;
    }
}

struct state_db *pool_database_state(const struct pool_database *p)
{
    return p->state;
}

struct sim_disk *pool_database_disk(const struct pool_database *p)
{
    return p->disk;
}

struct sim_fluid *pool_database_cpu(const struct pool_database *p)
{
    return p->cpu;
}
