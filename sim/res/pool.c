#include "sim/res/pool.h"

#include "sim/base/heap.h"

struct record {
    _Alignas(64) struct sim_slot head; /* a cache line */
    uint64_t tokens;
    struct sim_call granted;
    bool is_granted;
};

struct sim_pool {
    struct sim *sim;
    uint64_t capacity, in_use;
    bool dispatching;
    struct sim_slots records;
    struct sim_heap line; /* by arrival */
    uint64_t next_sequence;
    struct sim_pool_stats stats;
};

enum sim_err sim_pool_create(struct sim *sim, uint64_t capacity, struct sim_pool **out)
{
    if (capacity == 0) {
        return SIM_EINVAL;
    }
    struct sim_pool *const p = calloc(1, sizeof *p);
    if (p == NULL) {
        return SIM_ENOMEM;
    }
    p->sim = sim;
    p->capacity = capacity;
    p->records.record_byte = sizeof(struct record);
    sim_timeavg_init(&p->stats.in_use, sim_now(sim), 0);
    sim_timeavg_init(&p->stats.waiting, sim_now(sim), 0);
    sim_timeavg_init(&p->stats.saturated, sim_now(sim), 0);
    *out = p;
    return SIM_OK;
}

void sim_pool_destroy(struct sim_pool *p)
{
    if (p == NULL) {
        return;
    }
    sim_heap_fini(&p->line);
    sim_slots_fini(&p->records);
    free(p);
}

static void update_averages(struct sim_pool *p)
{
    const double now_s = sim_now(p->sim);
    sim_timeavg_set(&p->stats.in_use, now_s, (double)p->in_use);
    sim_timeavg_set(&p->stats.waiting, now_s, p->line.n);
    sim_timeavg_set(&p->stats.saturated, now_s, p->line.n > 0);
}

static bool has(const struct sim_pool *p, uint64_t tokens)
{
    return tokens <= p->capacity - p->in_use;
}

static void grant(struct sim_pool *p, uint32_t slot)
{
    struct record *const r = sim_slots_at(&p->records, slot);
    const struct sim_call granted = r->granted;
    p->in_use += r->tokens;
    r->is_granted = true;
    p->stats.granted++;
    granted.fn(granted.self, granted.arg);
}

/* As in a station: the outermost call goes on with what callbacks return. */
static void dispatch(struct sim_pool *p)
{
    if (p->dispatching) {
        return;
    }
    p->dispatching = true;
    while (p->line.n > 0) {
        const uint32_t slot = sim_heap_slot(sim_heap_min(&p->line));
        const struct record *const r = sim_slots_at(&p->records, slot);
        if (!has(p, r->tokens)) {
            break;
        }
        sim_heap_remove(&p->line, slot);
        grant(p, slot);
    }
    p->dispatching = false;
    update_averages(p); /* once all has come to rest: who is served at once has not waited */
}

static enum sim_err take_record(struct sim_pool *p, uint64_t tokens, struct sim_call granted,
                                uint32_t *slot)
{
    const enum sim_err err = sim_slots_take(&p->records, slot);
    if (err != SIM_OK) {
        return err;
    }
    struct record *const r = sim_slots_at(&p->records, *slot);
    r->tokens = tokens;
    r->granted = granted;
    r->is_granted = false;
    return SIM_OK;
}

static enum sim_err join_line(struct sim_pool *p, uint32_t slot)
{
    const enum sim_err err = sim_heap_reserve(&p->line, slot + 1);
    if (err == SIM_OK) {
        sim_heap_push(&p->line, p->next_sequence++, slot);
    }
    return err;
}

/* Nobody stands in line, and there is enough: the request need not stand there either. */
static void grant_at_once(struct sim_pool *p, uint32_t slot)
{
    p->dispatching = true;
    grant(p, slot);
    p->dispatching = false;
}

static void fail(struct sim_pool *p, enum sim_err err)
{
    sim_raise(p->sim, err, "a pool: %s", sim_err_text(err));
}

void sim_pool_request(struct sim_pool *p, uint64_t tokens, struct sim_call granted,
                      struct sim_handle *handle)
{
    uint32_t slot;
    SIM_ASSERT(tokens <= p->capacity);
    *handle = (struct sim_handle){0, 0};
    enum sim_err err = take_record(p, tokens, granted, &slot);
    if (err != SIM_OK) {
        fail(p, err);
        return;
    }
    p->stats.requested++;
    *handle = sim_slots_handle(&p->records, slot);
    if (!p->dispatching && p->line.n == 0 && has(p, tokens)) {
        grant_at_once(p, slot);
    } else {
        err = join_line(p, slot);
        if (err != SIM_OK) {
            *handle = (struct sim_handle){0, 0};
            sim_slots_release(&p->records, slot);
            fail(p, err);
            return;
        }
    }
    dispatch(p);
}

bool sim_pool_return(struct sim_pool *p, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&p->records, *handle)) {
        return false;
    }
    const uint32_t slot = handle->slot;
    const struct record *const r = sim_slots_at(&p->records, slot);
    *handle = (struct sim_handle){0, 0};
    if (r->is_granted) {
        p->in_use -= r->tokens;
    } else {
        sim_heap_remove(&p->line, slot);
        p->stats.cancelled++;
    }
    sim_slots_release(&p->records, slot);
    dispatch(p);
    return true;
}

void sim_pool_fetch(const struct sim_pool *p, struct sim_handle request)
{
    if (request.generation != 0) {
        sim_slots_fetch(&p->records, request.slot);
    }
}

uint64_t sim_pool_in_use(const struct sim_pool *p)
{
    return p->in_use;
}

uint64_t sim_pool_capacity(const struct sim_pool *p)
{
    return p->capacity;
}

const struct sim_pool_stats *sim_pool_stats(const struct sim_pool *p)
{
    return &p->stats;
}
