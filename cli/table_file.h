/* cli/table_file.h -- a table in a file of its own, and FILE.manifest.json beside it. */
#ifndef CLI_TABLE_FILE_H
#define CLI_TABLE_FILE_H

#include "output/manifest.h"
#include "output/new_file.h"

/* Begins FILE, and sees whether there is a place for its manifest: one of ours whose table was removed is none that counts.
 * SIM_EEXIST, also if FILE is one of the `n` that the table is made of ("what the replay is made of"), SIM_EIO,
 * SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err table_file_create(const char *path, bool replace, const char *work,
                                              const char *const made_of[], size_t n,
                                              struct new_file **file, struct sim_error *e);

/* Writes the manifest of FILE, which is in its place. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err table_file_describe(const char *path, const struct manifest *m,
                                                struct sim_error *e);

#endif
