#include "cli/expected.h"

#include "cli/expect_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum exit_code expected_read(const struct settings *settings, const struct scenario *scenario,
                             struct expected *x)
{
    struct known_figures figures = {0};
    struct problems problems = {0};
    struct sim_error e = {SIM_OK, ""};
    *x = (struct expected){0};
    if (!expect_is_given(settings)) {
        return EXIT_OK;
    }
    enum sim_err err = figures_add(&figures, scenario, &e);
    const bool is_told = err == SIM_OK;
    err = err == SIM_OK ? expect_read(settings, &figures, &x->list, &problems) : err;
    problems_print(&problems, stderr);
    problems_fini(&problems);
    figures_fini(&figures);
    return is_told ? exit_code_of(err) : exit_code_tell(err, &e);
}

void expected_fini(struct expected *x)
{
    expect_fini(&x->list);
    free(x->judgement);
    *x = (struct expected){0};
}

static enum sim_err judge_one(const struct expectation *x, const struct study *s, double value[],
                              struct judgement *j)
{
    const size_t figure = metrics_find(s->metric[0], s->n_metrics, x->figure);
    for (uint32_t r = 0; r < s->n; r++) {
        value[r] = s->metric[r][figure].value;
    }
    return expect_judge(x, value, s->n, s->scenario->confidence, j);
}

enum sim_err expected_judge(struct expected *x, const struct study *study, struct sim_error *e)
{
    double *const value = calloc((size_t)study->n + 1, sizeof *value);
    x->judgement = calloc(x->list.n + 1, sizeof *x->judgement);
    enum sim_err err = value != NULL && x->judgement != NULL ? SIM_OK : SIM_ENOMEM;
    for (size_t i = 0; i < x->list.n && err == SIM_OK; i++) {
        err = judge_one(&x->list.item[i], study, value, &x->judgement[i]);
    }
    free(value);
    return err == SIM_OK ? SIM_OK : sim_fail_memory(e, "the expectations");
}

void expected_print(const struct expected *x, double confidence, FILE *out)
{
    if (x->list.n == 0) {
        return;
    }
    fprintf(out, "\nExpected, judged on the %g %% interval:\n", 100 * confidence);
    for (size_t i = 0; i < x->list.n; i++) {
        fprintf(out, "  %-9s  %s: ", verdict_name(x->judgement[i].verdict), x->list.item[i].text);
        expect_words(&x->list.item[i], &x->judgement[i], out);
        fputc('\n', out);
    }
}

enum exit_code expected_code(const struct expected *x, bool is_strict)
{
    for (size_t i = 0; i < x->list.n; i++) {
        if (verdict_fails(x->judgement[i].verdict, is_strict)) {
            return EXIT_MISSED;
        }
    }
    return EXIT_OK;
}
