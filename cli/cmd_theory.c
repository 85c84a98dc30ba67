/* primestorm theory: the kernel against closed forms of the textbook. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/format.h"
#include "cli/number.h"
#include "cli/theory_print.h"
#include "cli/threads.h"
#include "sim/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_SET = 256, KEY_EFFORT, KEY_SHIFT };

struct theory_options {
    struct suite_request request;
    unsigned threads;
    struct format_options format;
    bool list;
};

static const struct argp_option option_table[] = {
    {"list", 'l', NULL, 0, "Name the rows, a line each, without running them", 0},
    {"set", KEY_SET, "NAME=NUMBER", 0,
     "Another value for a parameter of the chosen models; the heading of a model names them. The "
     "exact values follow",
     0},
    {"effort", KEY_EFFORT, "N", 0, "N times as many replications (default: 1)", 0},
    {"shift-percent", KEY_SHIFT, "P", 0,
     "Make every exact value wrong by P percent, to see which rows find it", 0},
    {"seed", 's', "N", 0, "Name the random numbers (default: 1)", 0},
    THREADS_OPTION,
    {0},
};

static void parse_seed(struct theory_options *o, const char *text, struct argp_state *state)
{
    char *end;
    errno = 0;
    o->request.seed = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0) {
        argp_error(state, "--seed needs a whole number below 2^64, found '%s'", text);
    }
}

static void parse_effort(struct theory_options *o, const char *text, struct argp_state *state)
{
    char *end;
    const unsigned long n = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || n < 1 || n > THEORY_MOST_EFFORT) {
        argp_error(state, "--effort needs a whole number from 1 to %d, found '%s'",
                   THEORY_MOST_EFFORT, text);
    }
    o->request.effort = (uint32_t)n;
}

/* Behind the end of a name stands its number, as it was given. */
static void refuse_second(const struct theory_options *o, const char *name, const char *number,
                          struct argp_state *state)
{
    for (size_t i = 0; i < o->request.n_settings; i++) {
        const char *const first = o->request.setting[i].name;
        if (strcmp(first, name) == 0) {
            argp_error(state, "--set %s=%s: %s is given twice (first: --set %s=%s)", name, number,
                       name, first, first + strlen(first) + 1);
        }
    }
}

/* The name is cut off in place: argv may be written to. */
static void parse_setting(struct theory_options *o, char *text, struct argp_state *state)
{
    char *const equals = strchr(text, '=');
    const char *const number = equals != NULL ? equals + 1 : "";
    const char *end;
    double value;
    if (equals == NULL || equals == text || !sim_parse_double(number, &end, &value) ||
        *end != '\0') {
        argp_error(state, "--set needs NAME=NUMBER, found '%s'%s", text, number_hint(number));
        return;
    }
    if (o->request.n_settings == SUITE_MOST_SETTINGS) {
        argp_error(state, "--set can be given %d times", SUITE_MOST_SETTINGS);
        return;
    }
    *equals = '\0';
    refuse_second(o, text, number, state);
    o->request.setting[o->request.n_settings++] = (struct theory_setting){text, value};
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct theory_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->format;
        return 0;
    case 'l':
        o->list = true;
        return 0;
    case KEY_SET:
        parse_setting(o, argument, state);
        return 0;
    case KEY_EFFORT:
        parse_effort(o, argument, state);
        return 0;
    case KEY_SHIFT:
        o->request.shift_percent = number_parse("--shift-percent", argument, -90, 90, state);
        return 0;
    case 's':
        parse_seed(o, argument, state);
        return 0;
    case 't':
        o->threads = threads_parse(argument, state);
        return 0;
    case ARGP_KEY_ARGS:
        o->request.word = state->argv + state->next;
        o->request.n_words = (size_t)(state->argc - state->next);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&format_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {
    option_table,
    parse,
    "[GROUP|MODEL|ROW...]",
    "Simulate models of the textbook and hold each figure against its closed form. Says per row: "
    "exact value, simulated value with its 95 % interval, z, the error the row would see, verdict. "
    "Ends with 1 if a row disagrees: with a sound kernel the whole suite does with a probability "
    "of "
    "at most 1 %. Ends with 2 if none does, but one is BLIND: it would not see an error of 10 %, "
    "and "
    "needs more replications (--effort)."
    "\v"
    "Without names every row is run. A name may hold * and ?: 'mm*', 'storm-500/*'. The groups are "
    "queues, sharing, closed, storm, retry, reliability and caps.",
    children,
    NULL,
    NULL};

static enum sim_err answer(struct suite *s, const struct theory_options *o, struct sim_error *e)
{
    if (o->list) {
        theory_print_list(s);
        return SIM_OK;
    }
    const enum sim_err err = suite_run(s, o->threads, isatty(STDERR_FILENO), e);
    return err == SIM_OK ? theory_print(s, &o->format, e) : err;
}

static enum exit_code complain(const struct sim_error *e, enum exit_code code)
{
    fprintf(stderr, "primestorm: %s\n", e->text);
    return code;
}

enum exit_code cmd_theory(int argc, char **argv)
{
    struct theory_options o = {.request = {.effort = 1, .seed = 1}, .threads = threads_default()};
    struct sim_error e = {SIM_OK, ""};
    struct suite *s;
    command_line_parse(&argp, argc, argv, &o);
    enum sim_err err = suite_create(&o.request, &s, &e);
    if (err != SIM_OK) {
        return complain(&e, err == SIM_EINVAL ? EXIT_USAGE : exit_code_of(err));
    }
    err = answer(s, &o, &e);
    const enum exit_code code = s->n_verdicts[THEORY_DISAGREES] > 0 ? EXIT_RUNS_FAILED
                                : s->n_verdicts[THEORY_BLIND] > 0   ? EXIT_BLIND
                                                                    : EXIT_OK;
    suite_destroy(s);
    if (err != SIM_OK) {
        return complain(&e, exit_code_of(err));
    }
    return code;
}
