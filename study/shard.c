#include "study/shard.h"

#include <ctype.h>
#include <stdlib.h>

static bool parse_whole(const char **p, uint32_t *value)
{
    char *end;
    if (!isdigit((unsigned char)**p)) {
        return false;
    }
    const unsigned long number = strtoul(*p, &end, 10);
    *p = end;
    *value = (uint32_t)number;
    return number >= 1 && number <= SHARD_MOST;
}

bool shard_parse(const char *text, struct shard *shard)
{
    const char *p = text;
    if (!parse_whole(&p, &shard->index) || *p++ != '/' || !parse_whole(&p, &shard->n)) {
        return false;
    }
    return *p == '\0' && shard->index <= shard->n;
}
