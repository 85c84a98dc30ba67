/* cli/screening_print.h -- a screening in words and as a table. */
#ifndef CLI_SCREENING_PRINT_H
#define CLI_SCREENING_PRINT_H

#include "cli/format.h"
#include "cli/screening.h"

/* To standard output. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err screening_print(const struct screening *s,
                                            const struct screening_task *task,
                                            const struct scenario *scenario,
                                            const struct format_options *format,
                                            struct sim_error *e);

/* The table as CSV into the file `path`. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err screening_write(const struct screening *s, const char *path,
                                            struct sim_error *e);

#endif
