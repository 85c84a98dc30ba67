#include "cli/progress.h"

#include "cli/words.h"
#include "sim/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum progress_form progress_parse(const char *text, struct argp_state *state)
{
    static const char *const forms[] = {"auto", "none", "line", "json"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, forms[i]) == 0) {
            return (enum progress_form)i;
        }
    }
    argp_error(state, "--progress is none, auto, line or json, not '%s'", text);
    return PROGRESS_NONE;
}

void progress_begin(struct progress *p, enum progress_form form, uint32_t threads)
{
    *p = (struct progress){.form = form == PROGRESS_AUTO ? PROGRESS_LINE : form,
                           .is_terminal = form == PROGRESS_AUTO && isatty(STDERR_FILENO),
                           .threads = threads};
    clock_gettime(CLOCK_MONOTONIC, &p->begin);
}

static double since_s(const struct progress *p)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - p->begin.tv_sec) + 1e-9 * (double)(now.tv_nsec - p->begin.tv_nsec);
}

/* By what was seen so far; NaN before the first run. */
static double left_s_of(const struct queue_state *state, uint32_t threads)
{
    return state->cost_new > 0
               ? fmax(state->cost_left, 0) * state->wall_new_s / state->cost_new / threads
               : (double)NAN;
}

static void say_line(const struct progress *p, const struct queue_state *s)
{
    const double left_s = left_s_of(s, p->threads);
    fprintf(stderr, "%s%" PRIu64 " of %" PRIu64 " runs", p->is_terminal ? "\r" : "", s->n_there,
            s->n_runs);
    if (s->n_there < s->n_runs && isfinite(left_s)) {
        fputs(", about ", stderr);
        words_duration(ceil(left_s), stderr);
        fputs(" left", stderr);
    }
    fprintf(stderr, "; point %" PRIu32 ": ", s->last_point);
    words_interval(s->mean_last, (double)NAN, "", stderr);
    fprintf(stderr, " user-minutes lost (%" PRIu32 " run%s)", s->n_last, sim_plural(s->n_last));
    fputs(p->is_terminal ? "\033[K" : "\n", stderr);
    fflush(stderr);
}

static void say_json(const struct progress *p, const struct queue_state *s)
{
    const double left_s = left_s_of(s, p->threads);
    fprintf(stderr, "{\"done\": %" PRIu64 ", \"total\": %" PRIu64 ", \"failed\": %" PRIu64,
            s->n_there, s->n_runs, s->n_failed);
    if (isfinite(left_s)) {
        fprintf(stderr, ", \"left_s\": %.1f", left_s);
    }
    fprintf(stderr, ", \"point\": %" PRIu32 ", \"point_runs\": %" PRIu32, s->last_point, s->n_last);
    if (isfinite(s->mean_last)) {
        fprintf(stderr, ", \"point_user_minutes_lost\": %.9g", s->mean_last);
    }
    fputs("}\n", stderr);
}

/* A terminal sees ten lines a second at most, a file one a tenth of the work and one a minute. */
static bool is_due(struct progress *p, const struct queue_state *s)
{
    const double now_s = since_s(p);
    const double tenth = floor(10 * (double)s->n_there / (double)s->n_runs);
    const bool is_last = s->n_there >= s->n_runs;
    const bool due = p->is_terminal ? now_s - p->shown_s >= 0.1 || is_last
                                    : tenth > p->shown_tenth || now_s - p->shown_s >= 60;
    if (due) {
        p->shown_s = now_s;
        p->shown_tenth = tenth;
    }
    return due;
}

void progress_show(struct progress *p, const struct queue_state *s)
{
    if (p->form == PROGRESS_NONE || !is_due(p, s)) {
        return;
    }
    p->has_said = true;
    (p->form == PROGRESS_JSON ? say_json : say_line)(p, s);
}

void progress_end(struct progress *p)
{
    if (p->is_terminal && p->form == PROGRESS_LINE && p->has_said) {
        fputc('\n', stderr);
    }
}
