/* What stands in for output/xlsx.c in a build without libxlsxwriter. */
#include "output/xlsx.h"

bool xlsx_is_there(void)
{
    return false;
}

enum sim_err xlsx_write(const char *folder, const char *figure, const char *path,
                        bool (*stop_requested)(void *context), struct sim_error *e)
{
    (void)folder;
    (void)figure;
    (void)stop_requested;
    return sim_fail(e, SIM_EINVAL, "%s: this program was built without libxlsxwriter", path);
}
