#include "study/sweep.h"

#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Blocks ---- */

enum sim_err sweep_block_init(struct sweep_block *b, size_t n_keys, size_t n_rows)
{
    *b = (struct sweep_block){.n_keys = n_keys, .n_rows = n_rows};
    b->key = calloc(n_keys + 1, sizeof *b->key);
    b->cell = calloc(n_rows * n_keys + 1, sizeof *b->cell);
    if (b->key == NULL || b->cell == NULL) {
        sweep_block_fini(b);
        return SIM_ENOMEM;
    }
    return SIM_OK;
}

void sweep_block_fini(struct sweep_block *b)
{
    for (size_t i = 0; b->key != NULL && i < b->n_keys; i++) {
        free(b->key[i]);
    }
    for (size_t i = 0; b->cell != NULL && i < b->n_rows * b->n_keys; i++) {
        free(b->cell[i]);
    }
    free(b->key);
    free(b->cell);
    free(b->file);
    *b = (struct sweep_block){0};
}

enum sim_err sweep_add_block(struct sweep *s, struct sweep_block *b)
{
    if (sim_grow(&s->block, &s->capacity, s->n_blocks + 1, sizeof *s->block) != SIM_OK) {
        sweep_block_fini(b);
        return SIM_ENOMEM;
    }
    s->block[s->n_blocks++] = *b;
    *b = (struct sweep_block){0};
    return SIM_OK;
}

void sweep_fini(struct sweep *s)
{
    for (size_t i = 0; i < s->n_blocks; i++) {
        sweep_block_fini(&s->block[i]);
    }
    for (size_t i = 0; i < s->n_series; i++) {
        free(s->series[i]);
    }
    free(s->block);
    free(s->chosen);
    free(s->series);
    free(s->baseline);
    *s = (struct sweep){0};
}

/* ---- Keys and values ---- */

size_t sweep_n_keys(const struct sweep *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_blocks; i++) {
        n += s->block[i].n_keys;
    }
    return n;
}

/* The block that key k is in; `k` becomes its number there. */
static const struct sweep_block *block_of(const struct sweep *s, size_t *k)
{
    const struct sweep_block *b = s->block;
    while (*k >= b->n_keys) {
        *k -= b->n_keys;
        b++;
    }
    return b;
}

const char *sweep_key(const struct sweep *s, size_t k)
{
    const struct sweep_block *const b = block_of(s, &k);
    return b->key[k];
}

static size_t row_of(const struct sweep *s, uint32_t point, const struct sweep_block *wanted)
{
    size_t rest = s->chosen != NULL ? s->chosen[point] : point;
    const struct sweep_block *b = s->block + s->n_blocks;
    size_t row;
    do {
        b--;
        row = rest % b->n_rows;
        rest /= b->n_rows;
    } while (b != wanted);
    return row;
}

const char *sweep_value(const struct sweep *s, uint32_t point, size_t k)
{
    const struct sweep_block *const b = block_of(s, &k);
    return b->cell[row_of(s, point, b) * b->n_keys + k];
}

const struct sweep_block *sweep_row_of_list(const struct sweep *s, uint32_t point, size_t *row)
{
    for (size_t i = 0; i < s->n_blocks; i++) {
        if (s->block[i].file != NULL) {
            *row = row_of(s, point, &s->block[i]);
            return &s->block[i];
        }
    }
    return NULL;
}

void sweep_point_text(const struct sweep *s, uint32_t point, char *text, size_t size)
{
    size_t used = 0;
    const size_t n = sweep_n_keys(s);
    snprintf(text, size, "%s", n == 0 ? "the scenario as it is" : "");
    for (size_t k = 0; k < n && used < size; k++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s=%s", k == 0 ? "" : ", ",
                                 sweep_key(s, k), sweep_value(s, point, k));
    }
}

enum sim_err sweep_settings(const struct sweep *s, const struct settings *settings, uint32_t point,
                            struct settings *at_point)
{
    enum sim_err err = settings_copy(settings, at_point);
    const size_t n = sweep_n_keys(s);
    for (size_t k = 0; k < n && err == SIM_OK; k++) {
        char shown[512];
        const char *const key = sweep_key(s, k);
        const char *const value = sweep_value(s, point, k);
        snprintf(shown, sizeof shown, "point %u, %s=%s", point, key, value);
        const char *const source = settings_keep_source(at_point, shown);
        const struct origin origin = {.kind = ORIGIN_OPTION, .source = source};
        err = source != NULL ? settings_put(at_point, key, value, origin) : SIM_ENOMEM;
    }
    if (err != SIM_OK) {
        settings_fini(at_point);
    }
    return err;
}

/* ---- The baseline ---- */

/* Is "KEY=VALUE", `length` bytes, true at a point? */
static bool has_value(const struct sweep *s, uint32_t point, const char *text, size_t length)
{
    const size_t n = sweep_n_keys(s);
    for (size_t k = 0; k < n; k++) {
        char pair[512];
        snprintf(pair, sizeof pair, "%s=%s", sweep_key(s, k), sweep_value(s, point, k));
        if (strlen(pair) == length && strncmp(pair, text, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool matches_baseline(const struct sweep *s, uint32_t point)
{
    const char *p = s->baseline;
    bool matches = true;
    while (*p != '\0' && matches) {
        p += strspn(p, " ,");
        const size_t length = strcspn(p, ",");
        matches = has_value(s, point, p, length);
        p += length;
    }
    return matches;
}

enum sim_err sweep_find_baseline(const struct sweep *s, uint32_t *point, struct sim_error *e)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n_points; i++) {
        if (matches_baseline(s, i)) {
            *point = n == 0 ? i : *point;
            n++;
        }
    }
    if (n == 1) {
        return SIM_OK;
    }
    return sim_fail(e, SIM_EINVAL,
                    "baseline: '%.80s' is true of %u points, not of one; it names values of the "
                    "sweep as they are written there, as in 'servers.B.cores=4'",
                    s->baseline, n);
}
