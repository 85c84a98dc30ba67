#include "tests/support/disk_reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct queue {
    size_t *job; /* with room for all */
    size_t n;
};

static void push(struct queue *q, size_t job)
{
    q->job[q->n++] = job;
}

static void remove_job(struct queue *q, size_t job)
{
    for (size_t i = 0; i < q->n; i++) {
        if (q->job[i] == job) {
            memmove(q->job + i, q->job + i + 1, (q->n - i - 1) * sizeof *q->job);
            q->n--;
            return;
        }
    }
}

struct state {
    struct reference_disk *disk;
    struct reference_job *job;
    uint64_t *left;
    struct queue line, batch; /* requests that wait; those of the I/O under way */
    size_t n_present;
    double busy_since_s;
    uint64_t i_io; /* of the busy period */
    int is_busy;
};

static void begin_io(struct state *s)
{
    s->batch.n = 0;
    while (s->batch.n < s->disk->group && s->line.n > 0) {
        push(&s->batch, s->line.job[0]);
        remove_job(&s->line, s->line.job[0]);
    }
    s->is_busy = s->batch.n > 0;
}

static void end_io(struct state *s, double now_s)
{
    struct queue done = s->batch;
    s->disk->ios++;
    s->disk->commits += done.n;
    s->i_io++;
    for (size_t i = 0; i < done.n; i++) {
        const size_t j = done.job[i];
        if (--s->left[j] == 0) {
            s->job[j].finish_s = now_s;
            s->n_present--;
        } else {
            push(&s->line, j);
        }
    }
    begin_io(s);
}

static double io_end_s(const struct state *s)
{
    return s->is_busy ? s->busy_since_s + (double)(s->i_io + 1) * s->disk->io_s : HUGE_VAL;
}

static void arrive(struct state *s, size_t j, double now_s)
{
    s->left[j] = s->job[j].commits;
    s->n_present++;
    push(&s->line, j);
    if (!s->is_busy) {
        s->busy_since_s = now_s;
        s->i_io = 0;
        begin_io(s);
    }
}

static void cancel(struct state *s, size_t j)
{
    if (s->left[j] > 0) {
        s->left[j] = 0;
        s->job[j].finish_s = NAN;
        s->n_present--;
        remove_job(&s->line, j);
        remove_job(&s->batch, j);
    }
}

static size_t next_cancel(const struct state *s, size_t n)
{
    size_t next = n;
    for (size_t j = 0; j < n; j++) {
        if (s->left[j] > 0 && (next == n || s->job[j].cancel_s < s->job[next].cancel_s)) {
            next = j;
        }
    }
    return next;
}

void reference_disk_run(struct reference_disk *disk, struct reference_job *job, size_t n)
{
    struct state s = {.disk = disk, .job = job};
    size_t arrived = 0;
    double now_s = 0;
    s.left = calloc(n, sizeof *s.left);
    s.line.job = calloc(n + 1, sizeof *s.line.job);
    s.batch.job = calloc(n + 1, sizeof *s.batch.job);
    disk->ios = disk->commits = 0;
    disk->busy_s = disk->saturated_s = 0;
    for (;;) {
        const double io_s = io_end_s(&s);
        const double start_s = arrived < n ? job[arrived].start_s : HUGE_VAL;
        const size_t victim = next_cancel(&s, n);
        const double cancel_s = victim < n ? job[victim].cancel_s : HUGE_VAL;
        const double next_s = fmin(io_s, fmin(start_s, cancel_s));
        if (isinf(next_s)) {
            break;
        }
        disk->busy_s += s.is_busy ? next_s - now_s : 0;
        disk->saturated_s += s.n_present > disk->group ? next_s - now_s : 0;
        now_s = next_s;
        if (io_s <= next_s) {
            end_io(&s, now_s);
        } else if (start_s <= next_s) {
            arrive(&s, arrived++, now_s);
        } else {
            cancel(&s, victim);
        }
    }
    free(s.left);
    free(s.line.job);
    free(s.batch.job);
}
