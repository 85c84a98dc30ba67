#include "models/timeline.h"

#include "sim/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_WORDS = 5, WORD_BYTE = 64 };

struct words {
    char word[MAX_WORDS][WORD_BYTE];
    int n;
};

/* Splits at white space; false if there are too many or too long words. */
static bool split(const char *text, struct words *w)
{
    w->n = 0;
    for (const char *p = text; *p != '\0';) {
        while (isspace((unsigned char)*p)) {
            p++;
        }
        size_t length = 0;
        while (p[length] != '\0' && !isspace((unsigned char)p[length])) {
            length++;
        }
        if (length == 0) {
            break;
        }
        if (w->n == MAX_WORDS || length >= WORD_BYTE) {
            return false;
        }
        memcpy(w->word[w->n], p, length);
        w->word[w->n++][length] = '\0';
        p += length;
    }
    return true;
}

static enum sim_err find_server(const char *name, const struct sync_server_config *servers,
                                uint32_t n_servers, uint32_t *server, struct sim_error *e)
{
    char known[256] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < n_servers; i++) {
        if (strcasecmp(servers[i].name, name) == 0) {
            *server = i;
            return SIM_OK;
        }
        if (used < sizeof known) {
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                                     servers[i].name);
        }
    }
    return sim_fail(e, SIM_EINVAL, "there is no server '%s'; servers: %s", name, known);
}

enum sim_err timeline_parse(struct timeline_entry *entry, const struct sync_server_config *servers,
                            uint32_t n_servers, struct sim_error *e)
{
    struct words w;
    if (split(entry->text, &w) && w.n == 3 && strcasecmp(w.word[0], "fail") == 0 &&
        strcasecmp(w.word[1], "host") == 0) {
        entry->action = ACTION_FAIL_HOST;
        return find_server(w.word[2], servers, n_servers, &entry->server, e);
    }
    if (split(entry->text, &w) && w.n == 4 && strcasecmp(w.word[0], "redirect") == 0 &&
        strcasecmp(w.word[2], "to") == 0) {
        entry->action = ACTION_REDIRECT;
        const enum sim_err err = find_server(w.word[1], servers, n_servers, &entry->server, e);
        return err != SIM_OK ? err : find_server(w.word[3], servers, n_servers, &entry->target, e);
    }
    return sim_fail(e, SIM_EINVAL,
                    "'%s' is not understood; allowed: 'fail host NAME', 'redirect NAME to NAME'",
                    entry->text);
}
