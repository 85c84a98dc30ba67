#include "cli/theory_suite.h"

#include "sim/base/text.h"
#include "sim/run/replicate.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static bool names(const char *word, const struct theory_group *group,
                  const struct theory_program *program, size_t row)
{
    char label[THEORY_LABEL_SIZE];
    theory_label(program, row, label);
    return fnmatch(word, group->name, 0) == 0 || fnmatch(word, program->key, 0) == 0 ||
           fnmatch(word, label, 0) == 0;
}

static bool is_chosen(const struct suite_request *request, const struct theory_group *group,
                      const struct theory_program *program, size_t row)
{
    for (size_t w = 0; w < request->n_words; w++) {
        if (names(request->word[w], group, program, row)) {
            return true;
        }
    }
    return request->n_words == 0;
}

static enum sim_err check_word(const char *word, struct sim_error *e)
{
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        for (size_t p = 0; p < theory_groups[g]->n_programs; p++) {
            for (size_t i = 0; i < theory_groups[g]->programs[p].n_rows; i++) {
                if (names(word, theory_groups[g], &theory_groups[g]->programs[p], i)) {
                    return SIM_OK;
                }
            }
        }
    }
    snprintf(e->text, sizeof e->text,
             "no group, model or row is called '%s'; `primestorm theory --list' names them", word);
    return e->code = SIM_EINVAL;
}

static enum sim_err take(struct suite *s, const struct theory_group *group,
                         const struct theory_program *program, struct sim_error *e)
{
    const struct suite_request *const request = s->request;
    struct suite_program *const p = &s->program[s->n];
    bool has_any = false;
    for (size_t i = 0; i < program->n_rows; i++) {
        p->is_chosen[i] = is_chosen(request, group, program, i);
        has_any = has_any || p->is_chosen[i];
    }
    if (!has_any) {
        return SIM_OK;
    }
    s->n++;
    p->group = group;
    const enum sim_err err =
        theory_vary(program, request->setting, request->n_settings, request->effort, &p->varied, e);
    for (size_t i = 0; i < program->n_rows; i++) {
        p->varied.program.rows[i].exact *= 1 + request->shift_percent / 100;
    }
    return err;
}

static enum sim_err fill(struct suite *s, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    for (size_t w = 0; w < s->request->n_words && err == SIM_OK; w++) {
        err = check_word(s->request->word[w], e);
    }
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        for (size_t p = 0; p < theory_groups[g]->n_programs && err == SIM_OK; p++) {
            err = take(s, theory_groups[g], &theory_groups[g]->programs[p], e);
        }
    }
    return err;
}

static size_t n_all_programs(void)
{
    size_t n = 0;
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        n += theory_groups[g]->n_programs;
    }
    return n;
}

enum sim_err suite_create(const struct suite_request *request, struct suite **out,
                          struct sim_error *e)
{
    struct suite *const s = calloc(1, sizeof *s);
    enum sim_err err = SIM_ENOMEM;
    *out = NULL;
    if (s != NULL) {
        s->request = request;
        s->program =
            aligned_alloc(alignof(struct suite_program), n_all_programs() * sizeof *s->program);
    }
    if (s == NULL || s->program == NULL) {
        snprintf(e->text, sizeof e->text, "out of memory");
    } else {
        err = fill(s, e);
    }
    if (err != SIM_OK) {
        suite_destroy(s);
        return err;
    }
    *out = s;
    return SIM_OK;
}

void suite_destroy(struct suite *s)
{
    if (s != NULL) {
        free(s->program);
        free(s);
    }
}

/* ---- Progress: ten times a second at most; whoever is first after that says it ---- */

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void on_replication(void *self)
{
    struct suite *const s = self;
    const unsigned n_done = atomic_fetch_add(&s->n_done, 1) + 1;
    long long shown_ns = atomic_load(&s->shown_ns);
    const long long now = now_ns();
    if (s->n_all > 0 && now - shown_ns > 100000000 &&
        atomic_compare_exchange_strong(&s->shown_ns, &shown_ns, now)) {
        fprintf(stderr, "\r%u of %u replications of %u model%s\033[K", n_done, s->n_all, s->n,
                sim_plural(s->n));
        fflush(stderr);
    }
}

static void begin_progress(struct suite *s)
{
    for (uint32_t p = 0; p < s->n; p++) {
        s->n_all += s->program[p].varied.program.replications;
    }
}

static void end_progress(void)
{
    fputs("\r\033[K", stderr);
}

static enum sim_err run_program(void *context, uint32_t i, struct sim_error *e)
{
    struct suite *const s = context;
    struct suite_program *const p = &s->program[i];
    const struct theory_watch watch = {on_replication, s};
    const enum sim_err err = theory_run(&p->varied.program, s->request->seed, &watch, p->result);
    if (err != SIM_OK) {
        e->code = err;
        snprintf(e->text, sizeof e->text, "theory: the program '%s' failed", p->varied.program.key);
    }
    return err;
}

static void count(struct suite *s)
{
    for (uint32_t p = 0; p < s->n; p++) {
        for (size_t i = 0; i < s->program[p].varied.program.n_rows; i++) {
            if (s->program[p].is_chosen[i]) {
                s->n_rows++;
                s->n_verdicts[s->program[p].result[i].verdict]++;
            }
        }
    }
}

enum sim_err suite_run(struct suite *s, unsigned threads, bool progress, struct sim_error *e)
{
    if (progress) {
        begin_progress(s);
    }
    const enum sim_err err =
        sim_replicate(&(struct sim_experiment){.run = run_program, .context = s}, s->n, threads, e);
    if (progress) {
        end_progress();
    }
    if (err == SIM_OK) {
        count(s);
    }
    return err;
}
