/* Rows of the scenario table: documents that crash the sync server. */
#include "models/schema_rows.h"

static const struct schema_row poison_rows[] = {
    {"documents", SCHEMA_COUNT, SIM_NUMBER, AT(poison.documents), "0", 0, 1000, NULL, NULL,
     "documents in the mail files that bring a sync server down which has not banned them",
     SOURCE_CONVENTION, "none: 'tell traveler banneddoc show *' lists yours", NULL},
    {"crash_limit", SCHEMA_COUNT, SIM_NUMBER, AT(poison.crash_limit), "2", 1, 100, NULL, NULL,
     "crashes by a document until it is banned", SOURCE_DOCUMENTED,
     "NTS_BAN_DOC_LIMIT (Repeated Crash Protection, Traveler 8.5.2.3)", NULL},
    {"restart", SCHEMA_DISTRIBUTION, SIM_TIME, AT(poison.restart), "4 min", 0, HUGE_VAL, "1 min",
     "11 min", "from a crash until the server serves again", SOURCE_ESTIMATE,
     "start of Domino and Traveler; no figure found", NULL},
};

const struct schema_section schema_poison = {
    "poison", false, false, "Documents that crash the server", poison_rows, N_ROWS(poison_rows)};
