#include "cli/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static rlim_t available_byte(void)
{
    static const char key[] = "MemAvailable:";
    unsigned long kib = 0;
    char line[128];
    FILE *const file = fopen("/proc/meminfo", "r");
    while (kib == 0 && file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, key, sizeof key - 1) == 0) {
            kib = strtoul(line + sizeof key - 1, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return (rlim_t)kib * 1024;
}

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
static const int is_limited = 0; /* sanitizers reserve terabytes */
#else
static const int is_limited = 1;
#endif

void memory_limit_to_machine(void)
{
    struct rlimit limit;
    const rlim_t most = available_byte() / 10 * 9;
    if (is_limited && most > 0 && getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur > most) {
        limit.rlim_cur = most;
        (void)setrlimit(RLIMIT_DATA, &limit);
    }
}

unsigned long memory_limit_mib(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return 0;
    }
    return (unsigned long)(limit.rlim_cur >> 20);
}
