/* tests/support/scratch.h -- a folder for the files of one test, and what is in them. */
#ifndef TESTS_SUPPORT_SCRATCH_H
#define TESTS_SUPPORT_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

enum { SCRATCH_PATH = 512 };

/* Makes a new empty folder and writes its path. */
void scratch_create(char path[static SCRATCH_PATH]);
void scratch_destroy(const char *path); /* with everything in it */

/* The same for a test, or a group of them, as its fixtures. */
extern char scratch_folder[SCRATCH_PATH];
int scratch_set_up(void **state);
int scratch_tear_down(void **state);

/* `folder`/`name`; static storage, good for one call. */
const char *scratch_file(const char *folder, const char *name);

/* The whole file, up to 64 KiB, as text; static storage. Fails the test if it cannot be read. */
const char *scratch_read(const char *folder, const char *name);
void scratch_write(const char *folder, const char *name, const char *text);
bool scratch_has(const char *folder, const char *name);
size_t scratch_n_entries(const char *folder); /* hidden ones too */

#endif
