#include "models/theory/vary.h"

#include "sim/base/assert.h"

#include <stdio.h>

double theory_parameter_value(const struct theory_program *program,
                              const struct theory_parameter *parameter)
{
    const unsigned char *const field =
        (const unsigned char *)program->parameters + parameter->offset;
    double real;
    uint32_t count;
    if (parameter->type == THEORY_COUNT) {
        memcpy(&count, field, sizeof count);
        return count;
    }
    memcpy(&real, field, sizeof real);
    return real;
}

static void put_value(struct theory_varied *out, const struct theory_parameter *parameter,
                      double value)
{
    const uint32_t count = (uint32_t)value;
    unsigned char *const field = out->parameters + parameter->offset;
    if (parameter->type == THEORY_COUNT) {
        memcpy(field, &count, sizeof count);
    } else {
        memcpy(field, &value, sizeof value);
    }
}

static const struct theory_parameter *find(const struct theory_variation *variation,
                                           const char *name)
{
    for (size_t i = 0; variation != NULL && i < variation->n_parameters; i++) {
        if (strcmp(variation->parameter[i].name, name) == 0) {
            return &variation->parameter[i];
        }
    }
    return NULL;
}

static enum sim_err complain_of_name(const struct theory_program *program, const char *name,
                                     struct sim_error *e)
{
    const struct theory_variation *const v = program->variation;
    int n = snprintf(e->text, sizeof e->text, "%s has no parameter '%s' that can be set; it has ",
                     program->key, name);
    for (size_t i = 0; v != NULL && i < v->n_parameters && n < (int)sizeof e->text; i++) {
        n += snprintf(e->text + n, sizeof e->text - (size_t)n, "%s%s", i == 0 ? "" : ", ",
                      v->parameter[i].name);
    }
    if (v == NULL) {
        snprintf(e->text + n, sizeof e->text - (size_t)n, "none");
    }
    return e->code = SIM_EINVAL;
}

/* Sets one parameter in the copy, and says so in the name. */
static enum sim_err set(struct theory_varied *out, const struct theory_setting *s, bool is_first,
                        struct sim_error *e)
{
    const struct theory_parameter *const p = find(out->program.variation, s->name);
    if (p == NULL) {
        return complain_of_name(&out->program, s->name, e);
    }
    const bool is_whole = s->value == floor(s->value); /* NOLINT: exactly whole */
    if (!(s->value >= p->least && s->value <= p->most) || (p->type == THEORY_COUNT && !is_whole)) {
        snprintf(e->text, sizeof e->text, "%s: %s is a %s from %g to %.10g, not %.10g",
                 out->program.key, s->name, p->type == THEORY_COUNT ? "whole number" : "number",
                 p->least, p->most, s->value);
        return e->code = SIM_EINVAL;
    }
    put_value(out, p, s->value);
    const size_t n = strlen(out->name);
    snprintf(out->name + n, sizeof out->name - n, "%s %s = %.10g", is_first ? " with" : ",",
             s->name, s->value);
    return SIM_OK;
}

static enum sim_err derive(struct theory_varied *out, struct sim_error *e)
{
    double exact[THEORY_MAX_ROWS] = {0};
    const char *const why_not = out->program.variation->derive(out->parameters, exact);
    if (why_not != NULL) {
        snprintf(e->text, sizeof e->text, "%s: %s", out->program.key, why_not);
        return e->code = SIM_EINVAL;
    }
    for (size_t i = 0; i < out->program.n_rows; i++) {
        out->program.rows[i].exact = exact[i];
    }
    return SIM_OK;
}

/* What would be run, if less effort would do. */
static void advise(double events, uint32_t effort, char advice[], size_t size)
{
    const double largest = floor(THEORY_MOST_EVENTS / (events / effort));
    if (effort == 1) {
        advice[0] = '\0';
    } else if (largest < 1) {
        snprintf(advice, size, ", too few even for an effort of 1");
    } else {
        snprintf(advice, size, ", which allows an effort of %.0f", largest);
    }
}

static enum sim_err check_work(const struct theory_varied *out, uint32_t effort,
                               struct sim_error *e)
{
    const struct theory_program *const program = &out->program;
    const double events =
        program->variation != NULL
            ? program->variation->events(program->parameters) * program->replications
            : 0;
    char advice[64];
    if (events <= THEORY_MOST_EVENTS) {
        return SIM_OK;
    }
    advise(events, effort, advice, sizeof advice);
    snprintf(e->text, sizeof e->text,
             "%s takes some %.2g events, about %.3g hours on one processor; at most %.2g are run%s",
             out->name, events, 2e-7 * events / 3600, THEORY_MOST_EVENTS, advice);
    return e->code = SIM_EINVAL;
}

/* The settings, one or more. */
static enum sim_err set_all(const struct theory_program *program,
                            const struct theory_setting settings[], size_t n_settings,
                            struct theory_varied *out, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    if (program->variation == NULL) {
        return complain_of_name(program, settings[0].name, e);
    }
    SIM_ASSERT(program->variation->size <= sizeof out->parameters);
    memcpy(out->parameters, program->parameters, program->variation->size);
    for (size_t i = 0; i < n_settings && err == SIM_OK; i++) {
        err = set(out, &settings[i], i == 0, e);
    }
    out->program.parameters = out->parameters;
    out->program.name = out->name;
    return err == SIM_OK ? derive(out, e) : err;
}

enum sim_err theory_vary(const struct theory_program *program,
                         const struct theory_setting settings[], size_t n_settings, uint32_t effort,
                         struct theory_varied *out, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    SIM_ASSERT(effort >= 1 && effort <= THEORY_MOST_EFFORT);
    out->program = *program;
    snprintf(out->name, sizeof out->name, "%s", program->key);
    if (program->rows[0].kind != THEORY_IDENTITY) {
        out->program.replications *= effort;
    }
    if (n_settings > 0) {
        err = set_all(program, settings, n_settings, out, e);
    }
    return err == SIM_OK ? check_work(out, effort, e) : err;
}
