#include "cli/own_path.h"

#include <sys/types.h>
#include <unistd.h>

bool own_path(char *path, size_t size)
{
    const ssize_t n = readlink("/proc/self/exe", path, size);
    const bool is_whole = n > 0 && (size_t)n < size;
    path[is_whole ? n : 0] = '\0';
    return is_whole;
}
