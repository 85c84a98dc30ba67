#include "models/preset.h"

#include "sim/base/text.h"

#include <stdio.h>
#include <string.h>

static const char prefix[] = "preset/";
enum { PREFIX_LENGTH = sizeof prefix - 1, MAX_NAMES = 64 };

bool preset_is_named(const char *path)
{
    return strncmp(path, prefix, PREFIX_LENGTH) == 0;
}

const struct preset *preset_find(const char *path)
{
    for (size_t i = 0; i < n_presets && preset_is_named(path); i++) {
        if (strcmp(path + PREFIX_LENGTH, presets[i].name) == 0) {
            return &presets[i];
        }
    }
    return NULL;
}

void preset_unknown_text(const char *name, char *text, size_t size)
{
    const char *names[MAX_NAMES];
    size_t n = 0;
    for (; n < n_presets && n < MAX_NAMES; n++) {
        names[n] = presets[n].name;
    }
    const char *const near = sim_closest_word(name, names, n);
    snprintf(text, size, "there is no preset '%.80s'%s%s%s 'primestorm presets' lists them", name,
             near != NULL ? "; did you mean '" : ";", near != NULL ? near : "",
             near != NULL ? "'?" : "");
}
