/* models/yaml_syntax.h -- what somebody who wrote a file that is not YAML has probably done, in place of the
 * parser's words, which speak of tokens and come a line late.
 */
#ifndef MODELS_YAML_SYNTAX_H
#define MODELS_YAML_SYNTAX_H

#include <stddef.h>
#include <yaml.h>

struct yaml_slip {
    unsigned line, column; /* of the slip, from 1; columns count characters */
    char text[320];        /* what is wrong there, and what would be right */
};

/* Reads the error of a parser that has failed over `text`. Where the slip is none of the common ones,
 * the words and the place are the parser's. */
void yaml_syntax_explain(const yaml_parser_t *parser, const char *text, size_t length,
                         struct yaml_slip *slip);

#endif
