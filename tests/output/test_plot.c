/* gnuplot scripts: texts of the user cannot become commands, and gnuplot draws what is written. */
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "output/plot.h"

#include <stdlib.h>
#include <string.h>

static const struct plot nasty = {
    .name = "nasty",
    .title = "a line\n!touch broken\nit's 100 % `touch broken` \\ {_x} \"q\" @a",
    .note = "note's end'; system('touch broken')",
    .x_label = "time (s)",
    .y_label = "devices"};

static void write_script(const char *folder, const struct plot *plot, const char *command)
{
    char name[64];
    snprintf(name, sizeof name, "%s.gp", plot->name);
    FILE *const out = fopen(scratch_file(folder, name), "wb");
    assert_non_null(out);
    plot_begin(out, plot);
    fputs(command, out);
    plot_end(out, plot);
    fclose(out);
}

static void test_quotes_are_doubled(void **state)
{
    char quoted[32];
    (void)state;
    plot_quote(quoted, sizeof quoted, "it's");
    assert_string_equal(quoted, "it''s");
    plot_quote(quoted, 6, "''''''"); /* cut, but never in the middle of a pair */
    assert_string_equal(quoted, "''''");
}

static void test_it_draws_and_runs_nothing_else(void **state)
{
    char folder[SCRATCH_PATH];
    char version[64];
    struct sim_error e = {SIM_OK, ""};
    (void)state;
    if (!plot_gnuplot_version(version, sizeof version)) {
        skip();
    }
    assert_non_null(strstr(version, "gnuplot"));
    scratch_create(folder);
    write_script(folder, &nasty, "plot x title 'x'\n");
    assert_int_equal(plot_render(folder, "nasty", &e), SIM_OK);
    assert_memory_equal(scratch_read(folder, "nasty.png"), "\x89PNG", 4);
    assert_non_null(strstr(scratch_read(folder, "nasty.svg"), "</svg>"));
    assert_false(scratch_has(folder, "broken"));
    assert_int_equal(scratch_n_entries(folder), 3);
    scratch_destroy(folder);
}

static void test_a_script_that_fails_says_why(void **state)
{
    char folder[SCRATCH_PATH];
    char version[64];
    struct sim_error e = {SIM_OK, ""};
    const struct plot plot = {"bad", "t", "n", "x", "y"};
    (void)state;
    if (!plot_gnuplot_version(version, sizeof version)) {
        skip();
    }
    scratch_create(folder);
    write_script(folder, &plot, "plot 'nowhere.csv' using 1:2\n");
    assert_int_equal(plot_render(folder, "bad", &e), SIM_EIO);
    assert_non_null(strstr(e.text, "nowhere.csv"));
    scratch_destroy(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes_are_doubled),
        cmocka_unit_test(test_it_draws_and_runs_nothing_else),
        cmocka_unit_test(test_a_script_that_fails_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
