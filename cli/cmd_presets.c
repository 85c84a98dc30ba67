/* primestorm presets: the scenarios that come with the program. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/format.h"
#include "models/preset.h"
#include "output/csv.h"

#include <argp.h>
#include <string.h>

struct presets_options {
    const char *name; /* NULL: all of them */
    struct format_options format;
};

static const struct argp_child children[] = {{&format_argp, 0, NULL, 0}, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct presets_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->format;
        return 0;
    case ARGP_KEY_ARG:
        if (o->name != NULL) {
            argp_error(state, "one preset at a time; '%s' is the second", argument);
        }
        o->name = argument;
        return 0;
    case ARGP_KEY_END:
        if (o->name != NULL && o->format.format != FORMAT_TEXT) {
            argp_error(state, "--format is of the list; a preset is YAML");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    NULL,
    parse,
    "[NAME]",
    "List the presets: scenarios of products and published cases that come with the program. With "
    "a NAME, print that one: YAML, with the source of every value beside it. A scenario stands on "
    "a preset with a line 'extends: preset/NAME'; preset/NAME is a scenario by itself as well.",
    children,
    NULL,
    NULL};

static enum exit_code print_one(const char *given)
{
    const char *const name = preset_is_named(given) ? strchr(given, '/') + 1 : given;
    for (size_t i = 0; i < n_presets; i++) {
        if (strcmp(name, presets[i].name) == 0) {
            fputs(presets[i].text, stdout);
            return EXIT_OK;
        }
    }
    char unknown[256];
    preset_unknown_text(name, unknown, sizeof unknown);
    fprintf(stderr, "primestorm: %s\n", unknown);
    return EXIT_USAGE;
}

static enum exit_code print_table(enum table_format format)
{
    static const struct table_column columns[] = {
        {"preset", "", "its name, behind preset/", TABLE_TEXT},
        {"title", "", "what it is about", TABLE_TEXT},
    };
    static const struct table table = {"presets", "a preset", columns, 2};
    struct csv *csv;
    struct sim_error e;
    enum sim_err err = csv_create_as("-", &table, format, &csv, &e);
    if (err == SIM_OK) {
        for (size_t i = 0; i < n_presets; i++) {
            csv_text(csv, presets[i].name);
            csv_text(csv, presets[i].title);
        }
        err = csv_close(csv, &e);
    }
    return exit_code_tell(err, &e);
}

enum exit_code cmd_presets(int argc, char **argv)
{
    struct presets_options o = {.format.csv = TABLE_CSV};
    command_line_parse(&argp, argc, argv, &o);
    if (o.name != NULL) {
        return print_one(o.name);
    }
    if (o.format.format != FORMAT_TEXT) {
        return print_table(format_of_table(&o.format));
    }
    for (size_t i = 0; i < n_presets; i++) {
        printf("%-18s %s\n", presets[i].name, presets[i].title);
    }
    return EXIT_OK;
}
