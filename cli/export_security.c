/* security.csv: what became of each security order, by replication. */
#include "cli/export.h"

static const struct table_column columns[] = {
    {"replication", "", "number of the replication, from 0", TABLE_WHOLE},
    {"order", "", "number of the order, from 0", TABLE_WHOLE},
    {"device", "", "number of the device it is against, from 0", TABLE_WHOLE},
    {"user", "", "number of its user, from 0", TABLE_WHOLE},
    {"kind", "", "denied, lock or wipe", TABLE_TEXT},
    {"issued_s", "s", "when it was given, before the failure: negative", TABLE_REAL},
    {"served_s", "s", "first contact in which it got what it should not; empty: never", TABLE_REAL},
    {"executed_s", "s", "when it was locked or wiped; empty: not up to the horizon", TABLE_REAL},
    {"exposure_s", "s", "time from being served until the order holds again, up to the horizon",
     TABLE_REAL},
    {"ghost", "", "1 for a wipe that only a restored projection knows of, else 0", TABLE_WHOLE},
};

static const struct table table = {"security", "a security order in a replication", columns,
                                   sizeof columns / sizeof columns[0]};

static void write_order(struct csv *csv, const struct run_result *r, uint32_t replication,
                        uint32_t order)
{
    const struct security_outcome *const o = &r->order[order];
    csv_whole(csv, replication);
    csv_whole(csv, order);
    csv_whole(csv, o->device);
    csv_whole(csv, r->device[o->device].user);
    csv_text(csv, security_kind_name(o->kind));
    csv_real(csv, o->issued_s);
    csv_real(csv, o->served_s);
    csv_real(csv, o->executed_s);
    csv_real(csv, o->exposure_s);
    csv_whole(csv, o->is_ghost);
}

void export_security(struct export *x)
{
    if (security_n_orders(&x->scenario->security) == 0) {
        return;
    }
    struct csv *const csv = export_open(x, &table);
    if (csv == NULL) {
        return;
    }
    for (uint32_t r = 0; r < x->study->n; r++) {
        for (uint32_t i = 0; i < x->study->result[r].n_orders; i++) {
            write_order(csv, &x->study->result[r], r, i);
        }
    }
    export_close(x, csv);
}
