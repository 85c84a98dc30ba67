/* Doubles as the shortest decimal text that reads back to them.
 *
 * The C library finds it by trial: print 15 digits, read them back, then 16, then 17; that takes a
 * microsecond, more than simulating the event that the number tells of. For usual magnitudes the
 * same trial is made here in extended precision with a bound on its error; where the bound does not
 * decide (one number in a hundred), the library does. Either way the text is the same.
 */
#include "sim/base/text.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t text_by_trial(char *text, double value)
{
    for (int digits = 15; digits < 17; digits++) {
        const int length = snprintf(text, SIM_DOUBLE_TEXT, "%.*g", digits, value);
        if (!isfinite(value) || strtod(text, NULL) == value) {
            return (size_t)length;
        }
    }
    return (size_t)snprintf(text, SIM_DOUBLE_TEXT, "%.17g", value);
}

/* The decimal digits of n, without a terminating zero; returns how many. */
static size_t put_whole(char *text, uint64_t n)
{
    char backwards[20];
    size_t length = 0;
    do {
        backwards[length++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    for (size_t i = 0; i < length; i++) {
        text[i] = backwards[length - 1 - i];
    }
    return length;
}

#if LDBL_MANT_DIG >= 64

enum { POWERS = 21 };

/* Exact in 64 bits of mantissa. */
static const long double power_of_ten[POWERS] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                                 1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                                 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L};

/* A decimal number n * 10^-places. */
struct decimal {
    uint64_t n;
    int places;
};

enum verdict { READS_BACK, READS_OTHERWISE, UNDECIDED };

/* Half the distance from a normal double, no power of two, to its neighbours. */
static long double half_ulp(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits = ((bits >> 52) - 53) << 52;
    memcpy(&value, &bits, sizeof bits);
    return value;
}

static bool is_power_of_two(double value)
{
    int exponent;
    return frexp(value, &exponent) == 0.5;
}

/* Does d read back to `value`? The quotient is off by half an ulp / 1024 at most. */
static enum verdict reads_back(struct decimal d, double value)
{
    const long double half = half_ulp(value);
    const long double off = fabsl((long double)d.n / power_of_ten[d.places] - (long double)value);
    return off < half * (1 - 0x1p-8L)   ? READS_BACK
           : off > half * (1 + 0x1p-8L) ? READS_OTHERWISE
                                        : UNDECIDED;
}

/* The nearest decimal with so many places. False if rounding is too close a decision. */
static bool round_to_places(double value, int places, struct decimal *d)
{
    const long double scaled = (long double)value * power_of_ten[places];
    const long long nearest = llrintl(scaled); /* scaled < 1e17 */
    const long double off = fabsl(scaled - (long double)nearest);
    if (0.5L - off <= scaled * 0x1p-63L) { /* twice what the product may be off */
        return false;
    }
    *d = (struct decimal){(uint64_t)nearest, places};
    return true;
}

/* Finds the shortest decimal with 15 to 17 digits for 1e-4 <= value < 1e15. */
static bool find_decimal(double value, struct decimal *d)
{
    if (is_power_of_two(value)) {
        return false;
    }
    const int power = (int)floor(log10(value)); /* off by one where `has_digits` tells */
    for (int digits = 15; digits <= 17; digits++) {
        const int places = digits - 1 - power;
        if (places < 0 || places >= POWERS || !round_to_places(value, places, d)) {
            return false;
        }
        const long double n = (long double)d->n;
        const bool has_digits = n >= power_of_ten[digits - 1] && n < power_of_ten[digits];
        const enum verdict verdict = reads_back(*d, value);
        if (!has_digits || verdict == UNDECIDED) {
            return false;
        }
        if (verdict == READS_BACK || digits == 17) {
            return verdict == READS_BACK;
        }
    }
    return false;
}

/* "12.5" for {1250, 2}; not for whole numbers. */
static size_t put_decimal(char *text, struct decimal d)
{
    while (d.n % 10 == 0) {
        d.n /= 10;
        d.places--;
    }
    /* n < 1e17, so it is all behind the point where its unit would not fit into 64 bits */
    const uint64_t unit = d.places <= 18 ? (uint64_t)power_of_ten[d.places] : UINT64_MAX;
    size_t length = put_whole(text, d.n / unit);
    text[length++] = '.';
    char digits[20];
    const size_t n_digits = put_whole(digits, d.n % unit);
    for (size_t i = n_digits; i < (size_t)d.places; i++) {
        text[length++] = '0';
    }
    memcpy(text + length, digits, n_digits);
    length += n_digits;
    text[length] = '\0';
    return length;
}

static size_t fraction_text(char *text, double value)
{
    struct decimal d;
    const size_t sign = value < 0;
    if (!(fabs(value) >= 1e-4 && fabs(value) < 1e15) || !find_decimal(fabs(value), &d)) {
        return text_by_trial(text, value);
    }
    text[0] = '-';
    return sign + put_decimal(text + sign, d);
}

#else

static size_t fraction_text(char *text, double value)
{
    return text_by_trial(text, value);
}

#endif

static size_t whole_text(char *text, double value)
{
    const size_t sign = value < 0;
    text[0] = '-';
    const size_t length = sign + put_whole(text + sign, (uint64_t)fabs(value));
    text[length] = '\0';
    return length;
}

size_t sim_double_text(char text[static SIM_DOUBLE_TEXT], double value)
{
    const double exact_below = 1e15; /* all its digits are then never more than 15 */
    if (value == trunc(value) && fabs(value) < exact_below && !(value == 0 && signbit(value))) {
        return whole_text(text, value);
    }
    return fraction_text(text, value);
}
