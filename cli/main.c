/* primestorm: what happens when a sync server loses what it knows about its devices. */
#include "cli/cmd.h"
#include "cli/memory.h"
#include "cli/stop.h"
#include "cli/version.h"
#include "sim/base/text.h"

#include <argp.h>
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

const struct cmd cmds[] = {
    {"run", "simulate a scenario and write tables and pictures", cmd_run},
    {"plan", "say what a study consists of, and what it will take", cmd_plan},
    {"submit", "print the script with which a scheduler runs the shards of a study", cmd_submit},
    {"merge", "join the shards of a study", cmd_merge},
    {"rerun", "do what a manifest describes again, and say whether the same comes out", cmd_rerun},
    {"export", "write the tables of a results folder as a workbook for spreadsheets", cmd_export},
    {"check", "say everything that is wrong with a scenario", cmd_check},
    {"show", "print the effective scenario, with the origin of every value", cmd_show},
    {"compare", "say how scenarios differ, on the same random numbers", cmd_compare},
    {"decide", "say whether to wait for a failed server or to fail over", cmd_decide},
    {"sensitivity", "show how much the answer owes to what nobody knows", cmd_sensitivity},
    {"keys", "list all keys: unit, default, range, meaning, source", cmd_keys},
    {"presets", "list the scenarios that come with the program, or print one with its sources",
     cmd_presets},
    {"fit", "fit distributions to measured values, and print the line for a scenario", cmd_fit},
    {"replay", "send a trace of flows through one shared link", cmd_replay},
    {"theory", "hold the kernel against closed forms of the textbook", cmd_theory},
    {"doctor", "see whether everything the program uses is there", cmd_doctor},
    {"version", "print the version", cmd_version},
    {"help", "explain a subcommand or a key", cmd_help},
};

const int n_cmds = sizeof cmds / sizeof cmds[0];

void cmd_print_overview(FILE *out)
{
    fputs("usage: primestorm SUBCOMMAND [OPTION...]\n\n"
          "What happens when a sync server loses what it knows about its devices, and what to do\n"
          "about it.\n\n"
          "  primestorm run examples/01-failover-500.yaml\n"
          "  primestorm run examples/01-failover-500.yaml --set servers.B.cores=8 -o out/eight\n\n",
          out);
    for (int i = 0; i < n_cmds; i++) {
        fprintf(out, "  %-11s %s\n", cmds[i].name, cmds[i].help);
    }
    fputs("\n'primestorm SUBCOMMAND --help' lists its options.\n", out);
}

static enum exit_code print_version(void)
{
    printf("primestorm %s (%s), %s\n", PRIMESTORM_VERSION, PRIMESTORM_REVISION, PRIMESTORM_BUILD);
    return EXIT_OK;
}

enum exit_code cmd_version(int argc, char **argv)
{
    static const struct argp argp = {
        .doc = "Print the version, the revision, and how the program was built."};
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    return print_version();
}

static enum exit_code unknown_command(const char *name)
{
    const char *names[sizeof cmds / sizeof cmds[0]];
    for (int i = 0; i < n_cmds; i++) {
        names[i] = cmds[i].name;
    }
    const char *const near = sim_closest_word(name, names, (size_t)n_cmds);
    fprintf(stderr, "primestorm: unknown subcommand '%s'", name);
    if (near != NULL) {
        fprintf(stderr, "; did you mean '%s'?", near);
    }
    fputs("\n'primestorm help' lists them.\n", stderr);
    return EXIT_USAGE;
}

static const struct cmd *find_command(const char *name)
{
    for (int i = 0; i < n_cmds; i++) {
        if (strcmp(cmds[i].name, name) == 0) {
            return &cmds[i];
        }
    }
    return NULL;
}

static enum exit_code dispatch(int argc, char **argv)
{
    char name[64];
    if (argc < 2) {
        cmd_print_overview(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        cmd_print_overview(stdout);
        return EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        return print_version();
    }
    const struct cmd *const cmd = find_command(argv[1]);
    if (cmd == NULL) {
        return unknown_command(argv[1]);
    }
    snprintf(name, sizeof name, "primestorm %s", cmd->name);
    argv[1] = name;
    return cmd->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off(); /* its codes are checked, or its results cannot fail */
    memory_limit_to_machine();
    stop_catch_abort();
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit is an error of write(), not the end */
    const enum exit_code code = dispatch(argc, argv);
    const bool was_lost = fflush(stdout) != 0 || ferror(stdout) != 0;
    if (was_lost && code == EXIT_OK) {
        fputs("primestorm: standard output: what was to be said could not be written\n", stderr);
        return EXIT_IO;
    }
    return code;
}
