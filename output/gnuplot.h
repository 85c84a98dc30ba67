/* output/gnuplot.h -- runs gnuplot, where it is there.
 *
 * It runs in a process group of its own, so that Ctrl-C reaches this program alone, which ends it.
 */
#ifndef OUTPUT_GNUPLOT_H
#define OUTPUT_GNUPLOT_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Asked several times a second while gnuplot runs: is it to end? */
typedef bool gnuplot_stop_fn(void *context);

/* The version of gnuplot on the path, in `text`; false if there is none. */
bool gnuplot_version(gnuplot_stop_fn *stop_requested, char *text, size_t size);

/* Runs gnuplot on `folder`/`name`.gp, which draws `name`.png and `name`.svg beside itself. If either
 * is missing or empty in the end, both are removed: SIM_EIO with what gnuplot said last, SIM_ESTOPPED
 * if that was asked for. */
SIM_MUST_CHECK enum sim_err gnuplot_draw(gnuplot_stop_fn *stop_requested, const char *folder,
                                         const char *name, struct sim_error *e);

#endif
