#include "models/scenario_show.h"

#include "models/schema.h"
#include "models/state_size.h"
#include "sim/base/text.h"

#include <string.h>

/* ---- Walking over all values ---- */

struct visit {
    const struct schema_section *section;
    const struct schema_row *row;
    const char *path;    /* "servers.B.cores" */
    const char *element; /* "B", NULL outside collections */
    const void *value;
};

typedef void visit_fn(void *self, const struct visit *v);

struct visitor {
    visit_fn *fn;
    void *self;
    bool
        groups_maps; /* "vm.queue" and "vm.detect" one behind the other, whatever stands between their rows */
};

static void visit_row(const struct schema_section *section, const struct schema_row *row,
                      const char *prefix, const char *element, const void *base,
                      const struct visitor *visitor)
{
    char path[256];
    snprintf(path, sizeof path, "%s%s%s", prefix, *prefix != '\0' ? "." : "", row->key);
    const struct visit v = {section, row, path, element, (const char *)base + row->offset};
    visitor->fn(visitor->self, &v);
}

/* Do two keys of a section stand in the same map of it? */
static bool share_map(const char *a, const char *b)
{
    const size_t length = strcspn(a, ".");
    return a[length] == '.' && strncmp(a, b, length + 1) == 0;
}

static bool follows_its_map(const struct schema_section *section, size_t row)
{
    for (size_t i = 0; i < row; i++) {
        if (share_map(section->rows[i].key, section->rows[row].key)) {
            return true;
        }
    }
    return false;
}

static void visit_rows(const struct schema_section *section, const char *prefix,
                       const char *element, const void *base, const struct visitor *visitor)
{
    for (size_t i = 0; i < section->n_rows; i++) {
        if (visitor->groups_maps && follows_its_map(section, i)) {
            continue;
        }
        visit_row(section, &section->rows[i], prefix, element, base, visitor);
        for (size_t k = i + 1; k < section->n_rows && visitor->groups_maps; k++) {
            if (share_map(section->rows[i].key, section->rows[k].key)) {
                visit_row(section, &section->rows[k], prefix, element, base, visitor);
            }
        }
    }
}

static void visit_element(const struct schema_section *section, const char *element,
                          const void *base, const struct visitor *visitor)
{
    char prefix[160];
    snprintf(prefix, sizeof prefix, "%s.%s", section->prefix, element);
    visit_rows(section, prefix, element, base, visitor);
}

static void visit_section(enum schema_section_id id, const struct scenario *s,
                          const struct visitor *visitor)
{
    const struct schema_section *const section = schema_sections[id];
    char number[16];
    if (!section->is_collection) {
        visit_rows(section, section->prefix, NULL, s, visitor);
    }
    for (uint32_t i = 0; id == SECTION_CLASSES && i < s->devices.n_classes; i++) {
        visit_element(section, s->devices.device_class[i].name, &s->devices.device_class[i],
                      visitor);
    }
    for (uint32_t i = 0; id == SECTION_SERVERS && i < s->n_servers; i++) {
        visit_element(section, s->server[i].name, &s->server[i], visitor);
    }
    for (uint32_t i = 0; id == SECTION_TIMELINE && i < s->n_timeline; i++) {
        snprintf(number, sizeof number, "%u", i);
        visit_element(section, number, &s->timeline[i], visitor);
    }
}

static void visit_all(const struct scenario *s, const struct visitor *visitor)
{
    for (int id = 0; id < SCHEMA_N_SECTIONS; id++) {
        visit_section((enum schema_section_id)id, s, visitor);
    }
}

/* ---- Canonical values ---- */

static double as_double(const void *value)
{
    double number;
    memcpy(&number, value, sizeof number);
    return number;
}

static void print_value(const struct visit *v, FILE *out)
{
    char text[SIM_DOUBLE_TEXT + 16];
    uint32_t whole;
    uint64_t wide;
    switch (v->row->type) {
    case SCHEMA_QUANTITY:
        sim_quantity_text(text, sizeof text, as_double(v->value), v->row->dimension);
        fputs(text, out);
        break;
    case SCHEMA_COUNT:
        memcpy(&whole, v->value, sizeof whole);
        fprintf(out, "%u", whole);
        break;
    case SCHEMA_COUNT64:
    case SCHEMA_RATE64:
        memcpy(&wide, v->value, sizeof wide);
        fprintf(out, "%llu%s", (unsigned long long)wide,
                v->row->type == SCHEMA_RATE64 ? " bit/s" : "");
        break;
    case SCHEMA_DISTRIBUTION:
        sim_dist_print(*(struct sim_dist *const *)v->value, v->row->dimension, out);
        break;
    case SCHEMA_CHOICE:
        fputs(v->row->choices[*(const int *)v->value], out);
        break;
    case SCHEMA_BOOL:
        fputs(*(const bool *)v->value ? "true" : "false", out);
        break;
    case SCHEMA_TEXT:
        fputs(*(char *const *)v->value, out);
        break;
    }
}

/* Title and replications say how a scenario is shown and run, not what it is; they stay out. */
static bool is_part_of_identity(const struct visit *v)
{
    if (v->section == schema_sections[SECTION_PRECISION]) {
        return false;
    }
    return v->section != schema_sections[SECTION_RUN] ||
           (strcmp(v->row->key, "title") != 0 && strcmp(v->row->key, "replications") != 0 &&
            strcmp(v->row->key, "confidence") != 0);
}

/* The name of a file of measured values does not say what is in it: their moments do. */
static void print_moments_of_measured(const struct visit *v, FILE *out)
{
    char *text = NULL;
    size_t length;
    const struct sim_dist *const d = *(struct sim_dist *const *)v->value;
    FILE *const memory = open_memstream(&text, &length);
    if (memory != NULL) {
        sim_dist_print(d, v->row->dimension, memory);
    }
    if (memory != NULL && fclose(memory) == 0 && strstr(text, "empirical(") != NULL) {
        fprintf(out, " # mean %.17g, variance %.17g", sim_dist_mean(d), sim_dist_variance(d));
    }
    free(text);
}

static void print_canonical(void *self, const struct visit *v)
{
    FILE *const out = self;
    if (is_part_of_identity(v)) {
        fprintf(out, "%s = ", v->path);
        print_value(v, out);
        if (v->row->type == SCHEMA_DISTRIBUTION) {
            print_moments_of_measured(v, out);
        }
        fputc('\n', out);
    }
}

void scenario_canonical(const struct scenario *scenario, FILE *out)
{
    /* The order of the rows: another one would be another hash, and so another study. */
    visit_all(scenario, &(struct visitor){print_canonical, out, false});
}

/* ---- YAML ---- */

struct printer {
    const struct settings *settings;
    bool origins;
    FILE *out;
    char open[256]; /* path of the mapping the last line stood in */
};

static int depth_of(const char *path)
{
    int depth = 0;
    for (const char *p = path; *p != '\0'; p++) {
        depth += *p == '.';
    }
    return depth;
}

static void indent(FILE *out, int depth)
{
    fprintf(out, "%*s", 2 * depth, "");
}

/* Opens the mappings between the last line's and this one's: "servers:", "  B:". */
static void open_mappings(struct printer *p, const struct visit *v)
{
    const char *const last_dot = strrchr(v->path, '.');
    const size_t parent = last_dot != NULL ? (size_t)(last_dot - v->path) : 0;
    int depth = 0;
    for (size_t end = 0; end < parent; depth++) {
        const size_t start = end > 0 ? end + 1 : 0;
        end = start + strcspn(v->path + start, ".");
        const bool is_open =
            strncmp(p->open, v->path, end) == 0 && (p->open[end] == '.' || p->open[end] == '\0');
        const bool is_sequence_item = v->section->is_sequence && depth == 1;
        if (!is_open && !is_sequence_item) {
            indent(p->out, depth);
            fprintf(p->out, "%.*s:\n", (int)(end - start), v->path + start);
        }
    }
    snprintf(p->open, sizeof p->open, "%.*s", (int)parent, v->path);
}

static bool needs_quotes(const char *text)
{
    return *text == '\0' || strchr("-?:,[]{}#&*!|>'\"%@` ", *text) != NULL ||
           strstr(text, ": ") != NULL || strstr(text, " #") != NULL ||
           text[strlen(text) - 1] == ' ' || text[strlen(text) - 1] == ':';
}

static void print_scalar(const char *text, FILE *out)
{
    if (!needs_quotes(text)) {
        fputs(text, out);
        return;
    }
    fputc('\'', out);
    for (const char *c = text; *c != '\0'; c++) {
        fputs(*c == '\'' ? "''" : (const char[]){*c, '\0'}, out);
    }
    fputc('\'', out);
}

/* Files are named by their place in the system, so that the text can be used from anywhere. */
static bool names_file(const struct visit *v, const char *text)
{
    return v->row->type == SCHEMA_DISTRIBUTION && strstr(text, "empirical") != NULL;
}

static void print_yaml(void *self, const struct visit *v)
{
    struct printer *const p = self;
    const struct setting *const given = settings_find(p->settings, v->path);
    const char *const text = given != NULL ? given->value : v->row->standard;
    const bool is_first_of_item = v->section->is_sequence && v->row == &v->section->rows[0];
    char origin[600];

    open_mappings(p, v);
    const char *const last_dot = strrchr(v->path, '.');
    indent(p->out, depth_of(v->path) - (is_first_of_item ? 1 : 0));
    fprintf(p->out, "%s%s: ", is_first_of_item ? "- " : "",
            last_dot != NULL ? last_dot + 1 : v->path);
    if (names_file(v, text)) {
        print_value(v, p->out);
    } else {
        print_scalar(text, p->out);
    }
    if (p->origins) {
        const struct origin nowhere = {.kind = ORIGIN_DEFAULT};
        origin_text(given != NULL ? &given->origin : &nowhere, origin, sizeof origin);
        fprintf(p->out, "  # %s", origin);
    }
    fputc('\n', p->out);
}

void scenario_show(const struct settings *settings, const struct scenario *scenario, bool origins,
                   FILE *out)
{
    struct printer p = {settings, origins, out, ""};
    visit_all(scenario, &(struct visitor){print_yaml, &p, true});
    if (origins) {
        fprintf(out,
                "# State database, when every document of a mail file is recorded: %.5g GB "
                "(HCL Traveler 12.0.0, Estimating the space needed for the database)\n",
                state_size_expected_byte(scenario) / 1e9);
    }
}
