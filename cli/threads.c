#include "cli/threads.h"

#include <stdlib.h>
#include <unistd.h>

unsigned threads_parse(const char *text, struct argp_state *state)
{
    enum { MOST = 4096 };
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < 1 || value > MOST) {
        argp_error(state, "--threads needs a whole number from 1 to %d, found '%s'", MOST, text);
    }
    return (unsigned)value;
}

unsigned threads_default(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}
