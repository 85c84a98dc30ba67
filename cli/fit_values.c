#include "cli/fit_values.h"

#include "sim/base/csv_input.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "sim/fit/fit.h"

#include <float.h>

struct reader {
    const struct fit_source *source;
    struct fit_values *values;
};

/* Squares of values and sums of them are to be finite, and none of a value above 0 is to be 0. */
static const double least_value = 1e-150;
static const double most_value = 1e150;

/* Zeros, those left out as well, are within. */
static enum sim_err check_value(const struct sim_csv_row *row, double value, struct sim_error *e)
{
    const char *const text = sim_csv_text(row, 0);
    if (value < 0) {
        return sim_csv_fail(
            row, 0, e, "%s is below 0; no quantity of a scenario with a distribution is", text);
    }
    if (value > most_value) {
        return sim_csv_fail(row, 0, e, "%s is too large; a fit takes values up to %g", text,
                            most_value);
    }
    if (value > 0 && value < least_value) {
        return sim_csv_fail(row, 0, e, "%s is too small; a fit takes 0, and values from %g on",
                            text, least_value);
    }
    return SIM_OK;
}

static enum sim_err take_row(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    const struct reader *const r = self;
    struct fit_values *const v = r->values;
    double value = 0;
    v->n_blank_lines = sim_csv_blank_lines(row);
    if (*sim_csv_text(row, 0) == '\0') {
        v->n_empty++; /* in a file of one column it would be a blank line, and is the same */
        return SIM_OK;
    }
    enum sim_err err = sim_csv_real(row, 0, -DBL_MAX, DBL_MAX, &value, e);
    err = err == SIM_OK ? check_value(row, value, e) : err;
    if (err != SIM_OK) {
        return err;
    }
    if (v->n + v->n_dropped == FIT_MOST_VALUES) {
        return sim_csv_fail(row, 0, e,
                            "more than %d values; a fit takes no more (every tenth row tells as "
                            "much)",
                            FIT_MOST_VALUES);
    }
    if (value == 0 && r->source->drops_zeros) {
        v->n_dropped++;
        return SIM_OK;
    }
    if (sim_grow(&v->value, &v->capacity, v->n + 1, sizeof *v->value) != SIM_OK) {
        return sim_fail_memory(e, r->source->path);
    }
    v->value[v->n++] = value * r->source->factor;
    return SIM_OK;
}

enum sim_err fit_values_read(const struct fit_source *source, struct fit_values *v,
                             struct sim_error *e)
{
    const struct sim_csv_column wanted = {source->column, true};
    const struct sim_csv_input input = {source->path, source->delimiter, &wanted, 1, "--delimiter"};
    struct reader reader = {source, v};
    const enum sim_err err = sim_csv_read(&input, take_row, &reader, e);
    if (err == SIM_OK && v->n < SIM_FIT_LEAST) {
        return sim_fail(e, SIM_EINVAL, "%s: column %s has %zu value%s%s; a fit takes at least %d",
                        source->path, source->column, v->n, sim_plural(v->n),
                        v->n_dropped > 0 ? " above 0" : "", SIM_FIT_LEAST);
    }
    return err;
}
