#include "output/tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *tree_join(const char *folder, const char *name)
{
    const size_t byte = strlen(folder) + strlen(name) + 2;
    char *const path = malloc(byte);
    if (path != NULL) {
        snprintf(path, byte, "%s/%s", folder, name);
    }
    return path;
}

const char *tree_name(const char *path)
{
    const char *const slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool tree_make_parents(char *path, size_t *made)
{
    *made = 0;
    for (char *p = path + 1; *p != '\0'; p++) {
        if (*p == '/') {
            *p = '\0';
            const bool is_made = mkdir(path, 0777) == 0;
            const bool ok = is_made || errno == EEXIST;
            *made = is_made && *made == 0 ? (size_t)(p - path) : *made;
            *p = '/';
            if (!ok) {
                return false;
            }
        }
    }
    return true;
}

bool tree_is_folder(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The next name other than "." and "..", NULL at the end. */
static const char *next_name(DIR *folder)
{
    const struct dirent *entry;
    do {
        entry = readdir(folder);
    } while (entry != NULL &&
             (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry != NULL ? entry->d_name : NULL;
}

bool tree_is_empty(const char *path)
{
    DIR *const folder = tree_is_folder(path) ? opendir(path) : NULL;
    if (folder == NULL) {
        return false;
    }
    const bool is_empty = next_name(folder) == NULL;
    closedir(folder);
    return is_empty;
}

void tree_remove(const char *path) /* NOLINT: recurses, as folders do */
{
    DIR *const folder = opendir(path);
    const char *name;
    while (folder != NULL && (name = next_name(folder)) != NULL) {
        char *const inner = tree_join(path, name);
        if (inner != NULL && tree_is_folder(inner)) {
            tree_remove(inner);
        } else if (inner != NULL) {
            unlink(inner);
        }
        free(inner);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    rmdir(path);
}

/* ---- Carrying over ---- */

static bool carry_folder(const char *from, const char *to, const char *below,
                         const struct tree_filter *filter);

static bool exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

/* The path with so many '~' behind it; NULL without memory. */
static char *with_tildes(const char *path, size_t n)
{
    const size_t length = strlen(path);
    char *const text = malloc(length + n + 1);
    if (text != NULL) {
        memcpy(text, path, length);
        memset(text + length, '~', n);
        text[length + n] = '\0';
    }
    return text;
}

/* Moves under the same name or, if that is taken, with as many '~' as make one that is free on both
 * sides: what stands beside `from` is to keep its name. */
static bool move(const char *from, const char *to)
{
    for (size_t n = 0;; n++) {
        char *const wanted = with_tildes(to, n);
        char *const beside = with_tildes(from, n);
        const bool has_memory = wanted != NULL && beside != NULL;
        const bool is_free = has_memory && !exists(wanted) && (n == 0 || !exists(beside));
        const bool is_moved = is_free && rename(from, wanted) == 0;
        free(wanted);
        free(beside);
        if (is_free || !has_memory) {
            return is_moved;
        }
    }
}

/* A folder of which a part is dropped: what stays of it goes into one that is made for it. */
static bool carry_part(const char *from, const char *to, const char *name,
                       const struct tree_filter *filter)
{
    struct stat info;
    const bool is_made = lstat(from, &info) == 0 && mkdir(to, info.st_mode & 07777) == 0;
    const bool is_whole = carry_folder(from, to, name, filter);
    if (is_made) {
        rmdir(to); /* if nothing stayed */
    }
    return is_whole;
}

/* `name` counts from the top. */
static bool carry_entry(const char *from, const char *to, const char *name,
                        const struct tree_filter *filter)
{
    if (!tree_is_folder(from)) {
        return filter->drops(filter->context, name) || move(from, to);
    }
    if (tree_is_folder(to) || (!exists(to) && filter->drops_in(filter->context, name))) {
        return carry_part(from, to, name, filter);
    }
    return move(from, to);
}

static bool carry_folder(const char *from, const char *to, const char *below,
                         const struct tree_filter *filter) /* NOLINT: recurses, as folders do */
{
    DIR *const folder = opendir(from);
    bool is_whole = folder != NULL;
    const char *name;
    while (folder != NULL && (name = next_name(folder)) != NULL) {
        char *const inner_from = tree_join(from, name);
        char *const inner_to = tree_join(to, name);
        char *const inner_name = *below != '\0' ? tree_join(below, name) : strdup(name);
        const bool has_memory = inner_from != NULL && inner_to != NULL && inner_name != NULL;
        is_whole = has_memory && carry_entry(inner_from, inner_to, inner_name, filter) && is_whole;
        free(inner_from);
        free(inner_to);
        free(inner_name);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return is_whole;
}

bool tree_carry_over(const char *from, const char *to, const struct tree_filter *filter)
{
    return carry_folder(from, to, "", filter);
}
