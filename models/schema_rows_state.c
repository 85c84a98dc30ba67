/* Rows of the scenario table: what of the state is at stake besides the mail. */
#include "models/schema_rows.h"

static const struct schema_row security_rows[] = {
    {"denied", SCHEMA_COUNT, SIM_NUMBER, AT(security.denied), "0", 0, 100000, NULL, NULL,
     "devices that are denied access when the first server fails", SOURCE_CONVENTION,
     "none: say how many yours has", NULL},
    {"locks", SCHEMA_COUNT, SIM_NUMBER, AT(security.locks), "0", 0, 100000, NULL, NULL,
     "devices to be locked at their next contact", SOURCE_CONVENTION, "none", NULL},
    {"wipes", SCHEMA_COUNT, SIM_NUMBER, AT(security.wipes), "0", 0, 100000, NULL, NULL,
     "devices to be wiped at their next contact", SOURCE_CONVENTION, "none", NULL},
    {"contact", SCHEMA_DISTRIBUTION, SIM_TIME, AT(security.contact), "exponential(8 h)", 0,
     HUGE_VAL, "exponential(15 min)", "exponential(7 d)",
     "time between contacts of such a device: it is lost, stolen or in a drawer", SOURCE_ESTIMATE,
     "no figure found; a phone in use comes every heartbeat", NULL},
    {"reissue", SCHEMA_QUANTITY, SIM_TIME, AT(security.reissue_s), "24 h", 0, 864000000, "1 h",
     "30 d", "after the failure: until all orders have been issued again by hand", SOURCE_ESTIMATE,
     "no figure found; somebody has to notice that they are gone", NULL},
};

const struct schema_section schema_security = {
    "security", false, false, "Security orders", security_rows, N_ROWS(security_rows)};
