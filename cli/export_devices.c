/* devices.csv: a row per device and replication. stages.csv: where their time went, by class. */
#include "cli/export.h"

#include "sim/stat/interval.h"

#include <math.h>
#include <stdlib.h>

static const struct table_column leading[] = {
    {"replication", "", "number of the replication, from 0", TABLE_WHOLE},
    {"device", "", "number of the device, from 0", TABLE_WHOLE},
    {"user", "", "number of its user, from 0", TABLE_WHOLE},
    {"class", "", "its class", TABLE_TEXT},
    {"items", "items", "items it has to load", TABLE_WHOLE},
    {"payload_byte", "byte", "payload it was sent", TABLE_REAL},
    {"lost_s", "s", "when it lost its server", TABLE_REAL},
    {"erased_s", "s", "when it began to erase its copy, the first time", TABLE_REAL},
    {"basic_s", "s", "when it had today's mail again; empty: never", TABLE_REAL},
    {"full_s", "s", "when it had everything again; empty: never", TABLE_REAL},
    {"blackout_s", "s", "time it was empty: from erase to today's mail", TABLE_REAL},
    {"total_s", "s", "time from the loss to full, or to the end", TABLE_REAL},
    {"connections", "connections", "connections it tried", TABLE_WHOLE},
    {"retries", "attempts", "attempts after a 503 or a time-out", TABLE_WHOLE},
    {"timeouts", "requests", "requests it gave up", TABLE_WHOLE},
    {"refused", "answers", "answers 503 it got", TABLE_WHOLE},
    {"gap_items", "items", "mails on which it and an old, restored state disagree", TABLE_WHOLE},
    {"gap_from_s", "s", "since when; empty: never", TABLE_REAL},
    {"gap_until_s", "s", "until its next erase; empty: to the end", TABLE_REAL},
};

enum { N_LEADING = sizeof leading / sizeof leading[0] };

/* Columns "time.STAGE_s", after `n` others. */
static void add_stage_columns(struct table_column *columns, size_t n,
                              char names[DEVICE_N_STAGES][32])
{
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        snprintf(names[stage], 32, "time.%s_s", device_stage_name((enum device_stage)stage));
        columns[n + (size_t)stage] = (struct table_column){
            names[stage], "s", device_stage_label((enum device_stage)stage), TABLE_REAL};
    }
}

static void write_device(struct csv *csv, const struct scenario *s, uint32_t replication,
                         uint32_t device, const struct device_record *r)
{
    csv_whole(csv, replication);
    csv_whole(csv, device);
    csv_whole(csv, r->user);
    csv_text(csv, s->devices.device_class[r->class_id].name);
    csv_whole(csv, r->items);
    csv_real(csv, r->payload_byte);
    csv_real(csv, r->lost_s);
    csv_real(csv, r->erased_s);
    csv_real(csv, r->basic_s);
    csv_real(csv, r->full_s);
    csv_real(csv, r->blackout_s);
    csv_real(csv, r->total_s);
    csv_whole(csv, r->connections);
    csv_whole(csv, r->retries);
    csv_whole(csv, r->timeouts);
    csv_whole(csv, r->refused);
    csv_whole(csv, r->gap_items);
    csv_real(csv, r->gap_from_s);
    csv_real(csv, r->gap_until_s);
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        csv_real(csv, r->stage_s[stage]);
    }
}

void export_devices(struct export *x)
{
    struct table_column columns[N_LEADING + DEVICE_N_STAGES];
    char names[DEVICE_N_STAGES][32];
    for (size_t i = 0; i < N_LEADING; i++) {
        columns[i] = leading[i];
    }
    add_stage_columns(columns, N_LEADING, names);
    const struct table table = {"devices", "a device in a replication", columns,
                                N_LEADING + DEVICE_N_STAGES};
    struct csv *const csv = export_open(x, &table);
    for (uint32_t r = 0; csv != NULL && r < x->study->n; r++) {
        const struct run_result *const result = &x->study->result[r];
        for (uint32_t i = 0; i < result->n_devices; i++) {
            write_device(csv, x->study->scenario, r, i, &result->device[i]);
        }
    }
    export_close(x, csv);
}

/* ---- stages.csv ---- */

enum { TOTAL = DEVICE_N_STAGES, N_TIMES };

/* Times of the devices that lost their server, of one class, or of all (class UINT32_MAX), in one replication. */
static uint64_t sum_times(const struct run_result *result, uint32_t class_id, double sum_s[N_TIMES])
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < result->n_devices; i++) {
        const struct device_record *const d = &result->device[i];
        if (!metrics_is_affected(d) || (class_id != UINT32_MAX && d->class_id != class_id)) {
            continue; /* it has lost nothing, or is not meant */
        }
        n++;
        for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
            sum_s[stage] += d->stage_s[stage];
            sum_s[TOTAL] += d->stage_s[stage];
        }
    }
    return n;
}

/* Means over all devices; intervals over the means of the replications. */
static void write_stages(struct csv *csv, const struct study *study, const char *name,
                         uint32_t class_id)
{
    double sum_s[N_TIMES] = {0};
    struct sim_tally tally[N_TIMES] = {{0}};
    uint64_t n = 0;
    for (uint32_t r = 0; r < study->n; r++) {
        double own_s[N_TIMES] = {0};
        const uint64_t own_n = sum_times(&study->result[r], class_id, own_s);
        n += own_n;
        for (int i = 0; i < N_TIMES && own_n > 0; i++) {
            sum_s[i] += own_s[i];
            sim_tally_add(&tally[i], own_s[i] / (double)own_n);
        }
    }
    csv_text(csv, name);
    csv_whole(csv, n);
    csv_real(csv, sum_s[TOTAL] / (double)n);
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        csv_real(csv, sum_s[stage] / (double)n);
    }
    for (int i = 0; i < N_TIMES; i++) {
        csv_real(csv, sim_interval_student(&tally[i], study->scenario->confidence).half_width);
    }
}

void export_stages(struct export *x)
{
    enum { N_STAGE_LEADING = 3, WIDTHS = N_STAGE_LEADING + DEVICE_N_STAGES };
    const struct device_config *const devices = &x->study->scenario->devices;
    struct table_column columns[WIDTHS + N_TIMES] = {
        {"class", "", "class of device, or 'all'", TABLE_TEXT},
        {"devices", "devices", "devices that lost their server, in all replications", TABLE_WHOLE},
        {"total_s", "s", "mean time from the loss to full, or to the end", TABLE_REAL},
    };
    char names[DEVICE_N_STAGES][32];
    char width_names[N_TIMES][48];
    add_stage_columns(columns, N_STAGE_LEADING, names);
    for (int i = 0; i < N_TIMES; i++) {
        snprintf(width_names[i], sizeof width_names[i], "%.31s.half_width",
                 i == TOTAL ? "total_s" : names[i]);
        columns[WIDTHS + i] = (struct table_column){
            width_names[i], "s", "half-width of the Student interval of this mean", TABLE_REAL};
    }
    const struct table table = {"stages", "a class of device: mean time by stage", columns,
                                WIDTHS + N_TIMES};
    struct csv *const csv = export_open(x, &table);
    if (csv != NULL) {
        write_stages(csv, x->study, "all", UINT32_MAX);
    }
    for (uint32_t i = 0; csv != NULL && i < devices->n_classes; i++) {
        write_stages(csv, x->study, devices->device_class[i].name, i);
    }
    export_close(x, csv);
}
