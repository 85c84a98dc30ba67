/* study/study_show.h -- what a scenario says of its study, as a text that stands by itself.
 *
 * Behind the effective scenario (models/scenario_show.h) it makes one that needs no other file but the lists of
 * points, which are kept beside it under names of their own.
 */
#ifndef STUDY_STUDY_SHOW_H
#define STUDY_STUDY_SHOW_H

#include "models/settings.h"

#include <stdio.h>

/* Writes `sweep:` and `expect:` as YAML, whatever was given in files and options; nothing if there are none. */
void study_show(const struct settings *settings, FILE *out);

/* The files of points that the sweep reads: 0, 1, seldom more. */
enum { STUDY_MOST_LISTS = 2, STUDY_LIST_NAME = 32 };
size_t study_n_lists(const struct settings *settings);

/* Where list i lies, and the name that study_show gives it. False if the path is too long. */
bool study_list_path(const struct settings *settings, size_t i, char *path, size_t size);
void study_list_name(size_t i, char name[static STUDY_LIST_NAME]);

#endif
