#include "cli/options.h"

#include "models/schema.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argp_option option_table[] = {
    {"set", 'S', "KEY=VALUE", 0,
     "Give a key another value, as in --set servers.B.cores=8; may be repeated", 1},
    {"seed", 's', "N", 0, "Name the random numbers (same as --set seed=N)", 1},
    {"replications", 'r', "N", 0, "Independent repetitions (same as --set replications=N)", 1},
    {0},
};

/* A text that lives as long as the options. */
static const char *keep(struct scenario_options *o, char *text)
{
    if (text == NULL ||
        sim_grow(&o->owned, &o->owned_capacity, o->n_owned + 1, sizeof *o->owned) != SIM_OK) {
        free(text);
        return NULL;
    }
    o->owned[o->n_owned++] = text;
    return text;
}

static char *joined(const char *a, const char *b)
{
    const size_t byte = strlen(a) + strlen(b) + 1;
    char *const text = malloc(byte);
    if (text != NULL) {
        snprintf(text, byte, "%s%s", a, b);
    }
    return text;
}

static error_t add_override(struct scenario_options *o, const char *shown, const char *path,
                            const char *value)
{
    if (shown == NULL || path == NULL || value == NULL ||
        sim_grow(&o->override, &o->capacity, o->n + 1, sizeof *o->override) != SIM_OK) {
        return ENOMEM;
    }
    o->override[o->n++] = (struct scenario_override){shown, path, value};
    return 0;
}

static error_t add_set(struct scenario_options *o, const char *text, struct argp_state *state)
{
    const char *const equals = strchr(text, '=');
    if (equals == NULL || equals == text) {
        argp_error(state, "--set needs KEY=VALUE, found '%s'", text);
        return EINVAL;
    }
    char *const path = strdup(text);
    if (path != NULL) {
        path[equals - text] = '\0';
    }
    return add_override(o, keep(o, joined("--set ", text)), keep(o, path), equals + 1);
}

/* ---- --sweep and --expect ---- */

enum { OPTION_STRICT = 0x1000 };

static const struct argp_option sweep_table[] = {
    {"sweep", 'W', "KEY=VALUES", 0,
     "Vary a key, as in --sweep servers.B.cores=1..8 or --sweep 'network.uplink=log 10..1000 "
     "Mbit/s "
     "points 5'; may be repeated. Also zip.KEY=VALUES, list=POINTS.csv, lhs.points=N with "
     "lhs.KEY=RANGE (or "
     "sobol), where=CONDITION, "
     "baseline=KEY=VALUE, series=NAMES, distributions=NAMES, as below 'sweep:' in a scenario",
     2},
    {"expect", 'X', "EXPECTATION", 0,
     "Expect something of the answer, as in --expect 'full_p95_s < 10 min'; may be repeated, and "
     "adds to 'expect:' in a scenario",
     2},
    {"expect-strict", OPTION_STRICT, NULL, 0,
     "An expectation that the replications do not decide counts as missed", 2},
    {0},
};

/* "users=1..3" is short for "grid.users=1..3". */
static bool names_part_of_sweep(const char *text)
{
    static const char *const parts[] = {"grid.",   "zip.",          "lhs.",   "sobol.",
                                        "list=",   "list.",         "where=", "baseline=",
                                        "series=", "distributions="};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strncmp(text, parts[i], strlen(parts[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* "gird.users" is no key, and near to a part of a sweep. */
static const char *part_meant(const char *argument)
{
    static const char *const parts[] = {"grid",  "zip",      "lhs",    "sobol",        "list",
                                        "where", "baseline", "series", "distributions"};
    struct schema_place place;
    char key[160];
    snprintf(key, sizeof key, "%.*s", (int)strcspn(argument, "="), argument);
    if (schema_locate(key, &place)) {
        return NULL;
    }
    key[strcspn(key, ".")] = '\0';
    const char *const near = sim_closest_word(key, parts, sizeof parts / sizeof parts[0]);
    return near != NULL && strcmp(near, key) != 0 ? near : NULL;
}

static error_t add_sweep(struct scenario_options *o, const char *argument, struct argp_state *state)
{
    const char *const equals = strchr(argument, '=');
    if (equals == NULL || equals == argument || equals[1] == '\0') {
        argp_error(state, "--sweep needs KEY=VALUES, found '%s'", argument);
        return EINVAL;
    }
    const char *const near = part_meant(argument);
    if (near != NULL) {
        argp_error(state, "--sweep %s: neither a key nor a part of a sweep; did you mean '%s'?",
                   argument, near);
        return EINVAL;
    }
    char *const path = joined(names_part_of_sweep(argument) ? "sweep." : "sweep.grid.", argument);
    if (path != NULL) {
        *strchr(path, '=') = '\0';
    }
    return add_override(o, keep(o, joined("--sweep ", argument)), keep(o, path), equals + 1);
}

static error_t add_expectation(struct scenario_options *o, const char *argument)
{
    char path[48];
    snprintf(path, sizeof path, "expect.option%zu", o->n_expected++);
    return add_override(o, keep(o, joined("--expect ", argument)), keep(o, strdup(path)), argument);
}

static error_t parse_sweep(int key, char *argument, struct argp_state *state)
{
    struct scenario_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        o->knows_studies = true;
        return 0;
    case 'W':
        return add_sweep(o, argument, state);
    case 'X':
        return add_expectation(o, argument);
    case OPTION_STRICT:
        o->is_strict = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp options_sweep_argp = {sweep_table, parse_sweep, NULL, NULL, NULL, NULL, NULL};

/* ---- What all take ---- */

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct scenario_options *const o = state->input;
    switch (key) {
    case 'S':
        return add_set(o, argument, state);
    case 's':
        return add_override(o, keep(o, joined("--seed ", argument)), "seed", argument);
    case 'r':
        return add_override(o, keep(o, joined("--replications ", argument)), "replications",
                            argument);
    case ARGP_KEY_ARG:
        if (o->path != NULL) {
            argp_error(state, "one scenario at a time; '%s' is the second", argument);
        }
        o->path = argument;
        return 0;
    case ARGP_KEY_NO_ARGS: /* called too when the parent took them */
        if (o->path == NULL) {
            argp_error(state, "a scenario file is missing");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp options_argp = {option_table, parse_option, NULL, NULL, NULL, NULL, NULL};

const char *options_output(const char *text, struct argp_state *state)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '/') {
        length--;
    }
    size_t begin = length;
    while (begin > 0 && text[begin - 1] != '/') {
        begin--;
    }
    const char *const name = text + begin;
    const size_t n = length - begin;
    if (n == 0 || strncmp(name, "..", n) == 0) { /* that is: ".", ".." or nothing */
        argp_error(state, "--output needs a name, found '%s'", text);
    }
    return text;
}

char options_delimiter(const char *text, struct argp_state *state)
{
    if (strcmp(text, "tab") == 0) {
        return '\t';
    }
    if (strcmp(text, "space") == 0) {
        return ' ';
    }
    if (strlen(text) != 1 || strchr(",;|: \t", *text) == NULL) {
        argp_error(state, "--delimiter is one of , ; | : space tab, not '%s'", text);
    }
    return *text;
}

int options_choice(const char *option, const char *const name[], int n, const char *text,
                   struct argp_state *state)
{
    char all[160] = "";
    size_t used = 0;
    for (int i = 0; i < n; i++) {
        if (strcmp(text, name[i]) == 0) {
            return i;
        }
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s",
                                 i == 0       ? ""
                                 : i == n - 1 ? " or "
                                              : ", ",
                                 name[i]);
    }
    argp_error(state, "%s is %s, not '%s'", option, all, text);
    return 0;
}

void options_fini(struct scenario_options *o)
{
    for (size_t i = 0; i < o->n_owned; i++) {
        free(o->owned[i]);
    }
    free(o->owned);
    free(o->override);
    *o = (struct scenario_options){0};
}

void options_tell_unused(const char *path, const struct settings *settings)
{
    const bool has_sweep = settings_has_below(settings, "sweep");
    const bool has_expectations = settings_has_below(settings, "expect");
    if (has_sweep || has_expectations) {
        fprintf(stderr,
                "primestorm: %s: %s%s%s not used here, the scenario is taken without; 'primestorm "
                "run' uses %s\n",
                path, has_sweep ? "'sweep:'" : "", has_sweep && has_expectations ? " and " : "",
                !has_expectations ? " is"
                : has_sweep       ? "'expect:' are"
                                  : "'expect:' is",
                has_sweep && has_expectations ? "them" : "it");
    }
}

enum exit_code options_load(const struct scenario_options *o, struct settings *settings,
                            struct scenario *scenario)
{
    struct problems problems = {0};
    const enum sim_err err =
        scenario_load(o->path, o->override, o->n, settings, scenario, &problems);
    problems_print(&problems, stderr);
    problems_fini(&problems);
    if (err == SIM_OK && !o->knows_studies) {
        options_tell_unused(o->path, settings);
    }
    return exit_code_of(err);
}
