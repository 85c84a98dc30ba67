/* sim/base/text.h -- numbers as text, words that resemble each other.
 *
 * All functions assume the "C" numeric locale; a program that never calls setlocale() is in it.
 */
#ifndef SIM_BASE_TEXT_H
#define SIM_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { SIM_DOUBLE_TEXT = 32 }; /* bytes that hold any double as text */

/* The shortest decimal text that reads back to the same double; "inf", "-inf", "nan" for those.
 * Returns its length. About 0.12 us; 1 us for magnitudes outside 1e-4 .. 1e15. */
size_t sim_double_text(char text[static SIM_DOUBLE_TEXT], double value);

/* How many significant digits `value` needs so that the last of them stands for `scale` / 10^(decimals - 1), or for up
 * to ten times less; from `least` to `most`. `least` where the scale is not known (0 or not finite) and of 0. */
int sim_digits_to_tell(double value, double scale, int decimals, int least, int most);

/* What a noun takes behind a number: "" for one, else "s", as in "%zu flow%s". */
const char *sim_plural(size_t n);

/* Behind the white space that `text` begins with. */
const char *sim_skip_spaces(const char *text);

/* Reads a finite decimal number ("12", "-0.5", "1e-3") at the start of `text`; no leading space, no
 * hexadecimal, no "inf". Sets `*end` behind it. False, with nothing set, if there is none. */
bool sim_parse_double(const char *text, const char **end, double *value);

/* Is `behind`, which follows a number, the rest of one with a decimal comma, as in "10,5"? */
bool sim_is_decimal_comma(const char *behind);

/* The candidate nearest to `word` by edit distance, NULL if none is near enough to be a slip of the
 * fingers (more than a third of the letters differ). Cost O(n * length^2). */
const char *sim_closest_word(const char *word, const char *const candidates[], size_t n);

#endif
