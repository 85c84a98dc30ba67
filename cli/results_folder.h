/* cli/results_folder.h -- whose folder is it: a study's, or that of results that are replaced as a whole?
 *
 * A study's folder has study.db, or shard-3-of-16.db for a shard: runs that may be the work of days, and that everything
 * else in it is made from.
 */
#ifndef CLI_RESULTS_FOLDER_H
#define CLI_RESULTS_FOLDER_H

#include "output/folder.h"

bool results_folder_holds_study(const char *path);

/* As folder_create(), but the folder of a study is refused, even with `replace`: SIM_EEXIST. */
SIM_MUST_CHECK enum sim_err results_folder_create(const char *path, bool replace,
                                                  struct folder **out, struct sim_error *e);

#endif
