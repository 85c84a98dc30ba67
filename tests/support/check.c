#include "tests/support/check.h"

static void fail_pair(double a, double b, double bound, const char *text_a, const char *text_b,
                      const char *file, int line)
{
    print_error("%s = %.17g\n%s = %.17g\ndiffer by %.3g, allowed is %.3g\n", text_a, a, text_b, b,
                fabs(a - b), bound);
    _fail(file, line);
}

void check_close(double a, double b, double relative, const char *text_a, const char *text_b,
                 const char *file, int line)
{
    const double bound = relative * fmax(fabs(a), fabs(b));
    if (a != b && !(fabs(a - b) <= bound)) {
        fail_pair(a, b, bound, text_a, text_b, file, line);
    }
}

void check_near(double a, double b, double absolute, const char *text_a, const char *text_b,
                const char *file, int line)
{
    if (a != b && !(fabs(a - b) <= absolute)) {
        fail_pair(a, b, absolute, text_a, text_b, file, line);
    }
}
