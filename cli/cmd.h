/* cli/cmd.h -- the subcommands: one table, one file each. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/exit_code.h"

#include <stdio.h>

/* argv[0] is "primestorm NAME"; the rest are the words behind it. */
typedef enum exit_code cmd_fn(int argc, char **argv);

struct cmd {
    const char *name, *help;
    cmd_fn *run;
};

extern const struct cmd cmds[];
extern const int n_cmds;

cmd_fn cmd_run, cmd_plan, cmd_submit, cmd_merge, cmd_rerun, cmd_export, cmd_check, cmd_show,
    cmd_compare, cmd_decide, cmd_fit, cmd_sensitivity, cmd_keys, cmd_presets, cmd_replay,
    cmd_theory, cmd_doctor, cmd_version, cmd_help;

/* Prints the list of subcommands. */
void cmd_print_overview(FILE *out);

#endif
