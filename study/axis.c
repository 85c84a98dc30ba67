#include "study/axis.h"

#include "models/schema.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_TEXT = 16 };

/* A range as written. */
struct range {
    double from, to;
    char unit[UNIT_TEXT]; /* of both ends */
    bool is_log;
    double step;   /* 0: not given */
    double points; /* 0: not given */
};

void axis_fini(struct axis *x)
{
    for (size_t i = 0; i < x->n; i++) {
        free(x->value[i]);
    }
    free(x->value);
    free(x->key);
    *x = (struct axis){0};
}

static enum sim_err append(struct axis *x, const char *text, size_t length, struct sim_error *e)
{
    char *const value = strndup(text, length);
    if (value == NULL || sim_grow(&x->value, &x->capacity, x->n + 1, sizeof *x->value) != SIM_OK) {
        free(value);
        return sim_fail_memory(e, "the values of a sweep");
    }
    x->value[x->n++] = value;
    return SIM_OK;
}

/* ---- Reading a range ---- */

/* What stands behind a number up to `end`, or up to a word of its own. False if it is too long. */
static bool read_unit(const char **p, const char *stop, char unit[static UNIT_TEXT])
{
    const char *const start = sim_skip_spaces(*p);
    size_t n = 0;
    while (start + n < stop && (isalpha((unsigned char)start[n]) || strchr("/%", start[n]))) {
        n++;
    }
    const bool is_word = strncmp(start, "step", 4) == 0 || strncmp(start, "points", 6) == 0;
    n = is_word ? 0 : n;
    if (n >= UNIT_TEXT) {
        return false;
    }
    memcpy(unit, start, n);
    unit[n] = '\0';
    *p = sim_skip_spaces(start + n);
    return true;
}

static bool is_same_unit(const char *a, const char *b)
{
    return *a == '\0' || *b == '\0' || strcmp(a, b) == 0;
}

static bool read_word(const char **p, const char *word)
{
    const size_t n = strlen(word);
    if (strncmp(*p, word, n) != 0 || !isspace((unsigned char)(*p)[n])) {
        return false;
    }
    *p = sim_skip_spaces(*p + n);
    return true;
}

/* "step 2", "points 7" or nothing. */
static bool read_spacing(const char *p, struct range *r)
{
    char unit[UNIT_TEXT] = "";
    double *const target = read_word(&p, "step") ? &r->step : &r->points;
    if (*p == '\0') {
        return true;
    }
    if (target == &r->points && !read_word(&p, "points")) {
        return false;
    }
    const char *const end = p + strlen(p);
    return sim_parse_double(p, &p, target) && *target > 0 && read_unit(&p, end, unit) &&
           (target == &r->step ? is_same_unit(unit, r->unit) : *unit == '\0') && *p == '\0';
}

/* Two dots outside brackets, between two numbers; NULL if it is no range. */
static const char *find_dots(const char *text)
{
    const char *behind;
    double number;
    const char *const start = strncmp(text, "log ", 4) == 0 ? sim_skip_spaces(text + 4) : text;
    const char *const dots = strstr(text, "..");
    const bool begins_with_number = sim_parse_double(start, &behind, &number);
    return dots != NULL && begins_with_number && strpbrk(text, "()'\"") == NULL ? dots : NULL;
}

/* "1." would swallow the first of the two dots: the number ends before them. */
static bool read_number_before(const char *text, const char *stop, const char **end, double *value)
{
    char copy[64];
    const size_t n = (size_t)(stop - text);
    if (n >= sizeof copy) {
        return false;
    }
    memcpy(copy, text, n);
    copy[n] = '\0';
    const bool ok = sim_parse_double(copy, end, value);
    *end = ok ? text + (*end - copy) : text;
    return ok;
}

static bool read_range(const char *text, const char *dots, struct range *r)
{
    char first[UNIT_TEXT];
    const char *p = text;
    *r = (struct range){.is_log = strncmp(text, "log ", 4) == 0};
    p = r->is_log ? sim_skip_spaces(p + 4) : p;
    if (!read_number_before(p, dots, &p, &r->from) || !read_unit(&p, dots, first) || p != dots) {
        return false;
    }
    p = sim_skip_spaces(dots + 2);
    if (!sim_parse_double(p, &p, &r->to) || !read_unit(&p, p + strlen(p), r->unit) ||
        !is_same_unit(first, r->unit)) {
        return false;
    }
    if (*r->unit == '\0') {
        memcpy(r->unit, first, sizeof first);
    }
    return read_spacing(p, r);
}

/* ---- The values of a range ---- */

static double count_of(const struct range *r)
{
    const double slack = 1e-9; /* 0..0.3 step 0.1 ends at 0.3 */
    const double step = r->step > 0 ? r->step : 1;
    return r->points > 0 ? r->points : floor((r->to - r->from) / step + slack) + 1;
}

static double value_of(const struct range *r, double i, double n)
{
    if (r->points <= 0) {
        return r->from + i * (r->step > 0 ? r->step : 1);
    }
    const double share = n > 1 ? i / (n - 1) : 0;
    return r->is_log ? r->from * pow(r->to / r->from, share) : r->from + share * (r->to - r->from);
}

static enum sim_err check_range(const struct range *r, const char *text, struct sim_error *e)
{
    if (r->from > r->to) {
        return sim_fail(e, SIM_EINVAL, "'%.80s': a range goes from the smaller to the larger",
                        text);
    }
    if (r->is_log && (r->from <= 0 || r->points < 2 || r->points != floor(r->points))) {
        return sim_fail(e, SIM_EINVAL,
                        "'%.80s': a logarithmic range begins above 0 and says how many points it "
                        "has, as in 'log 1..1000 points 7'",
                        text);
    }
    if (r->points != floor(r->points)) {
        return sim_fail(e, SIM_EINVAL, "'%.80s': points are a whole number", text);
    }
    if (count_of(r) > AXIS_MOST) {
        return sim_fail(e, SIM_EINVAL, "'%.80s': %.0f values; at most %d are allowed", text,
                        count_of(r), (int)AXIS_MOST);
    }
    return SIM_OK;
}

static bool is_whole_key(const char *key)
{
    struct schema_place place;
    return schema_locate(key, &place) && place.row != NULL &&
           (place.row->type == SCHEMA_COUNT || place.row->type == SCHEMA_COUNT64);
}

/* Twelve digits, so that 0.1 + 2 * 0.1 is 0.3. */
static double rounded(double value)
{
    char text[SIM_DOUBLE_TEXT];
    snprintf(text, sizeof text, "%.12g", value);
    return strtod(text, NULL);
}

static enum sim_err add_range(struct axis *x, const struct range *r, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    const bool is_whole = is_whole_key(x->key);
    const double n = count_of(r);
    double before = (double)NAN;
    for (double i = 0; i < n && err == SIM_OK; i++) {
        char text[SIM_DOUBLE_TEXT + UNIT_TEXT + 1];
        const double exact = value_of(r, i, n);
        const double value = is_whole && r->points > 0 ? round(exact) : rounded(exact);
        if (value == before) {
            continue;
        }
        before = value;
        const size_t length = sim_double_text(text, value);
        snprintf(text + length, sizeof text - length, "%s%s", *r->unit != '\0' ? " " : "", r->unit);
        err = append(x, text, strlen(text), e);
    }
    return err;
}

/* ---- Places in a range ---- */

static bool read_span(const char *text, struct range *r)
{
    const char *const dots = find_dots(text);
    return dots != NULL && strchr(text, ',') == NULL && read_range(text, dots, r) && r->step <= 0 &&
           r->points <= 0;
}

static double place_in(const struct range *r, bool is_whole, double share)
{
    const double end = is_whole ? r->to + 1 : r->to;
    const double value =
        r->is_log ? r->from * pow(end / r->from, share) : r->from + share * (end - r->from);
    return is_whole ? fmin(floor(value), r->to) : value;
}

enum sim_err axis_in_span(const char *key, const char *text, double share, char *value, size_t size,
                          struct sim_error *e)
{
    struct range r;
    if (!read_span(text, &r)) {
        return sim_fail(e, SIM_EINVAL,
                        "'%.80s' is not understood; here a range is '1..10' or 'log 1..1000'",
                        text);
    }
    if (r.from > r.to || (r.is_log && r.from <= 0)) {
        return sim_fail(e, SIM_EINVAL, "'%.80s': a range goes from the smaller to the larger%s",
                        text, r.is_log ? ", a logarithmic one from above 0" : "");
    }
    const bool is_whole = is_whole_key(key);
    const double x = place_in(&r, is_whole, share);
    snprintf(value, size, is_whole ? "%.0f%s%s" : "%.6g%s%s", x, *r.unit != '\0' ? " " : "",
             r.unit);
    return SIM_OK;
}

/* ---- Lists ---- */

static enum sim_err add_item(struct axis *x, const char *text, size_t length, struct sim_error *e)
{
    struct range r;
    char item[512];
    if (length == 0) {
        return sim_fail(e, SIM_EINVAL, "a value is missing");
    }
    if (length >= sizeof item) {
        return append(x, text, length, e); /* no range is so long */
    }
    memcpy(item, text, length);
    item[length] = '\0';
    const char *const dots = find_dots(item);
    if (dots == NULL) {
        return append(x, item, length, e);
    }
    if (!read_range(item, dots, &r)) {
        return sim_fail(e, SIM_EINVAL,
                        "'%.80s' is not understood; a range is '1..10', '1..10 step 3', '10 s..60 "
                        "s points 6' or 'log 1..1000 points 7'",
                        item);
    }
    const enum sim_err err = check_range(&r, item, e);
    return err == SIM_OK ? add_range(x, &r, e) : err;
}

/* The length of the first item of a list: up to a comma outside brackets. */
static size_t item_length(const char *text)
{
    int depth = 0;
    size_t i = 0;
    for (; text[i] != '\0' && !(text[i] == ',' && depth == 0); i++) {
        depth += (text[i] == '(') - (text[i] == ')');
    }
    return i;
}

enum sim_err axis_add(struct axis *x, const char *text, struct sim_error *e)
{
    for (const char *p = text;;) {
        const size_t length = item_length(p);
        const char *const begin = sim_skip_spaces(p);
        const char *end = p + length;
        while (end > begin && isspace((unsigned char)end[-1])) {
            end--;
        }
        const enum sim_err err = add_item(x, begin, end > begin ? (size_t)(end - begin) : 0, e);
        if (err != SIM_OK || p[length] == '\0') {
            return err;
        }
        p += length + 1;
    }
}
