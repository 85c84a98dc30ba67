#include "tests/support/scenario_text.h"

#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_temporary(const char *text, char *path, size_t size)
{
    const char *const folder = getenv("TMPDIR");
    snprintf(path, size, "%s/scenario.XXXXXX", folder != NULL ? folder : "/tmp");
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

static enum sim_err load(const char *yaml, struct settings *settings, struct scenario *scenario,
                         char **said, char *path)
{
    struct problems problems = {0};
    size_t length;
    write_temporary(yaml, path, 256);
    const enum sim_err err = scenario_load(path, NULL, 0, settings, scenario, &problems);
    FILE *const out = open_memstream(said, &length);
    problems_print(&problems, out);
    fclose(out);
    problems_fini(&problems);
    unlink(path);
    return err;
}

void settings_from_text(const char *yaml, struct settings *settings, struct scenario *scenario)
{
    char *said;
    char path[256];
    *settings = (struct settings){0};
    const enum sim_err err = load(yaml, settings, scenario, &said, path);
    if (err != SIM_OK) {
        print_error("%s", said);
    }
    free(said);
    assert_int_equal(err, SIM_OK);
}

void scenario_from_text(const char *yaml, struct scenario *scenario)
{
    struct settings settings;
    settings_from_text(yaml, &settings, scenario);
    settings_fini(&settings);
}

char *scenario_problems(const char *yaml)
{
    struct settings settings = {0};
    struct scenario scenario;
    char *said;
    char path[256];
    assert_int_not_equal(load(yaml, &settings, &scenario, &said, path), SIM_OK);
    settings_fini(&settings);
    char *result = NULL;
    size_t length;
    FILE *const out = open_memstream(&result, &length);
    const size_t n_path = strlen(path);
    for (const char *p = said; *p != '\0';) {
        const bool is_path = strncmp(p, path, n_path) == 0;
        fprintf(out, "%.*s", is_path ? 4 : 1, is_path ? "FILE" : p);
        p += is_path ? n_path : 1;
    }
    fclose(out);
    free(said);
    return result;
}

void assert_scenario_problem(const char *yaml, const char *expected)
{
    char *const said = scenario_problems(yaml);
    if (strstr(said, expected) == NULL) {
        fail_msg("expected '%s' in '%s'", expected, said);
    }
    free(said);
}
