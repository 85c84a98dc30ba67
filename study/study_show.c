#include "study/study_show.h"

#include "study/sweep.h"

#include <string.h>

/* In single quotes, in which only they themselves mean something. */
static void put_quoted(const char *text, FILE *out)
{
    fputc('\'', out);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'') {
            fputc('\'', out);
        }
        fputc(*p, out);
    }
    fputc('\'', out);
}

static bool is_list(const char *path)
{
    return strcmp(path, "sweep.list") == 0 || strcmp(path, "sweep.list.file") == 0;
}

/* The setting of list i; NULL if there are not so many. */
static const struct setting *list_setting(const struct settings *settings, size_t i)
{
    for (size_t k = 0; k < settings->n; k++) {
        if (is_list(settings->item[k].path) && i-- == 0) {
            return &settings->item[k];
        }
    }
    return NULL;
}

size_t study_n_lists(const struct settings *settings)
{
    size_t n = 0;
    while (list_setting(settings, n) != NULL) {
        n++;
    }
    return n;
}

bool study_list_path(const struct settings *settings, size_t i, char *path, size_t size)
{
    return sweep_list_path(list_setting(settings, i), path, size);
}

void study_list_name(size_t i, char name[static STUDY_LIST_NAME])
{
    snprintf(name, STUDY_LIST_NAME, i == 0 ? "sweep.list.csv" : "sweep.list%zu.csv", i + 1);
}

/* Each by the rest of its path: dots in a key are as good as nesting. */
static void put_sweep(const struct settings *settings, FILE *out)
{
    static const char prefix[] = "sweep.";
    size_t n_lists = 0;
    fputs("sweep:\n", out);
    for (size_t i = 0; i < settings->n; i++) {
        const struct setting *const s = &settings->item[i];
        if (strncmp(s->path, prefix, sizeof prefix - 1) != 0) {
            continue;
        }
        char kept[STUDY_LIST_NAME];
        const bool is_file = is_list(s->path);
        if (is_file) {
            study_list_name(n_lists++, kept);
        }
        fputs("  ", out);
        put_quoted(s->path + sizeof prefix - 1, out);
        fputs(": ", out);
        put_quoted(is_file ? kept : s->value, out);
        fputc('\n', out);
    }
}

static void put_expectations(const struct settings *settings, FILE *out)
{
    fputs("expect:\n", out);
    for (size_t i = 0; i < settings->n; i++) {
        const struct setting *const s = &settings->item[i];
        if (strncmp(s->path, "expect.", 7) == 0) {
            fputs("  - ", out);
            put_quoted(s->value, out);
            fputc('\n', out);
        }
    }
}

void study_show(const struct settings *settings, FILE *out)
{
    if (settings_has_below(settings, "sweep")) {
        put_sweep(settings, out);
    }
    if (settings_has_below(settings, "expect")) {
        put_expectations(settings, out);
    }
}
