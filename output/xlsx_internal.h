/* output/xlsx_internal.h -- what the files of the workbook share. */
#ifndef OUTPUT_XLSX_INTERNAL_H
#define OUTPUT_XLSX_INTERNAL_H

#include "output/xlsx.h"

#include <stddef.h>
#include <stdint.h>
#include <xlsxwriter.h>

enum { XLSX_CURVES = 12, XLSX_NAME = 200, XLSX_KEYS = 16, XLSX_KEY = 96 };

/* A stretch of rows of points.csv along which x grows and nothing else changes. */
struct xlsx_curve {
    uint32_t first, last; /* rows of the sheet, from 0, the header being 0 */
    char name[XLSX_NAME]; /* what the other keys are */
};

/* What points.csv says of its curves, gathered row by row. */
struct xlsx_points {
    const char *figure; /* borrowed; NULL: no chart */
    size_t first_key, n_keys;
    char key[XLSX_KEYS][XLSX_KEY]; /* names of the first of them */
    size_t x, mean, half_width;    /* columns */
    bool has_chart;                /* all of them are there */
    double last_x;
    char last_others[XLSX_NAME];
    uint32_t n_rows;
    struct xlsx_curve curve[XLSX_CURVES];
    size_t n_curves; /* XLSX_CURVES + 1: too many to be told apart */
    double *half;    /* by row; owned */
    size_t half_capacity;
};

/* Takes a row; row 0 is the header. SIM_EINVAL if there is no such figure, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err xlsx_points_take(struct xlsx_points *p, uint64_t row,
                                             const char *const cell[], size_t n,
                                             struct sim_error *e);
void xlsx_points_fini(struct xlsx_points *p);

/* Draws the curves on a sheet of their own. */
void xlsx_draw(const struct xlsx_points *p, lxw_workbook *workbook, lxw_chartsheet *sheet);

#endif
