/* models/yaml_source.h -- a YAML file as flat settings, with the place of every value.
 *
 * Accepted is the plain part of YAML: one document of mappings, sequences and scalars. Anchors,
 * aliases, tags, several documents, duplicate keys and tabs are refused with a reason. Limits: 1
 * MiB, 16 levels, 10,000 values; a file beyond them is refused before memory is spent on it. In a file named
 * scenario.effective.yaml, as older programs left it in results folders, a map may stand in several places.
 */
#ifndef MODELS_YAML_SOURCE_H
#define MODELS_YAML_SOURCE_H

#include "models/settings.h"

enum {
    YAML_MAX_BYTE = 1 << 20,
    YAML_MAX_DEPTH = 16,
    YAML_MAX_VALUES = 10000,
};

/* The version of libyaml. */
const char *yaml_library(void);

/* Reads the whole of `path` ("-": standard input) into `*text`, freed by the caller. What is wrong
 * goes to `problems`: SIM_ENOENT, SIM_EIO, SIM_EINVAL (too large, empty, not text), SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err yaml_read_file(const char *path, const char *source, char **text,
                                           size_t *length, struct problems *problems);

/* Parses `text` and puts its values into `settings`, with origins in `source` (kept by the
 * settings). Mistakes go to `problems`; what can be read is read. SIM_EINVAL if it is not YAML at
 * all. */
SIM_MUST_CHECK enum sim_err yaml_parse(const char *text, size_t length, const char *source,
                                       struct settings *settings, struct problems *problems);

#endif
