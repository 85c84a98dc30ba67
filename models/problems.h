/* models/problems.h -- everything that is wrong with a scenario, gathered so that it can be told at
 * once.
 *
 * A problem has a place ("FILE:LINE:COLUMN", or "--set users=0"), and a text that says what is
 * wrong and what would be right.
 */
#ifndef MODELS_PROBLEMS_H
#define MODELS_PROBLEMS_H

#include "sim/base/err.h"

#include <stddef.h>
#include <stdio.h>

/* Where a setting comes from. `source` is borrowed from the settings (settings.h). */
struct origin {
    enum origin_kind {
        ORIGIN_DEFAULT,
        ORIGIN_BUILTIN,
        ORIGIN_FILE,
        ORIGIN_OPTION,
        ORIGIN_TRIAL
    } kind;
    const char
        *source; /* ORIGIN_FILE: name of the file; ORIGIN_OPTION: "--set users=0"; ORIGIN_TRIAL: why
                            * the program tries a value that nobody gave */
    unsigned line, column; /* of the value, from 1; 0 where there is none */
    unsigned key_line, key_column;
};

struct problem {
    struct origin origin;
    char *text;
};

/* All zeros is an empty list. */
struct problems {
    struct problem *item;
    size_t n, capacity;
    int is_out_of_memory; /* a problem could not be kept */
};

void problems_fini(struct problems *p);

void problems_add(struct problems *p, struct origin origin, const char *format, ...)
    SIM_PRINTF(3, 4);

/* One line each, by place, and each once: "place: text". */
void problems_print(struct problems *p, FILE *out);

/* The same origin, at the key in place of the value. */
struct origin origin_of_key(struct origin origin);

/* "FILE:LINE:COLUMN", "FILE", "--set ...", "built-in" or "default", at most `size` bytes. */
void origin_text(const struct origin *origin, char *text, size_t size);

#endif
