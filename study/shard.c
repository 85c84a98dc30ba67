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

bool shard_of_array(struct shard *shard)
{
    uint32_t number[4];
    static const char *const names[] = {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT",
                                        "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"};
    for (int i = 0; i < 4; i++) {
        const char *p = getenv(names[i]);
        if (p == NULL || !parse_whole(&p, &number[i]) || *p != '\0') {
            return false;
        }
    }
    *shard = (struct shard){number[0], number[1]};
    return number[2] == 1 && number[3] == number[1] && number[0] <= number[1];
}
