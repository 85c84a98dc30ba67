/* Rows of the scenario table: servers that share one database. */
#include "models/schema_rows.h"

static const struct schema_row pool_rows[] = {
    {"database.iops", SCHEMA_QUANTITY, SIM_FREQUENCY, AT(pool.database.iops), "2000 /s", 1, 1e9,
     "450 /s", "20000 /s",
     "commits a second that the pool's database can write one by one, for all servers "
     "(balancer.method: pool)",
     SOURCE_ESTIMATE, "a database server of its own with a cache that is not lost", NULL},
    {"database.group", SCHEMA_COUNT, SIM_NUMBER, AT(pool.database.group), "4", 1, 1000, "1", "20",
     "commits that one write to its log can carry", SOURCE_ESTIMATE,
     "group commit, as for servers.*.state_db.group", NULL},
    {"database.latency", SCHEMA_DISTRIBUTION, SIM_TIME, AT(pool.database.latency), "0.5 ms", 0,
     HUGE_VAL, "0.1 ms", "50 ms", "what the network adds to each transaction: one round trip",
     SOURCE_ESTIMATE,
     "a switch or two in one data center, where pool and database belong; from a ping time of 50 "
     "ms "
     "on it is felt (HCL Traveler 12.0.2, Best practices for HA)",
     NULL},
    {"database.cores", SCHEMA_COUNT, SIM_NUMBER, AT(pool.database.cores), "4", 1, 1024, "2", "32",
     "of the database server", SOURCE_ESTIMATE, "as of a sync server", NULL},
    {"database.cpu_per_transaction", SCHEMA_QUANTITY, SIM_TIME,
     AT(pool.database.cpu_per_transaction_s), "0.5 ms", 0, 60, "0.1 ms", "5 ms",
     "CPU time of a transaction at the database server", SOURCE_ESTIMATE,
     "a few rows by key and an entry in the log; none published for Traveler", NULL},
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
