/* primestorm keys: every key of a scenario. primestorm help: a subcommand or a key. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/format.h"
#include "cli/options.h"
#include "models/schema.h"
#include "output/csv.h"
#include "sim/base/text.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

/* Behind those of enum format. */
enum { FORMAT_MAN = FORMAT_MD + 1, N_FORMATS };

struct keys_options {
    const char *pattern; /* part of a key; NULL: all */
    int format;
    enum table_format csv;
};

static const struct argp_option option_table[] = {
    {"format", 'F', "text|csv|json|md|man", 0, "How to print the list (default: text)", 0},
    CSV_FOR_OPTION,
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    static const char *const formats[N_FORMATS] = {"text", "csv", "json", "md", "man"};
    struct keys_options *const o = state->input;
    switch (key) {
    case 'F':
        o->format = (int)options_choice("--format", formats, N_FORMATS, argument, state);
        return 0;
    case 'E':
        o->csv = format_csv_for(argument, state);
        o->format = FORMAT_CSV;
        return 0;
    case ARGP_KEY_ARG:
        if (o->pattern != NULL) {
            argp_error(state, "one part of a key at a time; '%s' is the second", argument);
        }
        o->pattern = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "[PART-OF-A-KEY]",
    "List the keys of a scenario: default, type and range, meaning, and the source of the default "
    "(documented, literature, estimate, convention). NAME stands for the name of a class or "
    "server; the key of one of them, such as servers.B.cores, is found too.",
    NULL,
    NULL,
    NULL};

/* One key, ready to be printed. */
struct entry {
    const struct schema_section *section;
    const struct schema_row *row;
    char key[160];
    char type[64];
    char allowed[200];
};

static void make_entry(struct entry *e, const struct schema_section *s,
                       const struct schema_row *row)
{
    e->section = s;
    e->row = row;
    snprintf(e->key, sizeof e->key, "%s%s%s%s", s->prefix, *s->prefix != '\0' ? "." : "",
             s->is_sequence     ? "N."
             : s->is_collection ? "NAME."
                                : "",
             row->key);
    schema_type_text(row, e->type, sizeof e->type);
    schema_allowed_text(row, e->allowed, sizeof e->allowed);
}

static const char *standard(const struct schema_row *row)
{
    return row->standard != NULL ? row->standard : "(must be given)";
}

typedef void print_fn(void *self, const struct entry *e);

/* True if the pattern is a part of the key, or the key of one element: "servers.B.cores" of
 * "servers.NAME.cores". */
static bool is_wanted(const struct entry *e, const char *pattern)
{
    struct schema_place place;
    return pattern == NULL || strstr(e->key, pattern) != NULL ||
           (schema_locate(pattern, &place) && place.row == e->row);
}

/* Calls `print` for each key that is wanted; returns how many. */
static int for_each(const char *pattern, print_fn *print, void *self)
{
    int n = 0;
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        const struct schema_section *const s = schema_sections[i];
        for (size_t k = 0; k < s->n_rows; k++) {
            struct entry e;
            make_entry(&e, s, &s->rows[k]);
            if (is_wanted(&e, pattern)) {
                print(self, &e);
                n++;
            }
        }
    }
    return n;
}

/* ---- Text ---- */

static void print_text(void *unused, const struct entry *e)
{
    const struct schema_row *const row = e->row;
    (void)unused;
    printf("%s = %s\n    %s\n    %s; allowed: %s\n", e->key, standard(row), row->help, e->type,
           e->allowed);
    if (row->low != NULL) {
        printf("    plausible: %s to %s\n", row->low, row->high);
    }
    printf("    %s%s%s\n\n", schema_source_name(row->source), *row->citation != '\0' ? ": " : "",
           row->citation);
}

static int print_builtins(const char *pattern)
{
    int n = 0;
    for (size_t i = 0; i < schema_n_builtins; i++) {
        const struct schema_builtin *const b = &schema_builtins[i];
        if (pattern != NULL && strstr(b->path, pattern) == NULL) {
            continue;
        }
        if (n++ == 0) {
            puts("Built in, where a scenario names no classes, servers or timeline:\n");
        }
        printf("%s = %s\n", b->path, *b->value != '\0' ? b->value : "(all defaults)");
        if (b->low != NULL) {
            printf("    plausible: %s to %s\n", b->low, b->high);
        }
        printf("    %s%s%s\n\n", schema_source_name(b->source), *b->citation != '\0' ? ": " : "",
               b->citation);
    }
    return n;
}

/* ---- CSV ---- */

static const struct table_column csv_columns[] = {
    {"key", "", "the key", TABLE_TEXT},          {"type", "", "its type", TABLE_TEXT},
    {"default", "", "its default", TABLE_TEXT},  {"allowed", "", "allowed values", TABLE_TEXT},
    {"low", "", "plausible, low", TABLE_TEXT},   {"high", "", "plausible, high", TABLE_TEXT},
    {"meaning", "", "what it says", TABLE_TEXT}, {"source", "", "kind of source", TABLE_TEXT},
    {"citation", "", "the source", TABLE_TEXT}};

static const struct table csv_table = {"keys", "a key", csv_columns, 9};

static void print_csv(void *self, const struct entry *e)
{
    struct csv *const csv = self;
    csv_text(csv, e->key);
    csv_text(csv, e->type);
    csv_text(csv, standard(e->row));
    csv_text(csv, e->allowed);
    csv_text(csv, e->row->low != NULL ? e->row->low : "");
    csv_text(csv, e->row->high != NULL ? e->row->high : "");
    csv_text(csv, e->row->help);
    csv_text(csv, schema_source_name(e->row->source));
    csv_text(csv, e->row->citation);
}

static enum exit_code list_table(const char *pattern, enum table_format format)
{
    struct csv *csv;
    struct sim_error e;
    enum sim_err err = csv_create_as("-", &csv_table, format, &csv, &e);
    if (err == SIM_OK) {
        for_each(pattern, print_csv, csv);
        err = csv_close(csv, &e);
    }
    return exit_code_tell(err, &e);
}

/* ---- The tables of primestorm-scenario(5) ---- */

static void print_roff_text(const char *text)
{
    if (*text == '.' || *text == '\'') {
        fputs("\\&", stdout); /* else it would be a request */
    }
    for (; *text != '\0'; text++) {
        fputs(*text == '\\' ? "\\e" : *text == '-' ? "\\-" : (const char[]){*text, '\0'}, stdout);
    }
}

static void print_man(void *self, const struct entry *e)
{
    const struct schema_section **const last = self;
    if (e->section != *last) {
        printf(".SH ");
        for (const char *c = e->section->title; *c != '\0'; c++) {
            putchar(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        }
        putchar('\n');
        *last = e->section;
    }
    printf(".TP\n.B ");
    print_roff_text(e->key);
    printf("\n");
    print_roff_text(e->row->help);
    printf(".\n.br\nDefault: ");
    print_roff_text(standard(e->row));
    printf(".\n.br\nAllowed: ");
    print_roff_text(e->type);
    printf(", ");
    print_roff_text(e->allowed);
    printf(".\n.br\nSource: ");
    print_roff_text(schema_source_name(e->row->source));
    printf("%s", *e->row->citation != '\0' ? ", " : "");
    print_roff_text(e->row->citation);
    printf(".\n");
}

static enum exit_code unknown_key(const char *part)
{
    char near[96];
    const bool is_near = schema_suggest_part(part, near, sizeof near);
    fprintf(stderr, "primestorm: no key holds '%s'; %s%s%s\n", part,
            is_near ? "did you mean '" : "'primestorm keys' lists all", is_near ? near : "",
            is_near ? "'?" : "");
    return EXIT_USAGE;
}

static void print_nothing(void *unused, const struct entry *e)
{
    (void)unused;
    (void)e;
}

static enum exit_code list_keys(const struct keys_options *o)
{
    const struct schema_section *last = NULL;
    int n = 0;
    if (o->format != FORMAT_TEXT && for_each(o->pattern, print_nothing, NULL) == 0) {
        return unknown_key(o->pattern);
    }
    switch (o->format) {
    case FORMAT_CSV:
        return list_table(o->pattern, o->csv);
    case FORMAT_JSON:
        return list_table(o->pattern, TABLE_JSON);
    case FORMAT_MD:
        return list_table(o->pattern, TABLE_MD);
    case FORMAT_MAN:
        n = for_each(o->pattern, print_man, &last);
        break;
    case FORMAT_TEXT:
        n = for_each(o->pattern, print_text, NULL);
        n += print_builtins(o->pattern);
        break;
    }
    return n > 0 ? EXIT_OK : unknown_key(o->pattern);
}

enum exit_code cmd_keys(int argc, char **argv)
{
    struct keys_options o = {0};
    command_line_parse(&argp, argc, argv, &o);
    return list_keys(&o);
}

/* Words of a scenario that are no keys with a value. */
static const struct topic {
    const char *word, *text;
} topics[] = {
    {"sweep", "sweep: the keys that vary in a study, and their values, as in\n"
              "    sweep: {grid: {servers.B.cores: 1..8}}\n"
              "or --sweep servers.B.cores=1..8; primestorm(1), STUDIES, has all of it.\n"},
    {"expect", "expect: what the answer should be, as in\n"
               "    expect: [full_p95_s < 10 min]\n"
               "or --expect 'full_p95_s < 10 min'; primestorm(1), EXPECTATIONS, has all of it.\n"},
    {"extends", "extends: the scenario that this one changes: a file beside it, or preset/NAME\n"
                "('primestorm presets' lists those); primestorm-scenario(5), Layers.\n"},
};

static bool print_topic(const char *word)
{
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        if (strcmp(topics[i].word, word) == 0) {
            fputs(topics[i].text, stdout);
            return true;
        }
    }
    return false;
}

/* A subcommand is nearer to one who asks for help than a part of some key. */
static bool suggest_topic(const char *word)
{
    enum { MOST = 64 };
    const char *names[MOST];
    size_t n = 0;
    for (int i = 0; i < n_cmds && n < MOST; i++) {
        names[n++] = cmds[i].name;
    }
    for (size_t i = 0; i < sizeof topics / sizeof topics[0] && n < MOST; i++) {
        names[n++] = topics[i].word;
    }
    const char *const near = sim_closest_word(word, names, n);
    if (near != NULL) {
        fprintf(stderr, "primestorm: no subcommand and no key is called '%s'; did you mean '%s'?\n",
                word, near);
    }
    return near != NULL;
}

static bool is_known(const char *pattern)
{
    bool is_known = for_each(pattern, print_nothing, NULL) > 0;
    for (size_t i = 0; i < schema_n_builtins; i++) {
        is_known = is_known || strstr(schema_builtins[i].path, pattern) != NULL;
    }
    return is_known;
}

enum exit_code cmd_help(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        cmd_print_overview(stdout);
        return EXIT_OK;
    }
    for (int i = 0; i < n_cmds; i++) {
        if (strcmp(argv[1], cmds[i].name) == 0 && cmds[i].run != cmd_help) {
            char help[] = "--help";
            char *words[] = {argv[0], help, NULL};
            snprintf(argv[0], 64, "primestorm %s", cmds[i].name);
            return cmds[i].run(2, words);
        }
    }
    if (print_topic(argv[1])) {
        return EXIT_OK;
    }
    if (!is_known(argv[1]) && suggest_topic(argv[1])) {
        return EXIT_USAGE;
    }
    const struct keys_options o = {.pattern = argv[1]};
    return list_keys(&o);
}
