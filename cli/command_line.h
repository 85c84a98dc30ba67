/* cli/command_line.h -- argp, and what was probably meant by an option that there is not. */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include <argp.h>

/* Parses the words of a subcommand into `input`; a mistake of usage ends the program. A long option that is unknown
 * is told with the nearest one that `argp` and its children know. */
void command_line_parse(const struct argp *argp, int argc, char **argv, void *input);

/* The parser of a subcommand that has the options of its one child and no other: the child gets its input. */
error_t command_line_child_only(int key, char *argument, struct argp_state *state);

#endif
