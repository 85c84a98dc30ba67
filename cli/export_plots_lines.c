/* The pictures of servers and lines: how busy the busiest are, how long the longest queues are. */
#include "cli/bottleneck.h"
#include "cli/drawing.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 5 };

enum owner { OF_A_SERVER, OF_A_MAIL_SERVER, OF_ALL_MAIL_SERVERS, OF_ALL };

/* What is drawn of whom. `part` names the resource as in resource_use, `column` the column behind
 * the name of the owner; the count that makes a share of the column's number is read by `capacity`. */
struct kind {
    enum owner owner; /* mail servers: for the mean over all as well */
    const char *part, *column, *words;
    uint32_t (*capacity)(const struct scenario *s, uint32_t index); /* NULL: it is a share */
};

/* A column that may be drawn. */
struct line {
    const struct kind *kind;
    const struct series_column *column;
    double mean; /* below 0: never as much as `least` */
    enum owner owner;
    bool is_bottleneck;
};

struct picture {
    const struct drawing *d;
    const struct kind *kind;
    size_t n_kinds;
    struct bottleneck bottleneck;
    bool is_share;     /* drawn in percent */
    double least;      /* what never gets there is not drawn */
    struct line *line; /* all that could be drawn */
    size_t n_lines;
};

/* ---- Names ---- */

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Who a column belongs to; `*rest` is its name behind the owner's. */
static enum owner owner_of(const struct series_column *column, const struct scenario *s,
                           const char **rest)
{
    static const char mean[] = "mail.mean.";
    if (begins_with(column->name, mean)) {
        *rest = column->name + strlen(mean);
        return OF_ALL_MAIL_SERVERS;
    }
    char prefix[64] = "";
    enum owner owner = OF_ALL;
    if (begins_with(column->name, "servers.")) {
        snprintf(prefix, sizeof prefix, "servers.%.40s.", s->server[column->index].name);
        owner = OF_A_SERVER;
    } else {
        snprintf(prefix, sizeof prefix, "mail.%u.", column->index);
        owner = begins_with(column->name, prefix) ? OF_A_MAIL_SERVER : OF_ALL;
    }
    *rest = column->name + (owner == OF_ALL ? 0 : strlen(prefix));
    return owner;
}

static const struct kind *find_kind(const struct picture *p, enum owner owner, const char *rest)
{
    for (size_t i = 0; i < p->n_kinds; i++) {
        const bool is_mail = owner == OF_ALL_MAIL_SERVERS && p->kind[i].owner == OF_A_MAIL_SERVER;
        if ((p->kind[i].owner == owner || is_mail) && strcmp(p->kind[i].column, rest) == 0) {
            return &p->kind[i];
        }
    }
    return NULL;
}

/* A large farm has columns of its first mail servers alone. */
static bool is_listed(const struct picture *p, uint32_t mail_server)
{
    bool is_there = false;
    for (size_t i = 0; i < p->d->n_columns; i++) {
        const char *rest;
        const struct series_column *const c = &p->d->column[i];
        is_there = is_there || (c->index == mail_server &&
                                owner_of(c, p->d->x->study->scenario, &rest) == OF_A_MAIL_SERVER);
    }
    return is_there;
}

/* Is this the part of this owner that the answer calls the bottleneck? A mail server without columns
 * is seen in the mean over all. */
static bool is_bottleneck(const struct picture *p, const struct line *line)
{
    const struct scenario *const s = p->d->x->study->scenario;
    const char *const wanted = p->bottleneck.use != NULL ? p->bottleneck.use->name : "";
    char name[96];
    uint32_t mail_server = line->column->index;
    if (line->owner == OF_ALL_MAIL_SERVERS) {
        mail_server = begins_with(wanted, "mail.")
                          ? (uint32_t)strtoul(wanted + strlen("mail."), NULL, 10)
                          : 0;
        if (is_listed(p, mail_server)) {
            return false;
        }
    }
    if (line->owner == OF_A_SERVER) {
        snprintf(name, sizeof name, "servers.%.40s.%s", s->server[line->column->index].name,
                 line->kind->part);
    } else if (line->owner != OF_ALL) {
        snprintf(name, sizeof name, "mail.%u.%s", mail_server, line->kind->part);
    } else {
        snprintf(name, sizeof name, "%s", line->kind->part);
    }
    return strcmp(wanted, name) == 0;
}

/* "CPU of server B", "disk of mail server 1, the busiest of 2". */
static void make_title(const struct picture *p, const struct line *line, char *title, size_t size)
{
    const uint32_t n_mail = p->d->x->study->scenario->mail.servers;
    char owner[96] = "";
    if (line->owner == OF_A_SERVER) {
        snprintf(owner, sizeof owner, " server %.60s",
                 p->d->x->study->scenario->server[line->column->index].name);
    } else if (line->owner == OF_ALL_MAIL_SERVERS) {
        snprintf(owner, sizeof owner, " a mail server, mean of %u", n_mail);
    } else if (line->owner == OF_A_MAIL_SERVER) {
        snprintf(owner, sizeof owner, " mail server %u", line->column->index);
        const size_t used = strlen(owner);
        if (n_mail > 1 && !line->is_bottleneck) {
            snprintf(owner + used, sizeof owner - used, ", the busiest of %u", n_mail);
        }
    }
    char words[200];
    snprintf(words, sizeof words, "%s%s", line->kind->words, owner);
    if (line->is_bottleneck && line->owner == OF_ALL_MAIL_SERVERS) {
        snprintf(words + strlen(words), sizeof words - strlen(words), "; bottleneck: %.90s",
                 p->bottleneck.use->words);
    } else if (line->is_bottleneck) {
        snprintf(words + strlen(words), sizeof words - strlen(words), " (bottleneck)");
    }
    plot_quote(title, size, words);
}

/* ---- Choice ---- */

static void list_lines(struct picture *p)
{
    const struct scenario *const s = p->d->x->study->scenario;
    for (size_t i = 0; i < p->d->n_columns; i++) {
        const char *rest;
        struct line line = {.column = &p->d->column[i]};
        line.owner = owner_of(line.column, s, &rest);
        line.kind = find_kind(p, line.owner, rest);
        if (line.kind == NULL) {
            continue;
        }
        const double whole =
            line.kind->capacity != NULL ? line.kind->capacity(s, line.column->index) : 1;
        line.mean = p->d->most[i] / whole >= p->least ? p->d->mean[i] / whole : -1;
        line.is_bottleneck = is_bottleneck(p, &line);
        p->line[p->n_lines++] = line;
    }
}

/* The bottleneck first, then the busiest; ties in the order of the columns. */
static int compare_lines(const void *a, const void *b)
{
    const struct line *const x = a;
    const struct line *const y = b;
    if (x->is_bottleneck != y->is_bottleneck) {
        return x->is_bottleneck ? -1 : 1;
    }
    if (x->mean < y->mean || x->mean > y->mean) {
        return x->mean > y->mean ? -1 : 1;
    }
    return (x->column > y->column) - (x->column < y->column);
}

/* Mail servers are alike: one of a kind is enough, and if there are too many to list, their mean is. */
static bool is_wanted(const struct picture *p, size_t i, const struct line *chosen, size_t n_chosen)
{
    const struct line *const line = &p->line[i];
    if (line->is_bottleneck || line->owner == OF_A_SERVER || line->owner == OF_ALL) {
        return line->is_bottleneck || line->mean >= 0;
    }
    for (size_t k = 0; k < n_chosen; k++) {
        if (chosen[k].kind == line->kind) {
            return false;
        }
    }
    const bool is_farm = !is_listed(p, p->d->x->study->scenario->mail.servers - 1);
    return line->mean >= 0 && (line->owner == OF_ALL_MAIL_SERVERS) == is_farm;
}

static size_t choose_lines(struct picture *p, struct line chosen[MOST_LINES])
{
    size_t n = 0;
    list_lines(p);
    qsort(p->line, p->n_lines, sizeof *p->line, compare_lines);
    for (size_t i = 0; i < p->n_lines && n < MOST_LINES; i++) {
        if (is_wanted(p, i, chosen, n)) {
            chosen[n++] = p->line[i];
        }
    }
    return n;
}

/* ---- Scripts ---- */

/* Thick for the bottleneck; the others from dark to light, each with dashes of its own. */
static const struct {
    const char *colour, *dash;
} bottleneck_look = {"#b2182b", "solid"}, looks[MOST_LINES] = {{"#2b0f4e", "solid"},
                                                               {"#31548f", "(14,6)"},
                                                               {"#25858e", "(3,5)"},
                                                               {"#5aa84a", "(14,5,3,5)"},
                                                               {"#b58b1f", "(6,6)"}};

static void write_line(const struct picture *p, const struct line *line, int look, FILE *out)
{
    char title[256];
    char whole[32] = "";
    make_title(p, line, title, sizeof title);
    if (line->kind->capacity != NULL) {
        snprintf(whole, sizeof whole, "/%u",
                 line->kind->capacity(p->d->x->study->scenario, line->column->index));
    }
    fprintf(out,
            "'../series_mean.csv' using (axis(column('time_s'))):(%scolumn('%s')%s) with lines "
            "linecolor rgb '%s' dashtype %s linewidth %s title '%s'",
            p->is_share ? "100*" : "", line->column->name, whole,
            line->is_bottleneck ? bottleneck_look.colour : looks[look].colour,
            line->is_bottleneck ? bottleneck_look.dash : looks[look].dash,
            line->is_bottleneck ? "5" : "2.2", title);
}

static void write_lines(const struct picture *p, const struct line *chosen, size_t n, FILE *out)
{
    int look = 0;
    fputs(p->is_share ? "set yrange [0:102]\nset ytics 20\n" : "set yrange [0:*]\n", out);
    for (size_t i = 0; i < n; i++) {
        fputs(i == 0 ? "plot " : ", \\\n    ", out);
        write_line(p, &chosen[i], look, out);
        look += !chosen[i].is_bottleneck;
    }
    fputc('\n', out);
}

static bool draw(struct picture *p, struct plot plot)
{
    struct line chosen[MOST_LINES];
    char remark[300];
    p->line = calloc(p->d->n_columns, sizeof *p->line);
    if (p->line == NULL) {
        p->d->x->err = sim_fail_memory(p->d->x->error, "the plots");
        return false;
    }
    p->bottleneck = bottleneck_of(p->d->x->study);
    const size_t n = choose_lines(p, chosen);
    snprintf(remark, sizeof remark, "%s%s%zu more, %s or alike: see series.csv.", p->d->remark,
             *p->d->remark != '\0' ? " " : "", p->n_lines - n,
             p->is_share ? "less busy" : "shorter");
    plot.note = p->d->note;
    plot.x_label = p->d->x_label;
    plot.remark = p->n_lines > n ? remark : p->d->remark;
    free(p->line);
    FILE *const out = n > 0 ? drawing_begin(p->d, &plot) : NULL;
    if (out == NULL) {
        return false;
    }
    drawing_write_axis(p->d, out);
    write_lines(p, chosen, n, out);
    drawing_end(p->d, &plot, out);
    return true;
}

/* ---- The two ---- */

static uint32_t http_threads(const struct scenario *s, uint32_t server)
{
    return s->server[server].http_threads;
}

static uint32_t prime_workers(const struct scenario *s, uint32_t server)
{
    return s->server[server].prime_workers;
}

static uint32_t device_workers(const struct scenario *s, uint32_t server)
{
    return s->server[server].device_workers;
}

static uint32_t transactions(const struct scenario *s, uint32_t unused)
{
    (void)unused;
    return s->mail.transactions;
}

bool draw_busy(const struct drawing *d)
{
    static const struct kind kinds[] = {
        {OF_A_SERVER, "cpu", "cpu.busy_share", "CPU of", NULL},
        {OF_A_SERVER, "state_db", "state_db.busy_share", "state database's disk of", NULL},
        {OF_A_SERVER, "heap", "heap.used_share", "heap of", NULL},
        {OF_A_SERVER, "http", "http.busy", "HTTP threads of", http_threads},
        {OF_A_SERVER, "prime", "prime.busy", "prime-sync workers of", prime_workers},
        {OF_A_SERVER, "chunk", "chunk.busy", "device-sync workers of", device_workers},
        {OF_A_MAIL_SERVER, "disk", "disk.busy_share", "disk of", NULL},
        {OF_A_MAIL_SERVER, "cpu", "cpu.busy_share", "CPU of", NULL},
        {OF_A_MAIL_SERVER, "transactions", "busy", "concurrent transactions of", transactions},
        {OF_ALL, "pool.database", "pool.database.busy_share", "disk of the pool's database", NULL},
        {OF_ALL, "pool.database.cpu", "pool.database.cpu.busy_share", "CPU of the pool's database",
         NULL},
        {OF_ALL, "uplink", "uplink.busy_share", "uplink", NULL},
    };
    struct picture p = {.d = d,
                        .kind = kinds,
                        .n_kinds = sizeof kinds / sizeof kinds[0],
                        .least = 0.01,
                        .is_share = true};
    return draw(&p, (struct plot){.name = "busy",
                                  .title = "How busy servers and lines are",
                                  .y_label = "share in use, %"});
}

bool draw_queues(const struct drawing *d)
{
    static const struct kind kinds[] = {
        {OF_A_SERVER, "http", "http.waiting", "requests waiting for an HTTP thread of", NULL},
        {OF_A_SERVER, "prime", "prime.waiting", "prime syncs waiting for a worker of", NULL},
        {OF_A_SERVER, "chunk", "chunk.waiting", "device syncs waiting for a worker of", NULL},
        {OF_A_SERVER, "state_db", "state_db.jobs", "syncs writing to the state database of", NULL},
        {OF_ALL, "pool.database", "pool.database.jobs", "syncs writing to the pool's database",
         NULL},
        {OF_A_MAIL_SERVER, "transactions", "waiting", "transactions waiting at", NULL},
        {OF_ALL, "uplink", "uplink.flows", "downloads sharing the uplink", NULL},
    };
    struct picture p = {
        .d = d, .kind = kinds, .n_kinds = sizeof kinds / sizeof kinds[0], .least = 1};
    return draw(&p, (struct plot){.name = "queues",
                                  .title = "How long the queues are",
                                  .y_label = "number waiting or under way"});
}
