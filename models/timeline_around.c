/* Entries of a timeline about what is around the servers: may they stand where they do? */
#include "models/timeline_internal.h"

#include <stddef.h>

static bool is_before(const struct timeline_entry *a, const struct timeline_entry *b)
{
    return a->at_s < b->at_s || (a->at_s == b->at_s && a < b);
}

static bool is_mail_down(const struct timeline_entry *timeline, uint32_t n,
                         const struct timeline_entry *t)
{
    const struct timeline_entry *last = NULL;
    for (uint32_t k = 0; k < n; k++) {
        const struct timeline_entry *const o = &timeline[k];
        const bool is_of_it = (o->action == ACTION_FAIL_MAIL || o->action == ACTION_RESTART_MAIL) &&
                              o->number == t->number;
        if (is_of_it && is_before(o, t) && (last == NULL || is_before(last, o))) {
            last = o;
        }
    }
    return last != NULL && last->action == ACTION_FAIL_MAIL;
}

enum sim_err timeline_check_mail(const struct timeline_entry *timeline, uint32_t n,
                                 const struct timeline_entry *t, struct sim_error *e)
{
    const bool is_down = is_mail_down(timeline, n, t);
    return is_down == (t->action == ACTION_RESTART_MAIL)
               ? SIM_OK
               : sim_fail(e, SIM_EINVAL, "'%s': mail server %u is %s then", t->text, t->number + 1,
                          is_down ? "down" : "up");
}

/* Groups and classes overlap; two groups do not, nor two classes. */
static bool may_meet(const struct timeline_entry *a, const struct timeline_entry *b)
{
    return a->whom == WHOM_ALL || a->whom != b->whom || a->number == b->number;
}

enum sim_err timeline_check_release(const struct timeline_entry *timeline, uint32_t n,
                                    const struct timeline_entry *t, struct sim_error *e)
{
    bool is_blocked = false;
    bool is_anybody = false;
    for (uint32_t k = 0; k < n; k++) {
        const struct timeline_entry *const o = &timeline[k];
        const bool is_block = o->action == ACTION_BLOCK && is_before(o, t);
        is_anybody |= is_block;
        is_blocked |= is_block && may_meet(o, t);
    }
    return is_blocked ? SIM_OK
                      : sim_fail(e, SIM_EINVAL, "'%s': %s before it", t->text,
                                 is_anybody ? "others are blocked" : "nobody is blocked");
}
