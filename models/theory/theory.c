#include "models/theory/theory.h"

#include "sim/stat/tally.h"

#include <ctype.h>
#include <gsl/gsl_cdf.h>
#include <stdio.h>

const struct theory_group *const theory_groups[THEORY_N_GROUPS] = {
    &theory_queues, &theory_sharing,     &theory_closed, &theory_storm,
    &theory_retry,  &theory_reliability, &theory_caps,
};

static size_t n_judged_of(const struct theory_program *program)
{
    size_t n = 0;
    for (size_t i = 0; i < program->n_rows; i++) {
        n += program->rows[i].kind != THEORY_IDENTITY;
    }
    return n;
}

size_t theory_n_judged(void)
{
    size_t n = 0;
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        for (size_t i = 0; i < theory_groups[g]->n_programs; i++) {
            n += n_judged_of(&theory_groups[g]->programs[i]);
        }
    }
    return n;
}

double theory_row_error(void)
{
    return THEORY_FAMILY_ERROR / (double)theory_n_judged();
}

/* What has been seen of one row. */
struct score {
    struct sim_tally sum, weight;
    struct sim_tally difference; /* D of theory.h */
    double worst;                /* the largest relative deviation of a replication */
};

static double deviation(const struct theory_row *row, double simulated)
{
    const double scale = row->exact == 0 ? 1 : fabs(row->exact); /* NOLINT: zero means absolute */
    return fabs(simulated - row->exact) / scale;
}

static void add(struct score *score, const struct theory_row *row, struct theory_value value)
{
    sim_tally_add(&score->sum, value.sum);
    sim_tally_add(&score->weight, value.weight);
    sim_tally_add(&score->difference, value.sum - row->exact * value.weight);
    score->worst = fmax(score->worst, deviation(row, value.sum / value.weight));
}

/* Of what happened in no replication the spread is not known: it is taken for Poisson's with a unit each time, as much
 * as the exact value lets happen. So what had to be seen is missed by far, and of what is too rare the row is blind. */
static double spread(const struct score *score, const struct theory_row *row)
{
    const double sd = sim_tally_sd(&score->difference);
    const bool never_happened = score->sum.min >= 0 && score->sum.max <= 0;
    return never_happened ? fmax(sd, sqrt(fabs(row->exact) * score->weight.mean)) : sd;
}

/* The standard error of sum/weight, from the sd known in theory or from the replications. */
static double standard_error(const struct score *score, const struct theory_row *row)
{
    const double sd = row->sd > 0 ? row->sd : spread(score, row);
    return sd / sqrt((double)score->sum.n) / score->weight.mean;
}

/* How far the deviation lies outside the tolerance, in standard errors. */
static double excess(double difference, double tolerance, double error)
{
    return fabs(difference) <= tolerance
               ? 0
               : copysign(fabs(difference) - tolerance, difference) / error;
}

/* The quantile of order p of z. */
static double quantile_z(const struct score *score, const struct theory_row *row, double p)
{
    return row->sd > 0 ? gsl_cdf_ugaussian_Pinv(p)
                       : gsl_cdf_tdist_Pinv(p, (double)score->sum.n - 1);
}

/* Where nothing is random, the tolerance is all that could hide an error. */
static struct theory_result judge_identity(const struct score *score, const struct theory_row *row)
{
    return (struct theory_result){.simulated = score->sum.mean / score->weight.mean,
                                  .sight = row->tolerance,
                                  .verdict = score->worst <= row->tolerance ? THEORY_AGREES
                                                                            : THEORY_DISAGREES};
}

static enum theory_verdict verdict_of(const struct theory_result *result)
{
    if (!(fabs(result->z) <= result->critical)) { /* so that NaN disagrees */
        return THEORY_DISAGREES;
    }
    return result->sight <= THEORY_WORST_SIGHT ? THEORY_AGREES : THEORY_BLIND;
}

static struct theory_result judge(const struct score *score, const struct theory_row *row)
{
    if (row->kind == THEORY_IDENTITY) {
        return judge_identity(score, row);
    }
    struct theory_result result = {.simulated = score->sum.mean / score->weight.mean};
    const double error = standard_error(score, row);
    const double tolerance = row->kind == THEORY_LIMIT ? row->tolerance * fabs(row->exact) : 0;
    result.half_width = quantile_z(score, row, 0.975) * error;
    result.critical = quantile_z(score, row, 1 - theory_row_error() / 2);
    result.z = excess(result.simulated - row->exact, tolerance, error);
    result.sight = (tolerance + (result.critical + quantile_z(score, row, THEORY_POWER)) * error) /
                   fabs(row->exact);
    result.verdict = verdict_of(&result);
    return result;
}

const char *theory_verdict_name(enum theory_verdict verdict)
{
    static const char *const names[] = {"agrees", "DISAGREES", "BLIND"};
    return names[verdict];
}

/* Programs draw for the same purposes: without this they would share their random numbers, and one
 * unlucky stream would show in all of them. FNV-1a of the key. */
static uint64_t seed_of(const struct theory_program *program, uint64_t seed)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed;
    for (const char *c = program->key; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    }
    return hash;
}

enum sim_err theory_run(const struct theory_program *program, uint64_t seed,
                        const struct theory_watch *watch, struct theory_result result[])
{
    const uint64_t own_seed = seed_of(program, seed);
    struct score score[THEORY_MAX_ROWS] = {0};
    for (uint32_t r = 0; r < program->replications; r++) {
        struct theory_value value[THEORY_MAX_ROWS] = {0};
        const enum sim_err err = program->simulate(program->parameters, own_seed, r, value);
        if (err != SIM_OK) {
            return err;
        }
        for (size_t i = 0; i < program->n_rows; i++) {
            add(&score[i], &program->rows[i], value[i]);
        }
        if (watch != NULL) {
            watch->fn(watch->self);
        }
    }
    for (size_t i = 0; i < program->n_rows; i++) {
        result[i] = judge(&score[i], &program->rows[i]);
    }
    return SIM_OK;
}

void theory_label(const struct theory_program *program, size_t row, char label[THEORY_LABEL_SIZE])
{
    size_t n = (size_t)snprintf(label, THEORY_LABEL_SIZE, "%s/", program->key);
    for (const char *c = program->rows[row].name; *c != '\0' && n + 1 < THEORY_LABEL_SIZE; c++) {
        if (isalnum((unsigned char)*c) || *c == '.' || *c == '_') {
            label[n++] = *c;
        } else if (label[n - 1] != '-' && label[n - 1] != '/') {
            label[n++] = '-';
        }
    }
    n -= label[n - 1] == '-';
    label[n] = '\0';
}
