#include "study/outcome_wire.h"

#include "study/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Writing ---- */

static void put(FILE *out, const void *data, size_t byte)
{
    fwrite(data, 1, byte, out);
}

static void put_text(FILE *out, const char *text)
{
    put(out, text, strlen(text) + 1);
}

static void put_outcome(FILE *out, const struct outcome *o)
{
    put(out, &o->wall_s, sizeof o->wall_s);
    put(out, &o->n_metrics, sizeof o->n_metrics);
    for (size_t i = 0; i < o->n_metrics; i++) {
        const struct metric *const m = &o->metric[i];
        put_text(out, m->name);
        put_text(out, m->unit);
        put_text(out, m->help);
        put(out, &m->value, sizeof m->value);
    }
    put(out, &o->n_series, sizeof o->n_series);
    for (size_t i = 0; i < o->n_series; i++) {
        const struct kept_series *const s = &o->series[i];
        put_text(out, s->name);
        put(out, &s->step_s, sizeof s->step_s);
        put(out, &s->n, sizeof s->n);
        put(out, s->value, s->n * sizeof *s->value);
    }
}

unsigned char *outcome_pack(const struct run_report *r, size_t *byte)
{
    char *data = NULL;
    FILE *const out = open_memstream(&data, byte);
    if (out == NULL) {
        return NULL;
    }
    put(out, &r->point, sizeof r->point);
    put(out, &r->replication, sizeof r->replication);
    put(out, &r->err, sizeof r->err);
    put_text(out, r->err != SIM_OK ? r->error.text : "");
    if (r->err == SIM_OK) {
        put_outcome(out, &r->outcome);
    }
    const bool is_whole = ferror(out) == 0;
    if (fclose(out) != 0 || !is_whole) {
        free(data);
        return NULL;
    }
    return (unsigned char *)data;
}

/* ---- Reading ---- */

struct bytes {
    const unsigned char *at, *end;
    bool is_good;
};

static void get(struct bytes *b, void *data, size_t byte)
{
    b->is_good = b->is_good && (size_t)(b->end - b->at) >= byte;
    if (b->is_good) {
        memcpy(data, b->at, byte);
        b->at += byte;
    } else {
        memset(data, 0, byte);
    }
}

/* A text where it lies; "" if there is none. */
static const char *get_text(struct bytes *b)
{
    const char *const text = (const char *)b->at;
    const void *const zero = b->is_good ? memchr(b->at, 0, (size_t)(b->end - b->at)) : NULL;
    b->is_good = zero != NULL;
    b->at = b->is_good ? (const unsigned char *)zero + 1 : b->at;
    return b->is_good ? text : "";
}

/* No count can be more than the bytes that are left. */
static size_t get_count(struct bytes *b, size_t least_byte)
{
    size_t n;
    get(b, &n, sizeof n);
    b->is_good = b->is_good && n <= (size_t)(b->end - b->at) / least_byte;
    return b->is_good ? n : 0;
}

static void get_metrics(struct bytes *b, struct outcome *o)
{
    const size_t n = get_count(b, sizeof(double));
    o->metric = calloc(n + 1, sizeof *o->metric);
    b->is_good = b->is_good && o->metric != NULL;
    for (; o->n_metrics < n && b->is_good; o->n_metrics++) {
        struct metric *const m = &o->metric[o->n_metrics];
        snprintf(m->name, sizeof m->name, "%s", get_text(b));
        m->unit = get_text(b);
        snprintf(m->help, sizeof m->help, "%s", get_text(b));
        get(b, &m->value, sizeof m->value);
    }
}

static void get_series(struct bytes *b, struct outcome *o)
{
    const size_t n = get_count(b, sizeof(double));
    o->series = calloc(n + 1, sizeof *o->series);
    b->is_good = b->is_good && o->series != NULL;
    for (size_t i = 0; i < n && b->is_good; i++) {
        struct kept_series *const s = &o->series[i];
        s->name = strdup(get_text(b));
        o->n_series++;
        get(b, &s->step_s, sizeof s->step_s);
        s->n = get_count(b, sizeof *s->value);
        s->value = calloc(s->n + 1, sizeof *s->value);
        b->is_good = b->is_good && s->name != NULL && s->value != NULL;
        if (b->is_good) {
            get(b, s->value, s->n * sizeof *s->value);
        }
    }
}

bool outcome_unpack(const unsigned char *data, size_t byte, struct run_report *r)
{
    struct bytes b = {data, data + byte, true};
    *r = (struct run_report){.err = SIM_OK};
    get(&b, &r->point, sizeof r->point);
    get(&b, &r->replication, sizeof r->replication);
    get(&b, &r->err, sizeof r->err);
    const char *const text = get_text(&b);
    if (r->err != SIM_OK) {
        sim_fail(&r->error, r->err, "%s", text);
    } else {
        get(&b, &r->outcome.wall_s, sizeof r->outcome.wall_s);
        get_metrics(&b, &r->outcome);
        get_series(&b, &r->outcome);
    }
    if (!b.is_good || b.at != b.end) {
        outcome_fini(&r->outcome);
        return false;
    }
    return true;
}
