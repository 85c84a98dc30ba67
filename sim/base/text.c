#include "sim/base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_digits(const char *p)
{
    while (isdigit((unsigned char)*p)) {
        p++;
    }
    return p;
}

int sim_digits_to_tell(double value, double scale, int decimals, int least, int most)
{
    if (!(scale > 0) || !isfinite(scale) || value == 0 || !isfinite(value)) {
        return least;
    }
    const double wanted = floor(log10(fabs(value))) - floor(log10(scale)) + decimals;
    return wanted < least ? least : wanted > most ? most : (int)wanted;
}

const char *sim_plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* The end of [+-]digits[.digits][e[+-]digits], or NULL; strtod alone would take "inf" and "0x10".
 */
static const char *number_end(const char *text)
{
    const char *p = text + (*text == '-' || *text == '+');
    const char *const whole = p;
    p = skip_digits(p);
    size_t digits = (size_t)(p - whole);
    if (*p == '.') {
        const char *const fraction = p + 1;
        p = skip_digits(fraction);
        digits += (size_t)(p - fraction);
    }
    if (digits == 0) {
        return NULL;
    }
    if (*p == 'e' || *p == 'E') {
        const char *const exponent = p + 1 + (p[1] == '-' || p[1] == '+');
        const char *const end = skip_digits(exponent);
        p = end > exponent ? end : p; /* "3 euros": the e belongs to what follows */
    }
    return p;
}

const char *sim_skip_spaces(const char *text)
{
    while (isspace((unsigned char)*text)) {
        text++;
    }
    return text;
}

bool sim_parse_double(const char *text, const char **end, double *value)
{
    const char *const stop = number_end(text);
    if (stop == NULL) {
        return false;
    }
    char *behind;
    const double parsed = strtod(text, &behind);
    if (!isfinite(parsed)) {
        return false;
    }
    *end = stop;
    *value = behind == stop ? parsed : 0; /* "0x10" is a zero, and an x that is not ours */
    return true;
}

bool sim_is_decimal_comma(const char *behind)
{
    return behind[0] == ',' && isdigit((unsigned char)behind[1]);
}

enum { WORD_LIMIT = 96 }; /* longer words are never a slip of the fingers for one of ours */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein distance in one row of the table (Wagner and Fischer, 1974). */
static size_t edit_distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t row[WORD_LIMIT + 1];
    for (size_t j = 0; j <= n_b; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            const size_t substitute = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = smaller(substitute, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[n_b];
}

const char *sim_closest_word(const char *word, const char *const candidates[], size_t n)
{
    const size_t length = strlen(word);
    if (length > WORD_LIMIT) {
        return NULL;
    }
    const char *best = NULL;
    /* One more than what counts as near; of a word of one letter nothing would be left. */
    size_t best_distance = length < 2 ? 1 : length / 3 + 2;
    for (size_t i = 0; i < n; i++) {
        const size_t candidate_length = strlen(candidates[i]);
        if (candidate_length > WORD_LIMIT) {
            continue;
        }
        const size_t distance = edit_distance(word, length, candidates[i], candidate_length);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidates[i];
        }
    }
    return best;
}
