/* output/new_file.h -- a file that appears whole or not at all.
 *
 * It is written under a hidden name beside the wanted one, which it takes at the end. A file that
 * exists is not touched unless `replace` is set, and what is no plain file never is.
 */
#ifndef OUTPUT_NEW_FILE_H
#define OUTPUT_NEW_FILE_H

#include "sim/base/err.h"

#include <stdbool.h>

struct new_file; /* opaque */

/* Begins to write `path`. SIM_EEXIST if it is there and may not be replaced, SIM_EIO if it cannot
 * be made, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err new_file_create(const char *path, bool replace, struct new_file **out,
                                            struct sim_error *e);

/* Where to write: an empty file. Borrowed. */
const char *new_file_staging(const struct new_file *f);

/* Puts the file in place; on an error nothing has changed there. */
SIM_MUST_CHECK enum sim_err new_file_commit(struct new_file *f, struct sim_error *e);

/* Puts the wanted name in place of the hidden one in the text of an error. */
void new_file_name_error(const struct new_file *f, struct sim_error *e);

/* Frees `f`; what was written but not committed is removed. NULL is allowed. */
void new_file_destroy(struct new_file *f);

#endif
