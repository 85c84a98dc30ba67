#include "study/where.h"

#include "models/schema.h"
#include "sim/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WORD_TEXT = 256, MAX_DEPTH = 50 };

/* A number, or the text of a key or a word. */
struct operand {
    bool is_text;
    bool is_word; /* no key of this scenario */
    double number;
    char text[WORD_TEXT];
};

/* A recursive descent; the first error ends it, as everything after it returns at once. */
struct reader {
    const char *p;
    where_value_fn *value_of;
    void *context;
    int depth;
    enum sim_err err;
    struct sim_error *error;
};

static void complain(struct reader *r, const char *what)
{
    if (r->err == SIM_OK) {
        r->err =
            sim_fail(r->error, SIM_EINVAL, "%s at '%.40s'", what, *r->p != '\0' ? r->p : "the end");
    }
}

static void skip_spaces(struct reader *r)
{
    while (isspace((unsigned char)*r->p)) {
        r->p++;
    }
}

static bool take(struct reader *r, const char *symbol)
{
    skip_spaces(r);
    const size_t n = strlen(symbol);
    if (strncmp(r->p, symbol, n) != 0 || r->err != SIM_OK) {
        return false;
    }
    if (isalpha((unsigned char)*symbol) && (isalnum((unsigned char)r->p[n]) || r->p[n] == '_')) {
        return false; /* "order" is not "or" */
    }
    r->p += n;
    return true;
}

/* ---- Operands ---- */

static struct operand number_of(double value)
{
    return (struct operand){.number = value};
}

static struct operand read_number(struct reader *r)
{
    double value = 0;
    if (!sim_parse_double(r->p, &r->p, &value)) {
        complain(r, "a number is expected");
    }
    for (int d = SIM_NUMBER + 1; d < SIM_N_DIMENSIONS; d++) {
        double factor;
        if (sim_parse_unit(r->p, (enum sim_dimension)d, &r->p, &factor)) {
            return number_of(factor < 1 ? value / round(1 / factor) : value * factor);
        }
    }
    return number_of(value);
}

static bool is_number_row(const struct schema_row *row)
{
    return row->type == SCHEMA_QUANTITY || row->type == SCHEMA_COUNT ||
           row->type == SCHEMA_COUNT64 || row->type == SCHEMA_RATE64;
}

/* "; did you mean 'users'?" for a word that may be meant for a key. */
static const char *hint(const char *word, char *text, size_t size)
{
    char near[WORD_TEXT];
    const bool is_near = schema_suggest(word, near, sizeof near);
    snprintf(text, size, is_near ? "; did you mean '%s'?" : "", near);
    return text;
}

static void complain_of_text(struct reader *r, const struct operand *o, const char *what)
{
    char meant[WORD_TEXT + 32] = "";
    if (r->err == SIM_OK) {
        r->err = sim_fail(r->error, SIM_EINVAL, "'%s' is not a number%s%s", o->text, what,
                          o->is_word ? hint(o->text, meant, sizeof meant) : "");
    }
}

/* The value of the key `word`; a word that is none stands for itself. */
static struct operand read_key(struct reader *r, const char *word)
{
    struct schema_place place;
    const char *const value = r->value_of(r->context, word);
    struct operand o = {.is_text = true, .is_word = value == NULL};
    snprintf(o.text, sizeof o.text, "%s", value != NULL ? value : word);
    if (value == NULL || !schema_locate(word, &place) || place.row == NULL) {
        if (strchr(word, '.') != NULL && r->err == SIM_OK) {
            char meant[WORD_TEXT + 32];
            r->err = sim_fail(r->error, SIM_EINVAL, "no key of this scenario at '%.40s'%s", r->p,
                              hint(word, meant, sizeof meant));
        }
        return o;
    }
    struct sim_error ignored;
    double number;
    if (is_number_row(place.row) &&
        sim_read_quantity(value, place.row->dimension, &number, &ignored) == SIM_OK) {
        return number_of(number);
    }
    return o;
}

static struct operand read_word(struct reader *r)
{
    char word[WORD_TEXT];
    size_t n = 0;
    const char *const begin = r->p;
    while (isalnum((unsigned char)r->p[n]) || r->p[n] == '_' || r->p[n] == '.' ||
           (r->p[n] == '-' && isalpha((unsigned char)r->p[n + 1]))) {
        n++;
    }
    if (n == 0 || n >= sizeof word) {
        complain(r, "a key, a number or a bracket is expected");
        return number_of(0);
    }
    memcpy(word, r->p, n);
    word[n] = '\0';
    const struct operand o = read_key(r, word);
    r->p = r->err == SIM_OK ? begin + n : begin;
    return o;
}

static struct operand read_quoted(struct reader *r)
{
    struct operand o = {.is_text = true};
    const char quote = *r->p++;
    const size_t n = strcspn(r->p, quote == '"' ? "\"" : "'");
    if (r->p[n] == '\0' || n >= sizeof o.text) {
        complain(r, "a text without an end");
        return o;
    }
    memcpy(o.text, r->p, n);
    r->p += n + 1;
    return o;
}

static struct operand read_sum(struct reader *r);

static struct operand read_factor(struct reader *r)
{
    skip_spaces(r);
    if (r->err != SIM_OK || ++r->depth > MAX_DEPTH) {
        complain(r, "too many brackets");
        return number_of(0);
    }
    struct operand o;
    if (take(r, "(")) {
        o = read_sum(r);
        if (!take(r, ")")) {
            complain(r, "a ')' is missing");
        }
    } else if (take(r, "-")) {
        o = read_factor(r);
        o.number = -o.number;
    } else if (*r->p == '"' || *r->p == '\'') {
        o = read_quoted(r);
    } else if (isdigit((unsigned char)*r->p)) {
        o = read_number(r);
    } else {
        o = read_word(r);
    }
    r->depth--;
    return o;
}

static struct operand calculated(struct reader *r, int sign, const struct operand *a,
                                 const struct operand *b)
{
    if (a->is_text || b->is_text) {
        complain_of_text(r, a->is_text ? a : b, "");
        return number_of(0);
    }
    switch (sign) {
    case '+':
        return number_of(a->number + b->number);
    case '-':
        return number_of(a->number - b->number);
    case '*':
        return number_of(a->number * b->number);
    default:
        return number_of(a->number / b->number);
    }
}

static struct operand read_product(struct reader *r)
{
    struct operand left = read_factor(r);
    for (;;) {
        const int sign = take(r, "*") ? '*' : take(r, "/") ? '/' : '\0';
        if (sign == '\0') {
            return left;
        }
        const struct operand right = read_factor(r);
        left = calculated(r, sign, &left, &right);
    }
}

static struct operand read_sum(struct reader *r)
{
    struct operand left = read_product(r);
    for (;;) {
        const int sign = take(r, "+") ? '+' : take(r, "-") ? '-' : '\0';
        if (sign == '\0') {
            return left;
        }
        const struct operand right = read_product(r);
        left = calculated(r, sign, &left, &right);
    }
}

/* ---- Conditions ---- */

enum relation { LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, UNEQUAL, N_RELATIONS };

static bool read_relation(struct reader *r, enum relation *relation)
{
    static const struct {
        const char *symbol;
        enum relation relation;
    } symbols[] = {{"<=", LESS_OR_EQUAL}, {">=", GREATER_OR_EQUAL}, {"==", EQUAL}, {"!=", UNEQUAL},
                   {"<", LESS},           {">", GREATER},           {"=", EQUAL}};
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        if (take(r, symbols[i].symbol)) {
            *relation = symbols[i].relation;
            return true;
        }
    }
    complain(r, "a comparison (<, <=, >, >=, ==, !=) is expected");
    return false;
}

static bool holds_of_numbers(enum relation relation, double a, double b)
{
    switch (relation) {
    case LESS:
        return a < b;
    case LESS_OR_EQUAL:
        return a <= b;
    case GREATER:
        return a > b;
    case GREATER_OR_EQUAL:
        return a >= b;
    case EQUAL:
        return a == b;
    default:
        return a != b;
    }
}

static bool read_comparison(struct reader *r)
{
    enum relation relation = EQUAL;
    const struct operand a = read_sum(r);
    if (!read_relation(r, &relation)) {
        return false;
    }
    const struct operand b = read_sum(r);
    if (r->err != SIM_OK) {
        return false;
    }
    if (!a.is_text && !b.is_text) {
        return holds_of_numbers(relation, a.number, b.number);
    }
    if (a.is_text != b.is_text || (relation != EQUAL && relation != UNEQUAL)) {
        complain_of_text(r, a.is_text ? &a : &b, " and cannot be compared so");
        return false;
    }
    return (strcmp(a.text, b.text) == 0) == (relation == EQUAL);
}

static bool read_or(struct reader *r);

/* A '(' may open a condition or a sum: a condition is tried first, and taken back if it is none. */
static bool read_term(struct reader *r)
{
    if (++r->depth > MAX_DEPTH) {
        complain(r, "too many brackets");
        return false;
    }
    bool holds;
    if (take(r, "not")) {
        holds = !read_term(r);
    } else {
        struct reader attempt = *r;
        struct sim_error ignored;
        attempt.error = &ignored;
        const bool is_bracket = take(&attempt, "(");
        holds = is_bracket && read_or(&attempt);
        if (is_bracket && take(&attempt, ")") && attempt.err == SIM_OK) {
            r->p = attempt.p;
        } else {
            holds = read_comparison(r);
        }
    }
    r->depth--;
    return holds;
}

static bool read_and(struct reader *r)
{
    bool holds = read_term(r);
    while (take(r, "and")) {
        const bool right = read_term(r);
        holds = holds && right;
    }
    return holds;
}

static bool read_or(struct reader *r)
{
    bool holds = read_and(r);
    while (take(r, "or")) {
        const bool right = read_and(r);
        holds = holds || right;
    }
    return holds;
}

enum sim_err where_holds(const char *text, where_value_fn *value_of, void *context, bool *holds,
                         struct sim_error *e)
{
    struct reader r = {.p = text, .value_of = value_of, .context = context, .error = e};
    const bool result = read_or(&r);
    skip_spaces(&r);
    if (r.err == SIM_OK && *r.p != '\0') {
        complain(&r, "nothing more is expected");
    }
    *holds = result;
    return r.err;
}
