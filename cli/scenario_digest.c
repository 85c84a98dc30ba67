#include "cli/scenario_digest.h"

#include "models/scenario_show.h"

#include <stdlib.h>

enum sim_err scenario_digest(const struct scenario *scenario, char digest[static SHA256_TEXT],
                             struct sim_error *e)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    if (out != NULL) {
        scenario_canonical(scenario, out);
    }
    if (out == NULL || fclose(out) != 0) {
        return sim_fail_memory(e, "the scenario");
    }
    manifest_sha256(text, length, digest);
    free(text);
    return SIM_OK;
}
