/* cli/exit_code.h -- how the program ends; after sysexits(3), and k6 for 99. */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

#include "sim/base/err.h"

enum exit_code {
    EXIT_OK = 0,
    EXIT_RUNS_FAILED = 1,  /* done, but a run failed */
    EXIT_BLIND = 2,        /* theory: done, but a row could not tell */
    EXIT_USAGE = 64,       /* wrong options */
    EXIT_SCENARIO = 65,    /* the scenario is not valid */
    EXIT_NO_INPUT = 66,    /* an input file is missing */
    EXIT_UNAVAILABLE = 69, /* a helper that was required is missing */
    EXIT_INTERNAL = 70,    /* a bug; please report it */
    EXIT_NO_MEMORY = 71,   /* the run is too large for the machine */
    EXIT_CANNOT_CREATE = 73,
    EXIT_IO = 74,
    EXIT_STOPPED = 75, /* by a signal */
    EXIT_MISSED = 99,  /* done, but an expectation was missed */
};

enum exit_code exit_code_of(enum sim_err err);

/* Says "primestorm: ..." on standard error, unless all is well; the code to end with. */
enum exit_code exit_code_tell(enum sim_err err, const struct sim_error *e);

/* The code for an output whose place cannot be had. */
enum exit_code exit_code_of_place(enum sim_err err);

#endif
