/* primestorm check: everything that is wrong with a scenario, at once. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/options.h"
#include "cli/sweep_run.h"

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {
    NULL,
    command_line_child_only,
    "SCENARIO.yaml",
    "Say everything that is wrong with a scenario, each as FILE:LINE:COLUMN: what, and what would "
    "be right. Silent and 0 if all is well, 65 if not. '-' is standard input.",
    children,
    NULL,
    NULL};

enum exit_code cmd_check(int argc, char **argv)
{
    struct scenario_options options = {.knows_studies = true};
    struct settings settings = {0};
    struct scenario scenario;
    struct plan plan = {0};
    command_line_parse(&argp, argc, argv, &options);
    enum exit_code code = options_load(&options, &settings, &scenario);
    if (code == EXIT_OK &&
        (sweep_is_given(&settings) || expect_is_given(&settings) || scenario.precision.is_auto)) {
        code = sweep_make_plan(&settings, &scenario, true, &plan);
    }
    plan_fini(&plan);
    scenario_fini(&scenario);
    settings_fini(&settings);
    options_fini(&options);
    return code;
}
