/* Rows of the scenario table: the run itself, the timeline. */
#include "models/schema_rows.h"

static const char *const automatic[] = {"auto", NULL};

static const struct schema_row run_rows[] = {
    {"schema", SCHEMA_COUNT, SIM_NUMBER, AT(schema), "1", 1, 1, NULL, NULL,
     "version of the scenario format", SOURCE_CONVENTION, "this program reads version 1", NULL},
    {"title", SCHEMA_TEXT, SIM_NUMBER, AT(title), "Failover of a sync server", 0, 0, NULL, NULL,
     "one line that says what the scenario asks; heads every picture", SOURCE_CONVENTION,
     "what an untitled scenario is about", NULL},
    {"seed", SCHEMA_COUNT64, SIM_NUMBER, AT(seed), "1", 0, 9007199254740992.0, NULL, NULL,
     "names all random numbers: same seed, same results", SOURCE_CONVENTION,
     "any number is as good as another", NULL},
    {"replications", SCHEMA_COUNT, SIM_NUMBER, AT(replications), "10", 1, 100000, NULL, NULL,
     "independent repetitions; intervals come from them. auto: as many as precision asks for",
     SOURCE_CONVENTION, "10 give half-widths of 0.7 standard deviations at 95 %", automatic},
    {"confidence", SCHEMA_QUANTITY, SIM_SHARE, AT(confidence), "95 %", 0.5, 0.9999, NULL, NULL,
     "confidence of all intervals (Student, over replications)", SOURCE_CONVENTION,
     "usual in the field", NULL},
    {"horizon", SCHEMA_QUANTITY, SIM_TIME, AT(horizon_s), "12 h", 1, 8640000, NULL, NULL,
     "a replication ends so long after the failure at the latest; who is not done counts as never",
     SOURCE_CONVENTION, "a working day: who has no mail by then has lost the day", NULL},
    {"series_step", SCHEMA_QUANTITY, SIM_TIME, AT(series_step_s), "10 s", 0.1, 86400, NULL, NULL,
     "distance of the rows of series.csv", SOURCE_CONVENTION,
     "a device connects, erases and loads in some tens of seconds", NULL},
    {"max_events", SCHEMA_COUNT64, SIM_NUMBER, AT(max_events), "2000000000", 1000, 1e15, NULL, NULL,
     "a replication with more events is given up: a retry storm without end", SOURCE_CONVENTION,
     "13 times what a million users need", NULL},
    {"users", SCHEMA_COUNT, SIM_NUMBER, AT(users), "500", 1, 10000000, NULL, NULL,
     "people with at least one device", SOURCE_DOCUMENTED,
     "500 devices are the ceiling of a standalone server (HCL Traveler 12.0.2, Theoretical device "
     "capacity)",
     NULL},
};

static const char *const fates[] = {"reset", "silent", NULL};

static const struct schema_row timeline_rows[] = {
    {"at", SCHEMA_QUANTITY, SIM_TIME, offsetof(struct timeline_entry, at_s), NULL, 0, 8640000, NULL,
     NULL,
     "when, as a time (9 h); results count from the entry that first takes the devices' server",
     SOURCE_CONVENTION, "no default: an entry says when", NULL},
    {"do", SCHEMA_TEXT, SIM_NUMBER, offsetof(struct timeline_entry, text), NULL, 0, 0, NULL, NULL,
     "what: 'fail host NAME', 'restart host NAME' (or 'with defragmentation'), 'restore host NAME "
     "without state' (or 'with state'; 'begin to' before it: it takes its time from then on), "
     "'restore projection of NAME', 'redirect NAME to NAME', 'drain NAME to NAME', 'flap "
     "NAME and NAME every TIME COUNT times', 'fail back to NAME', 'block' or 'release' and "
     "'all', 'group NUMBER' or 'class NAME', 'fail mail NUMBER' or 'restart mail NUMBER', 'fail "
     "pool database' or 'restart pool database', or at "
     "the console of the server that "
     "has the connections: 'tell traveler clearanchors USER', 'tell traveler reset USER', 'tell "
     "traveler delete USER', 'tell traveler security delete USER', 'tell traveler banneddoc add * "
     "USER', where USER is a number or, for all, *, 'tell traveler available off' or 'on', 'tell "
     "traveler quit', 'tell http quit', 'load traveler', 'load traveler -defrag', 'load http'; 'on "
     "NAME' before it: at the console of that server",
     SOURCE_CONVENTION, "no default: an entry says what", NULL},
    {"connections", SCHEMA_CHOICE, SIM_NUMBER, offsetof(struct timeline_entry, fate), "reset", 0, 0,
     NULL, NULL,
     "how the server's connections end: reset (all devices know at once) or silent (they learn "
     "it when their long poll or request times out)",
     SOURCE_CONVENTION,
     "a host that is switched off cleanly, or a balancer that closes what it had", fates},
};

const struct schema_section schema_run = {"", false, false, "The run", run_rows, N_ROWS(run_rows)};
const struct schema_section schema_timeline = {
    "timeline", true, true, "What happens when", timeline_rows, N_ROWS(timeline_rows)};
