/* sim/base/err.h -- error codes, and a message to go with one.
 *
 * Three kinds of trouble are kept apart in the whole project: an outcome of the model (refused,
 * timed out) is a value; a mistake of the user is an error code with a message; a broken invariant
 * is an assert (assert.h). This file serves the second.
 */
#ifndef SIM_BASE_ERR_H
#define SIM_BASE_ERR_H

#include <stdarg.h>

#define SIM_ERR_MAP(X)                                                                             \
    X(SIM_OK, "ok")                                                                                \
    X(SIM_EINVAL, "invalid value")                                                                 \
    X(SIM_ENOMEM, "out of memory")                                                                 \
    X(SIM_ELIMIT, "a limit of the kernel is reached")                                              \
    X(SIM_ENOENT, "no such file")                                                                  \
    X(SIM_EIO, "input or output failed")                                                           \
    X(SIM_EEXIST, "exists already")                                                                \
    X(SIM_ESTOPPED, "stopped on request")

enum sim_err {
#define SIM_ERR_ENUM(code, text) code,
    SIM_ERR_MAP(SIM_ERR_ENUM)
#undef SIM_ERR_ENUM
};

#define SIM_MUST_CHECK   __attribute__((warn_unused_result))
#define SIM_PRINTF(f, a) __attribute__((format(printf, f, a)))

enum { SIM_ERROR_TEXT = 512 }; /* bytes, terminating zero included */

/* An error with its message. Owned by the caller; nothing to free. */
struct sim_error {
    enum sim_err code;
    char text[SIM_ERROR_TEXT];
};

/* A short English text, never NULL; static storage. */
const char *sim_err_text(enum sim_err code);

/* Fills `*e` (NULL allowed) and returns `code`, so that a function can end with
 * `return sim_fail(e, SIM_EINVAL, "...")`. A text that is too long is cut. */
enum sim_err sim_fail(struct sim_error *e, enum sim_err code, const char *format, ...)
    SIM_PRINTF(3, 4);

/* The message for SIM_ENOMEM. */
enum sim_err sim_fail_memory(struct sim_error *e, const char *what);

#endif
