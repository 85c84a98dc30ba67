/* Pictures of sweeps: names and values of the user cannot become commands, numbers read back to the same double. */
#include "tests/support/check.h"

#include "output/plot_sweep.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[] = {"it's", "x_1"};
static const char *const numbers[] = {"0.1", "31.6227766017 s"};
static const double values[] = {0.1, 31.6227766017};
static const struct plot plot = {"name", "Title", "note", "", "", "remark"};
static const struct plot_parameter of_words = {"key's", "key's", "", words, NULL, 2};
static const struct plot_parameter of_numbers = {"t", "t", "s", numbers, values, 2};
static const struct plot_response response = {.column = "full_s",
                                              .unit = "minutes",
                                              .scale = 60,
                                              .most = 600,
                                              .confidence = 0.95,
                                              .has_interval = true};

struct script {
    FILE *file;
    char *text;
    size_t length;
};

static void begin(struct script *s)
{
    s->file = open_memstream(&s->text, &s->length);
    assert_non_null(s->file);
}

static void has(const struct script *s, const char *part)
{
    if (strstr(s->text, part) == NULL) {
        fail_msg("'%s' is not in\n%s", part, s->text);
    }
}

static void end(struct script *s)
{
    free(s->text);
}

static void test_words_are_quoted(void **state)
{
    struct script s;
    (void)state;
    begin(&s);
    plot_sweep_curve(s.file, &plot, &of_words, &response);
    fclose(s.file);
    has(&s, "array X[2] = ['it''s', 'x_1']");
    has(&s,
        "(Xof(stringcolumn('key''s'))):(mean(0)):(half(0)) with yerrorbars"); /* no order, no band */
    has(&s, "set xtics noenhanced ('it''s' 1, 'x_1' 2)");
    end(&s);
}

static void test_values_are_those_of_the_table(void **state)
{
    struct script s;
    (void)state;
    begin(&s);
    plot_sweep_map(s.file, &plot, &of_numbers, &of_words, &response);
    fclose(s.file);
    has(&s, "array X[2] = [0.1, 31.6227766017]");
    has(&s, "('0.1' 1, '31.62 s' 2)"); /* the words may be shorter */
    end(&s);
    begin(&s);
    plot_sweep_panels(s.file, &plot, &of_numbers, &of_words, &of_numbers, &response);
    fclose(s.file);
    has(&s,
        "(stringcolumn('key''s') eq 'it''s' && column('t') == 31.6227766017 ? column('t') : NaN)");
    end(&s);
}

static void test_scale_and_height(void **state)
{
    struct script s;
    struct plot_response limited = response;
    (void)state;
    limited.limit_text = "full_s < 20 min";
    limited.limit = 1200;
    begin(&s);
    plot_sweep_curve(s.file, &plot, &of_numbers, &limited);
    fclose(s.file);
    has(&s, "set yrange [0:21.6]\n"); /* 8 % above the limit of 20 minutes */
    has(&s, "given(v, otherwise) = v == v ? v / 60 : otherwise\n");
    has(&s, "    20 with lines");
    has(&s, "):(low(0)):(high(0)) with filledcurves");
    end(&s);
    limited.has_holes = true;
    begin(&s);
    plot_sweep_curve(s.file, &plot, &of_numbers, &limited);
    fclose(s.file);
    assert_null(strstr(s.text, "filledcurves"));
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_quoted),
        cmocka_unit_test(test_values_are_those_of_the_table),
        cmocka_unit_test(test_scale_and_height),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
