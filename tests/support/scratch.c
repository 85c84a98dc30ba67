#define _GNU_SOURCE
#include "tests/support/scratch.h"

#include "tests/support/check.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void scratch_create(char path[static SCRATCH_PATH])
{
    const char *const tmp = getenv("TMPDIR");
    snprintf(path, SCRATCH_PATH, "%s/primestorm.XXXXXX", tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(path));
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

void scratch_destroy(const char *path)
{
    assert_int_equal(nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

char scratch_folder[SCRATCH_PATH];

int scratch_set_up(void **state)
{
    (void)state;
    scratch_create(scratch_folder);
    return 0;
}

int scratch_tear_down(void **state)
{
    (void)state;
    scratch_destroy(scratch_folder);
    return 0;
}

const char *scratch_file(const char *folder, const char *name)
{
    static char path[2 * SCRATCH_PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

const char *scratch_read(const char *folder, const char *name)
{
    static char text[1 << 16];
    FILE *const file = fopen(scratch_file(folder, name), "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

void scratch_write(const char *folder, const char *name, const char *text)
{
    FILE *const file = fopen(scratch_file(folder, name), "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

bool scratch_has(const char *folder, const char *name)
{
    return access(scratch_file(folder, name), F_OK) == 0;
}

size_t scratch_n_entries(const char *folder)
{
    size_t n = 0;
    DIR *const dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir) != NULL) {
        n++;
    }
    closedir(dir);
    return n - 2; /* "." and ".." */
}
