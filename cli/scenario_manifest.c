#include "cli/scenario_manifest.h"

#include "cli/version.h"
#include "models/scenario_show.h"

#include <stdlib.h>

static enum sim_err hash(const struct scenario *const scenario[], size_t n,
                         char digest[static SHA256_TEXT], struct sim_error *e)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    for (size_t i = 0; out != NULL && i < n; i++) {
        scenario_canonical(scenario[i], out);
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
    return scenario_manifest_of(&scenario, 1, digest, m, e);
}

enum sim_err scenario_manifest_of(const struct scenario *const scenario[], size_t n,
                                  char digest[static SHA256_TEXT], struct manifest *m,
                                  struct sim_error *e)
{
    const struct scenario *const first = scenario[0];
    *m = (struct manifest){.version = PRIMESTORM_VERSION,
                           .revision = PRIMESTORM_REVISION,
                           .build = PRIMESTORM_BUILD,
                           .scenario_sha256 = digest,
                           .schema = first->schema,
                           .seed = first->seed,
                           .points = (uint32_t)n,
                           .replications = first->replications,
                           .confidence = first->confidence};
    return hash(scenario, n, digest, e);
}
