/* Which keys can vary, and what is told of those that cannot. */
#include "study/sweep_reader_internal.h"

#include "models/element.h"

#include <stdio.h>
#include <string.h>

/* "grid.servers.B.cores.0" is an entry of the list at "servers.B.cores". */
void sweep_key_of(const char *path, char key[static KEY_TEXT])
{
    snprintf(key, KEY_TEXT, "%s", path);
    char *const dot = strrchr(key, '.');
    if (dot != NULL && dot[1] != '\0' && strspn(dot + 1, "0123456789") == strlen(dot + 1)) {
        *dot = '\0';
    }
}

bool sweep_ends_at(struct sweep_reader *r, uint64_t i)
{
    enum { EVERY = 4096 };
    r->is_stopped =
        r->is_stopped || (i % EVERY == 0 && r->stop_requested != NULL && r->stop_requested(NULL));
    return r->is_stopped;
}

void sweep_note(struct sweep_reader *r, enum sim_err err, struct origin origin, const char *key,
                const struct sim_error *e)
{
    if (err == SIM_ENOMEM) {
        r->is_out_of_memory = true;
    } else if (err != SIM_OK) {
        problems_add(r->problems, origin, "sweep: %s: %s", key, e->text);
    }
}

/* What says how a study is run, and not what is simulated, cannot vary within it. */
static bool is_of_study(const char *key)
{
    static const char *const of_study[] = {"schema", "title", "replications", "confidence"};
    for (size_t i = 0; i < sizeof of_study / sizeof of_study[0]; i++) {
        if (strcmp(key, of_study[i]) == 0) {
            return true;
        }
    }
    return strncmp(key, "precision.", 10) == 0;
}

bool sweep_check_key(struct sweep_reader *r, const char *key, struct origin origin)
{
    struct schema_place place;
    char near[160];
    char text[512];
    if (!schema_locate(key, &place) || place.row == NULL) {
        const bool has_near = schema_suggest(key, near, sizeof near);
        problems_add(r->problems, origin, "sweep: unknown key '%s'%s%s%s", key,
                     has_near ? "; did you mean '" : "; 'primestorm keys' lists all of them",
                     has_near ? near : "", has_near ? "'?" : "");
        return false;
    }
    if (is_of_study(key)) {
        problems_add(r->problems, origin, "sweep: %s is the same for all points of a study", key);
        return false;
    }
    if (!element_is_there(r->settings, &place)) {
        element_missing_text(r->settings, &place, text, sizeof text);
        problems_add(r->problems, origin, "sweep: %s: %s", key, text);
        return false;
    }
    return true;
}
