#include "models/flow_input.h"

#include "sim/base/csv_input.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "sim/res/fluid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beyond these a number is a slip: start times in milliseconds, for instance. */
static const double max_time_s = 1e11;
static const double max_size_byte = 1e15;
static const double max_rtt_s = 3600;
static const double max_capacity_bit_per_s = 1e15;

const char *const flow_column_names[ALL_COLUMNS] = {"start_s",       "size_byte", "id",
                                                    "cap_bit_per_s", "weight",    "rtt_s",
                                                    "cancel_s",      "time_s",    "bit_per_s"};

void flow_input_fini(struct flow_input *in)
{
    free(in->flow);
    free(in->id);
    *in = (struct flow_input){0};
}

static struct sim_csv_column column_of(const struct flow_format *format, enum flow_column k)
{
    const bool is_required = k == FLOW_START || k == FLOW_SIZE || k == STEP_TIME || k == STEP_RATE;
    return format->renamed[k] != NULL ? (struct sim_csv_column){format->renamed[k], true}
                                      : (struct sim_csv_column){flow_column_names[k], is_required};
}

/* An optional number: `*value` stays if the cell is empty. */
static enum sim_err read_optional(const struct sim_csv_row *row, enum flow_column k, double least,
                                  double most, double *value, struct sim_error *e)
{
    return *sim_csv_text(row, k) == '\0' ? SIM_OK : sim_csv_real(row, k, least, most, value, e);
}

static enum sim_err read_cap(struct flow_input *in, const struct sim_csv_row *row,
                             struct trace_flow *f, struct sim_error *e)
{
    double cap = 0;
    const enum sim_err err = read_optional(row, FLOW_CAP, 0, (double)SIM_FLUID_MAX_CAP, &cap, e);
    if (err == SIM_OK && cap > 0) {
        const double whole = fmax(1, round(cap)); /* 0 would be no cap at all */
        f->cap_bit_per_s = (uint64_t)whole;
        in->n_capped++;
        in->n_rounded += whole != cap;
    }
    return err;
}

static enum sim_err read_weight(const struct sim_csv_row *row, struct trace_flow *f,
                                struct sim_error *e)
{
    double weight = 1;
    const enum sim_err err = read_optional(row, FLOW_WEIGHT, 1, SIM_FLUID_MAX_WEIGHT, &weight, e);
    if (err == SIM_OK && weight != trunc(weight)) {
        return sim_csv_fail(row, FLOW_WEIGHT, e,
                            "%s is not a whole number; only ratios count, so multiply all weights",
                            sim_csv_text(row, FLOW_WEIGHT));
    }
    f->weight = (uint32_t)weight;
    return err;
}

static enum sim_err read_times(const struct sim_csv_row *row, struct trace_flow *f,
                               struct sim_error *e)
{
    enum sim_err err = sim_csv_real(row, FLOW_START, 0, max_time_s, &f->start_s, e);
    if (err == SIM_OK) {
        err = read_optional(row, FLOW_RTT, 0, max_rtt_s, &f->rtt_s, e);
    }
    if (err == SIM_OK) {
        err = read_optional(row, FLOW_CANCEL, 0, max_time_s, &f->cancel_s, e);
    }
    if (err == SIM_OK && f->cancel_s < f->start_s) {
        return sim_csv_fail(row, FLOW_CANCEL, e, "%s is before the start at %s; both are moments",
                            sim_csv_text(row, FLOW_CANCEL), sim_csv_text(row, FLOW_START));
    }
    return err;
}

static enum sim_err keep_id(struct flow_input *in, const char *text, struct sim_error *e)
{
    const size_t byte = strlen(text) + 1;
    if (sim_grow(&in->id, &in->id_capacity, in->id_byte + byte, 1) != SIM_OK) {
        return sim_fail_memory(e, "the flows");
    }
    memcpy(in->id + in->id_byte, text, byte);
    in->id_byte += byte;
    return SIM_OK;
}

static enum sim_err on_flow(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    struct flow_input *const in = self;
    struct trace_flow f = {.cancel_s = INFINITY};
    if (in->n == 0) {
        for (int k = 0; k < FLOW_COLUMNS; k++) {
            in->has[k] = sim_csv_has(row, (size_t)k);
        }
    }
    if (in->n == TRACE_MAX_FLOWS) {
        return sim_csv_fail(row, FLOW_START, e, "more than %d flows", TRACE_MAX_FLOWS);
    }
    enum sim_err err = read_times(row, &f, e);
    if (err == SIM_OK) {
        err = sim_csv_real(row, FLOW_SIZE, 0, max_size_byte, &f.size_byte, e);
    }
    if (err == SIM_OK) {
        err = read_cap(in, row, &f, e);
    }
    if (err == SIM_OK) {
        err = read_weight(row, &f, e);
    }
    if (err == SIM_OK && in->has[FLOW_ID]) {
        err = keep_id(in, sim_csv_text(row, FLOW_ID), e);
    }
    if (err == SIM_OK && sim_grow(&in->flow, &in->capacity, in->n + 1, sizeof f) != SIM_OK) {
        err = sim_fail_memory(e, "the flows");
    }
    if (err == SIM_OK) {
        in->size_byte += f.size_byte;
        in->flow[in->n++] = f;
    }
    return err;
}

/* Is its first line like `... [10/Oct/2026:13:55:36 +0200] "GET /x HTTP/1.1" ...`? */
static bool is_access_log(const char *path)
{
    char line[1024] = "";
    FILE *const file = strcmp(path, "-") != 0 ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        return false;
    }
    const bool has_line = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    return has_line && strstr(line, "] \"") != NULL && strstr(line, " HTTP/") != NULL;
}

enum sim_err flow_input_read(const char *path, const struct flow_format *format,
                             struct flow_input *in, struct sim_error *e)
{
    struct sim_csv_column column[FLOW_COLUMNS];
    for (int k = 0; k < FLOW_COLUMNS; k++) {
        column[k] = column_of(format, (enum flow_column)k);
    }
    const struct sim_csv_input input = {path, format->delimiter, column, FLOW_COLUMNS,
                                        "--delimiter"};
    const enum sim_err err = sim_csv_read(&input, on_flow, in, e);
    if (err == SIM_EINVAL && is_access_log(path)) {
        return sim_fail(e, SIM_EINVAL,
                        "%s: is an access log of a web server, not a table with a header; "
                        "docs/replay.md says how to make one of it",
                        path);
    }
    if (err == SIM_OK && in->n == 0) {
        return sim_fail(e, SIM_EINVAL, "%s: there is no flow in it", path);
    }
    return err;
}

/* ---- Capacity ---- */

struct steps {
    struct trace_step *step;
    size_t n, capacity;
};

static enum sim_err on_step(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    enum { TIME, RATE };
    struct steps *const s = self;
    double time_s = 0;
    double rate = 0;
    enum sim_err err = sim_csv_real(row, TIME, 0, max_time_s, &time_s, e);
    if (err == SIM_OK) {
        err = sim_csv_real(row, RATE, 0, max_capacity_bit_per_s, &rate, e);
    }
    if (err == SIM_OK && s->n == TRACE_MAX_FLOWS) {
        return sim_csv_fail(row, TIME, e, "more than %d rates", TRACE_MAX_FLOWS);
    }
    if (err == SIM_OK && rate > 0 && rate < 1) {
        return sim_csv_fail(row, RATE, e,
                            "%s is neither 0, a link that stands still, nor at least 1 bit/s",
                            sim_csv_text(row, RATE));
    }
    if (err == SIM_OK && s->n > 0 && time_s <= s->step[s->n - 1].time_s) {
        return sim_csv_fail(row, TIME, e, "%s is not after %.17g, the time of the row before",
                            sim_csv_text(row, TIME), s->step[s->n - 1].time_s);
    }
    if (err == SIM_OK && sim_grow(&s->step, &s->capacity, s->n + 1, sizeof *s->step) != SIM_OK) {
        err = sim_fail_memory(e, "the capacity");
    }
    if (err == SIM_OK) {
        s->step[s->n++] = (struct trace_step){time_s, (uint64_t)round(rate)};
    }
    return err;
}

enum sim_err flow_input_capacity(const char *path, const struct flow_format *format,
                                 struct trace_step **step, size_t *n, struct sim_error *e)
{
    struct steps s = {0};
    const struct sim_csv_column column[] = {column_of(format, STEP_TIME),
                                            column_of(format, STEP_RATE)};
    const struct sim_csv_input input = {path, format->delimiter, column, 2, "--delimiter"};
    const enum sim_err err = sim_csv_read(&input, on_step, &s, e);
    *step = s.step;
    *n = s.n;
    if (err == SIM_OK && s.n == 0) {
        return sim_fail(e, SIM_EINVAL, "%s: there is no capacity in it", path);
    }
    return err;
}
