#include "cli/sweep_load.h"

#include <stdlib.h>

enum exit_code sweep_load(const struct scenario_options *options, bool has_yes,
                          const struct sweep_options *o, struct sweep_load *l)
{
    *l = (struct sweep_load){.folder = NULL};
    enum exit_code code = options_load(options, &l->settings, &l->scenario);
    if (code == EXIT_OK) {
        code = sweep_make_plan(&l->settings, &l->scenario, has_yes, &l->plan);
    }
    if (code == EXIT_OK && o != NULL) {
        l->folder = sweep_folder(o);
        code = l->folder != NULL ? EXIT_OK : EXIT_NO_MEMORY;
    }
    return code;
}

void sweep_load_fini(struct sweep_load *l)
{
    free(l->folder);
    plan_fini(&l->plan);
    scenario_fini(&l->scenario);
    settings_fini(&l->settings);
}
