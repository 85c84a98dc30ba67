/* models/schema.h -- one table describes a scenario: every key with its type, unit, default,
 * allowed range, meaning and the source of its default. Parsing, checking, `show`, `keys`, the
 * manual page and the messages come from it.
 */
#ifndef MODELS_SCHEMA_H
#define MODELS_SCHEMA_H

#include "models/scenario.h"

enum schema_type {
    SCHEMA_QUANTITY,     /* double, in the row's dimension */
    SCHEMA_COUNT,        /* uint32_t */
    SCHEMA_COUNT64,      /* uint64_t */
    SCHEMA_RATE64,       /* uint64_t, whole bit/s */
    SCHEMA_DISTRIBUTION, /* struct sim_dist * */
    SCHEMA_CHOICE,       /* int, index into `choices` */
    SCHEMA_BOOL,
    SCHEMA_TEXT, /* char * */
};

/* Where a default comes from, from strong to weak. */
enum schema_source {
    SOURCE_DOCUMENTED, /* vendor documentation or a standard */
    SOURCE_LITERATURE, /* paper, book, measured report */
    SOURCE_ESTIMATE,   /* nobody knows; derivation in the citation */
    SOURCE_CONVENTION, /* a choice of this program, not a fact about the world */
};

struct schema_row {
    const char *key; /* within its section: "rate", "backoff.first" */
    enum schema_type type;
    enum sim_dimension dimension;
    size_t offset;          /* of the value in the section's struct */
    const char *standard;   /* default, as one would write it */
    double min, max;        /* allowed, in SI; of a distribution: its support */
    const char *low, *high; /* plausible range of an estimate, to try; NULL if none */
    const char *help;
    enum schema_source source;
    const char *citation;
    /* SCHEMA_CHOICE: names, NULL-terminated. SCHEMA_COUNT: a word in place of a number; it counts as 0 until
     * scenario_check knows what it stands for. */
    const char *const *choices;
};

/* A part of the scenario: keys "prefix.key", or "prefix.NAME.key" for each element of a collection.
 */
struct schema_section {
    const char *prefix; /* "" for the top level */
    bool is_collection; /* one element per NAME (or number, for a sequence) */
    bool is_sequence;
    const char *title;
    const struct schema_row *rows;
    size_t n_rows;
};

enum schema_section_id {
    SECTION_RUN,
    SECTION_PRECISION,
    SECTION_DEVICES,
    SECTION_CLASSES,
    SECTION_MAILBOX,
    SECTION_NETWORK,
    SECTION_BALANCER,
    SECTION_POOL,
    SECTION_SERVERS,
    SECTION_SYNC,
    SECTION_MAIL,
    SECTION_POISON,
    SECTION_SECURITY,
    SECTION_TIMELINE,
    SCHEMA_N_SECTIONS
};

extern const struct schema_section *const schema_sections[SCHEMA_N_SECTIONS];

/* Elements of collections that exist when a scenario names none: full path, value, source. */
struct schema_builtin {
    const char *path, *value;
    const char *low, *high; /* plausible range of an estimate, to try; NULL if none */
    enum schema_source source;
    const char *citation;
};
extern const struct schema_builtin schema_builtins[];
extern const size_t schema_n_builtins;

const char *schema_source_name(enum schema_source source); /* "documented" ... */

/* "time", "distribution of sizes", "choice" ... */
void schema_type_text(const struct schema_row *row, char *text, size_t size);

/* "0.5 ms to 2 s", "at least 1", "hard or soft" ... as text, at most `size` bytes. */
void schema_allowed_text(const struct schema_row *row, char *text, size_t size);

/* What a full path such as "servers.B.cores" names. */
struct schema_place {
    const struct schema_section *section;
    const struct schema_row *row; /* NULL: an element of a collection itself ("servers.B") */
    const char *name;             /* of the element, within the path; NULL outside collections */
    size_t name_length;
};

/* False if the path names nothing. */
bool schema_locate(const char *path, struct schema_place *place);

/* The part of a key ("state_db", "state_db.iops") nearest to a wrong one; false if none is near. */
bool schema_suggest_part(const char *part, char *suggestion, size_t size);

/* The known path nearest to a wrong one, elements of collections kept; false if none is near. */
bool schema_suggest(const char *path, char *suggestion, size_t size);

#endif
