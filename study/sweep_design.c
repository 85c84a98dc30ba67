/* `lhs:` and `sobol:`: points spread over the ranges of several keys at once.
 *
 *   lhs: {points: 50, seed: 7, users: 100..1000, network.uplink: log 10..1000 Mbit/s}
 */
#include "study/sweep_reader_internal.h"

#include "sim/base/assert.h"
#include "sim/base/mem.h"
#include "sim/design/points.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A key that varies: over a span, or over values of which each is as likely. */
struct factor {
    struct axis given; /* as written: one text, or the entries of a list */
    struct axis level; /* the values; none of a span */
    struct origin origin;
};

struct design {
    const char *word; /* "lhs" */
    bool is_sobol;
    uint64_t seed;
    uint32_t points;
    struct origin origin; /* where something is said of it first */
    struct factor *factor;
    size_t n, capacity;
};

enum { MOST_POINTS = AXIS_MOST };

static void fini(struct design *d)
{
    for (size_t i = 0; i < d->n; i++) {
        axis_fini(&d->factor[i].given);
        axis_fini(&d->factor[i].level);
    }
    free(d->factor);
}

/* ---- What is said ---- */

static void read_number(struct sweep_reader *r, const struct design *d, const char *name,
                        const struct setting *s, uint64_t least, uint64_t most, uint64_t *value)
{
    char *end;
    errno = 0;
    const unsigned long long number = strtoull(s->value, &end, 10);
    const bool is_number = *s->value >= '0' && *s->value <= '9' && *end == '\0' && errno == 0;
    if (!is_number || number < least || number > most) {
        problems_add(r->problems, s->origin,
                     "sweep: %s: %s is a whole number from %llu to %llu, not '%.40s'", d->word,
                     name, (unsigned long long)least, (unsigned long long)most, s->value);
        return;
    }
    *value = number;
}

static struct factor *add_factor(struct sweep_reader *r, struct design *d, const char *key,
                                 struct origin origin)
{
    if (d->n > 0 && strcmp(d->factor[d->n - 1].given.key, key) == 0) {
        return &d->factor[d->n - 1]; /* the next entry of its list */
    }
    if (!sweep_check_key(r, key, origin_of_key(origin))) {
        return NULL;
    }
    char *const name = strdup(key);
    if (name == NULL || sim_grow(&d->factor, &d->capacity, d->n + 1, sizeof *d->factor) != SIM_OK) {
        free(name);
        r->is_out_of_memory = true;
        return NULL;
    }
    d->factor[d->n] = (struct factor){.given.key = name, .origin = origin};
    return &d->factor[d->n++];
}

static void keep_given(struct sweep_reader *r, struct factor *f, const char *text)
{
    struct axis *const x = &f->given;
    char *const copy = strdup(text);
    if (copy == NULL || sim_grow(&x->value, &x->capacity, x->n + 1, sizeof *x->value) != SIM_OK) {
        free(copy);
        r->is_out_of_memory = true;
        return;
    }
    x->value[x->n++] = copy;
}

static void read_setting(struct sweep_reader *r, struct design *d, const char *path,
                         const struct setting *s)
{
    char key[KEY_TEXT];
    uint64_t points = d->points;
    d->origin = d->origin.source == NULL ? s->origin : d->origin;
    if (strcmp(path, "points") == 0) {
        read_number(r, d, "points", s, 1, MOST_POINTS, &points);
        d->points = (uint32_t)points;
        return;
    }
    if (strcmp(path, "seed") == 0) {
        read_number(r, d, "seed", s, 0, UINT64_MAX, &d->seed);
        return;
    }
    sweep_key_of(path, key);
    struct factor *const f = add_factor(r, d, key, s->origin);
    if (f != NULL) {
        keep_given(r, f, s->value);
    }
}

static void read_settings(struct sweep_reader *r, struct design *d)
{
    char prefix[32];
    const size_t n = (size_t)snprintf(prefix, sizeof prefix, "sweep.%s.", d->word);
    for (size_t i = 0; i < r->settings->n; i++) {
        const struct setting *const s = &r->settings->item[i];
        if (strncmp(s->path, prefix, n) == 0) {
            read_setting(r, d, s->path + n, s);
        }
    }
}

/* ---- Whether it makes sense ---- */

/* Tries a span at its beginning, and turns a list into levels. */
static void check_factor(struct sweep_reader *r, const struct design *d, struct factor *f)
{
    struct sim_error e;
    char value[64];
    char place[KEY_TEXT + 16];
    enum sim_err err = SIM_OK;
    const char *const first = f->given.n > 0 ? f->given.value[0] : "";
    const bool is_range =
        f->given.n == 1 && strstr(first, "..") != NULL && strchr(first, ',') == NULL;
    if (is_range) {
        err = axis_in_span(f->given.key, first, 0, value, sizeof value, &e);
    } else {
        f->level.key = strdup(f->given.key);
        err = f->level.key != NULL ? SIM_OK : SIM_ENOMEM;
    }
    for (size_t i = 0; i < f->given.n && !is_range && err == SIM_OK; i++) {
        err = axis_add(&f->level, f->given.value[i], &e);
    }
    snprintf(place, sizeof place, "%s: %s", d->word, f->given.key);
    sweep_note(r, err, f->origin, place, &e);
}

/* `n_before`: mistakes before the first of this design; more says only what is clear. */
static void check(struct sweep_reader *r, struct design *d, size_t n_before)
{
    for (size_t i = 0; i < d->n; i++) {
        check_factor(r, d, &d->factor[i]);
    }
    if (r->problems->n == n_before && d->n == 0) {
        problems_add(r->problems, d->origin,
                     "sweep: %s: keys are missing, as in 'users: 100..1000'", d->word);
    }
    if (r->problems->n == n_before && d->points == 0) {
        problems_add(r->problems, d->origin,
                     "sweep: %s: it is not said how many points, as in 'points: 50'", d->word);
    }
}

/* ---- The points ---- */

/* The value at a share of [0, 1), owned by the caller; NULL without memory. */
static char *value_at(const struct factor *f, double share)
{
    char value[64] = "";
    struct sim_error e;
    if (f->level.n > 0) {
        return strdup(f->level.value[(size_t)(share * (double)f->level.n)]);
    }
    const enum sim_err err =
        axis_in_span(f->given.key, f->given.value[0], share, value, sizeof value, &e);
    SIM_ASSERT(err == SIM_OK); /* it was tried before */
    return strdup(value);
}

static enum sim_err fill(const struct design *d, const double *point, struct sweep_block *b)
{
    for (size_t k = 0; k < d->n; k++) {
        b->key[k] = strdup(d->factor[k].given.key);
        if (b->key[k] == NULL) {
            return SIM_ENOMEM;
        }
    }
    for (size_t i = 0; i < b->n_rows; i++) {
        for (size_t k = 0; k < d->n; k++) {
            char *const value = value_at(&d->factor[k], point[i * d->n + k]);
            b->cell[i * d->n + k] = value;
            if (value == NULL) {
                return SIM_ENOMEM;
            }
        }
    }
    return SIM_OK;
}

static enum sim_err make_block(const struct design *d, struct sweep_block *b, struct sim_error *e)
{
    double *const point = calloc(d->points * d->n + 1, sizeof *point);
    enum sim_err err = point != NULL ? sweep_block_init(b, d->n, d->points) : SIM_ENOMEM;
    if (err == SIM_OK) {
        err = d->is_sobol ? sim_design_sobol(d->seed, d->points, d->n, point)
                          : sim_design_latin(d->seed, d->points, d->n, 1, point);
        err =
            err == SIM_EINVAL ? sim_fail(e, err, "at most %d keys", SIM_SOBOL_MAX_DIMENSIONS) : err;
    }
    err = err == SIM_OK ? fill(d, point, b) : err;
    free(point);
    return err;
}

static void add_block(struct sweep_reader *r, const struct design *d)
{
    struct sweep_block b = {0};
    struct sim_error e;
    enum sim_err err = make_block(d, &b, &e);
    if (err == SIM_OK) {
        err = sweep_add_block(r->sweep, &b);
        r->sweep->is_sampled = true;
    }
    sweep_block_fini(&b);
    sweep_note(r, err, d->origin, d->word, &e);
}

static void read_design(struct sweep_reader *r, const char *word, bool is_sobol)
{
    struct design d = {.word = word, .is_sobol = is_sobol, .seed = 1};
    const size_t n_before = r->problems->n;
    read_settings(r, &d);
    if (d.origin.source != NULL) {
        check(r, &d, n_before);
        if (r->problems->n == n_before && !r->is_out_of_memory) {
            add_block(r, &d);
        }
    }
    fini(&d);
}

void sweep_read_designs(struct sweep_reader *r)
{
    read_design(r, "lhs", false);
    read_design(r, "sobol", true);
}
