/* models/preset.h -- scenarios that come with the program: products and published cases, the files
 * in presets/ compiled in, with a source behind every value.
 *
 * A scenario stands on one with `extends: preset/NAME`; "preset/NAME" is also the name of a scenario
 * on the command line. Its values have origins such as "preset/traveler-2011:12:9".
 */
#ifndef MODELS_PRESET_H
#define MODELS_PRESET_H

#include <stdbool.h>
#include <stddef.h>

struct preset {
    const char *name;  /* "traveler-2011" */
    const char *title; /* one line */
    const char *text;  /* the YAML file, NUL behind it */
    size_t length;     /* of the text, byte */
};

extern const struct preset presets[]; /* by name */
extern const size_t n_presets;

/* Does a path name a preset, one that exists or not: "preset/..."? */
bool preset_is_named(const char *path);

/* The preset of a path "preset/NAME"; NULL if there is none of that name. */
const struct preset *preset_find(const char *path);

/* "preset/NAME" for a path that is no file and was perhaps meant for one; NULL if none is near. `text` holds at
 * least `size` bytes and what is returned. */
const char *preset_meant_by(const char *path, char *text, size_t size);

/* Says that there is no preset NAME, and which one may have been meant. At most `size` bytes. */
void preset_unknown_text(const char *name, char *text, size_t size);

#endif
