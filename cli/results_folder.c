#include "cli/results_folder.h"

#include "output/tree.h"

#include <glob.h>
#include <stdlib.h>

bool results_folder_holds_study(const char *path)
{
    static const char *const patterns[] = {"study.db", "shard-*-of-*.db"};
    bool holds = false;
    for (int i = 0; i < 2 && !holds; i++) {
        glob_t found;
        char *const pattern = tree_join(path, patterns[i]);
        if (pattern != NULL && glob(pattern, GLOB_NOSORT, NULL, &found) == 0) {
            holds = true;
            globfree(&found);
        }
        free(pattern);
    }
    return holds;
}

enum sim_err results_folder_create(const char *path, bool replace, struct folder **out,
                                   struct sim_error *e)
{
    if (results_folder_holds_study(path)) {
        return sim_fail(e, SIM_EEXIST,
                        "%s holds the runs of a study, which nothing but that study replaces, even "
                        "with --force; choose another folder, or remove it first",
                        path);
    }
    return folder_create(path, replace, out, e);
}
