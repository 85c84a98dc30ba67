#include "cli/bottleneck.h"

static const double worth_naming = 0.25; /* of the time until most devices are done */

static struct bottleneck mean_use(const struct study *s, size_t i)
{
    struct bottleneck b = {&s->result[0].resource[i], 0, 0};
    for (uint32_t r = 0; r < s->n; r++) {
        b.limit_s += s->result[r].resource[i].saturated_s / s->n;
        b.busy_share += s->result[r].resource[i].busy_share / s->n;
    }
    return b;
}

struct bottleneck bottleneck_of(const struct study *s)
{
    const double least_s = worth_naming * study_summary_of(s, "most_s").mean;
    struct bottleneck best[2] = {{0}, {0}}; /* machines, pools */
    for (size_t i = 0; i < s->result[0].n_resources; i++) {
        const struct bottleneck b = mean_use(s, i);
        struct bottleneck *const kind = &best[b.use->is_line];
        if (b.limit_s >= least_s && (kind->use == NULL || b.limit_s > kind->limit_s)) {
            *kind = b;
        }
    }
    return best[0].use != NULL ? best[0] : best[1];
}
