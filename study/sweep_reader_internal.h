/* study/sweep_reader_internal.h -- what the readers of the blocks of a sweep share. */
#ifndef STUDY_SWEEP_READER_INTERNAL_H
#define STUDY_SWEEP_READER_INTERNAL_H

#include "study/axis.h"
#include "study/sweep.h"

#include "models/schema.h"

enum { KEY_TEXT = 256, MAX_KEYS = 16 };

struct sweep_reader {
    const struct settings *settings;
    struct sweep *sweep;
    struct problems *problems;
    struct axis *zip_axis; /* gathered until everything is read */
    size_t n_zip, zip_capacity;
    struct axis grid; /* the key whose values are being gathered */
    struct origin grid_origin;
    bool is_out_of_memory;
    bool (*stop_requested)(void *context);
    bool is_stopped;
};

/* Is it time to ask, and is a stop requested? For loops over points, `i` counts them. */
bool sweep_ends_at(struct sweep_reader *r, uint64_t i);

/* Notes a mistake; out of memory is one too. */
void sweep_note(struct sweep_reader *r, enum sim_err err, struct origin origin, const char *key,
                const struct sim_error *e);

/* The key of a path below a block: without the number of an entry of a list. */
void sweep_key_of(const char *path, char key[static KEY_TEXT]);

/* Can this key vary? If not, it is told. */
bool sweep_check_key(struct sweep_reader *r, const char *key, struct origin origin);

/* Adds the blocks of `lhs` and `sobol`, if they are there (sweep_design.c). */
void sweep_read_designs(struct sweep_reader *r);

#endif
