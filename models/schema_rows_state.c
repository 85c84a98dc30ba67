/* Rows of the scenario table: what of the state is at stake besides the mail. */
#include "models/schema_rows.h"

static const char *const after_resets[] = {"kept", "cleanup", NULL};

static const struct schema_row security_rows[] = {
    {"denied", SCHEMA_COUNT, SIM_NUMBER, AT(security.denied), "0", 0, 100000, NULL, NULL,
     "devices that are denied access when the first server fails", SOURCE_CONVENTION,
     "none: say how many yours has", NULL},
    {"locks", SCHEMA_COUNT, SIM_NUMBER, AT(security.locks), "0", 0, 100000, NULL, NULL,
     "devices to be locked at their next contact", SOURCE_CONVENTION, "none", NULL},
    {"wipes", SCHEMA_COUNT, SIM_NUMBER, AT(security.wipes), "0", 0, 100000, NULL, NULL,
     "devices to be wiped at their next contact", SOURCE_CONVENTION, "none", NULL},
    {"age", SCHEMA_DISTRIBUTION, SIM_TIME, AT(security.age), "exponential(7 d)", 0, HUGE_VAL,
     "exponential(1 d)", "exponential(60 d)",
     "how long ago these orders were given, at the failure: an older backup does not have them",
     SOURCE_ESTIMATE, "no figure found", NULL},
    {"contact", SCHEMA_DISTRIBUTION, SIM_TIME, AT(security.contact), "exponential(8 h)", 0,
     HUGE_VAL, "exponential(15 min)", "exponential(7 d)",
     "time between contacts of such a device: it is lost, stolen or in a drawer", SOURCE_ESTIMATE,
     "no figure found; a phone in use comes every heartbeat", NULL},
    {"reissue", SCHEMA_QUANTITY, SIM_TIME, AT(security.reissue_s), "24 h", 0, 864000000, "1 h",
     "30 d", "after the failure: until all orders have been issued again by hand", SOURCE_ESTIMATE,
     "no figure found; somebody has to notice that they are gone", NULL},
    {"after_reset", SCHEMA_CHOICE, SIM_NUMBER, AT(security.after_reset), "kept", 0, 0, NULL, NULL,
     "orders against a device that is reset or deleted: kept for good, or, by the cleanup, until "
     "it "
     "has not come for cleanup_timeout",
     SOURCE_DOCUMENTED, "kept: up to 9.0.1.9; cleanup: from 9.0.1.10 on (Poettgen, 2016)",
     after_resets},
    {"cleanup_timeout", SCHEMA_QUANTITY, SIM_TIME, AT(security.cleanup_timeout_s), "30 d", 0,
     864000000, NULL, NULL, "for that; 0: at once", SOURCE_DOCUMENTED,
     "NTS_ADMIN_CLEANUP_TIMEOUT (Poettgen, 2016)", NULL},
    {"projection_lag", SCHEMA_QUANTITY, SIM_TIME, AT(security.projection_lag_s), "60 s", 0, 86400,
     "1 s", "15 min", "from an order until LotusTraveler.nsf shows it", SOURCE_ESTIMATE,
     "no figure found", NULL},
};

const struct schema_section schema_security = {
    "security", false, false, "Security orders", security_rows, N_ROWS(security_rows)};
