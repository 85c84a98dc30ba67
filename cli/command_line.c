#include "cli/command_line.h"

#include "cli/exit_code.h"
#include "sim/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OPTIONS = 64, NAME_BYTE = 64 };

struct known {
    const struct argp_option *option[MOST_OPTIONS];
    size_t n;
};

static void add_options(struct known *k, const struct argp *argp)
{
    for (const struct argp_option *o = argp->options; o != NULL && (o->name != NULL || o->key != 0);
         o++) {
        if (o->name != NULL && k->n < MOST_OPTIONS) {
            k->option[k->n++] = o;
        }
    }
    for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL; c++) {
        add_options(k, c->argp);
    }
}

/* By its name or the beginning of it, as getopt takes them too. */
static const struct argp_option *find_long(const struct known *k, const char *name)
{
    for (size_t i = 0; i < k->n; i++) {
        if (strncmp(k->option[i]->name, name, strlen(name)) == 0) {
            return k->option[i];
        }
    }
    return NULL;
}

/* "--output" and "-qo" take the next word. */
static bool takes_next_word(const struct known *k, const char *word)
{
    const char letter = word[strlen(word) - 1];
    const struct argp_option *o = NULL;
    if (word[0] != '-' || word[1] == '\0' || strchr(word, '=') != NULL) {
        return false;
    }
    if (word[1] == '-') {
        o = find_long(k, word + 2);
    }
    for (size_t i = 0; i < k->n && word[1] != '-'; i++) {
        o = k->option[i]->key == letter ? k->option[i] : o;
    }
    return o != NULL && o->arg != NULL && (o->flags & OPTION_ARG_OPTIONAL) == 0;
}

static bool is_of_argp(const char *name)
{
    const size_t n = strlen(name);
    return strncmp("help", name, n) == 0 || strncmp("usage", name, n) == 0;
}

static void fail(const struct argp *argp, char **argv, const char *name, const char *near)
{
    fprintf(stderr, "%s: unrecognized option '--%s'; did you mean '--%s'?\n", argv[0], name, near);
    argp_help(argp, stderr, ARGP_HELP_SEE, argv[0]);
    exit(EXIT_USAGE);
}

/* Ends the program at the first long option that is unknown and resembles one that is not. */
static void check_long_options(const struct argp *argp, int argc, char **argv)
{
    struct known known = {.n = 0};
    const char *names[MOST_OPTIONS];
    add_options(&known, argp);
    for (size_t i = 0; i < known.n; i++) {
        names[i] = known.option[i]->name;
    }
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        char name[NAME_BYTE];
        if (takes_next_word(&known, argv[i])) {
            i++;
            continue;
        }
        if (strncmp(argv[i], "--", 2) != 0) {
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)strcspn(argv[i] + 2, "="), argv[i] + 2);
        if (find_long(&known, name) == NULL && !is_of_argp(name)) {
            const char *const near = sim_closest_word(name, names, known.n);
            if (near != NULL) {
                fail(argp, argv, name, near);
            }
        }
    }
}

void command_line_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    check_long_options(argp, argc, argv);
    argp_parse(argp, argc, argv, 0, NULL, input);
}

error_t command_line_child_only(int key, char *argument, struct argp_state *state)
{
    (void)argument;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = state->input;
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}
