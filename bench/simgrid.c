#include "bench/simgrid.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* SIMGRID_FLOWS is the driver's path, or "": the build knows whether it could be made. */

enum { FLOWS, ENDS, SAID, N_FILES, PATH_LENGTH = 64 };

struct bench_simgrid {
    struct bench_load *load;
    double used_s;
    char folder[PATH_LENGTH];
    char path[N_FILES][PATH_LENGTH];
};

const char *bench_simgrid_absent(void)
{
    return SIMGRID_FLOWS[0] == '\0' ? "no SimGrid (libsimgrid-dev)" : NULL;
}

static _Noreturn void fail(struct bench_simgrid *s, const char *text)
{
    fprintf(stderr, "bench_sharing: SimGrid: %s\n", text);
    bench_simgrid_close(s);
    exit(1);
}

static FILE *must_open(struct bench_simgrid *s, int file, const char *mode)
{
    FILE *const f = fopen(s->path[file], mode);
    if (f == NULL) {
        fail(s, "a file of its folder cannot be opened");
    }
    return f;
}

struct bench_simgrid *bench_simgrid_open(struct bench_load *load)
{
    static const char *const names[N_FILES] = {"flows.csv", "ends.csv", "said"};
    static struct bench_simgrid s;
    s = (struct bench_simgrid){.load = load, .folder = "/tmp/bench_simgrid.XXXXXX"};
    if (mkdtemp(s.folder) == NULL) {
        fail(&s, "no folder");
    }
    for (int i = 0; i < N_FILES; i++) {
        snprintf(s.path[i], PATH_LENGTH, "%.40s/%s", s.folder, names[i]);
    }
    FILE *const flows = must_open(&s, FLOWS, "w");
    bench_load_print(load, flows);
    fclose(flows);
    return &s;
}

static void read_ends(struct bench_simgrid *s)
{
    char line[80];
    uint32_t n = 0;
    uint32_t id;
    double finish_s;
    FILE *const ends = must_open(s, ENDS, "r");
    while (fgets(line, sizeof line, ends) != NULL) {
        if (sscanf(line, "%u,%lf", &id, &finish_s) == 2 && id < s->load->n) {
            s->load->flow[id].finish_s = finish_s;
            n++;
        }
    }
    fclose(ends);
    if (n != s->load->n) {
        fail(s, "it did not say when all flows end");
    }
}

static void read_used(struct bench_simgrid *s)
{
    char line[256];
    bool is_said = false;
    FILE *const said = must_open(s, SAID, "r");
    while (fgets(line, sizeof line, said) != NULL) {
        is_said = sscanf(line, "cpu_s %lf", &s->used_s) == 1 || is_said;
    }
    fclose(said);
    if (!is_said) {
        fail(s, "it did not say how long it took");
    }
}

void bench_simgrid_run(struct bench_simgrid *s)
{
    char command[4 * PATH_LENGTH + sizeof SIMGRID_FLOWS];
    snprintf(command, sizeof command, "'%s' %s %llu > %s 2> %s", SIMGRID_FLOWS, s->path[FLOWS],
             (unsigned long long)s->load->capacity_bit_per_s, s->path[ENDS], s->path[SAID]);
    if (system(command) != 0) {
        fail(s, "the driver failed");
    }
    read_ends(s);
    read_used(s);
}

double bench_simgrid_used_s(const struct bench_simgrid *s)
{
    return s->used_s;
}

void bench_simgrid_close(struct bench_simgrid *s)
{
    for (int i = 0; i < N_FILES; i++) {
        remove(s->path[i]);
    }
    rmdir(s->folder);
}
