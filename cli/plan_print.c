#include "cli/plan_print.h"

#include "cli/words.h"
#include "output/csv.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- What it takes ---- */

/* The longest that one run of a point is expected to take; NaN without a pilot. */
static double run_s(const struct plan *plan, const struct plan_pilot *pilot, uint32_t point)
{
    return pilot->run_s * plan->point[point].cost / plan->point[pilot->point].cost;
}

static double all_runs(const struct plan *plan)
{
    return (double)plan->sweep.n_points * plan->base->replications;
}

static double all_s(const struct plan *plan, const struct plan_pilot *pilot)
{
    double sum_s = 0;
    for (uint32_t i = 0; i < plan->sweep.n_points; i++) {
        sum_s += run_s(plan, pilot, i) * plan->base->replications;
    }
    return sum_s / fmin(pilot->threads, all_runs(plan));
}

static double all_byte(const struct plan *plan, const struct plan_pilot *pilot)
{
    return pilot->run_byte * all_runs(plan);
}

static const char *size_text(double byte, char text[static 32])
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    size_t k = 0;
    byte /= 1000;
    while (byte >= 1000 && k + 1 < sizeof units / sizeof units[0]) {
        byte /= 1000;
        k++;
    }
    snprintf(text, 32, "%.*f %s", words_decimals(byte), byte, units[k]);
    return text;
}

/* ---- Text and Markdown ---- */

static void print_extent(const struct plan *plan)
{
    const struct scenario *const s = plan->base;
    const uint32_t n = plan->sweep.n_points;
    if (s->precision.is_auto) {
        printf("%" PRIu32 " point%s x %" PRIu32 " to %" PRIu32 " replications = %.0f to %.0f runs",
               n, sim_plural(n), s->precision.min, s->precision.max, all_runs(plan),
               (double)n * s->precision.max);
    } else {
        printf("%" PRIu32 " point%s x %" PRIu32 " replication%s = %.0f run%s", n, sim_plural(n),
               s->replications, sim_plural(s->replications), all_runs(plan),
               sim_plural((size_t)all_runs(plan)));
    }
}

static void print_effort(const struct plan *plan, const struct plan_pilot *pilot)
{
    char size[32];
    if (isnan(pilot->run_s)) {
        puts(".");
        return;
    }
    fputs(plan->base->precision.is_auto ? "; at least about " : "; about ", stdout);
    words_duration(fmax(ceil(all_s(plan, pilot)), 1), stdout);
    printf(" on %u thread%s and %s on the disk", pilot->threads, sim_plural(pilot->threads),
           size_text(all_byte(plan, pilot), size));
    printf(" (one run of point %" PRIu32 ", the costliest by its devices, took %.2g s).\n",
           pilot->point, pilot->run_s);
}

static size_t widest(const struct plan *plan, size_t k, uint32_t n_shown)
{
    size_t width = strlen(sweep_key(&plan->sweep, k));
    for (uint32_t i = 0; i < n_shown; i++) {
        const size_t length = strlen(sweep_value(&plan->sweep, i, k));
        width = length > width ? length : width;
    }
    return width;
}

static void print_text(const struct plan *plan, const struct plan_pilot *pilot)
{
    enum { SHOWN = 40 };
    const struct sweep *const s = &plan->sweep;
    const size_t n_keys = sweep_n_keys(s);
    const uint32_t n = s->n_points < SHOWN ? s->n_points : SHOWN;
    print_extent(plan);
    print_effort(plan, pilot);
    printf("\npoint");
    for (size_t k = 0; k < n_keys; k++) {
        printf("  %*s", (int)widest(plan, k, n), sweep_key(s, k));
    }
    putchar('\n');
    for (uint32_t i = 0; i < n; i++) {
        printf("%5" PRIu32, i);
        for (size_t k = 0; k < n_keys; k++) {
            printf("  %*s", (int)widest(plan, k, n), sweep_value(s, i, k));
        }
        putchar('\n');
    }
    if (n < s->n_points) {
        printf("  ... and %" PRIu32 " more; --format csv prints all\n", s->n_points - n);
    }
}

static void print_md(const struct plan *plan, const struct plan_pilot *pilot)
{
    const struct sweep *const s = &plan->sweep;
    const size_t n_keys = sweep_n_keys(s);
    print_extent(plan);
    print_effort(plan, pilot);
    fputs("\n| point |", stdout);
    for (size_t k = 0; k < n_keys; k++) {
        printf(" `%s` |", sweep_key(s, k));
    }
    fputs("\n|---|", stdout);
    for (size_t k = 0; k < n_keys; k++) {
        fputs("---|", stdout);
    }
    putchar('\n');
    for (uint32_t i = 0; i < s->n_points; i++) {
        printf("| %" PRIu32 " |", i);
        for (size_t k = 0; k < n_keys; k++) {
            printf(" %s |", sweep_value(s, i, k));
        }
        putchar('\n');
    }
}

/* ---- CSV ---- */

static void put_rows(const struct plan *plan, const struct plan_pilot *pilot, struct csv *csv)
{
    const size_t n_keys = sweep_n_keys(&plan->sweep);
    for (uint32_t i = 0; i < plan->sweep.n_points; i++) {
        csv_whole(csv, i);
        csv_whole(csv, plan->base->replications);
        for (size_t k = 0; k < n_keys; k++) {
            csv_text(csv, sweep_value(&plan->sweep, i, k));
        }
        csv_whole(csv, (uint64_t)plan->point[i].cost);
        csv_real(csv, run_s(plan, pilot, i));
    }
}

static enum sim_err print_csv(const struct plan *plan, const struct plan_pilot *pilot,
                              enum table_format dialect, struct sim_error *e)
{
    const size_t n_keys = sweep_n_keys(&plan->sweep);
    struct table_column *const column = calloc(n_keys + 4, sizeof *column);
    if (column == NULL) {
        return sim_fail_memory(e, "the plan");
    }
    size_t n = 0;
    column[n++] = (struct table_column){"point", "", "number of the point, from 0", TABLE_WHOLE};
    column[n++] = (struct table_column){"replications", "", "of it, at least", TABLE_WHOLE};
    for (size_t k = 0; k < n_keys; k++) {
        column[n++] = (struct table_column){sweep_key(&plan->sweep, k), "",
                                            "as it is written in a "
                                            "scenario",
                                            TABLE_TEXT};
    }
    column[n++] = (struct table_column){"devices", "devices", "devices of the point", TABLE_WHOLE};
    column[n++] = (struct table_column){"run_s", "s", "expected time of a run", TABLE_REAL};
    const struct table table = {"plan", "a point of the study", column, n};
    struct csv *csv;
    enum sim_err err = csv_create_as("-", &table, dialect, &csv, e);
    if (err == SIM_OK) {
        put_rows(plan, pilot, csv);
        err = csv_close(csv, e);
    }
    free(column);
    return err;
}

/* ---- JSON ---- */

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *point_json(const struct plan *plan, const struct plan_pilot *pilot, uint32_t i)
{
    json_t *const values = json_object();
    const size_t n_keys = sweep_n_keys(&plan->sweep);
    for (size_t k = 0; k < n_keys; k++) {
        json_object_set_new(values, sweep_key(&plan->sweep, k),
                            json_string(sweep_value(&plan->sweep, i, k)));
    }
    return json_pack("{s:I, s:I, s:o, s:I, s:o}", "point", (json_int_t)i, "replications",
                     (json_int_t)plan->base->replications, "values", values, "devices",
                     (json_int_t)plan->point[i].cost, "run_s",
                     number_or_null(run_s(plan, pilot, i)));
}

static enum sim_err print_json(const struct plan *plan, const struct plan_pilot *pilot,
                               struct sim_error *e)
{
    json_t *const points = json_array();
    for (uint32_t i = 0; i < plan->sweep.n_points; i++) {
        json_array_append_new(points, point_json(plan, pilot, i));
    }
    json_t *const root =
        json_pack("{s:I, s:f, s:o, s:o, s:I, s:o}", "points", (json_int_t)plan->sweep.n_points,
                  "runs", all_runs(plan), "time_s", number_or_null(all_s(plan, pilot)), "disk_byte",
                  number_or_null(all_byte(plan, pilot)), "threads", (json_int_t)pilot->threads,
                  "point", points);
    const bool ok =
        root != NULL && json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) == 0;
    json_decref(root);
    putchar('\n');
    return ok ? SIM_OK : sim_fail_memory(e, "the plan");
}

enum sim_err plan_print(const struct plan *plan, const struct plan_pilot *pilot,
                        enum plan_format format, enum table_format csv, struct sim_error *e)
{
    switch (format) {
    case PLAN_TEXT:
        print_text(plan, pilot);
        return SIM_OK;
    case PLAN_MD:
        print_md(plan, pilot);
        return SIM_OK;
    case PLAN_CSV:
        return print_csv(plan, pilot, csv, e);
    case PLAN_JSON:
        return print_json(plan, pilot, e);
    }
    return SIM_OK;
}
