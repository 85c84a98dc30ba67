#include "cli/scenario_manifest.h"

#include "cli/version.h"
#include "models/scenario_show.h"

#include <stdlib.h>

static enum sim_err hash(const struct scenario *scenario, char digest[static SHA256_TEXT],
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

enum sim_err scenario_manifest(const struct scenario *scenario, char digest[static SHA256_TEXT],
                               struct manifest *m, struct sim_error *e)
{
    *m = (struct manifest){.version = PRIMESTORM_VERSION,
                           .revision = PRIMESTORM_REVISION,
                           .build = PRIMESTORM_BUILD,
                           .scenario_sha256 = digest,
                           .schema = scenario->schema,
                           .seed = scenario->seed,
                           .points = 1,
                           .replications = scenario->replications,
                           .confidence = scenario->confidence};
    return hash(scenario, digest, e);
}
