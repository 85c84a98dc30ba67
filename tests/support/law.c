#include "tests/support/law.h"

#include "tests/support/check.h"

#include <stdio.h>

struct sim_dist *law_parse(const char *text, enum sim_dimension dimension)
{
    struct sim_dist *law = NULL;
    struct sim_error e;
    if (sim_dist_parse(text, dimension, NULL, &law, &e) != SIM_OK) {
        fail_msg("%s: %s", text, e.text);
    }
    return law;
}

char *law_text(const struct sim_dist *law, enum sim_dimension dimension)
{
    char *text = NULL;
    size_t length;
    FILE *const out = open_memstream(&text, &length);
    assert_non_null(out);
    sim_dist_print(law, dimension, out);
    fclose(out);
    return text;
}
