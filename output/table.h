/* output/table.h -- what a table is: typed columns with names, units and meanings. Writers take it.
 *
 * Names use a-z, 0-9, '_' and '.', and end with their unit where they have one; nothing is ever
 * scaled.
 */
#ifndef OUTPUT_TABLE_H
#define OUTPUT_TABLE_H

#include <stddef.h>

enum table_type { TABLE_TEXT, TABLE_WHOLE, TABLE_REAL };

struct table_column {
    const char *name;
    const char *unit; /* "s", "byte", "devices"; "1" for a share or a ratio, "" for text */
    const char *help; /* a phrase */
    enum table_type type;
};

struct table {
    const char *name;  /* of the file, without ending: "devices" */
    const char *title; /* what a row is */
    const struct table_column *column;
    size_t n_columns;
};

/* How a table is written. */
enum table_format {
    TABLE_CSV,          /* RFC 4180 with LF: comma, decimal point */
    TABLE_CSV_EXCEL_EU, /* for spreadsheets with a decimal comma: byte-order mark, ';', ',' */
    TABLE_JSON,         /* an array of objects; a missing value is null */
    TABLE_MD,           /* Markdown, as GitHub reads it */
};

const char *table_type_name(enum table_type type); /* "text", "whole", "real" */

#endif
