/* From scripts to pictures, and from a folder that is full to one that has its place. */
#include "cli/export.h"
#include "cli/stop.h"
#include "output/gnuplot.h"
#include "output/tree.h"

#include <stdlib.h>

static void list_pictures(struct export *x, const char *name)
{
    static const char *const endings[] = {"png", "svg"};
    for (int k = 0; k < 2; k++) {
        char file[64];
        snprintf(file, sizeof file, "plots/%s.%s", name, endings[k]);
        char *const path = folder_file(x->folder, file);
        if (path == NULL && x->err == SIM_OK) {
            x->err = sim_fail_memory(x->error, file);
        }
        free(path);
    }
}

void export_draw(struct export *x, const char *name)
{
    struct sim_error e;
    char *const folder = tree_join(folder_staging(x->folder), "plots");
    if (folder == NULL) {
        x->err = sim_fail_memory(x->error, "a picture");
        return;
    }
    const enum sim_err err = gnuplot_draw(stop_requested, folder, name, &e);
    free(folder);
    if (err == SIM_OK) {
        list_pictures(x, name);
    } else if (err == SIM_ESTOPPED) {
        x->err = err;
        *x->error = e;
    } else {
        fprintf(stderr, "primestorm: no picture: %s\n", e.text);
    }
}

enum sim_err export_commit(struct folder *folder, struct sim_error *e)
{
    if (stop_requested(NULL)) {
        return sim_fail(e, SIM_ESTOPPED, "stopped on request");
    }
    stop_name_unfinished(
        NULL); /* an older folder, with files of the user, takes that name for a while */
    return folder_commit(folder, e);
}

void export_list_files(const struct folder *folder, FILE *out)
{
    fprintf(out, "\nWritten to %s:\n", folder_path(folder));
    for (size_t i = 0; i < folder_n_files(folder); i++) {
        fprintf(out, "  %s\n", folder_file_name(folder, i));
    }
}
