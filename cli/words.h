/* cli/words.h -- numbers and times for people: as many digits as they are worth, in a unit that reads
 * well.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "output/time_unit.h"

#include <stdio.h>

/* Digits behind the point that leave two or three significant ones. */
int words_decimals(double value);

/* "4847 (4712 to 4982)"; without the bracket where there is no interval (NaN). */
void words_interval(double mean, double half_width, const char *unit, FILE *out);

/* "6.1 min (5.9 to 6.3)"; a mean over "never" is "more than" the horizon. */
void words_time(double mean_s, double half_width_s, double horizon_s, FILE *out);

/* The same in a unit that is given, for columns; a horizon has its own. */
void words_time_in(struct time_unit unit, double mean_s, double half_width_s, double horizon_s,
                   FILE *out);

/* "8 min", "1.5 h": a time without an interval. */
void words_duration(double time_s, FILE *out);

/* "The scenario has no timeline: it is assumed that server A fails at 0 s."; `scenario` is "The scenario". */
void words_assumed_timeline(const char *scenario, const char *server, FILE *out);

#endif
