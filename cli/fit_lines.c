/* What to paste into a scenario: the law as an option and as it stands in the file. */
#include "cli/fit_report.h"

#include <stdint.h>
#include <string.h>

/* In empirical(), which reads commas, refuses empty fields and takes the values as they are. */
static bool can_name_its_file(const struct fit_report *r)
{
    return strcmp(r->path, "-") != 0 && r->has_commas && r->n_empty == 0 &&
           r->column_unit->factor == 1 && strpbrk(r->path, ",)#\n") == NULL &&
           strpbrk(r->column, ",)#\n") == NULL;
}

static void print_law(const struct fit_report *r, bool is_discrete, size_t row, FILE *out)
{
    if (is_discrete) {
        sim_fit_print_discrete(r->fit, r->unit, out);
    } else {
        sim_fit_print_law(r->fit, row, r->unit, out);
    }
}

static void print_option(const struct fit_report *r, bool is_discrete, size_t row, FILE *out)
{
    fprintf(out, "  --set '%s=", r->key_path);
    print_law(r, is_discrete, row, out);
    fputs("'\n", out);
}

/* At the margin, with the keys above it, as it can be pasted. */
static void print_in_file(const struct fit_report *r, bool is_discrete, size_t row, FILE *out)
{
    const char *path = *r->key_path != '\0' ? r->key_path : r->key;
    int indent = 0;
    for (const char *dot = strchr(path, '.'); dot != NULL; dot = strchr(path, '.')) {
        fprintf(out, "%*s%.*s:\n", indent, "", (int)(dot - path), path);
        path = dot + 1;
        indent += 2;
    }
    fprintf(out, "%*s%s: ", indent, "", path);
    print_law(r, is_discrete, row, out);
    fputc('\n', out);
}

static void print_place(const struct fit_report *r, bool is_discrete, size_t row, FILE *out)
{
    if (*r->key_path == '\0') {
        fputs("\nFor the scenario ('primestorm keys' has no such key that takes a law):\n", out);
    } else {
        fprintf(out, "\nFor the scenario, on the command line%s:\n",
                strstr(r->key_path, ".NAME.") == NULL
                    ? ""
                    : " (NAME is one that 'primestorm show' lists)");
        print_option(r, is_discrete, row, out);
        fputs("or in its file:\n", out);
    }
    print_in_file(r, is_discrete, row, out);
}

static const char *last_key(const struct fit_report *r)
{
    const char *const dot = strrchr(r->key, '.');
    return dot != NULL ? dot + 1 : r->key;
}

void fit_report_print_lines(const struct fit_report *r, size_t choice, FILE *out)
{
    const bool is_discrete = fit_report_has_few_values(r);
    if (is_discrete || choice != SIZE_MAX) {
        print_place(r, is_discrete, choice, out);
    } else {
        fprintf(out, "\nNone of these families can have made the values%s\n",
                can_name_its_file(r) ? "." : "; there is no line for a scenario.");
    }
    if (is_discrete && choice != SIZE_MAX) {
        fprintf(out, "or, smooth:\n  %s: ", last_key(r));
        print_law(r, false, choice, out);
        fputc('\n', out);
    }
    if (can_name_its_file(r)) {
        fprintf(out,
                "%s the values themselves%s (a relative path is taken from the scenario's "
                "folder):\n  %s: empirical(%s, %s)%s%s\n",
                is_discrete || choice != SIZE_MAX ? "or" : "For the scenario,",
                r->n_dropped > 0 ? ", zeros included" : "", last_key(r), r->path, r->column,
                *r->unit != '\0' ? " " : "", r->unit);
    }
}
