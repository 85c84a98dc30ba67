/* output/tree.h -- folders with all that is in them: removed, or what is worth keeping moved out. */
#ifndef OUTPUT_TREE_H
#define OUTPUT_TREE_H

#include <stdbool.h>
#include <stddef.h>

/* "folder/name", freed by the caller; NULL without memory. */
char *tree_join(const char *folder, const char *name);

/* The last part of a path, behind its last slash; in `path`. */
const char *tree_name(const char *path);

/* Makes all folders on the way to `path`, not itself; `path` is changed for a moment. `*made` is the
 * length of the first one that was not there before, 0 if all were. False with errno set. */
bool tree_make_parents(char *path, size_t *made);

/* Is it a folder, and not a link to one? */
bool tree_is_folder(const char *path);

/* Is it a folder with nothing in it? Not if it cannot be read. */
bool tree_is_empty(const char *path);

/* Removes a folder and everything in it, as far as that is allowed. Links are not followed. */
void tree_remove(const char *path);

/* What may go. `name` counts from the top folder: "plots/states.gp". */
struct tree_filter {
    bool (*drops)(void *context, const char *name);    /* a file */
    bool (*drops_in)(void *context, const char *name); /* something in this folder */
    void *context;
};

/* Moves everything that `filter` does not drop from the folder `from` to the folder `to`, which is
 * on the same file system. Nothing there is overwritten: what finds its name taken gets a '~' behind
 * it. False if something could not be moved; it is still in `from` then. */
bool tree_carry_over(const char *from, const char *to, const struct tree_filter *filter);

#endif
