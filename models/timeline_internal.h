/* models/timeline_internal.h -- for timeline.c: entries that are judged by those before them alone. */
#ifndef MODELS_TIMELINE_INTERNAL_H
#define MODELS_TIMELINE_INTERNAL_H

#include "models/timeline.h"

/* SIM_EINVAL for a failure of a mail server that is down, or a restart of one that is up. `t` is one of the n. */
SIM_MUST_CHECK enum sim_err timeline_check_mail(const struct timeline_entry *timeline, uint32_t n,
                                                const struct timeline_entry *t,
                                                struct sim_error *e);

/* SIM_EINVAL for a release of whom no entry before can have blocked. */
SIM_MUST_CHECK enum sim_err timeline_check_release(const struct timeline_entry *timeline,
                                                   uint32_t n, const struct timeline_entry *t,
                                                   struct sim_error *e);

#endif
