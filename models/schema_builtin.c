/* What exists when a scenario names no classes, servers or timeline: the case of 2011. */
#include "models/schema_rows.h"

#define MIX_SOURCE     "estimate of the device mix of 2011: 25 % EDGE, 45 % 3G, 30 % Wi-Fi"
#define TIMEOUT_SOURCE "some Android stacks cut at 30 s and send again, iOS at 240 s (Z-Push)"

const struct schema_builtin schema_builtins[] = {
    {"devices.classes.edge.share", "25 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.edge.rate", "lognormal(median=150, sigma=0.5) kbit/s", SOURCE_ESTIMATE,
     "2G: 100-400 kbit/s (Grigorik 2013); the spread is an estimate"},
    {"devices.classes.edge.rtt", "300 ms + lognormal(median=250, sigma=0.6) ms", SOURCE_ESTIMATE,
     "2G: 300-1000 ms (Grigorik 2013); the law is an estimate"},
    {"devices.classes.edge.promotion", "uniform(0.3, 1) s", SOURCE_ESTIMATE, "no figure found"},
    {"devices.classes.umts_ios.share", "22.5 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.umts_android.share", "22.5 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.umts_android.request_timeout", "30 s", SOURCE_DOCUMENTED, TIMEOUT_SOURCE},
    {"devices.classes.wifi_ios.share", "15 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.wifi_ios.rate", "lognormal(median=20, sigma=0.9) Mbit/s", SOURCE_ESTIMATE,
     "no figure for 2011"},
    {"devices.classes.wifi_ios.rtt", "5 ms + lognormal(median=15, sigma=0.7) ms", SOURCE_ESTIMATE,
     "wired access plus a wireless hop"},
    {"devices.classes.wifi_ios.promotion", "0 s", SOURCE_CONVENTION, "no radio to wake"},
    {"devices.classes.wifi_ios.receive_window", "128 KiB", SOURCE_ESTIMATE,
     "window scaling is common on Wi-Fi"},
    {"devices.classes.wifi_android.share", "15 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.wifi_android.rate", "lognormal(median=20, sigma=0.9) Mbit/s", SOURCE_ESTIMATE,
     "no figure for 2011"},
    {"devices.classes.wifi_android.rtt", "5 ms + lognormal(median=15, sigma=0.7) ms",
     SOURCE_ESTIMATE, "wired access plus a wireless hop"},
    {"devices.classes.wifi_android.promotion", "0 s", SOURCE_CONVENTION, "no radio to wake"},
    {"devices.classes.wifi_android.receive_window", "128 KiB", SOURCE_ESTIMATE,
     "window scaling is common on Wi-Fi"},
    {"devices.classes.wifi_android.request_timeout", "30 s", SOURCE_DOCUMENTED, TIMEOUT_SOURCE},
    {"servers.A", "", SOURCE_CONVENTION, "the server that fails"},
    {"servers.B", "", SOURCE_CONVENTION, "the standby that takes over"},
    {"timeline.0.at", "0 s", SOURCE_CONVENTION, "time zero is the failure"},
    {"timeline.0.do", "fail host A", SOURCE_CONVENTION, ""},
};

const size_t schema_n_builtins = N_ROWS(schema_builtins);
