/* Commands at the console of a server in a timeline: may they be given then, and what do they come to? */
#include "models/timeline_internal.h"

static const char *name_of_task(enum timeline_task task)
{
    return task == TASK_HTTP ? "HTTP" : "Traveler";
}

/* Where a command without a server is given: where connections go, to a dead server until that is noticed; in a pool at
 * the first that is up. What is to be loaded runs nowhere: at the first server. */
uint32_t timeline_console(const struct walk *w, const struct timeline_entry *t)
{
    uint32_t server = w->before;
    if (t->is_at_server || t->action == ACTION_LOAD || t->action == ACTION_LOAD_DEFRAG) {
        return t->server;
    }
    if (timeline_is_pool(w)) {
        for (server = 0; server + 1 < w->n_servers && timeline_is_gone(w, server); server++) {
        }
    }
    return server;
}

static enum sim_err check_console(const struct walk *w, const struct timeline_entry *t,
                                  struct sim_error *e)
{
    const uint32_t server = timeline_console(w, t);
    const struct standing *const s = &w->standing[server];
    if (s->is_quit) {
        return sim_fail(e, SIM_EINVAL, "'%s': %s of %s has been quit before (timeline.%u)", t->text,
                        name_of_task(s->task), timeline_name_of(w, server), s->failed_by);
    }
    if (s->has_failed) {
        return sim_fail(e, SIM_EINVAL, "'%s': host %s is down then, and so is its console", t->text,
                        timeline_name_of(w, server));
    }
    return SIM_OK;
}

/* Whoever is served by that server loses what it knows of him. */
enum sim_err timeline_follow_command(struct walk *w, const struct timeline_entry *t,
                                     struct sim_error *e)
{
    const uint32_t server = timeline_console(w, t);
    const enum sim_err err = check_console(w, t, e);
    if (err == SIM_OK && w->is_database_down && t->action != ACTION_QUIT) {
        return sim_fail(e, SIM_EINVAL,
                        "'%s': the pool's database is down then, and all state in it", t->text);
    }
    if (err == SIM_OK && (server == w->active || timeline_is_pool(w)) && w->outcome->is_served &&
        timeline_drops_state(t->action)) {
        timeline_count_loss(w, t->at_s);
    }
    return err;
}

enum sim_err timeline_follow_available(struct walk *w, const struct timeline_entry *t,
                                       struct sim_error *e)
{
    const bool is_off = t->action == ACTION_AVAILABLE_OFF;
    const uint32_t server = timeline_console(w, t);
    const enum sim_err err = check_console(w, t, e);
    if (err == SIM_OK && w->standing[server].is_unavailable == is_off) {
        return sim_fail(e, SIM_EINVAL, "'%s': %s is %s then", t->text, timeline_name_of(w, server),
                        is_off ? "unavailable" : "available");
    }
    w->standing[server].is_unavailable = is_off;
    return err;
}

static enum sim_err fail_runs(const struct walk *w, const struct timeline_entry *t,
                              struct sim_error *e)
{
    const char *const name = timeline_name_of(w, t->server);
    return t->is_at_server
               ? sim_fail(e, SIM_EINVAL, "'%s': %s runs at %s then", t->text, name_of_task(t->task),
                          name)
               : sim_fail(e, SIM_EINVAL,
                          "'%s': %s runs at %s then; another server is told by 'on NAME %s'",
                          t->text, name_of_task(t->task), name, t->text);
}

/* Another load would cut short what is under way. */
static enum sim_err fail_on_its_way(const struct walk *w, const struct timeline_entry *t,
                                    struct sim_error *e)
{
    const uint32_t by = w->standing[t->server].expected_by;
    return sim_fail(e, SIM_EINVAL, "'%s': %s of %s is under way then (timeline.%u)", t->text,
                    w->timeline[by].begins ? "a restore" : "a defragmentation",
                    timeline_name_of(w, t->server), by);
}

enum sim_err timeline_check_load(const struct walk *w, const struct timeline_entry *t,
                                 struct sim_error *e)
{
    const struct standing *const s = &w->standing[t->server];
    const char *const name = timeline_name_of(w, t->server);
    if (s->has_failed && !s->is_quit) {
        return sim_fail(e, SIM_EINVAL, "'%s': host %s is down then: 'restart host %s'", t->text,
                        name, name);
    }
    if (!s->has_failed || s->task != t->task) {
        return fail_runs(w, t, e);
    }
    return s->is_expected ? fail_on_its_way(w, t, e) : SIM_OK;
}
