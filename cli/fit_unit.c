#include "cli/fit_unit.h"

#include "models/schema.h"
#include "sim/base/units.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- Names that end in their unit ---- */

/* Columns of our own files, and many others. "_B" and "_d" are left out: they end names of servers and of days as well. */
static const struct ending {
    const char *text, *name, *unit;
    double factor;
} endings[] = {{"Tbit_per_s", "Tbit/s", "Tbit/s", 1},
               {"tbit_per_s", "Tbit/s", "Tbit/s", 1},
               {"Gbit_per_s", "Gbit/s", "Gbit/s", 1},
               {"gbit_per_s", "Gbit/s", "Gbit/s", 1},
               {"Mbit_per_s", "Mbit/s", "Mbit/s", 1},
               {"mbit_per_s", "Mbit/s", "Mbit/s", 1},
               {"kbit_per_s", "kbit/s", "kbit/s", 1},
               {"bit_per_s", "bit/s", "bit/s", 1},
               {"bytes_per_s", "byte/s", "bit/s", 8},
               {"byte_per_s", "byte/s", "bit/s", 8},
               {"B_per_s", "B/s", "bit/s", 8},
               {"kB_per_s", "kB/s", "kbit/s", 8},
               {"MB_per_s", "MB/s", "Mbit/s", 8},
               {"GB_per_s", "GB/s", "Gbit/s", 8},
               {"KiB_per_s", "KiB/s", "kbit/s", 8.192},
               {"MiB_per_s", "MiB/s", "Mbit/s", 8.388608},
               {"GiB_per_s", "GiB/s", "Gbit/s", 8.589934592},
               {"bytes", "byte", "byte", 1},
               {"byte", "byte", "byte", 1},
               {"kB", "kB", "kB", 1},
               {"MB", "MB", "MB", 1},
               {"GB", "GB", "GB", 1},
               {"KiB", "KiB", "KiB", 1},
               {"MiB", "MiB", "MiB", 1},
               {"GiB", "GiB", "GiB", 1},
               {"us", "us", "us", 1},
               {"ms", "ms", "ms", 1},
               {"s", "s", "s", 1},
               {"min", "min", "min", 1},
               {"h", "h", "h", 1}};

enum { N_ENDINGS = sizeof endings / sizeof endings[0] };

/* In front of a time they make a rate of it: hits_s is hits a second, rate_min the least rate. */
static const char *const rated[] = {
    "per",   "rate",     "bit", "kbit",  "mbit",   "gbit",   "tbit",    "b",       "byte",
    "bytes", "kb",       "mb",  "gb",    "kib",    "mib",    "gib",     "hits",    "req",
    "reqs",  "requests", "ops", "calls", "errors", "events", "packets", "queries", "messages"};

/* Is the text the last word of the first `length` letters, words being parted by '_'? */
static bool is_last_word(const char *name, size_t length, const char *text)
{
    const size_t n = strlen(text);
    return length >= n && strncasecmp(name + length - n, text, n) == 0 &&
           (length == n || name[length - n - 1] == '_');
}

static const struct ending *longest_ending(const char *column)
{
    const size_t length = strlen(column);
    const struct ending *longest = NULL;
    for (size_t i = 0; i < N_ENDINGS; i++) {
        const size_t n = strlen(endings[i].text);
        if (is_last_word(column, length, endings[i].text) &&
            strcmp(column + length - n, endings[i].text) == 0 &&
            (longest == NULL || n > strlen(longest->text))) {
            longest = &endings[i];
        }
    }
    return longest;
}

static bool is_foreign_rate(const char *column, const struct ending *ending)
{
    const size_t n = strlen(ending->text);
    const size_t length = strlen(column);
    const char *end;
    double factor;
    if (length == n || !sim_parse_unit(ending->unit, SIM_TIME, &end, &factor)) {
        return false;
    }
    for (size_t i = 0; i < sizeof rated / sizeof rated[0]; i++) {
        if (is_last_word(column, length - n - 1, rated[i])) {
            return true;
        }
    }
    return false;
}

static void take(const struct ending *ending, struct fit_unit *u)
{
    u->name = ending->name;
    u->unit = ending->unit;
    u->factor = ending->factor;
}

static void find_in_name(const char *column, struct fit_unit *u)
{
    const struct ending *const ending = longest_ending(column);
    if (ending == NULL) {
        u->source = FIT_UNIT_NONE;
    } else if (is_foreign_rate(column, ending)) {
        u->source = FIT_UNIT_FOREIGN_RATE;
    } else {
        u->source = FIT_UNIT_OF_NAME;
        take(ending, u);
    }
}

/* ---- Units as given ---- */

static bool find_dimension(const char *unit, enum sim_dimension *dimension)
{
    const char *end;
    double factor;
    for (int i = 0; i < SIM_N_DIMENSIONS; i++) {
        if (sim_parse_unit(unit, (enum sim_dimension)i, &end, &factor) && *end == '\0') {
            *dimension = (enum sim_dimension)i;
            return true;
        }
    }
    *dimension = SIM_NUMBER;
    return *unit == '\0';
}

/* kB/s and its like, which a scenario does not take, are known here. */
static void take_given(const char *given, struct fit_unit *u)
{
    u->source = FIT_UNIT_GIVEN;
    u->name = given;
    u->unit = given;
    for (size_t i = 0; i < N_ENDINGS; i++) {
        if (strcmp(endings[i].name, given) == 0) {
            take(&endings[i], u);
        }
    }
}

static const char *usual_key(enum sim_dimension dimension)
{
    switch (dimension) {
    case SIM_RATE:
        return "rate";
    case SIM_TIME:
        return "rtt";
    case SIM_SIZE:
        return "mail_size";
    default:
        return "documents";
    }
}

enum sim_err fit_unit_find(const char *column, const char *given, struct fit_unit *u,
                           struct sim_error *e)
{
    enum sim_dimension dimension;
    *u = (struct fit_unit){.name = "", .unit = "", .factor = 1};
    if (given != NULL) {
        take_given(given, u);
    } else {
        find_in_name(column, u);
    }
    if (!find_dimension(u->unit, &dimension)) {
        return sim_fail(e, SIM_EINVAL, "--unit: '%s' is no unit of a scenario (%s; %s; %s)",
                        u->unit, sim_dimension_units(SIM_TIME), sim_dimension_units(SIM_SIZE),
                        sim_dimension_units(SIM_RATE));
    }
    u->key = usual_key(dimension);
    return SIM_OK;
}

/* ---- Keys ---- */

static bool is_key(const char *path, const char *key)
{
    const size_t length = strlen(path);
    const size_t n = strlen(key);
    return n > 0 && length >= n && strcmp(path + length - n, key) == 0 &&
           (length == n || path[length - n - 1] == '.');
}

void fit_key_path(const char *key, char *path, size_t size)
{
    struct schema_place place;
    if (schema_locate(key, &place) && place.row != NULL && place.row->type == SCHEMA_DISTRIBUTION) {
        snprintf(path, size, "%s", key);
        return;
    }
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        const struct schema_section *const s = schema_sections[i];
        for (size_t k = 0; k < s->n_rows; k++) {
            snprintf(path, size, "%s%s%s%s", s->prefix, *s->prefix != '\0' ? "." : "",
                     s->is_collection ? "NAME." : "", s->rows[k].key);
            if (s->rows[k].type == SCHEMA_DISTRIBUTION && is_key(path, key)) {
                return;
            }
        }
    }
    *path = '\0';
}
