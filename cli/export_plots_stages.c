/* The picture of where the time of a device goes, by class. */
#include "cli/drawing.h"

#include <math.h>
#include <string.h>

/* Light and dark in turn, and those that often take most of the time apart in grey as well. */
static const char *const stage_colours[DEVICE_N_STAGES] = {
    [STAGE_OFFLINE] = "#bdbdbd",    [STAGE_UNAWARE] = "#a50026",    [STAGE_BACKOFF] = "#cd7333",
    [STAGE_CONNECT] = "#2166ac",    [STAGE_BALANCER] = "#d9ef8b",   [STAGE_HTTP_QUEUE] = "#313695",
    [STAGE_REGISTER] = "#c7b3dd",   [STAGE_ERASE] = "#f7e58d",      [STAGE_PRIME_QUEUE] = "#0b3d2e",
    [STAGE_PRIME_RUN] = "#7fc97f",  [STAGE_SYNC_QUEUE] = "#542788", [STAGE_MAIL_SERVER] = "#fdd0a2",
    [STAGE_SERVER_CPU] = "#3f6fb0", [STAGE_STATE_DB] = "#e5c494",   [STAGE_ROUND_TRIP] = "#666666",
    [STAGE_TRANSFER] = "#c6dbef"};

struct share {
    double stage_s[DEVICE_N_STAGES]; /* of all devices of all replications */
    double total_s, n_devices;
};

static struct share add_up(const struct study *study)
{
    struct share sum = {{0}, 0, 0};
    for (uint32_t r = 0; r < study->n; r++) {
        for (uint32_t i = 0; i < study->result[r].n_devices; i++) {
            for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
                sum.stage_s[stage] += study->result[r].device[i].stage_s[stage];
                sum.total_s += study->result[r].device[i].stage_s[stage];
            }
            sum.n_devices += metrics_is_affected(&study->result[r].device[i]);
        }
    }
    return sum;
}

/* The stages that take a part of the time that can be seen, and the rest of it as one. */
static void write_stack(const struct share *sum, double unit_s, FILE *out)
{
    const double least_share = 0.01;
    char rest[64 * DEVICE_N_STAGES] = "column('total_s')";
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        const char *const name = device_stage_name((enum device_stage)stage);
        if (sum->stage_s[stage] <= least_share * sum->total_s) {
            continue;
        }
        char title[96];
        plot_quote(title, sizeof title, device_stage_label((enum device_stage)stage));
        fprintf(out,
                "'../stages.csv' using (column('time.%s_s')/%g) linecolor rgb '%s' title '%s', "
                "\\\n    ",
                name, unit_s, stage_colours[stage], title);
        const size_t used = strlen(rest);
        snprintf(rest + used, sizeof rest - used, "-column('time.%s_s')", name);
    }
    fprintf(out,
            "'../stages.csv' using ((%s)/%g):xticlabels(stringcolumn('class')) linecolor rgb "
            "'#f0f0f0' title 'all else'\n",
            rest, unit_s);
}

bool draw_stages(const struct drawing *d)
{
    const struct share sum = add_up(d->x->study);
    const struct time_axis axis = time_axis_until(fmax(sum.total_s / sum.n_devices, 1e-3));
    char y_label[96];
    snprintf(y_label, sizeof y_label, "%s from the failure to everything, mean", axis.unit);
    const struct plot plot = {
        "stages", "Where the time of a device goes", d->note, "class of device", y_label, NULL};
    FILE *const out = sum.total_s > 0 ? drawing_begin(d, &plot) : NULL;
    if (out == NULL) {
        return false;
    }
    fputs("set style data histograms\nset style histogram rowstacked\nset boxwidth 0.7\n"
          "set style fill solid 1.0 border rgb '#ffffff'\nset yrange [0:*]\n"
          "set xtics noenhanced rotate by -20\nset grid noxtics\nplot ",
          out);
    write_stack(&sum, axis.unit_s, out);
    drawing_end(d, &plot, out);
    return true;
}
