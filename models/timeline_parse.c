/* The words of a timeline entry. */
#include "models/timeline.h"

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

/* What an entry may say; NAME stands for a server, the first one and then `target`. */
static const struct {
    enum timeline_action action;
    const char *words;
} sentences[] = {
    {ACTION_FAIL_HOST, "fail host NAME"},
    {ACTION_RESTART_HOST, "restart host NAME"},
    {ACTION_RESTORE_HOST, "restore host NAME without state"},
    {ACTION_REDIRECT, "redirect NAME to NAME"},
    {ACTION_FAIL_BACK, "fail back to NAME"},
};

enum { N_SENTENCES = sizeof sentences / sizeof sentences[0] };

static bool is_name(const char *word)
{
    return strcmp(word, "NAME") == 0;
}

static bool fits(const struct words *said, const struct words *wanted)
{
    if (said->n != wanted->n) {
        return false;
    }
    for (int i = 0; i < said->n; i++) {
        if (!is_name(wanted->word[i]) && strcasecmp(said->word[i], wanted->word[i]) != 0) {
            return false;
        }
    }
    return true;
}

static enum sim_err take_names(struct timeline_entry *entry, const struct words *said,
                               const struct words *wanted, const struct sync_server_config *servers,
                               uint32_t n_servers, struct sim_error *e)
{
    uint32_t *place = &entry->server;
    enum sim_err err = SIM_OK;
    for (int i = 0; i < said->n && err == SIM_OK; i++) {
        if (is_name(wanted->word[i])) {
            err = find_server(said->word[i], servers, n_servers, place, e);
            place = &entry->target;
        }
    }
    return err;
}

static enum sim_err fail_unknown(const char *text, struct sim_error *e)
{
    char allowed[256] = "";
    size_t used = 0;
    for (int i = 0; i < N_SENTENCES; i++) {
        used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s'%s'",
                                 i == 0 ? "" : ", ", sentences[i].words);
    }
    return sim_fail(e, SIM_EINVAL, "'%s' is not understood; allowed: %s", text, allowed);
}

enum sim_err timeline_parse(struct timeline_entry *entry, const struct sync_server_config *servers,
                            uint32_t n_servers, struct sim_error *e)
{
    struct words said;
    const bool is_short = split(entry->text, &said);
    for (int i = 0; i < N_SENTENCES && is_short; i++) {
        struct words wanted;
        (void)split(sentences[i].words, &wanted);
        if (fits(&said, &wanted)) {
            entry->action = sentences[i].action;
            return take_names(entry, &said, &wanted, servers, n_servers, e);
        }
    }
    return fail_unknown(entry->text, e);
}
