/* cli/rerun_repeat.h -- the command of a manifest, given again. */
#ifndef CLI_RERUN_REPEAT_H
#define CLI_RERUN_REPEAT_H

#include "cli/exit_code.h"
#include "cli/rerun_manifest.h"

/* Runs it on the scenario or the data `input`, NULL if the manifest names scenarios, on `threads` where it takes any, without a word on standard output.
 * What comes out is in `folder` then. The exit code is the command's. */
enum exit_code rerun_repeat(const struct rerun_manifest *m, char *input, const char *folder,
                            unsigned threads);

/* The path of the manifest that it leaves there, freed by the caller; NULL without memory. */
char *rerun_new_manifest(const struct rerun_manifest *m, const char *folder);

#endif
