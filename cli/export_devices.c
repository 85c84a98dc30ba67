/* devices.csv: a row per device and replication. stages.csv: where their time went, by class. */
#include "cli/export.h"

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

/* Mean time by stage of the devices of one class, or of all (class UINT32_MAX), in all
 * replications. */
static uint64_t sum_stages(const struct study *study, uint32_t class_id,
                           double sum_s[DEVICE_N_STAGES])
{
    uint64_t n = 0;
    for (uint32_t r = 0; r < study->n; r++) {
        const struct run_result *const result = &study->result[r];
        for (uint32_t i = 0; i < result->n_devices; i++) {
            const struct device_record *const d = &result->device[i];
            if (class_id != UINT32_MAX && d->class_id != class_id) {
                continue;
            }
            n++;
            for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
                sum_s[stage] += d->stage_s[stage];
            }
        }
    }
    return n;
}

static void write_stages(struct csv *csv, const struct study *study, const char *name,
                         uint32_t class_id)
{
    double sum_s[DEVICE_N_STAGES] = {0};
    double total_s = 0;
    const uint64_t n = sum_stages(study, class_id, sum_s);
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        total_s += sum_s[stage];
    }
    csv_text(csv, name);
    csv_whole(csv, n);
    csv_real(csv, total_s / (double)n);
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        csv_real(csv, sum_s[stage] / (double)n);
    }
}

void export_stages(struct export *x)
{
    enum { N_STAGE_LEADING = 3 };
    const struct device_config *const devices = &x->study->scenario->devices;
    struct table_column columns[N_STAGE_LEADING + DEVICE_N_STAGES] = {
        {"class", "", "class of device, or 'all'", TABLE_TEXT},
        {"devices", "devices", "devices in all replications", TABLE_WHOLE},
        {"total_s", "s", "mean time from the loss to full, or to the end", TABLE_REAL},
    };
    char names[DEVICE_N_STAGES][32];
    add_stage_columns(columns, N_STAGE_LEADING, names);
    const struct table table = {"stages", "a class of device: mean time by stage", columns,
                                N_STAGE_LEADING + DEVICE_N_STAGES};
    struct csv *const csv = export_open(x, &table);
    if (csv != NULL) {
        write_stages(csv, x->study, "all", UINT32_MAX);
    }
    for (uint32_t i = 0; csv != NULL && i < devices->n_classes; i++) {
        write_stages(csv, x->study, devices->device_class[i].name, i);
    }
    export_close(x, csv);
}
