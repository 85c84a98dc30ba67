#include "tests/support/check.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

void check_assert_fails(void (*fn)(void *self), void *self, const char *condition)
{
    int ends[2];
    char said[512] = "";
    char wanted[256];
    int status;
    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        fn(self);
        _exit(0);
    }
    close(ends[1]);
    FILE *const in = fdopen(ends[0], "r");
    assert_non_null(in);
    const size_t length = fread(said, 1, sizeof said - 1, in);
    fclose(in);
    assert_int_equal(waitpid(child, &status, 0), child);
    snprintf(wanted, sizeof wanted, "'%s' does not hold", condition);
    if (length == 0 || strstr(said, ".c:") == NULL || strstr(said, wanted) == NULL) {
        fail_msg("expected \"%s\", found \"%s\"", wanted, said);
    }
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}
