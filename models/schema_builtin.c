/* What exists when a scenario names no classes, servers or timeline: the case of 2011. */
#include "models/schema_rows.h"

#define MIX_SOURCE     "estimate of the device mix of 2011: 25 % EDGE, 45 % 3G, 30 % Wi-Fi"
#define TIMEOUT_SOURCE "some Android stacks cut at 30 s and send again, iOS at 240 s (Z-Push)"

const struct schema_builtin schema_builtins[] = {
    {"devices.classes.edge.share", "25 %", "5 %", "45 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.edge.rate", "lognormal(median=150, sigma=0.5) kbit/s",
     "lognormal(median=100, sigma=0.5) kbit/s", "lognormal(median=400, sigma=0.5) kbit/s",
     SOURCE_ESTIMATE, "2G: 100-400 kbit/s (Grigorik 2013); the spread is an estimate"},
    {"devices.classes.edge.rtt", "300 ms + lognormal(median=250, sigma=0.6) ms",
     "200 ms + lognormal(median=100, sigma=0.6) ms", "600 ms + lognormal(median=400, sigma=0.6) ms",
     SOURCE_ESTIMATE, "2G: 300-1000 ms (Grigorik 2013); the law is an estimate"},
    {"devices.classes.edge.promotion", "uniform(0.3, 1) s", "0 s", "3 s", SOURCE_ESTIMATE,
     "no figure found"},
    {"devices.classes.umts_ios.share", "22.5 %", "5 %", "45 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.umts_android.share", "22.5 %", "5 %", "45 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.umts_android.request_timeout", "30 s", NULL, NULL, SOURCE_DOCUMENTED,
     TIMEOUT_SOURCE},
    {"devices.classes.wifi_ios.share", "15 %", "5 %", "30 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.wifi_ios.rate", "lognormal(median=20, sigma=0.9) Mbit/s",
     "lognormal(median=5, sigma=0.9) Mbit/s", "lognormal(median=50, sigma=0.9) Mbit/s",
     SOURCE_ESTIMATE, "no figure for 2011"},
    {"devices.classes.wifi_ios.rtt", "5 ms + lognormal(median=15, sigma=0.7) ms",
     "2 ms + lognormal(median=5, sigma=0.7) ms", "20 ms + lognormal(median=50, sigma=0.7) ms",
     SOURCE_ESTIMATE, "wired access plus a wireless hop"},
    {"devices.classes.wifi_ios.promotion", "0 s", NULL, NULL, SOURCE_CONVENTION,
     "no radio to wake"},
    {"devices.classes.wifi_ios.receive_window", "128 KiB", "64 KiB", "1 MiB", SOURCE_ESTIMATE,
     "window scaling is common on Wi-Fi"},
    {"devices.classes.wifi_android.share", "15 %", "5 %", "30 %", SOURCE_ESTIMATE, MIX_SOURCE},
    {"devices.classes.wifi_android.rate", "lognormal(median=20, sigma=0.9) Mbit/s",
     "lognormal(median=5, sigma=0.9) Mbit/s", "lognormal(median=50, sigma=0.9) Mbit/s",
     SOURCE_ESTIMATE, "no figure for 2011"},
    {"devices.classes.wifi_android.rtt", "5 ms + lognormal(median=15, sigma=0.7) ms",
     "2 ms + lognormal(median=5, sigma=0.7) ms", "20 ms + lognormal(median=50, sigma=0.7) ms",
     SOURCE_ESTIMATE, "wired access plus a wireless hop"},
    {"devices.classes.wifi_android.promotion", "0 s", NULL, NULL, SOURCE_CONVENTION,
     "no radio to wake"},
    {"devices.classes.wifi_android.receive_window", "128 KiB", "64 KiB", "1 MiB", SOURCE_ESTIMATE,
     "window scaling is common on Wi-Fi"},
    {"devices.classes.wifi_android.request_timeout", "30 s", NULL, NULL, SOURCE_DOCUMENTED,
     TIMEOUT_SOURCE},
    {"servers.A", "", NULL, NULL, SOURCE_CONVENTION, "the server that fails"},
    {"servers.B", "", NULL, NULL, SOURCE_CONVENTION, "the standby that takes over"},
    {"timeline.0.at", "0 s", NULL, NULL, SOURCE_CONVENTION, "time zero is the failure"},
    {"timeline.0.do", "fail host A", NULL, NULL, SOURCE_CONVENTION, ""},
};

const size_t schema_n_builtins = N_ROWS(schema_builtins);
