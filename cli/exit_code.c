#include "cli/exit_code.h"

enum exit_code exit_code_of(enum sim_err err)
{
    switch (err) {
    case SIM_OK:
        return EXIT_OK;
    case SIM_EINVAL:
        return EXIT_SCENARIO;
    case SIM_ENOENT:
        return EXIT_NO_INPUT;
    case SIM_EEXIST:
        return EXIT_CANNOT_CREATE;
    case SIM_EIO:
        return EXIT_IO;
    case SIM_ESTOPPED:
        return EXIT_STOPPED;
    case SIM_ELIMIT:
        return EXIT_RUNS_FAILED;
    case SIM_ENOMEM:
        return EXIT_NO_MEMORY;
    }
    return EXIT_INTERNAL;
}
