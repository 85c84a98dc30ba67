/* A fit as tables: fit.csv, parameters.csv, qq.csv; and as JSON. */
#include "cli/fit_report.h"

#include <gsl/gsl_cdf.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *const method_names[] = {[SIM_FIT_EXCLUDED] = "excluded",
                                           [SIM_FIT_LIKELIHOOD] = "likelihood",
                                           [SIM_FIT_MOMENTS] = "moments"};
static const char *const p_names[] = {
    [SIM_FIT_P_NONE] = "", [SIM_FIT_P_BOUND] = "upper bound", [SIM_FIT_P_BOOTSTRAP] = "bootstrap"};

static const struct table_column fit_columns[] = {
    {"family", "", "family of laws", TABLE_TEXT},
    {"method", "", "likelihood, moments, or excluded", TABLE_TEXT},
    {"law", "", "the fitted law, as a scenario takes it; empty if excluded", TABLE_TEXT},
    {"parameters", "1", "number of fitted parameters", TABLE_WHOLE},
    {"log_likelihood", "1",
     "natural logarithm, for values in the unit of the file; not of discrete", TABLE_REAL},
    {"aic", "1", "2 parameters - 2 log_likelihood", TABLE_REAL},
    {"aic_difference", "1", "to the least AIC of all families", TABLE_REAL},
    {"aic_weight", "1", "exp(-aic_difference/2), scaled to sum 1", TABLE_REAL},
    {"ks_distance", "1", "greatest difference of the distribution functions", TABLE_REAL},
    {"ks_p", "1", "probability of such a distance, if the law were true", TABLE_REAL},
    {"ks_p_kind", "", "bootstrap, or upper bound: the classical value", TABLE_TEXT},
    {"ks_samples", "1", "samples drawn for a bootstrap", TABLE_WHOLE},
    {"reason", "", "why excluded, or why by moments", TABLE_TEXT},
};

static const struct table fit_table = {"fit", "a family", fit_columns,
                                       sizeof fit_columns / sizeof fit_columns[0]};

/* The law of a row as text; "" if excluded, NULL when out of memory. The caller frees. */
static char *law_text(const struct fit_report *r, size_t row)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    if (sim_fit_row(r->fit, row)->method != SIM_FIT_EXCLUDED) {
        sim_fit_print_law(r->fit, row, r->unit, out);
    }
    return fclose(out) == 0 ? text : NULL;
}

/* The same of discrete(), without the key in front. */
static char *discrete_text(const struct fit_report *r)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    sim_fit_print_discrete(r->fit, r->unit, out);
    return fclose(out) == 0 ? text : NULL;
}

static void write_fit_row(const struct fit_report *r, size_t i, struct csv *csv)
{
    const struct sim_fit_row *const row = sim_fit_row(r->fit, i);
    char *const law = law_text(r, i);
    csv_text(csv, row->family);
    csv_text(csv, method_names[row->method]);
    csv_text(csv, law != NULL ? law : "");
    csv_whole(csv, row->n_parameters);
    csv_real(csv, row->log_likelihood);
    csv_real(csv, row->aic);
    csv_real(csv, row->aic_difference);
    csv_real(csv, row->aic_weight);
    csv_real(csv, row->ks_distance);
    csv_real(csv, row->ks_p);
    csv_text(csv, p_names[row->ks_p_kind]);
    csv_whole(csv, row->n_boot);
    csv_text(csv, row->reason != NULL ? row->reason : "");
    free(law);
}

/* Its likelihood is one of probabilities, which does not compare with densities: left empty. */
static void write_discrete_row(const struct fit_report *r, struct csv *csv)
{
    char *const law = discrete_text(r);
    csv_text(csv, "discrete");
    csv_text(csv, method_names[SIM_FIT_LIKELIHOOD]);
    csv_text(csv, law != NULL ? law : "");
    csv_whole(csv, sim_fit_summary(r->fit).n_distinct - 1);
    for (int i = 0; i < 4; i++) {
        csv_real(csv, NAN);
    }
    csv_real(csv, 0);
    csv_real(csv, NAN);
    csv_text(csv, p_names[SIM_FIT_P_NONE]);
    csv_whole(csv, 0);
    csv_text(csv, "");
    free(law);
}

static void write_fit(const struct fit_report *r, struct csv *csv)
{
    if (fit_report_has_few_values(r)) {
        write_discrete_row(r, csv);
    }
    for (size_t i = 0; i < sim_fit_n_rows(r->fit); i++) {
        write_fit_row(r, i, csv);
    }
}

enum sim_err fit_report_table(const struct fit_report *r, enum table_format format,
                              struct sim_error *e)
{
    struct csv *csv;
    const enum sim_err err = csv_create_as("-", &fit_table, format, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    write_fit(r, csv);
    return csv_close(csv, e);
}

/* ---- parameters.csv ---- */

static const struct table_column parameter_columns[] = {
    {"family", "", "family of laws", TABLE_TEXT},
    {"parameter", "", "its name in the grammar", TABLE_TEXT},
    {"unit", "", "that of the file, or 1", TABLE_TEXT},
    {"value", "", "in that unit; not rounded", TABLE_REAL},
    {"standard_error", "", "empty where theory gives none; for independent values", TABLE_REAL},
};

static const struct table parameter_table = {"parameters", "a parameter of a family",
                                             parameter_columns, 5};

static void write_parameters(const struct fit_report *r, struct csv *csv)
{
    for (size_t i = 0; i < sim_fit_n_rows(r->fit); i++) {
        const struct sim_fit_row *const row = sim_fit_row(r->fit, i);
        for (size_t k = 0; k < row->n_parameters; k++) {
            const bool has_unit = row->parameter[k].has_unit && *r->unit != '\0';
            csv_text(csv, row->family);
            csv_text(csv, row->parameter[k].name);
            csv_text(csv, has_unit ? r->unit : "1");
            csv_real(csv, row->parameter[k].value);
            csv_real(csv, row->parameter[k].standard_error);
        }
    }
}

/* ---- qq.csv ---- */

/* All points of a small sample; of a large one some 70, spread as those of a normal law: closest in
 * the middle of the picture, and every one of the outermost few. */
static bool is_drawn(size_t i, size_t n)
{
    const size_t all = 70;
    const double step = 0.12; /* standard deviations */
    const double p = ((double)i + 0.5) / (double)n;
    const double before = ((double)i - 0.5) / (double)n;
    return n <= all || i == 0 || i == n - 1 ||
           floor(gsl_cdf_ugaussian_Pinv(p) / step) != floor(gsl_cdf_ugaussian_Pinv(before) / step);
}

static void write_qq_row(const struct fit_report *r, size_t row, struct csv *csv)
{
    const size_t n = sim_fit_summary(r->fit).n;
    for (size_t i = 0; i < n; i++) {
        if (!is_drawn(i, n)) {
            continue;
        }
        const double p = ((double)i + 0.5) / (double)n;
        csv_text(csv, sim_fit_row(r->fit, row)->family);
        csv_real(csv, p);
        csv_real(csv, sim_fit_value(r->fit, i));
        csv_real(csv, sim_fit_quantile(r->fit, row, p));
    }
}

static void write_qq(const struct fit_report *r, struct csv *csv)
{
    for (size_t i = 0; i < sim_fit_n_rows(r->fit); i++) {
        if (sim_fit_row(r->fit, i)->method != SIM_FIT_EXCLUDED) {
            write_qq_row(r, i, csv);
        }
    }
}

void fit_report_export_tables(const struct fit_report *r, struct export *x)
{
    const char *const unit = *r->unit != '\0' ? r->unit : "1";
    const struct table_column qq_columns[] = {
        {"family", "", "family of laws", TABLE_TEXT},
        {"probability", "1", "(i - 1/2)/n for the i-th smallest of n values", TABLE_REAL},
        {"sample", unit, "that value", TABLE_REAL},
        {"law", unit, "the quantile of the fitted law at this probability", TABLE_REAL},
    };
    const struct table qq_table = {"qq", "a value and a family", qq_columns, 4};
    const struct {
        const struct table *table;
        void (*write)(const struct fit_report *r, struct csv *csv);
    } files[] = {
        {&fit_table, write_fit}, {&parameter_table, write_parameters}, {&qq_table, write_qq}};
    export_open_catalogue(x);
    for (size_t i = 0; x->err == SIM_OK && i < sizeof files / sizeof files[0]; i++) {
        struct csv *const csv = export_open(x, files[i].table);
        if (csv != NULL) {
            files[i].write(r, csv);
            export_close(x, csv);
        }
    }
    if (x->catalogue != NULL) {
        export_close(x, x->catalogue);
    }
}

/* ---- JSON ---- */

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *parameters_json(const struct fit_report *r, const struct sim_fit_row *row)
{
    json_t *const list = json_array();
    for (size_t k = 0; k < row->n_parameters; k++) {
        const struct sim_fit_parameter *const p = &row->parameter[k];
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:o, s:o}", "name", p->name, "unit",
                                        p->has_unit && *r->unit != '\0' ? r->unit : "1", "value",
                                        real(p->value), "standard_error", real(p->standard_error)));
    }
    return list;
}

static json_t *row_json(const struct fit_report *r, size_t i)
{
    const struct sim_fit_row *const row = sim_fit_row(r->fit, i);
    char *const law = law_text(r, i);
    json_t *const json = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:i, s:s?}", "family", row->family,
        "method", method_names[row->method], "law", law != NULL ? law : "", "parameters",
        parameters_json(r, row), "log_likelihood", real(row->log_likelihood), "aic", real(row->aic),
        "aic_difference", real(row->aic_difference), "aic_weight", real(row->aic_weight),
        "ks_distance", real(row->ks_distance), "ks_p", real(row->ks_p), "ks_p_kind",
        p_names[row->ks_p_kind], "ks_samples", (int)row->n_boot, "reason", row->reason);
    free(law);
    return json;
}

static json_t *discrete_json(const struct fit_report *r)
{
    char *const law = discrete_text(r);
    json_t *const json = json_pack("{s:s, s:s, s:s, s:[], s:n, s:n, s:n, s:n, s:f, s:n, s:s, s:i}",
                                   "family", "discrete", "method", method_names[SIM_FIT_LIKELIHOOD],
                                   "law", law != NULL ? law : "", "parameters", "log_likelihood",
                                   "aic", "aic_difference", "aic_weight", "ks_distance", 0.0,
                                   "ks_p", "ks_p_kind", p_names[SIM_FIT_P_NONE], "ks_samples", 0);
    free(law);
    return json;
}

static json_t *summary_json(const struct fit_report *r)
{
    const struct sim_fit_summary s = sim_fit_summary(r->fit);
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "values",
                     (json_int_t)s.n, "zeros", (json_int_t)s.n_zeros, "zeros_left_out",
                     (json_int_t)r->n_dropped, "lines_without_value",
                     (json_int_t)r->n_empty + (json_int_t)r->n_blank_lines, "different_values",
                     (json_int_t)s.n_distinct, "min", real(s.min), "max", real(s.max), "mean",
                     real(s.mean), "sd", real(s.sd), "median", real(s.median), "lag1", real(s.lag1),
                     "worth_independent", real(fit_report_worth(&s)));
}

enum sim_err fit_report_json(const struct fit_report *r, struct sim_error *e)
{
    const size_t smooth = fit_report_choice(r);
    const char *const choice = fit_report_has_few_values(r) ? "discrete"
                               : smooth != SIZE_MAX         ? sim_fit_row(r->fit, smooth)->family
                                                            : NULL;
    json_t *const rows = json_array();
    if (fit_report_has_few_values(r)) {
        json_array_append_new(rows, discrete_json(r));
    }
    for (size_t i = 0; i < sim_fit_n_rows(r->fit); i++) {
        json_array_append_new(rows, row_json(r, i));
    }
    json_t *const root =
        json_pack("{s:s, s:s, s:s, s:I, s:o, s:s?, s:o}", "data", r->path, "column", r->column,
                  "unit", r->unit, "seed", (json_int_t)r->seed, "sample", summary_json(r), "choice",
                  choice, "families", rows);
    if (root == NULL) {
        return sim_fail_memory(e, "the fit");
    }
    const int failed = json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(root);
    return failed == 0 ? SIM_OK : sim_fail(e, SIM_EIO, "standard output cannot be written");
}
