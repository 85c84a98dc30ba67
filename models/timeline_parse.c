/* The words of a timeline entry, and the steps it is done in. */
#include "models/element.h"
#include "models/timeline.h"
#include "sim/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_WORDS = 9, WORD_BYTE = 64, MAX_FLIPS = 1000 };

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

/* Servers, or classes. */
struct kind {
    enum schema_section_id section;
    const char *word;
    name_fn *name;
};

static const char *server_name(const struct timeline_names *names, uint32_t i)
{
    return names->servers[i].name;
}

static const char *class_name(const struct timeline_names *names, uint32_t i)
{
    return names->classes[i].name;
}

static const struct kind a_server = {SECTION_SERVERS, "server", server_name};
static const struct kind a_class = {SECTION_CLASSES, "class", class_name};

static enum sim_err find_name(const struct timeline_names *names, const struct kind *kind,
                              uint32_t n, const char *wanted, uint32_t *found, struct sim_error *e)
{
    char known[256] = "";
    char hint[256];
    size_t used = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (strcasecmp(kind->name(names, i), wanted) == 0) {
            *found = i;
            return SIM_OK;
        }
        if (used < sizeof known) {
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                                     kind->name(names, i));
        }
    }
    element_replaced_text(names->settings, schema_sections[kind->section], wanted, hint,
                          sizeof hint);
    return sim_fail(e, SIM_EINVAL, "there is no %s '%s'; known: %s%s", kind->word, wanted, known,
                    hint);
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

/* What an entry may say; NAME stands for a server, the first one and then `target`, USER for the number of
 * a user or, for all, '*', TIME and UNIT for a time such as 10 min. "on NAME" may stand before a command. */
static const struct {
    const char *words;
    enum timeline_action action;
    bool begins, is_command;
    enum timeline_task task;
} sentences[] = {
    {.words = "fail host NAME", .action = ACTION_FAIL_HOST},
    {.words = "restart host NAME", .action = ACTION_RESTART_HOST},
    {.words = "restart host NAME with defragmentation", .action = ACTION_RESTART_DEFRAG},
    {.words = "restore host NAME without state", .action = ACTION_RESTORE_HOST},
    {.words = "restore host NAME with state", .action = ACTION_RESTORE_OLD},
    {"begin to restore host NAME without state", ACTION_RESTORE_HOST, .begins = true},
    {"begin to restore host NAME with state", ACTION_RESTORE_OLD, .begins = true},
    {.words = "restore projection of NAME", .action = ACTION_RESTORE_PROJECTION},
    {.words = "redirect NAME to NAME", .action = ACTION_REDIRECT},
    {.words = "flap NAME and NAME every TIME UNIT COUNT times", .action = ACTION_FLAP},
    {.words = "drain NAME to NAME", .action = ACTION_DRAIN},
    {.words = "fail back to NAME", .action = ACTION_FAIL_BACK},
    {.words = "block all", .action = ACTION_BLOCK},
    {.words = "block group GROUP", .action = ACTION_BLOCK},
    {.words = "block class CLASS", .action = ACTION_BLOCK},
    {.words = "release all", .action = ACTION_RELEASE},
    {.words = "release group GROUP", .action = ACTION_RELEASE},
    {.words = "release class CLASS", .action = ACTION_RELEASE},
    {.words = "fail mail NUMBER", .action = ACTION_FAIL_MAIL},
    {.words = "restart mail NUMBER", .action = ACTION_RESTART_MAIL},
    {.words = "fail pool database", .action = ACTION_FAIL_DATABASE},
    {.words = "restart pool database", .action = ACTION_RESTART_DATABASE},
    {"tell traveler clearanchors USER", ACTION_CLEAR_ANCHORS, .is_command = true},
    {"tell traveler reset USER", ACTION_RESET, .is_command = true},
    {"tell traveler delete USER", ACTION_DELETE, .is_command = true},
    {"tell traveler security delete USER", ACTION_SECURITY_DELETE, .is_command = true},
    {"tell traveler banneddoc add * USER", ACTION_BAN, .is_command = true},
    {"tell traveler available off", ACTION_AVAILABLE_OFF, .is_command = true},
    {"tell traveler available on", ACTION_AVAILABLE_ON, .is_command = true},
    {"tell traveler quit", ACTION_QUIT, .is_command = true},
    {"tell http quit", ACTION_QUIT, .is_command = true, .task = TASK_HTTP},
    {"load traveler", ACTION_LOAD, .is_command = true},
    {"load traveler -defrag", ACTION_LOAD_DEFRAG, .is_command = true},
    {"load http", ACTION_LOAD, .is_command = true, .task = TASK_HTTP},
};

enum { N_SENTENCES = sizeof sentences / sizeof sentences[0] };

/* A word that stands for others. */
static bool is_free(const char *word)
{
    return isupper((unsigned char)*word) != 0;
}

/* "on NAME" before a command: so many words. */
static int n_words_before(const struct words *said)
{
    return said->n > 2 && strcasecmp(said->word[0], "on") == 0 ? 2 : 0;
}

static bool fits(const struct words *said, const struct words *wanted, bool is_command)
{
    const int before = n_words_before(said);
    if (said->n - before != wanted->n || (before > 0 && !is_command)) {
        return false;
    }
    for (int i = 0; i < wanted->n; i++) {
        if (!is_free(wanted->word[i]) && strcasecmp(said->word[before + i], wanted->word[i]) != 0) {
            return false;
        }
    }
    return true;
}

static enum sim_err find_user(uint32_t n, const char *wanted, struct timeline_entry *entry,
                              struct sim_error *e)
{
    char *end;
    const unsigned long number = strtoul(wanted, &end, 10);
    entry->whom = strcmp(wanted, "*") == 0 ? WHOM_ALL : WHOM_USER;
    entry->number = (uint32_t)number;
    if (entry->whom == WHOM_ALL ||
        (isdigit((unsigned char)*wanted) && *end == '\0' && number < n)) {
        return SIM_OK;
    }
    return sim_fail(e, SIM_EINVAL,
                    "there is no user '%s'; allowed: * for all, or a number from 0 to %u, as in "
                    "devices.csv",
                    wanted, n - 1);
}

static enum sim_err find_flips(const char *said, uint32_t *flips, struct sim_error *e)
{
    const enum sim_err err = find_number(MAX_FLIPS, "number of flips", said, flips, e);
    *flips += 1; /* numbers count from 0 on, flips from 1 */
    return err;
}

/* A time is two words. */
static enum sim_err find_period(const char *number, const char *unit, double *period_s,
                                struct sim_error *e)
{
    char text[2 * WORD_BYTE];
    snprintf(text, sizeof text, "%s %s", number, unit);
    const enum sim_err err = sim_read_quantity(text, SIM_TIME, period_s, e);
    if (err == SIM_OK && !(*period_s >= 1)) {
        return sim_fail(e, SIM_EINVAL, "'%s' is too short a time between flips; at least 1 s",
                        text);
    }
    return err;
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
        return find_name(names, &a_class, names->n_classes, said, &entry->number, e);
    }
    if (strcmp(wanted, "NUMBER") == 0) {
        return find_number(names->n_mail_servers, "mail server", said, &entry->number, e);
    }
    if (strcmp(wanted, "COUNT") == 0) {
        return find_flips(said, &entry->flips, e);
    }
    if (strcmp(wanted, "USER") == 0) {
        return find_user(names->n_users, said, entry, e);
    }
    entry->is_at_server = true;
    return find_name(names, &a_server, names->n_servers, said, place, e);
}

static enum sim_err take_names(struct timeline_entry *entry, const struct words *said,
                               const struct words *wanted, const struct timeline_names *names,
                               struct sim_error *e)
{
    const int before = n_words_before(said);
    uint32_t *place = &entry->server;
    enum sim_err err =
        before > 0 ? take_word(entry, said->word[1], "NAME", place, names, e) : SIM_OK;
    entry->whom = WHOM_ALL;
    for (int i = 0; i < wanted->n && err == SIM_OK; i++) {
        const char *const word = said->word[before + i];
        if (strcmp(wanted->word[i], "UNIT") == 0) {
            err = find_period(said->word[before + i - 1], word, &entry->period_s, e);
        } else if (is_free(wanted->word[i]) && strcmp(wanted->word[i], "TIME") != 0) {
            err = take_word(entry, word, wanted->word[i], place, names, e);
            place = &entry->target;
        }
    }
    return err;
}

static const char before_command[] = "on";

/* Each first word once; returns their number. */
static size_t list_first_words(char first[N_SENTENCES][WORD_BYTE],
                               const char *list[N_SENTENCES + 1])
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
    list[n] = before_command;
    return n + 1;
}

/* Is it among those to be told to somebody who has said `word` first? */
static bool begins_with(int sentence, const char *word)
{
    const size_t length = strlen(word);
    const char *const words = sentences[sentence].words;
    return word == before_command ? sentences[sentence].is_command
                                  : strncmp(words, word, length) == 0 && words[length] == ' ';
}

/* Says the sentences that begin with the word, or, without one, all words to begin with. */
static enum sim_err fail_unknown(const char *text, const struct words *said, struct sim_error *e)
{
    char first[N_SENTENCES][WORD_BYTE];
    const char *list[N_SENTENCES + 1];
    char allowed[500] = "";
    size_t used = 0;
    const size_t n = list_first_words(first, list);
    const char *const near = said->n > 0 ? sim_closest_word(said->word[0], list, n) : NULL;
    for (size_t i = 0; i < (near != NULL ? N_SENTENCES : n) && used < sizeof allowed; i++) {
        const char *const phrase = near != NULL ? sentences[i].words : list[i];
        if (near == NULL || begins_with((int)i, near)) {
            used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s'%s'",
                                     used == 0 ? "" : ", ", phrase);
        }
    }
    return sim_fail(e, SIM_EINVAL, "'%.80s' is not understood; %s: %s", text,
                    near == NULL             ? "an entry begins with"
                    : near == before_command ? "after 'on NAME' comes"
                                             : "allowed",
                    allowed);
}

uint32_t timeline_n_steps(const struct timeline_entry *entry)
{
    return entry->action == ACTION_FLAP ? entry->flips : 1;
}

struct timeline_entry timeline_step(const struct timeline_entry *entry, uint32_t k)
{
    struct timeline_entry step = *entry;
    if (entry->action == ACTION_FLAP) {
        step.action = ACTION_REDIRECT;
        step.at_s += k * entry->period_s;
        step.server = k % 2 == 0 ? entry->server : entry->target;
        step.target = k % 2 == 0 ? entry->target : entry->server;
    }
    return step;
}

bool timeline_drops_state(enum timeline_action action)
{
    return action == ACTION_CLEAR_ANCHORS || action == ACTION_RESET || action == ACTION_DELETE;
}

enum sim_err timeline_parse(struct timeline_entry *entry, const struct timeline_names *names,
                            struct sim_error *e)
{
    struct words said = {.n = 0};
    const bool is_short = split(entry->text, &said);
    for (int i = 0; i < N_SENTENCES && is_short; i++) {
        struct words wanted = {.n = 0};
        (void)split(sentences[i].words, &wanted);
        if (fits(&said, &wanted, sentences[i].is_command)) {
            entry->action = sentences[i].action;
            entry->begins = sentences[i].begins;
            entry->task = sentences[i].task;
            return take_names(entry, &said, &wanted, names, e);
        }
    }
    return fail_unknown(entry->text, &said, e);
}
