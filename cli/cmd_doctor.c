/* primestorm doctor: is everything there? */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/format.h"
#include "cli/ranks.h"
#include "cli/stop.h"
#include "cli/version.h"
#include "models/yaml_source.h"
#include "output/csv.h"
#include "output/gnuplot.h"
#include "output/xlsx.h"
#include "study/store.h"

#include <csv.h>
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <unistd.h>

enum { N_PARTS = 11 };

/* What the program is made of, or uses, and which that is here. */
struct part {
    const char *name;
    char what[160];
};

static const struct argp_child children[] = {{&format_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {NULL,
                                 command_line_child_only,
                                 NULL,
                                 "Say which version this is, of what it is made, and whether "
                                 "everything it uses is there. Ends with 0, whatever is missing.",
                                 children,
                                 NULL,
                                 NULL};

static void look(struct part part[static N_PARTS], bool *has_gnuplot)
{
    char gnuplot[64];
    struct part *p = part;
    const size_t size = sizeof p->what;
    *has_gnuplot = gnuplot_version(stop_requested, gnuplot, sizeof gnuplot);
    p->name = "primestorm";
    snprintf(p++->what, size, "%s (%s)", PRIMESTORM_VERSION, PRIMESTORM_REVISION);
    p->name = "build";
    snprintf(p++->what, size, "%s", PRIMESTORM_BUILD);
    p->name = "gsl";
    snprintf(p++->what, size, "%s", gsl_version);
    p->name = "libcsv";
    snprintf(p++->what, size, "%d.%d.%d", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
    p->name = "jansson";
    snprintf(p++->what, size, "%s", JANSSON_VERSION);
    p->name = "libyaml";
    snprintf(p++->what, size, "%s", yaml_library());
    p->name = "sqlite";
    snprintf(p++->what, size, "%s", store_library());
    p->name = "processors";
    snprintf(p++->what, size, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    char mpi[32];
    ranks_list_mpis(mpi, sizeof mpi);
    p->name = "mpi";
    snprintf(p++->what, size, "%s",
             *mpi != '\0' ? mpi
                          : "no: neither primestorm-openmpi.so nor primestorm-mpich.so loads");
    p->name = "workbooks";
    snprintf(p++->what, size, "%s", xlsx_is_there() ? "yes" : "no: built without libxlsxwriter");
    p->name = "gnuplot";
    snprintf(p->what, size, "%s", *has_gnuplot ? gnuplot : "not found");
}

static enum exit_code print_table(const struct part part[static N_PARTS], enum table_format format)
{
    static const struct table_column columns[] = {
        {"part", "", "what the program is, is made of, or uses", TABLE_TEXT},
        {"found", "", "its version, or what is there", TABLE_TEXT},
    };
    static const struct table table = {"doctor", "a part", columns, 2};
    struct csv *csv;
    struct sim_error e;
    enum sim_err err = csv_create_as("-", &table, format, &csv, &e);
    if (err == SIM_OK) {
        for (int i = 0; i < N_PARTS; i++) {
            csv_text(csv, part[i].name);
            csv_text(csv, part[i].what);
        }
        err = csv_close(csv, &e);
    }
    return exit_code_tell(err, &e);
}

enum exit_code cmd_doctor(int argc, char **argv)
{
    struct format_options o = {.csv = TABLE_CSV};
    struct part part[N_PARTS];
    bool has_gnuplot;
    command_line_parse(&argp, argc, argv, &o);
    look(part, &has_gnuplot);
    if (o.format != FORMAT_TEXT) {
        return print_table(part, format_of_table(&o));
    }
    for (int i = 0; i < N_PARTS; i++) {
        printf("%-11s %s\n", part[i].name, part[i].what);
    }
    if (!has_gnuplot) {
        puts("\nWithout gnuplot the tables and the plot scripts are written, but no pictures.\n"
             "On Debian: apt-get install gnuplot-nox");
    }
    return EXIT_OK;
}
