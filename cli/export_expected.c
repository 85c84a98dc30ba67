/* expectations.csv and expectations.json: a row per expectation. */
#include "cli/export.h"

#include "study/expect_table.h"

#include <stdlib.h>

static const struct table expectations_table = {"expectations", "an expectation", expect_columns,
                                                EXPECT_COLUMNS};

static void put_all(const struct export *x, struct csv *csv)
{
    for (size_t i = 0; i < x->expected->list.n; i++) {
        expect_put(csv, &x->expected->list.item[i], &x->expected->judgement[i],
                   x->scenario->confidence);
    }
}

static void export_json(struct export *x)
{
    struct csv *csv = NULL;
    char *const path = folder_file(x->folder, "expectations.json");
    x->err = path != NULL ? csv_create_as(path, &expectations_table, TABLE_JSON, &csv, x->error)
                          : sim_fail_memory(x->error, "expectations.json");
    free(path);
    if (csv != NULL) {
        put_all(x, csv);
    }
    export_close(x, csv);
}

void export_expected(struct export *x)
{
    if (x->expected == NULL || x->expected->list.n == 0) {
        return;
    }
    struct csv *const csv = export_open(x, &expectations_table);
    if (csv != NULL) {
        put_all(x, csv);
    }
    export_close(x, csv);
    if (!export_is_over(x)) {
        export_json(x);
    }
}
