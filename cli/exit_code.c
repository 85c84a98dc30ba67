#include "cli/exit_code.h"

#include <stdio.h>

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

enum exit_code exit_code_tell(enum sim_err err, const struct sim_error *e)
{
    if (err != SIM_OK) {
        fprintf(stderr, "primestorm: %s\n", e->text);
    }
    return exit_code_of(err);
}

enum exit_code exit_code_of_place(enum sim_err err)
{
    return err == SIM_ENOMEM ? EXIT_NO_MEMORY : EXIT_CANNOT_CREATE;
}
