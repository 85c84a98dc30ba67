/* cli/own_path.h -- where this program lies. */
#ifndef CLI_OWN_PATH_H
#define CLI_OWN_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* False, with "" in `path`, if the system does not say it or it is too long. */
bool own_path(char *path, size_t size);

#endif
