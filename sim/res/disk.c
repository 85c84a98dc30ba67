#include "sim/res/disk.h"

#include "sim/base/heap.h"
#include "sim/base/minmax.h"

#include <math.h>

/* Ring of jobs. Slot 0 is not a job but the ring's mark: each time the head passes it, a new round
 * begins. A job that joins in round r with n commits gets its last one in round r + n. */
struct record {
    _Alignas(64) struct sim_slot head; /* a cache line */
    uint32_t next, previous;           /* slots in the ring */
    uint64_t last_round;
    struct sim_call done;
    bool is_done; /* out of the ring, its callback is to come */
};

enum { MARK = 0 };

/* Where the head stands. */
struct place {
    uint32_t slot; /* the job served next; never MARK unless the ring is empty */
    uint64_t round;
};

struct sim_disk {
    struct sim *sim;
    double io_s;
    uint32_t group;
    struct sim_slots records;
    struct sim_heap by_last_round;
    uint32_t n_jobs;
    struct place head; /* first job of the I/O under way */
    uint32_t batch;    /* jobs of the I/O under way; fewer after a cancellation */
    bool is_busy;
    double busy_since_s; /* I/O i of a busy period ends at busy_since_s + (i + 1) io_s */
    uint64_t io_index;   /* of the I/O under way */
    uint64_t target;     /* I/Os, this one included, to the end of the next that ends a job */
    struct place ending; /* first job of that I/O */
    unsigned fetch_step; /* of what its end will touch */
    struct sim_handle event;
    struct sim_handle *finished; /* room for `group` jobs whose callbacks are to come */
    struct sim_disk_stats stats;
};

static struct record *at(const struct sim_disk *d, uint32_t slot)
{
    return sim_slots_at(&d->records, slot);
}

static enum sim_err create_ring(struct sim_disk *d)
{
    uint32_t slot;
    d->records.record_byte = sizeof(struct record);
    const enum sim_err err = sim_slots_take(&d->records, &slot);
    if (err == SIM_OK) {
        SIM_ASSERT(slot == MARK);
        at(d, MARK)->next = at(d, MARK)->previous = MARK;
    }
    return err;
}

static void on_ios_end(void *self, uint64_t unused);
static bool fetch_ios_end(void *self, uint64_t unused, unsigned step);

enum sim_err sim_disk_create(struct sim *sim, double io_s, uint32_t group, struct sim_disk **out)
{
    if (!(io_s > 0 && io_s < INFINITY) || group == 0) {
        return SIM_EINVAL;
    }
    struct sim_disk *const d = calloc(1, sizeof *d);
    if (d == NULL) {
        return SIM_ENOMEM;
    }
    d->sim = sim;
    d->io_s = io_s;
    d->group = group;
    d->finished = calloc(group, sizeof *d->finished);
    if (d->finished == NULL || create_ring(d) != SIM_OK) {
        sim_disk_destroy(d);
        return SIM_ENOMEM;
    }
    sim_timeavg_init(&d->stats.present, sim_now(sim), 0);
    sim_timeavg_init(&d->stats.busy, sim_now(sim), 0);
    sim_timeavg_init(&d->stats.saturated, sim_now(sim), 0);
    sim_foresee(sim, on_ios_end, fetch_ios_end);
    *out = d;
    return SIM_OK;
}

void sim_disk_destroy(struct sim_disk *d)
{
    if (d == NULL) {
        return;
    }
    sim_heap_fini(&d->by_last_round);
    sim_slots_fini(&d->records);
    free(d->finished);
    free(d);
}

static void update_averages(struct sim_disk *d)
{
    const double now_s = sim_now(d->sim);
    sim_timeavg_set(&d->stats.present, now_s, d->n_jobs);
    sim_timeavg_set(&d->stats.busy, now_s, d->is_busy);
    sim_timeavg_set(&d->stats.saturated, now_s, d->n_jobs > d->group);
}

/* How many jobs an I/O that starts now carries. */
static uint32_t full_batch(const struct sim_disk *d)
{
    return d->n_jobs < d->group ? d->n_jobs : d->group;
}

static void step(const struct sim_disk *d, struct place *p)
{
    p->slot = at(d, p->slot)->next;
    if (p->slot == MARK) {
        p->slot = at(d, MARK)->next;
        p->round++;
    }
}

/* Moves over `commits` jobs, whole rounds at once. */
static void move(const struct sim_disk *d, struct place *p, uint64_t commits)
{
    p->round += commits / d->n_jobs;
    for (uint64_t i = commits % d->n_jobs; i > 0; i--) {
        step(d, p);
    }
}

/* Does an I/O of `batch` jobs from `p` on end a job? Moves `p` over them. */
static bool batch_ends_job(const struct sim_disk *d, struct place *p, uint32_t batch)
{
    bool ends = false;
    for (uint32_t i = 0; i < batch; i++) {
        ends = ends || at(d, p->slot)->last_round == p->round;
        step(d, p);
    }
    return ends;
}

/* I/Os after the one under way, of `batch` jobs each, in which nobody can end: a job with r commits
 * to go is still there after (r - 1) n commits of n jobs, and r >= its last round - this round. */
static uint64_t safe_ios(const struct sim_disk *d, const struct place *p, uint32_t batch)
{
    const uint64_t first_last = sim_heap_min(&d->by_last_round).key;
    const uint64_t rounds = first_last > p->round + 1 ? first_last - p->round - 1 : 0;
    return rounds * d->n_jobs / batch;
}

/* When the n-th I/O from the one under way on ends. */
static double io_end_s(const struct sim_disk *d, uint64_t n)
{
    return d->busy_since_s + (double)(d->io_index + n) * d->io_s;
}

/* Finds the I/O that ends the next job, from the one under way on. */
static void find_ending(struct sim_disk *d)
{
    struct place p = d->head;
    d->target = 1;
    d->ending = p;
    if (d->n_jobs == 1 && d->batch == 1) { /* has all I/Os: 0.6 % of a storm's instructions */
        d->ending.round = at(d, p.slot)->last_round;
        d->target += d->ending.round - p.round;
    } else if (d->n_jobs > 0 && !batch_ends_job(d, &p, d->batch)) {
        const uint32_t batch = full_batch(d);
        const uint64_t safe = safe_ios(d, &p, batch);
        move(d, &p, safe * batch);
        d->target += safe;
        do {
            d->target++;
            d->ending = p;
        } while (!batch_ends_job(d, &p, batch));
    }
}

/* Schedules the end of that I/O. */
static void plan(struct sim_disk *d)
{
    const struct place before = d->ending;
    find_ending(d);
    if (d->ending.slot != before.slot || d->ending.round != before.round) {
        d->fetch_step = 0;
    }
    const double end_s = sim_max(io_end_s(d, d->target), sim_now(d->sim));
    if (sim_is_pending(d->sim, d->event)) {
        sim_reschedule(d->sim, d->event, end_s);
    } else {
        d->event = sim_at(d->sim, end_s, SIM_NORMAL, (struct sim_call){on_ios_end, d, 0});
    }
}

/* Accounts for `n` I/Os that have ended without ending a job. */
static void pass_ios(struct sim_disk *d, uint64_t n)
{
    if (n == 0) {
        return;
    }
    const uint32_t batch = full_batch(d);
    const uint64_t commits = d->batch + (n - 1) * batch;
    move(d, &d->head, commits);
    d->stats.commits += commits;
    d->stats.ios += n;
    d->io_index += n;
    d->target -= n;
    d->batch = batch;
}

/* Brings the head to the I/O that is under way now; the last of the plan is left to on_ios_end. */
static void catch_up(struct sim_disk *d)
{
    if (!d->is_busy) {
        return;
    }
    const double now_s = sim_now(d->sim);
    const double estimate = floor((now_s - io_end_s(d, 0)) / d->io_s);
    const uint64_t limit = d->target - 1;
    uint64_t ended = estimate < (double)limit ? (uint64_t)sim_max(estimate, 0) : limit;
    while (ended > 0 && io_end_s(d, ended) > now_s) {
        ended--; /* the division was rounded up */
    }
    while (ended < limit && io_end_s(d, ended + 1) <= now_s) {
        ended++;
    }
    pass_ios(d, ended);
}

/* The jobs that the I/O will end, and what they call. Some may have gone since that was planned. When the I/O is
 * put off or brought forward, the steps go on. */
static bool fetch_ios_end(void *self, uint64_t unused, unsigned unused_step)
{
    struct sim_disk *const d = self;
    struct place p = d->ending;
    bool goes_on = false;
    (void)unused;
    (void)unused_step;
    for (uint32_t i = 0; i < full_batch(d); i++) {
        const struct record *const r = at(d, p.slot);
        if (p.slot != MARK && r->last_round == p.round && !r->is_done &&
            (r->head.generation & 1) != 0) {
            goes_on |= sim_fetch(d->sim, &r->done, d->fetch_step);
        }
        step(d, &p);
    }
    d->fetch_step++;
    return goes_on;
}

static void unlink_job(struct sim_disk *d, uint32_t slot)
{
    const struct record *const r = at(d, slot);
    if (d->head.slot == slot) {
        step(d, &d->head);
    }
    at(d, r->previous)->next = r->next;
    at(d, r->next)->previous = r->previous;
    sim_heap_remove(&d->by_last_round, slot);
    d->n_jobs--;
    if (d->n_jobs == 0) {
        d->head.slot = MARK;
    }
}

/* The last I/O of the plan: each job of its batch makes a commit, and those that made their last
 * leave the ring. Returns how many; they are in `finished`, and can be cancelled until their turn. */
static uint32_t end_batch(struct sim_disk *d)
{
    const uint32_t batch = d->batch;
    uint32_t n_finished = 0;
    for (uint32_t i = 0; i < batch; i++) {
        struct record *const r = at(d, d->head.slot);
        if (r->last_round == d->head.round) {
            r->is_done = true;
            d->finished[n_finished++] = sim_slots_handle(&d->records, d->head.slot);
            unlink_job(d, d->head.slot); /* moves the head on */
        } else {
            step(d, &d->head);
        }
    }
    d->stats.commits += batch;
    d->stats.ios++;
    d->stats.completed += n_finished;
    return n_finished;
}

/* Begins an I/O at busy_since_s + io_index * io_s, or lets the disk rest. */
static void begin_io(struct sim_disk *d)
{
    d->is_busy = d->n_jobs > 0;
    d->batch = full_batch(d);
    if (d->is_busy) {
        plan(d);
    }
}

static void on_ios_end(void *self, uint64_t unused)
{
    struct sim_disk *const d = self;
    (void)unused;
    pass_ios(d, d->target - 1);
    const uint32_t n_finished = end_batch(d);
    d->io_index++;
    begin_io(d);
    update_averages(d);
    for (uint32_t i = 0; i < n_finished; i++) {
        if (sim_slots_is_live(&d->records, d->finished[i])) {
            const struct sim_call done = at(d, d->finished[i].slot)->done;
            sim_slots_release(&d->records, d->finished[i].slot);
            done.fn(done.self, done.arg);
        }
    }
}

/* Behind all that stand in line, that is in front of the head; the jobs of the I/O under way will
 * ask for their next commit only after the new job has asked for its first. */
static void link_job(struct sim_disk *d, uint32_t slot, uint64_t commits, struct sim_call done)
{
    struct record *const r = at(d, slot);
    const uint32_t next = d->n_jobs == 0 ? MARK : d->head.slot;
    r->done = done;
    r->is_done = false;
    r->last_round = d->head.round + commits;
    r->next = next;
    r->previous = at(d, next)->previous;
    at(d, r->previous)->next = slot;
    at(d, next)->previous = slot;
    sim_heap_push(&d->by_last_round, r->last_round, slot);
    d->n_jobs++;
    if (d->n_jobs == 1) {
        d->head = (struct place){slot, d->head.round + 1};
    }
}

static enum sim_err reserve_job(struct sim_disk *d, uint32_t *slot)
{
    enum sim_err err = sim_slots_take(&d->records, slot);
    if (err != SIM_OK) {
        return err;
    }
    err = sim_heap_reserve(&d->by_last_round, *slot + 1);
    if (err != SIM_OK) {
        sim_slots_release(&d->records, *slot);
    }
    return err;
}

void sim_disk_submit(struct sim_disk *d, uint64_t commits, struct sim_call done,
                     struct sim_handle *handle)
{
    uint32_t slot;
    SIM_ASSERT(commits > 0);
    if (handle != NULL) {
        *handle = (struct sim_handle){0, 0};
    }
    const enum sim_err err = reserve_job(d, &slot);
    if (err != SIM_OK) {
        sim_raise(d->sim, err, "a disk: %s", sim_err_text(err));
        return;
    }
    catch_up(d);
    link_job(d, slot, commits, done);
    d->stats.submitted++;
    if (handle != NULL) {
        *handle = sim_slots_handle(&d->records, slot);
    }
    if (d->is_busy) {
        plan(d);
    } else {
        d->busy_since_s = sim_now(d->sim);
        d->io_index = 0;
        begin_io(d);
    }
    update_averages(d);
}

/* Is the job part of the I/O under way? */
static bool is_in_batch(const struct sim_disk *d, uint32_t slot)
{
    struct place p = d->head;
    for (uint32_t i = 0; i < d->batch; i++) {
        if (p.slot == slot) {
            return true;
        }
        step(d, &p);
    }
    return false;
}

bool sim_disk_cancel(struct sim_disk *d, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&d->records, *handle)) {
        return false;
    }
    const uint32_t slot = handle->slot;
    *handle = (struct sim_handle){0, 0};
    if (at(d, slot)->is_done) {
        sim_slots_release(&d->records, slot); /* its commits are on the disk; nobody is told */
        return true;
    }
    catch_up(d);
    if (is_in_batch(d, slot)) {
        d->batch--;
    }
    unlink_job(d, slot);
    sim_slots_release(&d->records, slot);
    d->stats.cancelled++;
    plan(d);
    update_averages(d);
    return true;
}

void sim_disk_clear(struct sim_disk *d)
{
    for (uint32_t slot = MARK + 1; slot < d->records.n; slot++) {
        struct sim_handle handle = sim_slots_handle(&d->records, slot);
        sim_disk_cancel(d, &handle);
    }
}

uint32_t sim_disk_n_jobs(const struct sim_disk *d)
{
    return d->n_jobs;
}

const struct sim_disk_stats *sim_disk_stats(struct sim_disk *d)
{
    catch_up(d);
    return &d->stats;
}
