/* primestorm show: the effective scenario. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/options.h"
#include "models/scenario_show.h"

struct show_options {
    struct scenario_options scenario;
    bool is_plain;
};

static const struct argp_option option_table[] = {
    {"plain", 'p', NULL, 0, "Leave out the comments that say where each value comes from", 0},
    {0},
};

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct show_options *const o = state->input;
    (void)argument;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->scenario;
        return 0;
    case 'p':
        o->is_plain = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "SCENARIO.yaml",
    "Print the effective scenario: every key with its value and where it comes from (default, "
    "built-in, FILE:LINE:COLUMN, --set). The output is a scenario again. '-' is standard input.",
    children,
    NULL,
    NULL};

enum exit_code cmd_show(int argc, char **argv)
{
    struct show_options o = {0};
    struct settings settings = {0};
    struct scenario scenario;
    command_line_parse(&argp, argc, argv, &o);
    const enum exit_code code = options_load(&o.scenario, &settings, &scenario);
    if (code == EXIT_OK) {
        scenario_show(&settings, &scenario, !o.is_plain, stdout);
    }
    scenario_fini(&scenario);
    settings_fini(&settings);
    options_fini(&o.scenario);
    return code;
}
