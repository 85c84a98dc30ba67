/* cli/bottleneck.h -- which resource was the limit, over the replications of a study. */
#ifndef CLI_BOTTLENECK_H
#define CLI_BOTTLENECK_H

#include "cli/study.h"

struct bottleneck {
    const struct resource_use *use; /* of replication 0, for name and words; NULL: there is none */
    double limit_s, busy_share;     /* means over the replications, up to most_s */
};

/* The resource that was the limit for the longest time, and for at least a quarter of it; workers only if
 * no machine behind them was, since a line before workers is as a rule the shadow of what they wait
 * for. O(replications * resources). */
struct bottleneck bottleneck_of(const struct study *study);

#endif
