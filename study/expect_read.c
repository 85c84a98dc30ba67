/* From `expect:` in the settings to expectations. */
#include "study/expect.h"

#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "sim/base/units.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char prefix[] = "expect.";

static bool is_expectation(const struct setting *s)
{
    return strncmp(s->path, prefix, sizeof prefix - 1) == 0;
}

bool expect_is_given(const struct settings *settings)
{
    return settings_has_below(settings, "expect") || settings_find(settings, "expect") != NULL;
}

/* ---- "p95 of": a quantile over the replications ---- */

/* "p95", "p99.9": a percentage between 0 and 100. */
static bool read_percentile(const char **p, double *quantile)
{
    double percent;
    const char *end;
    if (**p != 'p' || !sim_parse_double(*p + 1, &end, &percent) || !(percent > 0) ||
        !(percent < 100)) {
        return false;
    }
    end = sim_skip_spaces(end);
    if (strncmp(end, "of", 2) != 0 || !isspace((unsigned char)end[2])) {
        return false;
    }
    *quantile = percent / 100;
    *p = sim_skip_spaces(end + 2);
    return true;
}

/* ---- Figure, relation ---- */

/* Behind the name, which goes to `name`; NULL if it is too long or there is none. */
static const char *read_name(const char *p, char *name, size_t size)
{
    const size_t n = strcspn(p, " \t<>=");
    if (n == 0 || n >= size) {
        return NULL;
    }
    memcpy(name, p, n);
    name[n] = '\0';
    return sim_skip_spaces(p + n);
}

static const char *read_relation(const char *p, enum expect_relation *relation)
{
    static const struct {
        const char *text;
        enum expect_relation relation;
    } relations[] = {
        {"<=", EXPECT_AT_MOST}, {">=", EXPECT_AT_LEAST}, {"<", EXPECT_LESS}, {">", EXPECT_GREATER}};
    for (size_t i = 0; i < sizeof relations / sizeof relations[0]; i++) {
        const size_t n = strlen(relations[i].text);
        if (strncmp(p, relations[i].text, n) == 0) {
            *relation = relations[i].relation;
            return sim_skip_spaces(p + n);
        }
    }
    return NULL;
}

/* ---- The limit ---- */

/* Figures that are counts are named after what they count: "unfinished <= 5 devices". */
static enum sim_err read_count(const char *text, const char *unit, double *limit,
                               struct sim_error *e)
{
    const char *end;
    if (!sim_parse_double(text, &end, limit)) {
        return sim_fail(e, SIM_EINVAL, "'%.60s' is not a number", text);
    }
    end = sim_skip_spaces(end);
    if (*end != '\0' && strcmp(end, unit) != 0) {
        return sim_fail(e, SIM_EINVAL, "'%.60s' is not its unit; it is in %s", end, unit);
    }
    return SIM_OK;
}

static enum sim_err read_limit(const char *text, const char *unit, double *limit,
                               struct sim_error *e)
{
    static const struct {
        const char *unit;
        enum sim_dimension dimension;
        double factor;
    } units[] = {
        {"s", SIM_TIME, 1}, {"min", SIM_TIME, 60}, {"byte", SIM_SIZE, 1}, {"1", SIM_SHARE, 1}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i].unit, unit) == 0) {
            const enum sim_err err = sim_read_quantity(text, units[i].dimension, limit, e);
            *limit /= units[i].factor;
            return err;
        }
    }
    return read_count(text, unit, limit, e);
}

/* ---- One expectation ---- */

/* One space between words, as it is quoted. */
static bool tidy(const char *text, char *out, size_t size)
{
    size_t n = 0;
    const char *p = sim_skip_spaces(text);
    for (; *p != '\0' && n + 2 < size; p++) {
        if (!isspace((unsigned char)*p)) {
            out[n++] = *p;
        } else if (!isspace((unsigned char)p[1]) && p[1] != '\0') {
            out[n++] = ' ';
        }
    }
    out[n] = '\0';
    return *p == '\0';
}

static enum sim_err fail_form(const char *text, struct sim_error *e)
{
    return sim_fail(e, SIM_EINVAL,
                    "'%.80s' is not understood; an expectation is a figure, <, <=, > or >=, and a "
                    "limit, as in 'full_p95_s < 10 min' or 'p95 of full_max_s < 20 min'",
                    text);
}

static enum sim_err find_unit(const struct known_figures *figures, struct expectation *x,
                              struct sim_error *e)
{
    const struct metric *const m = figures_find(figures, x->figure);
    if (m == NULL) {
        const char *const near = figures_suggest(figures, x->figure);
        return sim_fail(e, SIM_EINVAL, "no figure '%s'%s%s%s", x->figure,
                        near != NULL ? "; did you mean '" : "; figures are the columns of runs.csv",
                        near != NULL ? near : "", near != NULL ? "'?" : "");
    }
    x->unit = m->unit;
    return SIM_OK;
}

/* Everything but what depends on the figure; the text of the limit. */
static const char *read_form(const char *text, struct expectation *x)
{
    *x = (struct expectation){.quantile = NAN};
    if (!tidy(text, x->text, sizeof x->text)) {
        return NULL;
    }
    const char *p = x->text;
    (void)read_percentile(&p, &x->quantile);
    p = read_name(p, x->figure, sizeof x->figure);
    return p != NULL ? read_relation(p, &x->relation) : NULL;
}

static enum sim_err read_one(const char *text, const struct known_figures *figures,
                             struct expectation *x, struct sim_error *e)
{
    const char *const limit = read_form(text, x);
    if (limit == NULL) {
        return fail_form(text, e);
    }
    const enum sim_err err = find_unit(figures, x, e);
    struct sim_error why;
    if (err != SIM_OK) {
        return err;
    }
    if (read_limit(limit, x->unit, &x->limit, &why) != SIM_OK) {
        return sim_fail(e, SIM_EINVAL, "%s: %s", x->figure, why.text);
    }
    return SIM_OK;
}

/* ---- All ---- */

bool expect_all_known(const struct settings *settings, const struct known_figures *figures)
{
    struct expectation x;
    for (size_t i = 0; i < settings->n; i++) {
        const struct setting *const s = &settings->item[i];
        if (is_expectation(s) && read_form(s->value, &x) != NULL &&
            figures_find(figures, x.figure) == NULL) {
            return false;
        }
    }
    return true;
}

/* `expect:` holds a list, and it is not empty. */
static void check_is_list(const struct settings *settings, struct problems *problems)
{
    const struct setting *const s = settings_find(settings, "expect");
    if (s != NULL) {
        problems_add(problems, s->origin, "expect: a list is wanted, a line '- %s' each",
                     *s->value != '\0' ? s->value : "full_p95_s < 10 min");
    }
}

/* Entries of a list are numbered; --expect counts on. */
static bool is_numbered(const char *path)
{
    const char *const rest = path + sizeof prefix - 1;
    return strspn(rest, "0123456789") == strlen(rest) || strncmp(rest, "option", 6) == 0;
}

enum sim_err expect_read(const struct settings *settings, const struct known_figures *figures,
                         struct expectations *x, struct problems *problems)
{
    const size_t n_before = problems->n;
    enum sim_err err = SIM_OK;
    *x = (struct expectations){0};
    check_is_list(settings, problems);
    for (size_t i = 0; i < settings->n && err == SIM_OK; i++) {
        const struct setting *const s = &settings->item[i];
        struct sim_error e;
        if (!is_expectation(s)) {
            continue;
        }
        if (!is_numbered(s->path)) {
            problems_add(problems, s->origin,
                         "%s: expect holds a list, a line '- FIGURE < LIMIT' each", s->path);
            continue;
        }
        err = sim_grow(&x->item, &x->capacity, x->n + 1, sizeof *x->item);
        if (err == SIM_OK && read_one(s->value, figures, &x->item[x->n++], &e) != SIM_OK) {
            problems_add(problems, s->origin, "expect: %s", e.text);
        }
    }
    if (err == SIM_OK && problems->n > n_before) {
        err = problems->is_out_of_memory ? SIM_ENOMEM : SIM_EINVAL;
    }
    if (err != SIM_OK) {
        expect_fini(x);
    }
    return err;
}
