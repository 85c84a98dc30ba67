/* cli/answer.h -- what came out, in words and in a short table. */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include "cli/study.h"

#include <stdio.h>

/* One or two sentences: half have today's mail when, all have everything when, what is the
 * bottleneck, and what to beware of (unfinished devices, one replication, the fluid picture not
 * holding). */
void answer_print_sentence(const struct study *study, FILE *out);

/* Are users and the default of mail.desktop_users, which nobody has changed, of another size? */
bool answer_has_other_desktop_users(const struct scenario *scenario);

/* The headline figures with their intervals, a line each. */
void answer_print_table(const struct study *study, FILE *out);

#endif
