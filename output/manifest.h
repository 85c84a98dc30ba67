/* output/manifest.h -- what produced a folder: enough to judge it and to repeat it. */
#ifndef OUTPUT_MANIFEST_H
#define OUTPUT_MANIFEST_H

#include "output/folder.h"

#include <stdint.h>
#include <time.h>

/* A measured file that results were made of. */
struct manifest_data {
    const char *path, *sha256; /* in full; of its bytes */
};

struct manifest {
    const char *version, *revision, *build; /* of this program */
    const char *scenario;                   /* as named on the command line; NULL without one */
    const char *scenario_sha256;            /* of the canonical effective scenario */
    const struct manifest_data *data;       /* without a scenario: n_data measured files */
    size_t n_data;
    uint32_t schema;
    uint64_t seed;
    bool draws_nothing; /* no random numbers: the seed is left out */
    uint32_t points, replications, threads;
    uint32_t ranks; /* processes joined by MPI; 0: alone */
    double confidence;
    time_t started, ended;
    const char *subcommand;
    int argc; /* of the subcommand: argv[0] is its name and is left out */
    char *const *argv;
    const char *gnuplot; /* version, NULL if it was not there */
    const char *sqlite;  /* version, NULL without a store */

    /* How to repeat it (primestorm rerun): the subcommand that, with these options and the scenario.effective.yaml of
     * the folder, or the first of the data, or, if there is a repeat_folder, the scenarios that were named in it, makes
     * its files again. NULL where none does. */
    const char *repeat_as;
    const char *const *repeat_option;
    size_t n_repeat_options;
    const char *repeat_folder; /* in full; NULL: none */
    const char *const *repeat_scenario;
    size_t n_repeat_scenarios;
};

/* Of a table that stands alone: TABLE.csv.manifest.json. In a folder it is manifest.json. */
#define MANIFEST_ENDING ".manifest.json"

enum { SHA256_TEXT = 65 };

/* The hexadecimal SHA-256 of a text. */
void manifest_sha256(const char *text, size_t length, char digest[static SHA256_TEXT]);

/* The same of a file; false if it cannot be read. */
bool manifest_sha256_file(const char *path, char digest[static SHA256_TEXT]);

/* The manifest of this program in a file (of jansson; the caller gives it back); NULL if it is none. */
struct json_t *manifest_load(const char *path);

/* Is the file a manifest of this program? */
bool manifest_is_ours(const char *path);

/* Can it stand in a manifest as it is: is it UTF-8? Other texts have '?' where they are not. */
bool manifest_is_text(const char *text);

/* Writes manifest.json into the folder, with the SHA-256 of every file it lists. SIM_EIO,
 * SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err manifest_write(struct folder *folder, const struct manifest *m,
                                           struct sim_error *e);

/* The same, under the name `as`, for files that are in their place already, `n` of them in the folder `base`. */
SIM_MUST_CHECK enum sim_err manifest_write_beside(const char *base, const char *as,
                                                  const char *const name[], size_t n,
                                                  const struct manifest *m, struct sim_error *e);

#endif
