/* Running gnuplot: it draws what is written and nothing else, ends when it is to, and leaves no half pictures. */
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "output/gnuplot.h"
#include "output/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool never(void *context)
{
    (void)context;
    return false;
}

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

static void test_it_draws_and_runs_nothing_else(void **state)
{
    char folder[SCRATCH_PATH];
    char version[64];
    struct sim_error e = {SIM_OK, ""};
    (void)state;
    if (!gnuplot_version(never, version, sizeof version)) {
        skip();
    }
    assert_non_null(strstr(version, "gnuplot"));
    scratch_create(folder);
    write_script(folder, &nasty, "plot x title 'x'\n");
    assert_int_equal(gnuplot_draw(never, folder, "nasty", &e), SIM_OK);
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
    const struct plot plot = {"bad", "t", "n", "x", "y", NULL};
    (void)state;
    if (!gnuplot_version(never, version, sizeof version)) {
        skip();
    }
    scratch_create(folder);
    write_script(folder, &plot, "plot 'nowhere.csv' using 1:2\n");
    assert_int_equal(gnuplot_draw(never, folder, "bad", &e), SIM_EIO);
    assert_non_null(strstr(e.text, "nowhere.csv"));
    assert_int_equal(scratch_n_entries(folder), 1); /* the script alone */
    scratch_destroy(folder);
}

/* ---- A gnuplot of our own, first on the path ---- */

static char base[SCRATCH_PATH];
static char *path_before;

static int make_base(void **state)
{
    const char *const path = getenv("PATH");
    char with_ours[4096];
    (void)state;
    path_before = strdup(path != NULL ? path : "/bin");
    assert_non_null(path_before);
    scratch_create(base);
    snprintf(with_ours, sizeof with_ours, "%s:%s", base, path_before);
    return setenv("PATH", with_ours, 1);
}

static int remove_base(void **state)
{
    (void)state;
    const int failed = setenv("PATH", path_before, 1);
    free(path_before);
    scratch_destroy(base);
    return failed;
}

static void put_gnuplot(const char *commands)
{
    char text[512];
    snprintf(text, sizeof text, "#!/bin/sh\n%s\n", commands);
    scratch_write(base, "gnuplot", text);
    assert_int_equal(chmod(scratch_file(base, "gnuplot"), 0755), 0);
}

static void test_empty_pictures_are_removed(void **state)
{
    struct sim_error e;
    (void)state;
    put_gnuplot("echo half > a.png; : > a.svg");
    assert_int_equal(gnuplot_draw(never, base, "a", &e), SIM_EIO);
    assert_string_equal(e.text, "gnuplot a.gp left an empty file");
    assert_int_equal(scratch_n_entries(base), 1);
    put_gnuplot("echo half > a.png");
    assert_int_equal(gnuplot_draw(never, base, "a", &e), SIM_EIO);
    assert_int_equal(scratch_n_entries(base), 1);
    put_gnuplot("echo whole > a.png; echo whole > a.svg");
    assert_int_equal(gnuplot_draw(never, base, "a", &e), SIM_OK);
    assert_int_equal(scratch_n_entries(base), 3);
}

static void test_the_last_line_says_why(void **state)
{
    struct sim_error e;
    (void)state;
    put_gnuplot("head -c 70000 /dev/zero | tr '\\0' x; echo; echo 'all is lost'; echo; exit 3");
    assert_int_equal(gnuplot_draw(never, base, "a", &e), SIM_EIO);
    assert_string_equal(e.text, "gnuplot a.gp ended with 3: all is lost");
}

static void test_a_signal_is_no_success(void **state)
{
    struct sim_error e;
    (void)state;
    put_gnuplot("echo x > a.png; echo x > a.svg; kill -s KILL $$");
    assert_int_equal(gnuplot_draw(never, base, "a", &e), SIM_EIO);
    assert_string_equal(e.text, "gnuplot a.gp was ended by a signal");
    assert_int_equal(scratch_n_entries(base), 1);
}

static void test_without_gnuplot(void **state)
{
    struct sim_error e;
    char version[64];
    (void)state;
    assert_int_equal(setenv("PATH", base, 1), 0);
    assert_false(gnuplot_version(never, version, sizeof version));
    assert_int_equal(gnuplot_draw(never, base, "a", &e), SIM_EIO);
    assert_int_equal(scratch_n_entries(base), 0);
}

/* The number of the process that the script has left behind in the file "pid". */
static pid_t number_of_process(void)
{
    return (pid_t)strtol(scratch_read(base, "pid"), NULL, 10);
}

static bool has_begun(void *context)
{
    (void)context;
    return scratch_has(base, "begun");
}

/* It stands in a group of its own; it and what it has started end at once, although they would wait for
 * ever. */
static void test_it_ends_when_it_is_to(void **state)
{
    struct sim_error e;
    (void)state;
    put_gnuplot(
        "mkfifo pipe; echo half > a.png; echo $$ > pid; "
        "read -r _ _ _ _ group _ < /proc/$$/stat; echo $group > group; : > begun; cat pipe");
    assert_int_equal(gnuplot_draw(has_begun, base, "a", &e), SIM_ESTOPPED);
    assert_string_equal(e.text, "stopped on request");
    assert_false(scratch_has(base, "a.png"));
    const pid_t child = number_of_process();
    assert_true(child > 0);
    assert_int_equal(kill(child, 0), -1);
    assert_int_equal(errno, ESRCH);
    assert_int_equal(strtol(scratch_read(base, "group"), NULL, 10), child);
    /* Nobody reads the pipe any more: opening it for writing alone fails. */
    while (open(scratch_file(base, "pipe"), O_WRONLY | O_NONBLOCK) >= 0) {
    }
    assert_int_equal(errno, ENXIO);
}

int main(void)
{
#define WITH_OURS(name) cmocka_unit_test_setup_teardown(name, make_base, remove_base)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_draws_and_runs_nothing_else),
        cmocka_unit_test(test_a_script_that_fails_says_why),
        WITH_OURS(test_empty_pictures_are_removed),
        WITH_OURS(test_the_last_line_says_why),
        WITH_OURS(test_a_signal_is_no_success),
        WITH_OURS(test_without_gnuplot),
        WITH_OURS(test_it_ends_when_it_is_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
