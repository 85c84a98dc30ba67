/* cli/progress.h -- how far a study is: on standard error, and out of the way.
 *
 * On a terminal one line that is written over; elsewhere a plain line after every tenth and every minute; or a
 * line of JSON each. The time left weighs what is missing by what it is expected to take. User-minutes lost are those
 * of the point whose run has ended last, a mean over its runs so far: over several points a mean would be of nothing.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "study/queue.h"

#include <argp.h>
#include <time.h>

enum progress_form { PROGRESS_AUTO, PROGRESS_NONE, PROGRESS_LINE, PROGRESS_JSON };

#define PROGRESS_OPTION                                                                            \
    {                                                                                              \
        "progress", 'p', "none|auto|line|json", 0,                                                 \
            "How to say how far it is (default: auto, one line on a terminal, plain lines "        \
            "elsewhere)",                                                                          \
            0                                                                                      \
    }

enum progress_form progress_parse(const char *text, struct argp_state *state);

struct progress {
    enum progress_form form; /* never PROGRESS_AUTO behind progress_begin */
    bool is_terminal;
    uint32_t threads;
    struct timespec begin;
    double shown_s;     /* when something was said last */
    double shown_tenth; /* of all, then */
    bool has_said;
};

void progress_begin(struct progress *p, enum progress_form form, uint32_t threads);

/* A run has ended. */
void progress_show(struct progress *p, const struct queue_state *state);

/* Ends the line on a terminal. */
void progress_end(struct progress *p);

#endif
