/* study/outcome_wire.h -- the outcome of a run as bytes, from one process to another of the same kind of machine. */
#ifndef STUDY_OUTCOME_WIRE_H
#define STUDY_OUTCOME_WIRE_H

#include "study/store.h"

#include "sim/base/err.h"

/* What a worker sends back. */
struct run_report {
    uint32_t point, replication;
    enum sim_err err;
    struct sim_error error;
    struct outcome outcome; /* if err is SIM_OK */
};

/* The bytes, freed by the caller; NULL when out of memory. */
unsigned char *outcome_pack(const struct run_report *r, size_t *byte);

/* Reads them. Free the outcome with outcome_fini; its units lie in `data`, which must stay as long. False if they are
 * no report, or there is no memory. */
bool outcome_unpack(const unsigned char *data, size_t byte, struct run_report *r);

#endif
