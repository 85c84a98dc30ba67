/* output/folder.h -- an output folder that appears whole or not at all.
 *
 * Files are written into a hidden folder beside the wanted one, which takes its name when
 * everything is there. A folder that exists is not touched unless `replace` is set, and then only
 * if it is one of ours (it holds a manifest.json of this program). What that manifest lists goes with
 * the old folder; everything else in it is the user's and is carried over, with a '~' behind its name
 * if a new file has the same.
 */
#ifndef OUTPUT_FOLDER_H
#define OUTPUT_FOLDER_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct folder; /* opaque */

/* Begins to write `path`; missing parents are created. SIM_EEXIST if it is there and may not be
 * replaced, SIM_EIO if it cannot be made, SIM_ENOMEM. An empty folder counts as not there; it stays
 * until the end. Of a link to a folder, the folder behind it is written. */
SIM_MUST_CHECK enum sim_err folder_create(const char *path, bool replace, struct folder **out,
                                          struct sim_error *e);

/* The path to write the file `name` ("plots/states.gp": its folder is made) under, freed by the
 * caller; the name is put on the list of files. NULL when out of memory. */
char *folder_file(struct folder *f, const char *name);

size_t folder_n_files(const struct folder *f);
const char *folder_file_name(const struct folder *f, size_t i);
const char *folder_path(const struct folder *f);    /* as wanted */
const char *folder_staging(const struct folder *f); /* where the files are until the end */

/* Puts the folder in place. On an error nothing has changed there, but for one: if the user's files
 * cannot follow, the text says where they are. */
SIM_MUST_CHECK enum sim_err folder_commit(struct folder *f, struct sim_error *e);

/* Puts the wanted name in place of the hidden one in the text of an error. */
void folder_name_error(const struct folder *f, struct sim_error *e);

/* Frees `f`; what was written but not committed is removed, parents that were made for it too. NULL is
 * allowed. */
void folder_destroy(struct folder *f);

#endif
