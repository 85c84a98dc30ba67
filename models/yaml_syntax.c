#include "models/yaml_syntax.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { QUOTED = 48 }; /* characters of a line that are shown */

/* A line of the file, without its end. */
struct line {
    const char *text;
    size_t length, indent;
    size_t number; /* from 0 */
};

/* What the parser says, and of which text. */
struct scene {
    const char *text;
    size_t length;
    const char *problem, *context; /* never NULL */
    yaml_mark_t at, from;          /* of the problem; of what was being read */
};

/* The line that begins at a place. */
static struct line line_from(const struct scene *s, const char *begin, size_t number)
{
    const size_t rest = (size_t)(s->text + s->length - begin);
    const char *const newline = memchr(begin, '\n', rest);
    struct line l = {begin, newline != NULL ? (size_t)(newline - begin) : rest, 0, number};
    while (l.length > 0 && strchr(" \t\r", l.text[l.length - 1]) != NULL) {
        l.length--;
    }
    while (l.indent < l.length && l.text[l.indent] == ' ') {
        l.indent++;
    }
    return l;
}

static struct line line_at(const struct scene *s, size_t number)
{
    const char *const end = s->text + s->length;
    const char *begin = s->text;
    for (size_t i = 0; i < number && begin < end; i++) {
        const char *const newline = memchr(begin, '\n', (size_t)(end - begin));
        begin = newline != NULL ? newline + 1 : end;
    }
    return line_from(s, begin, number);
}

/* The first byte of the character at a mark, a space behind the end of the line. */
static char character_at(const struct scene *s, yaml_mark_t mark)
{
    const struct line l = line_at(s, mark.line);
    size_t column = 0;
    for (size_t i = 0; i < l.length; i++) {
        const bool is_inside_character = ((unsigned char)l.text[i] & 0xc0) == 0x80;
        if (!is_inside_character && column++ == mark.column) {
            return l.text[i];
        }
    }
    return ' ';
}

static bool has_content(struct line l)
{
    return l.indent < l.length && l.text[l.indent] != '#';
}

static bool begins_entry(struct line l)
{
    return has_content(l) && l.text[l.indent] == '-' &&
           (l.indent + 1 == l.length || l.text[l.indent + 1] == ' ');
}

/* The column, from 0, in which the first word stands: behind the '-' of an entry. */
static size_t first_word(struct line l)
{
    size_t column = l.indent;
    if (begins_entry(l)) {
        for (column++; column < l.length && l.text[column] == ' ';) {
            column++;
        }
    }
    return column;
}

/* The place of the ':' behind a key, `l.length` if there is none before `end`. */
static size_t find_colon(struct line l, size_t end)
{
    for (size_t i = l.indent; i < end && i < l.length; i++) {
        if (l.text[i] == ':' && (i + 1 == l.length || l.text[i + 1] == ' ')) {
            return i;
        }
    }
    return l.length;
}

/* Goes back to the last line with content before `*l`; false if there is none. */
static bool step_back(const struct scene *s, struct line *l)
{
    while (l->number > 0) {
        const char *begin = l->text - 1; /* the end of the line before */
        while (begin > s->text && begin[-1] != '\n') {
            begin--;
        }
        *l = line_from(s, begin, l->number - 1);
        if (has_content(*l)) {
            return true;
        }
    }
    return false;
}

static bool says(const char *words, const char *part)
{
    return strstr(words, part) != NULL;
}

static void place(struct yaml_slip *slip, size_t line, size_t column)
{
    slip->line = (unsigned)line + 1;
    slip->column = (unsigned)column + 1;
}

/* ---- The common slips: each is recognised, or not ---- */

static bool is_tab(const struct scene *s, struct yaml_slip *slip)
{
    const struct line l = line_at(s, s->at.line);
    const bool is_indented = l.indent < l.length && l.text[l.indent] == '\t';
    if (is_indented) {
        place(slip, s->at.line, l.indent);
        snprintf(slip->text, sizeof slip->text,
                 "a tab in the indentation; indent with spaces, not with tabs");
    }
    return is_indented;
}

static bool is_special_character(const struct scene *s, struct yaml_slip *slip)
{
    const bool is_special = says(s->problem, "cannot start any token");
    if (is_special) {
        place(slip, s->at.line, s->at.column);
        snprintf(slip->text, sizeof slip->text,
                 "a value cannot begin with '%c'; put the value in quotes", character_at(s, s->at));
    }
    return is_special;
}

static void tell_open_quote(struct yaml_slip *slip, size_t line, size_t column, char quote)
{
    place(slip, line, column);
    snprintf(slip->text, sizeof slip->text,
             "the quote that begins here is not closed; end the value with %c on the same line",
             quote);
}

/* To the end of the file, or to a quote of a later line, in which case what fails is what is behind that. */
static bool is_open_quote(const struct scene *s, struct yaml_slip *slip)
{
    if (says(s->context, "quoted scalar")) {
        tell_open_quote(slip, s->from.line, s->from.column, character_at(s, s->from));
        return true;
    }
    for (struct line l = line_at(s, s->at.line); step_back(s, &l);) {
        const size_t value = find_colon(l, l.length) + 2;
        if (value < l.length && strchr("\"'", l.text[value]) != NULL &&
            memchr(l.text + value + 1, l.text[value], l.length - value - 1) == NULL) {
            tell_open_quote(slip, l.number, value, l.text[value]);
            return true;
        }
    }
    return false;
}

static bool is_open_bracket(const struct scene *s, struct yaml_slip *slip)
{
    const char close = says(s->problem, "',' or '}'") ? '}' : ']';
    if (!says(s->problem, "',' or")) {
        return false;
    }
    if (s->from.line != s->at.line) {
        place(slip, s->from.line, s->from.column);
        snprintf(slip->text, sizeof slip->text,
                 "the '%c' that begins here is not closed; end it with '%c'",
                 close == '}' ? '{' : '[', close);
    } else {
        place(slip, s->at.line, s->at.column);
        snprintf(slip->text, sizeof slip->text, "a ',' or the '%c' is missing before this", close);
    }
    return true;
}

static int shown(size_t length)
{
    return length < QUOTED ? (int)length : QUOTED;
}

/* "horizon 5 h", "users:5". */
static void tell_missing_colon(struct line l, struct yaml_slip *slip)
{
    const size_t begin = first_word(l);
    size_t end = begin;
    while (end < l.length && l.text[end] != ':' && l.text[end] != ' ') {
        end++;
    }
    const bool has_colon = end < l.length && l.text[end] == ':';
    const size_t rest = end + (has_colon ? 1 : 0);
    place(slip, l.number, begin);
    snprintf(slip->text, sizeof slip->text, "%s is missing behind the %s; write '%.*s:%s%.*s'",
             has_colon ? "a space" : "a ':'", has_colon ? "':'" : "key", shown(end - begin),
             l.text + begin, has_colon ? " " : "", shown(l.length - rest), l.text + rest);
}

static bool is_missing_colon(const struct scene *s, struct yaml_slip *slip)
{
    const struct line l = line_at(s, s->at.line);
    struct line before = l;
    if (says(s->problem, "could not find expected ':'")) {
        tell_missing_colon(line_at(s, s->from.line), slip);
        return true;
    }
    if (!says(s->problem, "mapping values") || find_colon(l, s->at.column) < s->at.column ||
        !step_back(s, &before) || find_colon(before, before.length) < before.length) {
        return false;
    }
    tell_missing_colon(before, slip);
    return true;
}

static bool is_second_colon(const struct scene *s, struct yaml_slip *slip)
{
    const bool is_second = says(s->problem, "mapping values") &&
                           find_colon(line_at(s, s->at.line), s->at.column) < s->at.column;
    if (is_second) {
        place(slip, s->at.line, s->at.column);
        snprintf(slip->text, sizeof slip->text,
                 "a second ':' in one line; a value with ': ' in it must stand in quotes");
    }
    return is_second;
}

static bool is_stray_entry(const struct scene *s, struct yaml_slip *slip)
{
    const struct line l = line_at(s, s->at.line);
    const struct line from = line_at(s, s->from.line);
    const bool is_in_value = says(s->problem, "block sequence entries");
    if (is_in_value || begins_entry(l)) {
        place(slip, s->at.line, is_in_value ? s->at.column : l.indent);
        snprintf(slip->text, sizeof slip->text,
                 "a '-' that belongs to no list; entries of a list stand below each other, each "
                 "'-' in the same column and on a line of its own; a key has no '-'");
        return true;
    }
    if (says(s->problem, "'-' indicator") && begins_entry(from) && from.indent == l.indent &&
        from.indent == 0) {
        place(slip, s->from.line, 0);
        snprintf(slip->text, sizeof slip->text,
                 "a '-' makes this an entry of a list; a scenario is lines such as 'users: 500'");
        return true;
    }
    return false;
}

/* The columns in which keys before the line begin that are not closed yet: "5, 3 or 1". */
static void list_columns(const struct scene *s, struct line before, char *text, size_t size)
{
    enum { MOST = 8 };
    size_t column[MOST];
    size_t n = 0;
    size_t used = 0;
    while (step_back(s, &before)) {
        const size_t c = first_word(before);
        if (n < MOST && (n == 0 || c < column[n - 1])) {
            column[n++] = c;
        }
    }
    *text = '\0';
    for (size_t i = 0; i < n; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%zu",
                                 i == 0      ? ""
                                 : i + 1 < n ? ", "
                                             : " or ",
                                 column[i] + 1);
    }
}

static bool is_bad_indentation(const struct scene *s, struct yaml_slip *slip)
{
    const struct line l = line_at(s, s->at.line);
    char columns[160];
    if (!has_content(l) ||
        !(says(s->problem, "did not find expected") || says(s->problem, "mapping values"))) {
        return false;
    }
    list_columns(s, l, columns, sizeof columns);
    place(slip, s->at.line, l.indent);
    snprintf(slip->text, sizeof slip->text,
             "indented to column %zu; keys of one map begin in the same column, here %s",
             l.indent + 1, columns);
    return true;
}

void yaml_syntax_explain(const yaml_parser_t *parser, const char *text, size_t length,
                         struct yaml_slip *slip)
{
    static bool (*const slips[])(const struct scene *, struct yaml_slip *) = {
        is_tab,           is_special_character, is_open_quote,  is_open_bracket,
        is_missing_colon, is_second_colon,      is_stray_entry, is_bad_indentation};
    const struct scene s = {text,
                            length,
                            parser->problem != NULL ? parser->problem : "not valid YAML",
                            parser->context != NULL ? parser->context : "",
                            parser->problem_mark,
                            parser->context_mark};
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        if (slips[i](&s, slip)) {
            return;
        }
    }
    place(slip, s.at.line, s.at.column);
    snprintf(slip->text, sizeof slip->text, "%s", s.problem);
}
