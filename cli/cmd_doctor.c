/* primestorm doctor: is everything there? */
#include "cli/cmd.h"
#include "cli/stop.h"
#include "cli/version.h"
#include "output/gnuplot.h"
#include "output/xlsx.h"

#include <csv.h>
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <unistd.h>

enum exit_code cmd_doctor(int argc, char **argv)
{
    char gnuplot[64];
    (void)argc;
    (void)argv;
    const bool has_gnuplot = gnuplot_version(stop_requested, gnuplot, sizeof gnuplot);
    printf("primestorm  %s (%s)\n", PRIMESTORM_VERSION, PRIMESTORM_REVISION);
    printf("build       %s\n", PRIMESTORM_BUILD);
    printf("gsl         %s\n", gsl_version);
    printf("libcsv      %d.%d.%d\n", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
    printf("jansson     %s\n", JANSSON_VERSION);
    printf("processors  %ld\n", sysconf(_SC_NPROCESSORS_ONLN));
    printf("workbooks   %s\n", xlsx_is_there() ? "yes" : "no: built without libxlsxwriter");
    printf("gnuplot     %s\n", has_gnuplot ? gnuplot : "not found");
    if (!has_gnuplot) {
        puts("\nWithout gnuplot the tables and the plot scripts are written, but no pictures.\n"
             "On Debian: apt-get install gnuplot-nox");
    }
    return EXIT_OK;
}
