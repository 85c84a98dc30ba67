#include "sim/base/err.h"

#include <stdio.h>

const char *sim_err_text(enum sim_err code)
{
    static const char *const texts[] = {
#define SIM_ERR_TEXT(code, text) [code] = text,
        SIM_ERR_MAP(SIM_ERR_TEXT)
#undef SIM_ERR_TEXT
    };
    const size_t n = sizeof texts / sizeof texts[0];
    return (size_t)code < n ? texts[code] : "unknown error";
}

enum sim_err sim_fail(struct sim_error *e, enum sim_err code, const char *format, ...)
{
    if (e != NULL) {
        va_list arguments;
        va_start(arguments, format);
        e->code = code;
        vsnprintf(e->text, sizeof e->text, format, arguments);
        va_end(arguments);
    }
    return code;
}

enum sim_err sim_fail_memory(struct sim_error *e, const char *what)
{
    return sim_fail(e, SIM_ENOMEM, "out of memory for %s", what);
}
