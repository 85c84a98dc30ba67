/* Which solver is at work. All are exact; they differ in what they find hard.
 *
 * Up to SCAN_CLASSES classes are looked at one by one. Of more, the groups cost a fifth of the kinetic
 * solver as long as few classes cross the border, and an operation or two of a queue for each that does. So they
 * begin, and their crossings beyond `usual_crossings` an event are added up; quiet events pay them off.
 * When the sum exceeds what a change of solvers costs, the kinetic solver takes over, and hands back when
 * it has not been needed for long enough. The rule knows counts alone, no measured time, so the same run
 * changes at the same events; and as every change is paid for by the events before it, no input makes an
 * event cost more than O(log n) amortised. */
#include "sim/res/fluid_scan_internal.h"

#include <math.h>

enum {
    USUAL_CROSSINGS = 16, /* an event: above it the kinetic solver is the faster one */
    FEW_CROSSINGS = 4,    /* an event: below it the group solver is */
    CHANGE_COST = 256,    /* crossings that a change of solvers may cost, besides one a class */
    PATIENCE = 8          /* times that before the way back */
};

static bool is_kinetic(const struct sim_fluid *f)
{
    return f->stats.solver == SIM_FLUID_KINETIC;
}

static bool is_scan(const struct sim_fluid *f)
{
    return f->stats.solver == SIM_FLUID_SCAN;
}

double fluid_service(const struct sim_fluid *f, const struct class *c)
{
    return is_kinetic(f) ? c->service0 + fluid_kinetic_service(&f->kinetic, c->rank)
                         : groups_service(f, c);
}

bool fluid_shares(const struct sim_fluid *f, const struct class *c)
{
    return c->rank >= f->border;
}

void fluid_advance(struct sim_fluid *f)
{
    const double elapsed_s = fluid_advance_sums(f);
    if (is_kinetic(f) && elapsed_s > 0) {
        fluid_kinetic_advance(&f->kinetic, f->border, elapsed_s, f->level * elapsed_s);
    }
}

static double first_left(const struct sim_fluid *f, const struct class *c)
{
    return flow_at(&f->flows, c->heap.first)->end - fluid_service(f, c);
}

/* ---- Changing the solver ---- */

static uint32_t kinetic_settle(struct sim_fluid *f)
{
    const struct fluid_border b = fluid_kinetic_border(&f->kinetic, f->capacity);
    const uint32_t n_crossings =
        b.n_capped > f->n_capped ? b.n_capped - f->n_capped : f->n_capped - b.n_capped;
    f->border = b.border;
    f->n_capped = b.n_capped;
    f->capped_rate = b.capped_rate;
    f->sharing_weight = b.sharing_weight;
    fluid_rest(f);
    return n_crossings;
}

static void take_over_kinetic(struct sim_fluid *f)
{
    for (uint32_t id = 0; id < f->n_classes; id++) {
        const struct class *const c = &f->class[id];
        f->kinetic.kind[c->rank] = (struct fluid_kind){c->cap, c->weight};
        if (c->n > 0) {
            const double left = flow_at(&f->flows, c->heap.first)->end - c->service0;
            fluid_kinetic_place(&f->kinetic, c->rank, c->n, left);
        }
    }
    fluid_kinetic_build(&f->kinetic);
    kinetic_settle(f);
}

/* Every clock shows its service at last_s, and runs from there on as the groups want it. */
static void restart_clocks(struct sim_fluid *f)
{
    for (uint32_t id = 0; id < f->n_classes; id++) {
        struct class *const c = &f->class[id];
        c->service0 = fluid_service(f, c);
        f->rounded += (double)c->n * c->service0;
    }
    f->virtual_time = 0;
    f->capped_rate = f->sharing_weight = 0;
    for (uint32_t id = 0; id < f->n_classes; id++) {
        struct class *const c = &f->class[id];
        groups_start_clock(f, c, fluid_shares(f, c));
        groups_count_rate(f, c, c->n);
    }
}

static enum sim_err change_solver(struct sim_fluid *f, enum sim_fluid_solver to)
{
    enum sim_err err = SIM_OK;
    if (to == SIM_FLUID_KINETIC) {
        err = fluid_kinetic_reset(&f->kinetic, f->n_classes);
    } else if (to == SIM_FLUID_GROUPS) {
        err = groups_reserve(f);
    }
    if (err != SIM_OK) {
        return err;
    }
    restart_clocks(f);
    if (is_kinetic(f)) {
        fluid_kinetic_fini(&f->kinetic);
    } else if (is_scan(f)) {
        scan_leave(f);
    } else {
        groups_leave(f);
    }
    f->stats.solver = to;
    if (to == SIM_FLUID_KINETIC) {
        take_over_kinetic(f);
    } else if (to == SIM_FLUID_SCAN) {
        scan_take_over(f);
    } else {
        groups_take_over(f);
    }
    f->excess = 0;
    return SIM_OK;
}

/* Groups or kinetic, by the crossings. */
static enum sim_fluid_solver choose_by_crossings(struct sim_fluid *f, int64_t n_crossings)
{
    const int64_t cost = (int64_t)f->n_classes + CHANGE_COST;
    const bool was_kinetic = is_kinetic(f);
    f->excess += was_kinetic ? FEW_CROSSINGS - n_crossings : n_crossings - USUAL_CROSSINGS;
    f->excess = f->excess > 0 ? f->excess : 0;
    const bool changes = f->excess > (was_kinetic ? PATIENCE * cost : cost);
    return was_kinetic != changes ? SIM_FLUID_KINETIC : SIM_FLUID_GROUPS;
}

static bool may_scan(const struct sim_fluid *f)
{
    return f->n_classes <= SCAN_CLASSES &&
           (f->wanted == SIM_FLUID_AUTOMATIC || f->wanted == SIM_FLUID_SCAN);
}

static enum sim_fluid_solver choose(struct sim_fluid *f, int64_t n_crossings)
{
    if (may_scan(f)) {
        return SIM_FLUID_SCAN;
    }
    if (f->wanted == SIM_FLUID_AUTOMATIC) {
        return choose_by_crossings(f, n_crossings);
    }
    return f->wanted == SIM_FLUID_KINETIC ? SIM_FLUID_KINETIC : SIM_FLUID_GROUPS;
}

enum sim_err fluid_refresh_ranks(struct sim_fluid *f)
{
    if (!f->ranks_are_stale) {
        return SIM_OK;
    }
    const bool was_kinetic = is_kinetic(f);
    enum sim_err err = SIM_OK;
    if (f->stats.solver != SIM_FLUID_GROUPS) {
        err = change_solver(f, SIM_FLUID_GROUPS);
    }
    if (err == SIM_OK && !may_scan(f)) { /* many servers are scanned and never need queues */
        err = groups_reserve(f);
    }
    if (err == SIM_OK) {
        err = fluid_rank_classes(f);
    }
    if (err == SIM_OK && (was_kinetic || may_scan(f))) {
        err = change_solver(f, was_kinetic ? SIM_FLUID_KINETIC : SIM_FLUID_SCAN);
    }
    return err;
}

/* ---- Whichever solver ---- */

void fluid_begin_class(struct sim_fluid *f, struct class *c)
{
    if (!is_scan(f)) {
        rankset_add(&f->present, c->rank);
    }
    if (is_kinetic(f)) {
        c->service0 = 0;
        f->n_capped += fluid_shares(f, c) ? 0 : 1;
    } else {
        groups_begin_clock(f, c);
    }
}

void fluid_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed)
{
    const struct class *const c = &f->class[id];
    if (is_scan(f)) {
        scan_class_changed(f, c, more, first_changed);
        return;
    }
    if (c->n == 0) {
        rankset_remove(&f->present, c->rank);
    }
    if (is_kinetic(f)) {
        f->n_capped -= c->n == 0 && !fluid_shares(f, c) ? 1 : 0;
        fluid_kinetic_put(&f->kinetic, c->rank, c->n, c->n == 0 ? 0 : first_left(f, c));
    } else {
        groups_class_changed(f, id, more, first_changed);
    }
}

static void change_if_wanted(struct sim_fluid *f, int64_t n_crossings)
{
    const enum sim_fluid_solver next = choose(f, n_crossings);
    if (next == f->stats.solver || f->ranks_are_stale || f->n_classes == 0) {
        return;
    }
    const enum sim_err err = change_solver(f, next);
    if (err != SIM_OK) {
        sim_raise(f->sim, err, "a shared resource: %s", sim_err_text(err));
        return;
    }
    f->stats.n_solver_changes++;
}

static uint32_t find_border(struct sim_fluid *f, struct level_change may)
{
    if (is_scan(f)) {
        return scan_settle(f, may);
    }
    return is_kinetic(f) ? kinetic_settle(f) : groups_settle(f, may);
}

void fluid_settle(struct sim_fluid *f, struct level_change may)
{
    const uint32_t n_crossings = find_border(f, may);
    f->stats.n_crossings += n_crossings;
    fluid_find_level(f);
    change_if_wanted(f, n_crossings);
    f->keeps_scanning = is_scan(f) && may_scan(f) && !f->ranks_are_stale;
}

struct fluid_end fluid_next_end(struct sim_fluid *f)
{
    if (is_scan(f)) {
        return scan_next_end(f);
    }
    if (!is_kinetic(f)) {
        return groups_next_end(f);
    }
    const struct fluid_first first = fluid_kinetic_first(&f->kinetic, f->border, f->level);
    return (struct fluid_end){f->last_s + first.after_s, f->by_rank[first.rank]};
}
