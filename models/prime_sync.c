#include "models/prime_sync.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* At rest: whether the list is there, the state database knows. */
struct job {
    _Alignas(64) enum prime_state state; /* PRIME_NONE at rest */
    uint32_t documents_done;             /* the batch under way included */
    uint32_t batch;
    uint32_t documents, items; /* of the mail file, as it was when the job began: 1 % fewer waits */
    struct sim_handle worker, heap, work;
};

struct prime_sync {
    struct sim *sim;
    const struct prime_sync_config *config;
    struct sync_host *host;
    struct state_db *state;
    struct prime_watch watch;
    const struct mailbox *mailbox;
    uint32_t n_users, n_done;
    prime_changed_fn *changed;
    sim_fetch_fn *fetch_change; /* NULL: nobody says */
    void *self;
    struct sim_station *workers;
    struct job *job; /* by user */
};

static void run_batch(void *self, uint64_t user);
static bool fetch_job(void *self, uint64_t user, unsigned step);

enum sim_err prime_sync_create(struct sim *sim, const struct prime_sync_config *config,
                               struct sync_host *host, struct state_db *state, uint32_t workers,
                               const struct mailbox *mailboxes, uint32_t n_users,
                               prime_changed_fn *changed, void *self, struct prime_sync **out)
{
    enum sim_err err = SIM_ENOMEM;
    struct prime_sync *const p = calloc(1, sizeof *p);
    if (p == NULL) {
        return err;
    }
    p->sim = sim;
    p->config = config;
    p->host = host;
    p->state = state;
    p->mailbox = mailboxes;
    p->n_users = n_users;
    p->changed = changed;
    p->self = self;
    sim_foresee(sim, run_batch, fetch_job);
    p->job = sim_lines_create(n_users, sizeof *p->job);
    if (p->job != NULL) {
        err = sim_station_create(sim, workers, SIM_STATION_UNBOUNDED, &p->workers);
    }
    if (err != SIM_OK) {
        prime_sync_destroy(p);
        return err;
    }
    sim_station_foresee(p->workers, fetch_job);
    *out = p;
    return SIM_OK;
}

void prime_sync_destroy(struct prime_sync *p)
{
    if (p == NULL) {
        return;
    }
    sim_station_destroy(p->workers);
    free(p->job);
    free(p);
}

void prime_sync_watch(struct prime_sync *p, const struct prime_watch *watch)
{
    p->watch = *watch;
}

/* Items of the window among the first `documents` of the mail file, spread evenly. */
static double items_among(const struct mailbox *m, uint32_t documents)
{
    return (double)m->items * documents / m->documents;
}

struct work prime_sync_batch_work(const struct prime_sync_config *config,
                                  const struct mailbox *mailbox, uint32_t first, uint32_t documents)
{
    const double pages_per_item = config->state_byte_per_item / config->state_page_byte;
    const double items_before = items_among(mailbox, first);
    const double items_after = items_among(mailbox, first + documents);
    const double pages_before = ceil(items_before * pages_per_item);
    const double pages_after = ceil(items_after * pages_per_item);
    return (struct work){
        .mail_reads = documents * config->reads_per_document +
                      (items_after - items_before) * config->reads_per_item,
        .cpu_s = documents * config->cpu_per_document_s,
        .commits = (uint64_t)(pages_after - pages_before),
    };
}

static struct work work_of(const struct prime_sync *p, const struct job *j, uint32_t first,
                           uint32_t documents)
{
    const struct mailbox m = {.documents = j->documents & INT32_MAX, .items = j->items};
    return prime_sync_batch_work(p->config, &m, first, documents);
}

static void set_state(struct prime_sync *p, uint32_t user, enum prime_state state)
{
    p->job[user].state = state;
    p->changed(p->self, user, state);
}

static void finish(struct prime_sync *p, uint32_t user)
{
    struct job *const j = &p->job[user];
    sync_host_return_heap(p->host, &j->heap);
    sim_station_release(p->workers, &j->worker);
    p->n_done++;
    j->state = PRIME_NONE;
    state_db_set_list(p->state, user, true);
    p->changed(p->self, user, PRIME_DONE);
}

static bool is_going_down(const struct prime_sync *p, uint32_t user)
{
    const struct job *const j = &p->job[user];
    return p->watch.meets != NULL && j->batch > 0 &&
           p->watch.meets(p->watch.self, user, j->documents_done - j->batch, j->batch);
}

static void run_batch(void *self, uint64_t user)
{
    struct prime_sync *const p = self;
    struct job *const j = &p->job[user];
    const uint32_t left = j->documents - j->documents_done;
    if (is_going_down(p, (uint32_t)user)) {
        return;
    }
    if (left == 0) {
        finish(p, (uint32_t)user);
        return;
    }
    const uint32_t batch = left < p->config->batch_documents ? left : p->config->batch_documents;
    struct work work = work_of(p, j, j->documents_done, batch);
    work.user = (uint32_t)user;
    work.done = (struct sim_call){run_batch, p, user};
    j->documents_done += batch;
    j->batch = batch;
    sync_host_start_work(p->host, &work, &j->work);
}

void prime_sync_fetch(const struct prime_sync *p, uint32_t user)
{
    __builtin_prefetch(&p->job[user], 1);
    state_db_fetch_list(p->state, user);
}

void prime_sync_foresee(struct prime_sync *p, sim_fetch_fn *fetch)
{
    p->fetch_change = fetch;
}

/* First the job, then what it gives back at its end, who is told, and where it goes on. */
static bool fetch_job(void *self, uint64_t user, unsigned step)
{
    const struct prime_sync *const p = self;
    const struct job *const j = &p->job[user];
    if (step == 0) {
        __builtin_prefetch(j, 1);
        return true;
    }
    const bool ends = j->documents_done == j->documents;
    if (step == 1 && ends) {
        sync_host_fetch_heap(p->host, j->heap);
        sim_station_fetch_job(p->workers, j->worker);
        state_db_fetch_list(p->state, (uint32_t)user);
    }
    const bool is_told = p->fetch_change != NULL && (ends || j->state == PRIME_QUEUED);
    const bool tells_on = is_told && p->fetch_change(p->self, user, step - 1);
    return (!ends && sync_host_fetch_work(p->host, (uint32_t)user, step - 1)) || tells_on;
}

static void on_worker(void *self, uint64_t user, enum sim_station_outcome outcome)
{
    struct prime_sync *const p = self;
    SIM_ASSERT(outcome == SIM_STATION_STARTED); /* the line is unbounded and patient */
    set_state(p, (uint32_t)user, PRIME_RUNNING);
    sync_host_take_heap(p->host, (struct sim_call){run_batch, p, user}, &p->job[user].heap);
}

void prime_sync_request(struct prime_sync *p, uint32_t user, bool is_vip)
{
    struct job *const j = &p->job[user];
    if (prime_sync_state(p, user) != PRIME_NONE) {
        return;
    }
    const double ahead_of_all = 1e9; /* more than any number of documents */
    const bool by_size = p->config->order == PRIME_SMALLEST_FIRST;
    const struct sim_station_job job = {.service_s = SIM_STATION_HELD,
                                        .priority = (by_size ? p->mailbox[user].documents : 0) -
                                                    (is_vip ? ahead_of_all : 0),
                                        .fn = on_worker,
                                        .self = p,
                                        .arg = user};
    *j = (struct job){.documents = p->mailbox[user].documents, .items = p->mailbox[user].items};
    set_state(p, user, PRIME_QUEUED);
    sim_station_enter(p->workers, &job, &j->worker);
}

enum prime_state prime_sync_state(const struct prime_sync *p, uint32_t user)
{
    const enum prime_state state = p->job[user].state;
    return state == PRIME_NONE && state_db_has_list(p->state, user) ? PRIME_DONE : state;
}

/* What it has walked through will be walked through again. */
static void throw_away(struct prime_sync *p, uint32_t user)
{
    struct job *const j = &p->job[user];
    const uint32_t under_way = sync_host_is_working(p->host, j->work) ? j->batch : 0;
    if (j->documents_done > under_way) {
        const struct work work = work_of(p, j, 0, j->documents_done - under_way);
        sync_host_throw_away(p->host, &work);
    }
    sync_host_cancel_work(p->host, &j->work);
}

void prime_sync_stop(struct prime_sync *p)
{
    sim_station_clear(p->workers);
    for (uint32_t user = 0; user < p->n_users; user++) {
        struct job *const j = &p->job[user];
        if (j->state != PRIME_NONE) {
            throw_away(p, user);
        }
        sync_host_return_heap(p->host, &j->heap);
        *j = (struct job){0};
    }
}

void prime_sync_forget_user(struct prime_sync *p, uint32_t user)
{
    if (p->job[user].state != PRIME_NONE) {
        throw_away(p, user);
    }
    struct job held = p->job[user];
    p->job[user] = (struct job){0};
    sync_host_return_heap(p->host, &held.heap);
    sim_station_cancel(p->workers, &held.worker);
    state_db_set_list(p->state, user, false);
    if (held.state != PRIME_NONE) {
        p->changed(p->self, user, PRIME_NONE);
    }
}

const struct sim_station *prime_sync_workers(const struct prime_sync *p)
{
    return p->workers;
}

uint32_t prime_sync_n_done(const struct prime_sync *p)
{
    return p->n_done;
}
