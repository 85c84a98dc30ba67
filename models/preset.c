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

/* The only name that has `part` in it; NULL if there is none, or several. */
static const char *only_name_with(const char *part)
{
    const char *found = NULL;
    size_t n = 0;
    for (size_t i = 0; i < n_presets; i++) {
        if (strstr(presets[i].name, part) != NULL) {
            found = presets[i].name;
            n++;
        }
    }
    return n == 1 && strlen(part) > 2 ? found : NULL;
}

/* NULL if none is near. */
static const char *closest_name(const char *name)
{
    const char *names[MAX_NAMES] = {NULL};
    size_t n = 0;
    for (; n < n_presets && n < MAX_NAMES; n++) {
        names[n] = presets[n].name;
    }
    const char *const near = sim_closest_word(name, names, n);
    return near != NULL ? near : only_name_with(name);
}

const char *preset_meant_by(const char *path, char *text, size_t size)
{
    char name[64];
    const char *const slash = strrchr(path, '/');
    snprintf(name, sizeof name, "%s", slash != NULL ? slash + 1 : path);
    char *const dot = strstr(name, ".yaml");
    if (dot != NULL) {
        *dot = '\0';
    }
    const char *const near = closest_name(name);
    if (near == NULL) {
        return NULL;
    }
    snprintf(text, size, "%s%s", prefix, near);
    return text;
}

void preset_unknown_text(const char *name, char *text, size_t size)
{
    const char *const near = closest_name(name);
    snprintf(text, size, "there is no preset '%.80s'%s%s%s 'primestorm presets' lists them", name,
             near != NULL ? "; did you mean '" : ";", near != NULL ? near : "",
             near != NULL ? "'?" : "");
}
