/* tests/theory/drive.h -- run a group of programs as a test: a printed line a row, and asserts. */
#ifndef TESTS_THEORY_DRIVE_H
#define TESTS_THEORY_DRIVE_H

#include "models/theory/theory.h"

/* Fails, after all rows have been printed, if one does not agree or is blind, or if two are the same. */
void theory_drive(const struct theory_group *group);

#endif
