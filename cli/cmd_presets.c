/* primestorm presets: the scenarios that come with the program. */
#include "cli/cmd.h"
#include "models/preset.h"

#include <argp.h>
#include <string.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **const name = state->input;
    if (key != ARGP_KEY_ARG) {
        return ARGP_ERR_UNKNOWN;
    }
    if (*name != NULL) {
        argp_error(state, "one preset at a time; '%s' is the second", argument);
    }
    *name = argument;
    return 0;
}

static const struct argp argp = {
    NULL,
    parse,
    "[NAME]",
    "List the presets: scenarios of products and published cases that come with the program. With "
    "a NAME, print that one: YAML, with the source of every value beside it. A scenario stands on "
    "a preset with a line 'extends: preset/NAME'; preset/NAME is a scenario by itself as well.",
    NULL,
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

enum exit_code cmd_presets(int argc, char **argv)
{
    const char *name = NULL;
    argp_parse(&argp, argc, argv, 0, NULL, &name);
    if (name != NULL) {
        return print_one(name);
    }
    for (size_t i = 0; i < n_presets; i++) {
        printf("%-18s %s\n", presets[i].name, presets[i].title);
    }
    return EXIT_OK;
}
