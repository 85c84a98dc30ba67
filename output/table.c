#include "output/table.h"

const char *table_type_name(enum table_type type)
{
    static const char *const names[] = {
        [TABLE_TEXT] = "text", [TABLE_WHOLE] = "whole", [TABLE_REAL] = "real"};
    return names[type];
}
