/* The words of a timeline entry. */
#include "models/timeline.h"
#include "sim/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_WORDS = 8, WORD_BYTE = 64 };

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

/* What an entry may say; NAME stands for a server, the first one and then `target`, USER for the number of
 * a user or, for all, '*'. */
static const struct {
    enum timeline_action action;
    const char *words;
} sentences[] = {
    {ACTION_FAIL_HOST, "fail host NAME"},
    {ACTION_RESTART_HOST, "restart host NAME"},
    {ACTION_RESTORE_HOST, "restore host NAME without state"},
    {ACTION_RESTORE_OLD, "restore host NAME with state"},
    {ACTION_RESTORE_PROJECTION, "restore projection of NAME"},
    {ACTION_REDIRECT, "redirect NAME to NAME"},
    {ACTION_FAIL_BACK, "fail back to NAME"},
    {ACTION_CLEAR_ANCHORS, "tell traveler clearanchors USER"},
    {ACTION_RESET, "tell traveler reset USER"},
    {ACTION_DELETE, "tell traveler delete USER"},
    {ACTION_SECURITY_DELETE, "tell traveler security delete USER"},
    {ACTION_BAN, "tell traveler banneddoc add * USER"},
    {ACTION_CLEAR_ANCHORS, "on NAME tell traveler clearanchors USER"},
    {ACTION_RESET, "on NAME tell traveler reset USER"},
    {ACTION_DELETE, "on NAME tell traveler delete USER"},
    {ACTION_SECURITY_DELETE, "on NAME tell traveler security delete USER"},
    {ACTION_BAN, "on NAME tell traveler banneddoc add * USER"},
};

enum { N_SENTENCES = sizeof sentences / sizeof sentences[0] };

static bool is_name(const char *word)
{
    return strcmp(word, "NAME") == 0;
}

static bool is_user(const char *word)
{
    return strcmp(word, "USER") == 0;
}

static bool fits(const struct words *said, const struct words *wanted)
{
    if (said->n != wanted->n) {
        return false;
    }
    for (int i = 0; i < said->n; i++) {
        const bool is_free = is_name(wanted->word[i]) || is_user(wanted->word[i]);
        if (!is_free && strcasecmp(said->word[i], wanted->word[i]) != 0) {
            return false;
        }
    }
    return true;
}

static enum sim_err find_user(const char *word, uint32_t n_users, struct timeline_entry *entry,
                              struct sim_error *e)
{
    char *end;
    const unsigned long number = strtoul(word, &end, 10);
    entry->is_everyone = strcmp(word, "*") == 0;
    entry->user = (uint32_t)number;
    if (entry->is_everyone || (isdigit((unsigned char)*word) && *end == '\0' && number < n_users)) {
        return SIM_OK;
    }
    return sim_fail(e, SIM_EINVAL,
                    "there is no user '%s'; allowed: * for all, or a number from 0 to %u, as in "
                    "devices.csv",
                    word, n_users - 1);
}

static enum sim_err take_names(struct timeline_entry *entry, const struct words *said,
                               const struct words *wanted, const struct sync_server_config *servers,
                               uint32_t n_servers, uint32_t n_users, struct sim_error *e)
{
    uint32_t *place = &entry->server;
    enum sim_err err = SIM_OK;
    for (int i = 0; i < said->n && err == SIM_OK; i++) {
        if (is_name(wanted->word[i])) {
            err = find_server(said->word[i], servers, n_servers, place, e);
            entry->is_at_server = true;
            place = &entry->target;
        } else if (is_user(wanted->word[i])) {
            err = find_user(said->word[i], n_users, entry, e);
        }
    }
    return err;
}

/* Each first word once; returns their number. */
static size_t list_first_words(char first[N_SENTENCES][WORD_BYTE], const char *list[N_SENTENCES])
{
    size_t n = 0;
    for (int i = 0; i < N_SENTENCES; i++) {
        struct words wanted;
        (void)split(sentences[i].words, &wanted);
        memcpy(first[n], wanted.word[0], WORD_BYTE);
        list[n] = first[n];
        size_t k = 0;
        while (strcmp(list[k], first[n]) != 0) {
            k++;
        }
        n += k == n;
    }
    return n;
}

/* Says the sentences that begin with the word, or, without one, all words to begin with. */
static enum sim_err fail_unknown(const char *text, const struct words *said, struct sim_error *e)
{
    char first[N_SENTENCES][WORD_BYTE];
    const char *list[N_SENTENCES];
    char allowed[400] = "";
    size_t used = 0;
    const size_t n = list_first_words(first, list);
    const char *const near = said->n > 0 ? sim_closest_word(said->word[0], list, n) : NULL;
    const size_t length = near != NULL ? strlen(near) : 0;
    for (size_t i = 0; i < (near != NULL ? N_SENTENCES : n) && used < sizeof allowed; i++) {
        const char *const phrase = near != NULL ? sentences[i].words : list[i];
        if (near == NULL || (strncmp(phrase, near, length) == 0 && phrase[length] == ' ')) {
            used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s'%s'",
                                     used == 0 ? "" : ", ", phrase);
        }
    }
    return sim_fail(e, SIM_EINVAL, "'%.80s' is not understood; %s: %s", text,
                    near != NULL ? "allowed" : "an entry begins with", allowed);
}

bool timeline_drops_state(enum timeline_action action)
{
    return action == ACTION_CLEAR_ANCHORS || action == ACTION_RESET || action == ACTION_DELETE;
}

enum sim_err timeline_parse(struct timeline_entry *entry, const struct sync_server_config *servers,
                            uint32_t n_servers, uint32_t n_users, struct sim_error *e)
{
    struct words said;
    const bool is_short = split(entry->text, &said);
    for (int i = 0; i < N_SENTENCES && is_short; i++) {
        struct words wanted;
        (void)split(sentences[i].words, &wanted);
        if (fits(&said, &wanted)) {
            entry->action = sentences[i].action;
            return take_names(entry, &said, &wanted, servers, n_servers, n_users, e);
        }
    }
    return fail_unknown(entry->text, &said, e);
}
