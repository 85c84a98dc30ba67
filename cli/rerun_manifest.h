/* cli/rerun_manifest.h -- what a manifest.json says, for those who repeat what it describes. */
#ifndef CLI_RERUN_MANIFEST_H
#define CLI_RERUN_MANIFEST_H

#include "sim/base/err.h"

#include <stddef.h>

struct rerun_file {
    const char *name;   /* in the folder of the manifest */
    const char *sha256; /* of its bytes */
};

/* All zeros is none. The texts live as long as it does. */
struct rerun_manifest {
    void *json;
    const char *version, *revision;
    const char *gnuplot;    /* NULL if there was none */
    const char *subcommand; /* that makes the files again */
    const char *scenario;   /* name of the effective scenario in the folder; NULL: made of data */
    const char *scenario_sha256; /* of its canonical form */
    struct rerun_file
        *data; /* n_data, without a scenario: full paths; the first is its main file */
    size_t n_data;
    const char *
        folder; /* from which the scenarios are named; then there is no scenario and no data above, but its sha256 */
    char **named; /* n_named */
    size_t n_named;
    char **option; /* n_options */
    size_t n_options;
    struct rerun_file *file; /* n_files */
    size_t n_files;
};

/* Reads one. SIM_ENOENT, SIM_EIO, SIM_EINVAL with the place or the field that is wrong, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err rerun_manifest_read(const char *path, struct rerun_manifest *m,
                                                struct sim_error *e);
void rerun_manifest_fini(struct rerun_manifest *m);

/* NULL if no such file is listed. */
const struct rerun_file *rerun_manifest_file(const struct rerun_manifest *m, const char *name);

#endif
