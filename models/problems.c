#include "models/problems.h"

#include "sim/base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_TEXT = 512 };

void problems_fini(struct problems *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free(p->item[i].text);
    }
    free(p->item);
    *p = (struct problems){0};
}

void problems_add(struct problems *p, struct origin origin, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);

    char *const copy = strdup(text);
    if (copy == NULL || sim_grow(&p->item, &p->capacity, p->n + 1, sizeof *p->item) != SIM_OK) {
        free(copy);
        p->is_out_of_memory = 1;
        return;
    }
    struct problem *const added = &p->item[p->n++];
    added->origin = origin;
    added->text = copy;
}

struct origin origin_of_key(struct origin origin)
{
    if (origin.key_line > 0) {
        origin.line = origin.key_line;
        origin.column = origin.key_column;
    }
    return origin;
}

void origin_text(const struct origin *origin, char *text, size_t size)
{
    switch (origin->kind) {
    case ORIGIN_DEFAULT:
        snprintf(text, size, "default");
        break;
    case ORIGIN_BUILTIN:
        snprintf(text, size, "built-in");
        break;
    case ORIGIN_OPTION:
    case ORIGIN_TRIAL:
        snprintf(text, size, "%s", origin->source);
        break;
    case ORIGIN_FILE:
        if (origin->line > 0) {
            snprintf(text, size, "%s:%u:%u", origin->source, origin->line, origin->column);
        } else {
            snprintf(text, size, "%s", origin->source);
        }
        break;
    }
}

static int compare_numbers(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

static int compare_problems(const void *a, const void *b)
{
    const struct problem *const x = a;
    const struct problem *const y = b;
    const char *const source_x = x->origin.source != NULL ? x->origin.source : "";
    const char *const source_y = y->origin.source != NULL ? y->origin.source : "";
    const int sources = strcmp(source_x, source_y);
    if (sources != 0) {
        return sources;
    }
    const int lines = compare_numbers(x->origin.line, y->origin.line);
    const int columns = compare_numbers(x->origin.column, y->origin.column);
    return lines != 0 ? lines : columns != 0 ? columns : strcmp(x->text, y->text);
}

/* Several values below one key may be wrong in the same way, at the place of the key. */
static bool is_said_before(const struct problems *p, size_t i)
{
    return i > 0 && compare_problems(&p->item[i - 1], &p->item[i]) == 0;
}

void problems_print(struct problems *p, FILE *out)
{
    if (p->n > 1) {
        qsort(p->item, p->n, sizeof *p->item, compare_problems);
    }
    for (size_t i = 0; i < p->n; i++) {
        char place[PLACE_TEXT];
        if (is_said_before(p, i)) {
            continue;
        }
        origin_text(&p->item[i].origin, place, sizeof place);
        fprintf(out, "%s: %s\n", place, p->item[i].text);
    }
    if (p->is_out_of_memory) {
        fputs("out of memory\n", out);
    }
}
