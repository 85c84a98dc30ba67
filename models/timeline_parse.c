/* The words of a timeline entry. */
#include "models/timeline.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
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

/* The name of the i-th server, or class. */
typedef const char *name_fn(const struct timeline_names *names, uint32_t i);

static const char *server_name(const struct timeline_names *names, uint32_t i)
{
    return names->servers[i].name;
}

static const char *class_name(const struct timeline_names *names, uint32_t i)
{
    return names->classes[i].name;
}

static enum sim_err find_name(const struct timeline_names *names, name_fn *name, uint32_t n,
                              const char *what, const char *wanted, uint32_t *found,
                              struct sim_error *e)
{
    char known[256] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (strcasecmp(name(names, i), wanted) == 0) {
            *found = i;
            return SIM_OK;
        }
        if (used < sizeof known) {
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                                     name(names, i));
        }
    }
    return sim_fail(e, SIM_EINVAL, "there is no %s '%s'; known: %s", what, wanted, known);
}

static enum sim_err find_number(uint32_t n, const char *what, const char *wanted, uint32_t *found,
                                struct sim_error *e)
{
    char *end;
    const unsigned long number = strtoul(wanted, &end, 10);
    if (!isdigit((unsigned char)*wanted) || *end != '\0' || number < 1 || number > n) {
        return sim_fail(e, SIM_EINVAL, "there is no %s '%s'; allowed: 1 to %u", what, wanted, n);
    }
    *found = (uint32_t)number - 1;
    return SIM_OK;
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
    {ACTION_DRAIN, "drain NAME to NAME"},
    {ACTION_FAIL_BACK, "fail back to NAME"},
    {ACTION_BLOCK, "block all"},
    {ACTION_BLOCK, "block group GROUP"},
    {ACTION_BLOCK, "block class CLASS"},
    {ACTION_RELEASE, "release all"},
    {ACTION_RELEASE, "release group GROUP"},
    {ACTION_RELEASE, "release class CLASS"},
    {ACTION_FAIL_MAIL, "fail mail NUMBER"},
    {ACTION_RESTART_MAIL, "restart mail NUMBER"},
};

enum { N_SENTENCES = sizeof sentences / sizeof sentences[0] };

/* A word that stands for others. */
static bool is_free(const char *word)
{
    return isupper((unsigned char)*word) != 0;
}

static bool fits(const struct words *said, const struct words *wanted)
{
    if (said->n != wanted->n) {
        return false;
    }
    for (int i = 0; i < said->n; i++) {
        if (!is_free(wanted->word[i]) && strcasecmp(said->word[i], wanted->word[i]) != 0) {
            return false;
        }
    }
    return true;
}

/* `place`: of the server, if it is one. */
static enum sim_err take_word(struct timeline_entry *entry, const char *said, const char *wanted,
                              uint32_t *place, const struct timeline_names *names,
                              struct sim_error *e)
{
    if (strcmp(wanted, "GROUP") == 0) {
        entry->whom = WHOM_GROUP;
        return find_number(names->n_groups, "group", said, &entry->number, e);
    }
    if (strcmp(wanted, "CLASS") == 0) {
        entry->whom = WHOM_CLASS;
        return find_name(names, class_name, names->n_classes, "class", said, &entry->number, e);
    }
    if (strcmp(wanted, "NUMBER") == 0) {
        return find_number(names->n_mail_servers, "mail server", said, &entry->number, e);
    }
    return find_name(names, server_name, names->n_servers, "server", said, place, e);
}

static enum sim_err take_names(struct timeline_entry *entry, const struct words *said,
                               const struct words *wanted, const struct timeline_names *names,
                               struct sim_error *e)
{
    uint32_t *place = &entry->server;
    enum sim_err err = SIM_OK;
    entry->whom = WHOM_ALL;
    for (int i = 0; i < said->n && err == SIM_OK; i++) {
        if (is_free(wanted->word[i])) {
            err = take_word(entry, said->word[i], wanted->word[i], place, names, e);
            place = &entry->target;
        }
    }
    return err;
}

static enum sim_err fail_unknown(const char *text, struct sim_error *e)
{
    char allowed[420] = "";
    size_t used = 0;
    for (int i = 0; i < N_SENTENCES; i++) {
        used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s'%s'",
                                 i == 0 ? "" : ", ", sentences[i].words);
    }
    return sim_fail(e, SIM_EINVAL, "'%s' is not understood; allowed: %s", text, allowed);
}

enum sim_err timeline_parse(struct timeline_entry *entry, const struct timeline_names *names,
                            struct sim_error *e)
{
    struct words said;
    const bool is_short = split(entry->text, &said);
    for (int i = 0; i < N_SENTENCES && is_short; i++) {
        struct words wanted = {.n = 0};
        (void)split(sentences[i].words, &wanted);
        if (fits(&said, &wanted)) {
            entry->action = sentences[i].action;
            return take_names(entry, &said, &wanted, names, e);
        }
    }
    return fail_unknown(entry->text, e);
}
