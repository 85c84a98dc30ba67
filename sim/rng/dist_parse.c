/* The grammar of distributions (dist.h), by recursive descent. Values are read bare at first; a
 * unit behind the bracket is then applied to all that carry none. */
#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "sim/rng/dist_internal.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 4 };

struct parser {
    const char *p; /* what is still to be read */
    enum sim_dimension dimension;
    const char *folder;
    int depth;
    struct sim_error *error;
};

struct argument {
    char name[16]; /* empty for a positional one */
    double value;
    bool has_unit;
};

static void skip_spaces(struct parser *r)
{
    while (isspace((unsigned char)*r->p)) {
        r->p++;
    }
}

static bool accept(struct parser *r, char c)
{
    skip_spaces(r);
    if (*r->p != c) {
        return false;
    }
    r->p++;
    return true;
}

static enum sim_err expect(struct parser *r, char c, const char *where)
{
    if (accept(r, c)) {
        return SIM_OK;
    }
    return sim_fail(r->error, SIM_EINVAL, "expected '%c' %s, found '%.40s'", c, where,
                    *r->p != '\0' ? r->p : "the end");
}

static size_t word_length(const char *p)
{
    size_t n = 0;
    while (isalpha((unsigned char)p[n]) || p[n] == '_') {
        n++;
    }
    return n;
}

/* A number with an optional unit; `*has_unit` says whether there was one. */
static enum sim_err parse_value(struct parser *r, bool unit_allowed, double *value, bool *has_unit)
{
    double factor = 1;
    *has_unit = false;
    skip_spaces(r);
    if (!sim_parse_double(r->p, &r->p, value)) {
        return sim_fail(r->error, SIM_EINVAL, "expected a number, found '%.40s'",
                        *r->p != '\0' ? r->p : "the end");
    }
    *has_unit = unit_allowed && sim_parse_unit(r->p, r->dimension, &r->p, &factor);
    *value *= factor;
    return SIM_OK;
}

static void parse_argument_name(struct parser *r, char *name, size_t size)
{
    skip_spaces(r);
    const size_t length = word_length(r->p);
    const char *p = r->p + length;
    while (isspace((unsigned char)*p)) {
        p++;
    }
    name[0] = '\0';
    if (length > 0 && length < size && *p == '=') {
        memcpy(name, r->p, length);
        name[length] = '\0';
        r->p = p + 1;
    }
}

/* "median" and "mean" may stand for mu of a lognormal, as values in place of a logarithm. */
static bool is_lognormal_alias(const struct dist_family *f, const char *name)
{
    return f->parameters[0].kind == DIST_LOG &&
           (strcmp(name, "median") == 0 || strcmp(name, "mean") == 0);
}

static int parameter_index(const struct dist_family *f, const struct argument *a, int position)
{
    if (a->name[0] == '\0') {
        return position;
    }
    for (int i = 0; i < f->n_parameters; i++) {
        if (strcmp(f->parameters[i].name, a->name) == 0) {
            return i;
        }
    }
    return is_lognormal_alias(f, a->name) ? 0 : -1;
}

static void signature(const struct dist_family *f, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "%s(", f->name);
    for (int i = 0; i < f->n_parameters && used < size; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ",
                                 f->parameters[i].name);
    }
    if (used < size) {
        snprintf(text + used, size - used, ")");
    }
}

static enum sim_err wrong_arguments(struct parser *r, const struct dist_family *f)
{
    char text[80];
    signature(f, text, sizeof text);
    return sim_fail(r->error, SIM_EINVAL, "wrong arguments, expected %s%s", text,
                    f->parameters[0].kind == DIST_LOG
                        ? ", lognormal(median=M, sigma=S) or lognormal(mean=M, sigma=S)"
                        : "");
}

static enum sim_err parse_arguments(struct parser *r, struct sim_dist *d, const char **alias)
{
    const struct dist_family *const f = d->family;
    bool given[DIST_MAX_PARAMETERS] = {false};

    for (int position = 0; position < f->n_parameters; position++) {
        struct argument a = {.name = ""};
        parse_argument_name(r, a.name, sizeof a.name);
        const int i = parameter_index(f, &a, position);
        if (i < 0 || i >= f->n_parameters || given[i]) {
            return wrong_arguments(r, f);
        }
        const bool is_alias = f->parameters[i].kind == DIST_LOG && is_lognormal_alias(f, a.name);
        const bool unit_allowed = f->parameters[i].kind == DIST_VALUE || is_alias;
        const enum sim_err err = parse_value(r, unit_allowed, &d->p[i], &d->has_unit[i]);
        if (err != SIM_OK) {
            return err;
        }
        if (is_alias) {
            *alias = strcmp(a.name, "mean") == 0 ? "mean" : "median";
        }
        given[i] = true;
        if (position + 1 < f->n_parameters && !accept(r, ',')) {
            return wrong_arguments(r, f);
        }
    }
    return accept(r, ')') ? SIM_OK : wrong_arguments(r, f);
}

/* From median or mean to mu: median = exp(mu), mean = exp(mu + sigma^2/2). */
static enum sim_err resolve_alias(struct parser *r, struct sim_dist *d, const char *alias)
{
    if (!(d->p[0] > 0)) {
        return sim_fail(r->error, SIM_EINVAL, "lognormal: the %s must be above 0", alias);
    }
    d->p[0] = log(d->p[0]);
    if (strcmp(alias, "mean") == 0) {
        d->p[0] -= d->p[1] * d->p[1] / 2;
    }
    return SIM_OK;
}

static enum sim_err parse_closed(struct parser *r, struct sim_dist *d)
{
    const char *alias = NULL;
    const enum sim_err err = parse_arguments(r, d, &alias);
    if (err != SIM_OK) {
        return err;
    }
    return alias != NULL ? resolve_alias(r, d, alias) : SIM_OK;
}

static enum sim_err parse_distribution(struct parser *r, struct sim_dist *d);

static enum sim_err parse_part(struct parser *r, struct sim_dist *d, size_t *capacity)
{
    if (sim_grow(&d->part, capacity, d->n + 1, sizeof(struct sim_dist *)) != SIM_OK) {
        return sim_fail_memory(r->error, "a distribution");
    }
    struct sim_dist *const part = calloc(1, sizeof *part);
    if (part == NULL) {
        return sim_fail_memory(r->error, "a distribution");
    }
    d->part[d->n++] = part;
    return parse_distribution(r, part);
}

static enum sim_err parse_point(struct parser *r, struct sim_dist *d, size_t capacity[2])
{
    if (sim_grow(&d->value, &capacity[0], d->n + 1, sizeof(double)) != SIM_OK ||
        sim_grow(&d->value_has_unit, &capacity[1], d->n + 1, sizeof(bool)) != SIM_OK) {
        return sim_fail_memory(r->error, "a distribution");
    }
    const enum sim_err err = parse_value(r, true, &d->value[d->n], &d->value_has_unit[d->n]);
    d->n++;
    return err;
}

static enum sim_err parse_weight(struct parser *r, double *weight)
{
    const enum sim_err err = expect(r, '@', "between a value and its weight");
    if (err != SIM_OK) {
        return err;
    }
    return sim_parse_quantity(r->p, SIM_SHARE, &r->p, weight, r->error);
}

/* The inside of discrete(...) and mixture(...): things with weights. */
static enum sim_err parse_weighted(struct parser *r, struct sim_dist *d)
{
    size_t capacity[2] = {0, 0};
    size_t weight_capacity = 0;
    do {
        enum sim_err err =
            d->kind == DIST_MIXTURE ? parse_part(r, d, capacity) : parse_point(r, d, capacity);
        if (err != SIM_OK) {
            return err;
        }
        if (sim_grow(&d->weight, &weight_capacity, d->n, sizeof(double)) != SIM_OK) {
            return sim_fail_memory(r->error, "a distribution");
        }
        err = parse_weight(r, &d->weight[d->n - 1]);
        if (err != SIM_OK) {
            return err;
        }
    } while (accept(r, ','));
    return expect(r, ')', "after the last weight");
}

/* Copies text up to `stop` without the spaces around it; false if it is empty or too long. */
static bool take_until(struct parser *r, char stop, char *text, size_t size)
{
    skip_spaces(r);
    const char *const end = strchr(r->p, stop);
    if (end == NULL) {
        return false;
    }
    size_t length = (size_t)(end - r->p);
    const char *const start = r->p;
    r->p = end + 1;
    while (length > 0 && isspace((unsigned char)start[length - 1])) {
        length--;
    }
    if (length == 0 || length >= size) {
        return false;
    }
    memcpy(text, start, length);
    text[length] = '\0';
    return true;
}

/* The absolute path, so that the text can be used from any folder; what is printed must be readable. */
static enum sim_err keep_source(struct parser *r, struct sim_dist *d, const char *path,
                                const char *column)
{
    char absolute[PATH_MAX];
    if (realpath(path, absolute) == NULL) {
        return sim_fail(r->error, SIM_EIO, "%s: %s", path, strerror(errno));
    }
    if (strchr(absolute, ',') != NULL) {
        return sim_fail(r->error, SIM_EINVAL,
                        "the comma in the path '%s' would end it: move or rename the file",
                        absolute);
    }
    const size_t byte = strlen(absolute) + strlen(column) + 3;
    d->source = calloc(1, byte);
    if (d->source != NULL) {
        snprintf(d->source, byte, "%s, %s", absolute, column);
    }
    return d->source != NULL ? SIM_OK : sim_fail_memory(r->error, "a distribution");
}

static enum sim_err parse_empirical(struct parser *r, struct sim_dist *d)
{
    char file[PATH_MAX / 2];
    char column[128];
    char path[PATH_MAX];
    if (!take_until(r, ',', file, sizeof file) || !take_until(r, ')', column, sizeof column)) {
        return sim_fail(r->error, SIM_EINVAL, "wrong arguments, expected empirical(FILE, COLUMN)");
    }
    const bool relative = r->folder != NULL && file[0] != '/';
    const int length =
        snprintf(path, sizeof path, "%s%s%s", relative ? r->folder : "", relative ? "/" : "", file);
    if (length < 0 || (size_t)length >= sizeof path) {
        return sim_fail(r->error, SIM_EINVAL, "the path '%.40s...' is too long", file);
    }
    const enum sim_err err = dist_empirical_read(d, path, column, r->error);
    if (err != SIM_OK) {
        return err;
    }
    return keep_source(r, d, path, column);
}

static enum sim_err unknown_family(struct parser *r, size_t length)
{
    enum { N_COMPOUND = 3, MAX_NAMES = 16 };
    const char *names[MAX_NAMES] = {"discrete", "mixture", "empirical"};
    char word[32];
    for (size_t i = 0; i < dist_n_families; i++) {
        names[N_COMPOUND + i] = dist_families[i].name;
    }
    snprintf(word, sizeof word, "%.*s", (int)length, r->p);
    const char *const near = sim_closest_word(word, names, N_COMPOUND + dist_n_families);
    return sim_fail(r->error, SIM_EINVAL, "'%s' is not a distribution%s%s%s", word,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                    near != NULL ? "'?" : "");
}

static bool choose_family(struct sim_dist *d, const char *name, size_t length)
{
    for (size_t i = 0; i < dist_n_families; i++) {
        if (strlen(dist_families[i].name) == length &&
            memcmp(dist_families[i].name, name, length) == 0) {
            d->kind = DIST_CLOSED;
            d->family = &dist_families[i];
            return true;
        }
    }
    for (int kind = DIST_DISCRETE; kind <= DIST_EMPIRICAL; kind++) {
        const char *const its_name = dist_compound_name[kind];
        if (strlen(its_name) == length && memcmp(its_name, name, length) == 0) {
            d->kind = (enum dist_kind)kind;
            return true;
        }
    }
    return false;
}

static enum sim_err parse_family(struct parser *r, struct sim_dist *d)
{
    skip_spaces(r);
    const size_t length = word_length(r->p);
    if (length == 0) {
        return sim_fail(r->error, SIM_EINVAL, "expected a number or a distribution, found '%.40s'",
                        *r->p != '\0' ? r->p : "nothing");
    }
    if (!choose_family(d, r->p, length)) {
        return unknown_family(r, length);
    }
    r->p += length;
    enum sim_err err = expect(r, '(', "after the name of a distribution");
    if (err != SIM_OK) {
        return err;
    }
    if (d->kind == DIST_CLOSED) {
        err = parse_closed(r, d);
    } else {
        err = d->kind == DIST_EMPIRICAL ? parse_empirical(r, d) : parse_weighted(r, d);
    }
    double factor;
    if (err == SIM_OK && sim_parse_unit(r->p, r->dimension, &r->p, &factor)) {
        dist_apply_factor(d, factor);
    }
    return err;
}

static bool is_number(struct parser *r)
{
    const char *end;
    double value;
    skip_spaces(r);
    return sim_parse_double(r->p, &end, &value);
}

/* A quantity is a constant. */
static enum sim_err parse_term(struct parser *r, struct sim_dist *d)
{
    if (!is_number(r)) {
        return parse_family(r, d);
    }
    d->kind = DIST_CLOSED;
    d->family = dist_constant;
    return parse_value(r, true, &d->p[0], &d->has_unit[0]);
}

/* [quantity "+"] term */
static enum sim_err parse_sum(struct parser *r, struct sim_dist *d)
{
    double value;
    bool has_unit;
    if (!is_number(r)) {
        return parse_family(r, d);
    }
    const enum sim_err err = parse_value(r, true, &value, &has_unit);
    if (err != SIM_OK) {
        return err;
    }
    if (!accept(r, '+')) {
        d->kind = DIST_CLOSED;
        d->family = dist_constant;
        d->p[0] = value;
        d->has_unit[0] = has_unit;
        return SIM_OK;
    }
    if (!has_unit && sim_dimension_needs_unit(r->dimension)) {
        return sim_fail(r->error, SIM_EINVAL, "the number before '+' needs a unit of %s (%s)",
                        sim_dimension_name(r->dimension), sim_dimension_units(r->dimension));
    }
    d->shift = value;
    return parse_term(r, d);
}

static enum sim_err parse_distribution(struct parser *r, struct sim_dist *d)
{
    if (r->depth == MAX_DEPTH) {
        return sim_fail(r->error, SIM_EINVAL, "mixtures are nested more than %d deep", MAX_DEPTH);
    }
    r->depth++;
    const enum sim_err err = parse_sum(r, d);
    r->depth--;
    return err;
}

static enum sim_err check_end(struct parser *r, const struct sim_dist *d)
{
    skip_spaces(r);
    const bool needs_unit = sim_dimension_needs_unit(r->dimension);
    if (*r->p != '\0') {
        return sim_fail(r->error, SIM_EINVAL, "'%.40s' is not understood%s%s", r->p,
                        needs_unit ? "; units of this value: " : "",
                        needs_unit ? sim_dimension_units(r->dimension) : "");
    }
    if (needs_unit && dist_lacks_unit(d)) {
        return sim_fail(r->error, SIM_EINVAL, "a unit of %s is missing (%s)",
                        sim_dimension_name(r->dimension), sim_dimension_units(r->dimension));
    }
    return SIM_OK;
}

enum sim_err sim_dist_parse(const char *text, enum sim_dimension dimension, const char *folder,
                            struct sim_dist **out, struct sim_error *e)
{
    struct parser r = {text, dimension, folder, 0, e};
    struct sim_dist *const d = calloc(1, sizeof *d);
    if (d == NULL) {
        return sim_fail_memory(e, "a distribution");
    }
    enum sim_err err = parse_distribution(&r, d);
    if (err == SIM_OK) {
        err = check_end(&r, d);
    }
    if (err == SIM_OK) {
        err = dist_finish(d, e);
    }
    if (err != SIM_OK) {
        sim_dist_destroy(d);
        return err;
    }
    *out = d;
    return SIM_OK;
}
