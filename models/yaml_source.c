#include "models/yaml_source.h"

#include "models/yaml_syntax.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

enum { PATH_TEXT = 256 };

static struct origin whole_file(const char *source)
{
    return (struct origin){.kind = ORIGIN_FILE, .source = source};
}

static struct origin at_mark(const char *source, yaml_mark_t mark)
{
    return (struct origin){.kind = ORIGIN_FILE,
                           .source = source,
                           .line = (unsigned)mark.line + 1,
                           .column = (unsigned)mark.column + 1};
}

/* ---- Reading the file ---- */

static bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!isspace((unsigned char)text[i])) {
            return false;
        }
    }
    return true;
}

/* The first byte that no text file has: a control character other than white space. */
static const char *find_binary(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t') {
            return text + i;
        }
    }
    return NULL;
}

static enum sim_err check_text(const char *text, size_t length, const char *source,
                               struct problems *problems)
{
    const char *const binary = find_binary(text, length);
    if (binary != NULL) {
        problems_add(problems, whole_file(source),
                     "not a text file: byte %zu is 0x%02x; a scenario is text in UTF-8",
                     (size_t)(binary - text) + 1, (unsigned)(unsigned char)*binary);
        return SIM_EINVAL;
    }
    if (is_blank(text, length)) {
        problems_add(problems, whole_file(source),
                     "the file is empty; the least a scenario has is 'schema: 1'");
        return SIM_EINVAL;
    }
    return SIM_OK;
}

static enum sim_err read_stream(FILE *file, const char *source, char *text, size_t *length,
                                struct problems *problems)
{
    *length = fread(text, 1, YAML_MAX_BYTE + 1, file);
    if (ferror(file)) {
        problems_add(problems, whole_file(source), "cannot be read: %s", strerror(errno));
        return SIM_EIO;
    }
    if (*length > YAML_MAX_BYTE) {
        problems_add(problems, whole_file(source),
                     "larger than 1 MiB; a scenario takes a few kilobytes");
        return SIM_EINVAL;
    }
    return check_text(text, *length, source, problems);
}

/* What is no file, in words; NULL if it is one, or not there. Pipes may wait for ever to be opened. */
static const char *name_what_is_no_file(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode)) {
        return NULL;
    }
    return S_ISDIR(info.st_mode)
               ? "a folder; a scenario is a file (of a results folder: scenario.yaml in it)"
               : "not a plain file (a pipe, a terminal or a device); '-' reads standard input";
}

enum sim_err yaml_read_file(const char *path, const char *source, char **text, size_t *length,
                            struct problems *problems)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    const char *const wrong = is_stdin ? NULL : name_what_is_no_file(path);
    if (wrong != NULL) {
        problems_add(problems, whole_file(source), "%s", wrong);
        return SIM_EIO;
    }
    FILE *const file = is_stdin ? stdin : fopen(path, "rb");
    if (file == NULL) {
        const enum sim_err err = errno == ENOENT ? SIM_ENOENT : SIM_EIO;
        problems_add(problems, whole_file(source), "%s", strerror(errno));
        return err;
    }
    enum sim_err err = SIM_ENOMEM;
    char *const buffer = malloc(YAML_MAX_BYTE + 1);
    if (buffer != NULL) {
        err = read_stream(file, source, buffer, length, problems);
    }
    if (!is_stdin) {
        fclose(file);
    }
    if (err != SIM_OK) {
        free(buffer);
        return err;
    }
    *text = buffer;
    return SIM_OK;
}

/* ---- A first pass over the events: what the document loader must not be given ---- */

/* The place of a byte; columns count characters, as YAML does. */
static struct origin at_byte(const char *source, const char *text, size_t offset)
{
    struct origin place = {.kind = ORIGIN_FILE, .source = source, .line = 1, .column = 1};
    const size_t mark = 3; /* bytes of the byte order mark, which is no character */
    const bool is_marked = offset >= mark && memcmp(text, "\xef\xbb\xbf", mark) == 0;
    for (size_t i = is_marked ? mark : 0; i < offset; i++) {
        const bool is_inside_character = ((unsigned char)text[i] & 0xc0) == 0x80;
        place.column += !is_inside_character;
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

/* Bytes that are no characters. The parser reads ahead: its mark is not where they are. */
static void add_reader_problem(const yaml_parser_t *parser, const char *text, const char *source,
                               struct problems *problems)
{
    char byte[16] = "";
    if (parser->problem_value >= 0) {
        snprintf(byte, sizeof byte, " (0x%02x)", (unsigned)parser->problem_value);
    }
    problems_add(problems, at_byte(source, text, parser->problem_offset),
                 "%s%s; a scenario is text in UTF-8", parser->problem, byte);
}

static void add_parser_problem(const yaml_parser_t *parser, const char *text, size_t length,
                               const char *source, struct problems *problems)
{
    struct yaml_slip slip;
    yaml_syntax_explain(parser, text, length, &slip);
    problems_add(
        problems,
        (struct origin){
            .kind = ORIGIN_FILE, .source = source, .line = slip.line, .column = slip.column},
        "%s", slip.text);
}

/* Nothing, or what is wrong with an event. */
static const char *event_problem(const yaml_event_t *event, int depth, int n_values,
                                 int n_documents)
{
    const bool has_tag =
        (event->type == YAML_SCALAR_EVENT && event->data.scalar.tag != NULL) ||
        (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.tag != NULL) ||
        (event->type == YAML_SEQUENCE_START_EVENT && event->data.sequence_start.tag != NULL);
    const bool has_anchor =
        event->type == YAML_ALIAS_EVENT ||
        (event->type == YAML_SCALAR_EVENT && event->data.scalar.anchor != NULL) ||
        (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor != NULL) ||
        (event->type == YAML_SEQUENCE_START_EVENT && event->data.sequence_start.anchor != NULL);
    if (depth > YAML_MAX_DEPTH) {
        return "nested more than 16 levels deep; a scenario needs four";
    }
    if (n_values > YAML_MAX_VALUES) {
        return "more than 10000 values; a scenario needs some dozens";
    }
    if (has_tag) {
        return "a tag (!...) is not used in scenarios";
    }
    if (has_anchor) {
        return "anchors and aliases (&, *) are not used in scenarios; write the value again";
    }
    return n_documents > 1 ? "a second document begins here; a scenario is one" : NULL;
}

static int depth_change(yaml_event_type_t type)
{
    switch (type) {
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return 1;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        return -1;
    default:
        return 0;
    }
}

static bool scan(yaml_parser_t *parser, const char *given, size_t length, const char *source,
                 struct problems *problems)
{
    int depth = 0;
    int n_values = 0;
    int n_documents = 0;
    for (bool ended = false; !ended;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            if (parser->error == YAML_READER_ERROR) {
                add_reader_problem(parser, given, source, problems);
            } else {
                add_parser_problem(parser, given, length, source, problems);
            }
            return false;
        }
        depth += depth_change(event.type);
        n_values += event.type == YAML_SCALAR_EVENT;
        n_documents += event.type == YAML_DOCUMENT_START_EVENT;
        ended = event.type == YAML_STREAM_END_EVENT;
        const char *const wrong = event_problem(&event, depth, n_values, n_documents);
        if (wrong != NULL) {
            problems_add(problems, at_mark(source, event.start_mark), "%s", wrong);
        }
        yaml_event_delete(&event);
        if (wrong != NULL) {
            return false;
        }
    }
    return true;
}

/* ---- From the document tree to settings ---- */

struct walk {
    yaml_document_t *document;
    const char *source;
    struct settings *settings;
    struct problems *problems;
    enum sim_err err;
    yaml_mark_t key_mark; /* of the last key met */
};

static const char *scalar_text(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

static bool is_null(const yaml_node_t *node)
{
    const char *const text = scalar_text(node);
    return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (*text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static bool join(char *path, const char *prefix, const char *name)
{
    const int length =
        snprintf(path, PATH_TEXT, "%s%s%s", prefix, *prefix != '\0' ? "." : "", name);
    return length >= 0 && length < PATH_TEXT;
}

static void walk_node(struct walk *w, const char *path, int index);

/* An empty mapping or sequence says as much as no value: "B: {}" and "B:" both name an element. */
static bool says_nothing(const yaml_node_t *node)
{
    switch (node->type) {
    case YAML_SCALAR_NODE:
        return is_null(node);
    case YAML_SEQUENCE_NODE:
        return node->data.sequence.items.start == node->data.sequence.items.top;
    default:
        return node->data.mapping.pairs.start == node->data.mapping.pairs.top;
    }
}

static void put_value(struct walk *w, const char *path, const yaml_node_t *node)
{
    struct origin origin = at_mark(w->source, node->start_mark);
    origin.key_line = (unsigned)w->key_mark.line + 1;
    origin.key_column = (unsigned)w->key_mark.column + 1;
    const struct setting *const old = settings_find(w->settings, path);
    if (old != NULL) {
        problems_add(w->problems, origin_of_key(origin), "%s is given twice (first in line %u)",
                     path, old->origin.line);
        return;
    }
    const char *const value = says_nothing(node) ? "" : scalar_text(node);
    if (settings_put(w->settings, path, value, origin) != SIM_OK) {
        w->err = SIM_ENOMEM;
    }
}

/* "{rate: uniform(0, 15) s}" is read by YAML as two entries, "rate: uniform(0" and "15) s". */
static bool is_torn_by_comma(const yaml_node_t *key, const yaml_node_t *value)
{
    return strchr(scalar_text(key), ')') != NULL && strchr(scalar_text(key), '(') == NULL &&
           value->type == YAML_SCALAR_NODE && is_null(value);
}

/* `show` once wrote the keys of a map in two places. What it wrote then lies in results folders as
 * scenario.effective.yaml, and can be run again: there, and there alone, such a map is one. */
static bool is_written_by_show(const char *source)
{
    const char *const slash = strrchr(source, '/');
    return strcmp(slash != NULL ? slash + 1 : source, "scenario.effective.yaml") == 0;
}

/* The pair of this mapping that has the same key and stands before; NULL if none has. */
static const yaml_node_t *find_earlier(const struct walk *w, const yaml_node_t *mapping,
                                       const yaml_node_pair_t *pair)
{
    const char *const name = scalar_text(yaml_document_get_node(w->document, pair->key));
    for (const yaml_node_pair_t *p = mapping->data.mapping.pairs.start; p < pair; p++) {
        const yaml_node_t *const key = yaml_document_get_node(w->document, p->key);
        if (key->type == YAML_SCALAR_NODE && strcmp(scalar_text(key), name) == 0) {
            return key;
        }
    }
    return NULL;
}

/* Says so if a key was given before in the same mapping. */
static bool is_repeated(struct walk *w, const yaml_node_t *mapping, const yaml_node_pair_t *pair,
                        const char *path)
{
    const yaml_node_t *const key = yaml_document_get_node(w->document, pair->key);
    const yaml_node_t *const value = yaml_document_get_node(w->document, pair->value);
    const yaml_node_t *const earlier = find_earlier(w, mapping, pair);
    if (earlier == NULL || (value->type == YAML_MAPPING_NODE && is_written_by_show(w->source))) {
        return false;
    }
    problems_add(w->problems, at_mark(w->source, key->start_mark),
                 "%s is given twice (first in line %u)", path,
                 at_mark(w->source, earlier->start_mark).line);
    return true;
}

static void walk_pair(struct walk *w, const char *prefix, const yaml_node_t *mapping,
                      const yaml_node_pair_t *pair)
{
    const yaml_node_t *const key = yaml_document_get_node(w->document, pair->key);
    const yaml_node_t *const value = yaml_document_get_node(w->document, pair->value);
    char path[PATH_TEXT];
    if (key->type != YAML_SCALAR_NODE || *scalar_text(key) == '\0') {
        problems_add(w->problems, at_mark(w->source, key->start_mark), "a key must be a word");
        return;
    }
    if (is_torn_by_comma(key, value)) {
        problems_add(w->problems, at_mark(w->source, key->start_mark),
                     "'%.40s': inside { } a comma ends a value; put it in quotes or on a line of "
                     "its own",
                     scalar_text(key));
        return;
    }
    if (!join(path, prefix, scalar_text(key))) {
        problems_add(w->problems, at_mark(w->source, key->start_mark), "the key is too long");
        return;
    }
    if (!is_repeated(w, mapping, pair, path)) {
        w->key_mark = key->start_mark;
        walk_node(w, path, pair->value);
    }
}

static void walk_sequence(struct walk *w, const char *prefix, const yaml_node_t *node)
{
    if (settings_has_below(w->settings, prefix)) {
        problems_add(w->problems, at_mark(w->source, node->start_mark), "%s is given twice",
                     prefix);
        return;
    }
    int i = 0;
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++, i++) {
        char name[16];
        char path[PATH_TEXT];
        snprintf(name, sizeof name, "%d", i);
        if (join(path, prefix, name)) {
            walk_node(w, path, *item);
        }
    }
}

static void walk_node(struct walk *w, const char *path, int index)
{
    const yaml_node_t *const node = yaml_document_get_node(w->document, index);
    if (*path != '\0' && says_nothing(node)) {
        put_value(w, path, node);
        return;
    }
    switch (node->type) {
    case YAML_SCALAR_NODE:
        put_value(w, path, node);
        break;
    case YAML_SEQUENCE_NODE:
        walk_sequence(w, path, node);
        break;
    default:
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top; pair++) {
            walk_pair(w, path, node, pair);
        }
    }
}

static enum sim_err walk_document(struct walk *w)
{
    const yaml_node_t *const root = yaml_document_get_root_node(w->document);
    if (root == NULL || root->type != YAML_MAPPING_NODE) {
        problems_add(w->problems, whole_file(w->source),
                     "a scenario is a mapping: lines such as 'users: 500'");
        return SIM_EINVAL;
    }
    walk_node(w, "", 1);
    return w->err;
}

static bool passes_scan(const char *text, size_t length, const char *source,
                        struct problems *problems)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        problems_add(problems, whole_file(source), "out of memory");
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    const bool passes = scan(&parser, text, length, source, problems);
    yaml_parser_delete(&parser);
    return passes;
}

const char *yaml_library(void)
{
    return yaml_get_version_string();
}

enum sim_err yaml_parse(const char *text, size_t length, const char *source,
                        struct settings *settings, struct problems *problems)
{
    yaml_parser_t parser;
    yaml_document_t document;
    if (!passes_scan(text, length, source, problems)) {
        return SIM_EINVAL;
    }
    if (!yaml_parser_initialize(&parser)) {
        return SIM_ENOMEM;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    enum sim_err err = SIM_EINVAL;
    if (yaml_parser_load(&parser, &document)) {
        struct walk w = {
            .document = &document, .source = source, .settings = settings, .problems = problems};
        err = walk_document(&w);
        yaml_document_delete(&document);
    } else {
        add_parser_problem(&parser, text, length, source, problems);
    }
    yaml_parser_delete(&parser);
    return err;
}
