/* Rows of the scenario table: servers that share one database. */
#include "models/schema_rows.h"

static const struct schema_row pool_rows[] = {
    {"database.iops", SCHEMA_QUANTITY, SIM_FREQUENCY, AT(pool.iops), "2000 /s", 1, 1e9, "450 /s",
     "20000 /s",
     "commits a second that the pool's database can write one by one, for all servers "
     "(balancer.method: pool)",
     SOURCE_ESTIMATE, "a database server of its own with a cache that is not lost", NULL},
    {"database.group", SCHEMA_COUNT, SIM_NUMBER, AT(pool.group), "4", 1, 1000, "1", "20",
     "commits that one write to its log can carry", SOURCE_ESTIMATE,
     "group commit, as for servers.*.state_db.group", NULL},
    {"constrained_at", SCHEMA_QUANTITY, SIM_SHARE, AT(pool.constrained_at), "0 %", 0, 1, NULL, NULL,
     "a server whose availability index (free share of CPU, heap or HTTP threads, whichever is "
     "least) "
     "is not above this takes no further users",
     SOURCE_DOCUMENTED,
     "constrained below 0, when nothing is to spare (HCL Traveler 11.0.0, Administering a server "
     "pool)",
     NULL},
};

const struct schema_section schema_pool = {
    "pool", false, false, "Servers that share one database", pool_rows, N_ROWS(pool_rows)};
