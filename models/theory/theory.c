#include "models/theory/theory.h"

#include "sim/stat/tally.h"

#include <gsl/gsl_cdf.h>

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

/* The standard error of sum/weight, from the sd known in theory or from the replications. */
static double standard_error(const struct score *score, const struct theory_row *row)
{
    const double sd = row->sd > 0 ? row->sd : sim_tally_sd(&score->difference);
    return sd / sqrt((double)score->sum.n) / score->weight.mean;
}

/* How far the deviation lies outside the tolerance, in standard errors. */
static double excess(double difference, double tolerance, double error)
{
    return copysign(fmax(fabs(difference) - tolerance, 0), difference) / error;
}

/* The |z| that is exceeded with probability `error` by chance. */
static double critical_z(const struct score *score, const struct theory_row *row, double error)
{
    const double p = 1 - error / 2;
    return row->sd > 0 ? gsl_cdf_ugaussian_Pinv(p)
                       : gsl_cdf_tdist_Pinv(p, (double)score->sum.n - 1);
}

static struct theory_result judge(const struct score *score, const struct theory_row *row)
{
    struct theory_result result = {.simulated = score->sum.mean / score->weight.mean};
    if (row->kind == THEORY_IDENTITY) {
        result.agrees = score->worst <= row->tolerance;
        return result;
    }
    const double error = standard_error(score, row);
    const double tolerance = row->kind == THEORY_LIMIT ? row->tolerance * fabs(row->exact) : 0;
    result.half_width = critical_z(score, row, 0.05) * error;
    result.critical = critical_z(score, row, theory_row_error());
    result.z = excess(result.simulated - row->exact, tolerance, error);
    result.agrees = fabs(result.z) <= result.critical; /* false for NaN too */
    return result;
}

/* Programs draw for the same purposes: without this they would share their random numbers, and one
 * unlucky stream would show in all of them. FNV-1a of the name. */
static uint64_t seed_of(const struct theory_program *program, uint64_t seed)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ seed;
    for (const char *c = program->name; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    }
    return hash;
}

enum sim_err theory_run(const struct theory_program *program, uint64_t seed,
                        struct theory_result result[])
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
    }
    for (size_t i = 0; i < program->n_rows; i++) {
        result[i] = judge(&score[i], &program->rows[i]);
    }
    return SIM_OK;
}
