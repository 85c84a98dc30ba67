#include "cli/replay_output.h"

#include "output/csv.h"
#include "sim/base/text.h"

#include <math.h>
#include <string.h>

/* ---- The table ---- */

enum { MAX_COLUMNS = FLOW_COLUMNS + 4 };

static const struct table_column input_columns[FLOW_COLUMNS] = {
    [FLOW_START] = {"start_s", "s", "when the flow starts", TABLE_REAL},
    [FLOW_SIZE] = {"size_byte", "byte", "its size", TABLE_REAL},
    [FLOW_ID] = {"id", "", "its name, or the number of its row", TABLE_TEXT},
    [FLOW_CAP] = {"cap_bit_per_s", "bit/s", "its cap on the wire; 0: none", TABLE_WHOLE},
    [FLOW_WEIGHT] = {"weight", "1", "its weight", TABLE_WHOLE},
    [FLOW_RTT] = {"rtt_s", "s", "its round-trip time", TABLE_REAL},
    [FLOW_CANCEL] = {"cancel_s", "s", "when it is given up", TABLE_REAL},
};

static const struct table_column result_columns[] = {
    {"finish_s", "s", "when it ends; empty: never, or given up before", TABLE_REAL},
    {"duration_s", "s", "finish_s - start_s", TABLE_REAL},
    {"received_byte", "byte", "what came of it", TABLE_REAL},
    {"mean_bit_per_s", "bit/s", "8 received_byte / time from start_s to its end", TABLE_REAL},
};

static const enum flow_column column_order[FLOW_COLUMNS] = {
    FLOW_ID, FLOW_START, FLOW_SIZE, FLOW_CAP, FLOW_WEIGHT, FLOW_RTT, FLOW_CANCEL};

/* The first four are always there, the others if the input has them. */
static bool is_written(const struct flow_input *in, enum flow_column k)
{
    return k == FLOW_ID || k == FLOW_START || k == FLOW_SIZE || k == FLOW_CAP || in->has[k];
}

static void write_input_cell(struct csv *csv, const struct trace_flow *f, enum flow_column k,
                             const char *id)
{
    switch (k) {
    case FLOW_ID:
        csv_text(csv, id);
        break;
    case FLOW_START:
        csv_real(csv, f->start_s);
        break;
    case FLOW_SIZE:
        csv_real(csv, f->size_byte);
        break;
    case FLOW_CAP:
        csv_whole(csv, f->cap_bit_per_s);
        break;
    case FLOW_WEIGHT:
        csv_whole(csv, f->weight);
        break;
    case FLOW_RTT:
        csv_real(csv, f->rtt_s);
        break;
    case FLOW_CANCEL:
    default:
        csv_real(csv, f->cancel_s);
        break;
    }
}

static double mean_bit_per_s(const struct trace_flow *f)
{
    const double time_s = f->end == TRACE_FINISHED    ? f->duration_s
                          : f->end == TRACE_CANCELLED ? f->cancel_s - f->start_s
                                                      : NAN;
    return time_s > 0 ? 8 * f->received_byte / time_s : NAN;
}

static void write_rows(struct csv *csv, const struct flow_input *in)
{
    const char *id = in->id;
    char number[24];
    for (size_t i = 0; i < in->n; i++) {
        const struct trace_flow *const f = &in->flow[i];
        snprintf(number, sizeof number, "%zu", i + 1);
        for (int c = 0; c < FLOW_COLUMNS; c++) {
            if (is_written(in, column_order[c])) {
                write_input_cell(csv, f, column_order[c], id != NULL ? id : number);
            }
        }
        csv_real(csv, f->finish_s);
        csv_real(csv, f->duration_s);
        csv_real(csv, f->received_byte);
        csv_real(csv, mean_bit_per_s(f));
        id = id != NULL ? id + strlen(id) + 1 : NULL;
    }
}

enum sim_err replay_write(const char *path, enum table_format format, const struct flow_input *in,
                          struct sim_error *e)
{
    struct table_column column[MAX_COLUMNS];
    struct table table = {"flows", "a flow", column, 0};
    struct csv *csv;
    for (int c = 0; c < FLOW_COLUMNS; c++) {
        if (is_written(in, column_order[c])) {
            column[table.n_columns++] = input_columns[column_order[c]];
        }
    }
    memcpy(column + table.n_columns, result_columns, sizeof result_columns);
    table.n_columns += sizeof result_columns / sizeof result_columns[0];
    const enum sim_err err = csv_create_as(path, &table, format, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    write_rows(csv, in);
    return csv_close(csv, e);
}

/* ---- The sentence ---- */

/* "336.8 MB" */
static void print_size(double byte, FILE *out)
{
    static const char *const unit[] = {"byte", "kB", "MB", "GB", "TB", "PB"};
    int i = 0;
    for (; byte >= 1000 && i < 5; i++) {
        byte /= 1000;
    }
    fprintf(out, "%.4g %s", byte, unit[i]);
}

static void print_caps(const struct flow_input *in, FILE *out)
{
    if (in->n_capped == 0) {
        fputs("no caps", out);
    } else if (in->n_capped == in->n) {
        fputs("all with a cap", out);
    } else {
        fprintf(out, "%zu with a cap", in->n_capped);
    }
}

void replay_print_sentence(const struct flow_input *in, const struct trace_link *link,
                           const struct trace_summary *s, FILE *out)
{
    if (in->n_rounded > 0) {
        fprintf(out, "%zu cap%s rounded to whole bit/s.\n", in->n_rounded,
                in->n_rounded == 1 ? " was" : "s were");
    }
    fprintf(out, "%zu flow%s, ", in->n, sim_plural(in->n));
    print_size(in->size_byte, out);
    fputs(" (", out);
    print_caps(in, out);
    fprintf(out, "; overhead %.6g): over %.6g s after the first start; ", link->overhead,
            s->makespan_s);
    if (s->n_finished > 0) {
        fprintf(out, "a flow takes %.6g s on average, 95 %% take at most %.6g s; ",
                s->mean_duration_s, s->p95_duration_s);
    }
    fprintf(out, "the link is the limit %.3g %% of the time, and %.3g %% of it is in use.\n",
            100 * s->saturated_share, 100 * s->used_share);
    if (s->n_cancelled > 0) {
        fprintf(out, "%zu flow%s given up before the end; all together received ", s->n_cancelled,
                s->n_cancelled == 1 ? " is" : "s are");
        print_size(s->received_byte, out);
        fputs(".\n", out);
    }
    if (s->n_never > 0) {
        fprintf(out, "%zu flow%s never: the capacity stays 0. %s finish_s is empty.\n", s->n_never,
                s->n_never == 1 ? " ends" : "s end", s->n_never == 1 ? "Its" : "Their");
    }
}
