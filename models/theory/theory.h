/* models/theory/theory.h -- closed forms, and the kernel programs that must agree with them.
 *
 * A *program* simulates one model and fills in a value for each of its *rows*; a row is one figure
 * with a closed form. The programs stand in rows_<group>.c (queues: queue.c) and use the public headers of
 * the kernel only (those of retries models/backoff.h too), so they also show how a model is written.
 *
 * A value is a pair (sum, weight), the figure being sum over weight: the sum of the waits and the
 * number of customers, the area under a curve and its length, or the value itself and 1. A row of
 * kind THEORY_RANDOM is tested with
 *
 *     D_r = sum_r - exact * weight_r,     z = mean(D) / (sd(D) / sqrt(n)),
 *
 * over independent replications r. That needs E[D] = 0 exactly, or the warm-up shows up as an error
 * of the kernel. The programs see to it in one of three ways and say in which: they end where they
 * began, in a state from which the future does not depend on the past (a regenerative cycle:
 * E[sum] = exact * E[weight] by Wald); or they begin in the stationary law; or they leave out a
 * warm-up many times longer than the memory of the model.
 *
 * A figure that is no mean is made one about its exact value x. A quantile of order p, where the law has
 * the density f, is the mean of x + (1{value > x} - (1 - p))/f; a standard deviation is the mean of
 * x/2 + (value - mean)^2/(2 x). Both are unbiased if x is right, and off in the right direction if not.
 *
 * What happened in no replication is judged as if it came a unit at a time and as Poisson's law has it.
 *
 * Agreement says little where the interval is wide. So each row also says which error it would have
 * found with a probability of 95 %; a row that would not have found 10 % is blind: neither agreement nor miss, and
 * no part of the family error, as it says something of the replications and nothing of the kernel.
 */
#ifndef MODELS_THEORY_THEORY_H
#define MODELS_THEORY_THEORY_H

#include "sim/base/err.h"
#include "sim/rng/stream.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct theory_variation; /* vary.h */

enum {
    THEORY_MAX_ROWS = 10 /* of one program */
};

enum theory_kind {
    THEORY_RANDOM,   /* |z| up to the critical value */
    THEORY_IDENTITY, /* each replication agrees within the tolerance */
    THEORY_LIMIT,    /* an approximation: z is counted from the nearer end of the tolerance */
};

/* What to simulate with: one purpose a use, so that no two uses share random numbers. */
enum theory_purpose {
    THEORY_ARRIVAL,
    THEORY_SERVICE,
    THEORY_SIZE,
    THEORY_THINK,
    THEORY_START_STATE,
    THEORY_BACKOFF,
    THEORY_GIVE_UP,
    THEORY_FAILURE,
    THEORY_REPAIR,
};

struct theory_row {
    const char *name;    /* "Wq" */
    const char *formula; /* "rho/(mu - lambda)" */
    double exact;
    enum theory_kind kind;
    double tolerance; /* relative, absolute where exact is 0; not for THEORY_RANDOM */
    double sd;        /* of the value of one replication, where theory knows it; 0: estimated */
};

struct theory_value {
    double sum, weight;
};

struct theory_program {
    const char *key;  /* one word: "mm1"; it also names the random numbers */
    const char *name; /* in words */
    enum sim_err (*simulate)(const void *parameters, uint64_t seed, uint32_t replication,
                             struct theory_value value[]);
    const void *parameters;
    const struct theory_variation *variation; /* what can be set; NULL: nothing */
    uint32_t replications;
    size_t n_rows;
    struct theory_row rows[THEORY_MAX_ROWS];
};

struct theory_group {
    const char *name;
    const struct theory_program *programs;
    size_t n_programs;
};

extern const struct theory_group theory_queues, theory_sharing, theory_closed, theory_storm,
    theory_retry, theory_reliability, theory_caps;

enum { THEORY_N_GROUPS = 7 };

extern const struct theory_group *const theory_groups[THEORY_N_GROUPS]; /* all of the above */

/* The probability that a sound kernel disagrees in at least one row of all groups. */
#define THEORY_FAMILY_ERROR 0.01

/* Rows of all groups that are judged by z: all but the identities. */
size_t theory_n_judged(void);

/* The share of the family error that a row may take: THEORY_FAMILY_ERROR / theory_n_judged()
 * (Bonferroni: holds although the rows of one program depend on each other). It is the same
 * whichever rows are run. */
double theory_row_error(void);

/* The relative error of an exact value that every row must be able to find. */
#define THEORY_WORST_SIGHT 0.1

/* The probability with which a row finds an error of the size of its sight. */
#define THEORY_POWER 0.95

enum theory_verdict {
    THEORY_AGREES,
    THEORY_DISAGREES,
    THEORY_BLIND, /* no deviation was found, but one of THEORY_WORST_SIGHT need not have been */
};

struct theory_result {
    double simulated;
    double half_width; /* of the 95 % interval; 0 for an identity */
    double z; /* 0 for an identity; for a limit, from the nearer end of the tolerance, 0 within */
    double critical; /* the largest |z| that agrees; 0 for an identity. A quantile of Student's
                        * law over the replications, of the normal law where the sd is known. */
    double sight;    /* the relative error found with a probability of THEORY_POWER:
                        * (critical + its quantile) standard errors, and the tolerance */
    enum theory_verdict verdict;
};

const char *theory_verdict_name(enum theory_verdict verdict); /* "agrees", "DISAGREES", "BLIND" */

/* Told after each replication. */
struct theory_watch {
    void (*fn)(void *self);
    void *self;
};

/* Runs all replications of one program and judges its rows: result[0 .. n_rows - 1]. `watch` may be NULL.
 * Threads: may run at the same time as others. Returns the error of the simulation if there is one. */
SIM_MUST_CHECK enum sim_err theory_run(const struct theory_program *program, uint64_t seed,
                                       const struct theory_watch *watch,
                                       struct theory_result result[]);

enum { THEORY_LABEL_SIZE = 64 };

/* The name of a row as one word: key/row, what is no letter, digit, point or underscore made a hyphen:
 * "mm1/T-p95". */
void theory_label(const struct theory_program *program, size_t row, char label[THEORY_LABEL_SIZE]);

/* ---- For the programs ---- */

#define RANDOM(name, formula, exact)                                                               \
    {                                                                                              \
        name, formula, exact, THEORY_RANDOM, 0, 0                                                  \
    }
#define IDENTITY(name, formula, exact)                                                             \
    {                                                                                              \
        name, formula, exact, THEORY_IDENTITY, 1e-12, 0                                            \
    }
#define LIMIT(name, formula, exact, tolerance)                                                     \
    {                                                                                              \
        name, formula, exact, THEORY_LIMIT, tolerance, 0                                           \
    }

static inline double theory_exponential(struct sim_stream *s, double mean)
{
    return -mean * log(sim_stream_uniform(s));
}

/* A double in the `arg` of a call, and back: the time an errand began travels with it. */
static inline uint64_t theory_pack(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double theory_unpack(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
