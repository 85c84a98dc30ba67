#include "cli/ranks.h"

#include "cli/own_path.h"
#include "cli/stop.h"
#include "cli/version.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One a process: what MPI itself is. */
static struct ranks here;

struct ranks *ranks_here(void)
{
    return &here;
}

/* ---- Who started us? ---- */

static const struct starter {
    const char *mpi;
    const char *n, *rank; /* variables of the environment */
    const char *module;
    const char *package; /* of Debian, to build it */
} starters[] = {
    {"openmpi", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "primestorm-openmpi.so",
     "libopenmpi-dev"},
    {"mpich", "PMI_SIZE", "PMI_RANK", "primestorm-mpich.so", "libmpich-dev"},
};

static long number_of(const char *variable)
{
    const char *const text = getenv(variable);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

/* NULL if this process is alone. */
static const struct starter *find_starter(void)
{
    for (size_t i = 0; i < sizeof starters / sizeof starters[0]; i++) {
        if (number_of(starters[i].n) > 1) {
            return &starters[i];
        }
    }
    return NULL;
}

bool ranks_are_several(void)
{
    return find_starter() != NULL;
}

/* ---- The module ---- */

static void *open_in(const char *folder, const char *module, int scope)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, module);
    return access(path, R_OK) == 0 ? dlopen(path, RTLD_NOW | scope) : NULL;
}

/* Beside the program, or where `install` puts it. */
static void *open_module(const char *module, int scope)
{
    char program[PATH_MAX];
    void *opened = NULL;
    if (own_path(program, sizeof program)) {
        char *const slash = strrchr(program, '/');
        if (slash != NULL) {
            *slash = '\0';
            opened = open_in(program, module, scope);
        }
    }
    return opened != NULL ? opened : open_in(PRIMESTORM_MODULES, module, scope);
}

/* Local: two MPIs have the same names. */
void ranks_list_mpis(char *text, size_t size)
{
    size_t length = 0;
    *text = '\0';
    for (size_t i = 0; i < sizeof starters / sizeof starters[0] && length < size; i++) {
        void *const module = open_module(starters[i].module, RTLD_LOCAL);
        if (module != NULL) {
            length += (size_t)snprintf(text + length, size - length, "%s%s", length > 0 ? ", " : "",
                                       starters[i].mpi);
            dlclose(module);
        }
    }
}

static const struct transport *load(const struct starter *s)
{
    /* Global: parts of an MPI that it loads itself look for its symbols there. It stays until the end: MPI is not left
     * and entered again. */
    void *const module = open_module(s->module, RTLD_GLOBAL);
    void *const symbol = module != NULL ? dlsym(module, TRANSPORT_SYMBOL) : NULL;
    transport_fn *function = NULL;
    if (symbol == NULL) {
        return NULL;
    }
    memcpy(&function, &symbol, sizeof function); /* as POSIX wants it */
    return function();
}

/* All say the same; one is enough. */
static void be_silent(void)
{
    const int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) {
        dup2(nowhere, STDERR_FILENO);
        dup2(nowhere, STDOUT_FILENO);
        close(nowhere);
    }
}

enum exit_code ranks_begin(struct ranks *r)
{
    const struct starter *const s = find_starter();
    if (s == NULL) {
        return EXIT_OK;
    }
    const struct transport *const t = load(s);
    if (t == NULL) {
        if (number_of(s->rank) == 0) {
            const char *const reason = dlerror();
            fprintf(
                stderr,
                "primestorm: %s is missing, which joins the %ld processes%s%s; the program must be "
                "built where %s is installed\n",
                s->module, number_of(s->n), reason != NULL ? ": " : "",
                reason != NULL ? reason : "", s->package);
        }
        return EXIT_UNAVAILABLE;
    }
    if (!t->begin(&r->rank, &r->n)) {
        fputs("primestorm: the processes cannot be joined\n", stderr);
        return EXIT_UNAVAILABLE;
    }
    r->transport = t;
    if (r->rank > 0) {
        be_silent();
    }
    return EXIT_OK;
}

bool ranks_is_worker(const struct ranks *r)
{
    return r->transport != NULL && r->rank > 0;
}

/* ---- Work ---- */

static bool is_to_stop(void *unused)
{
    return stop_requested(unused) || crew_is_dismissed(here.transport);
}

enum exit_code ranks_work(const struct plan *plan)
{
    struct sim_error e = {SIM_OK, ""};
    here.is_dismissed = true; /* one word of it is enough */
    return exit_code_tell(crew_work(plan, here.transport, is_to_stop, &e), &e);
}

void ranks_end(void)
{
    if (here.transport == NULL) {
        return;
    }
    if (here.rank == 0 && !here.is_dismissed) {
        crew_dismiss(here.transport, here.n);
    } else if (here.rank == 0 && !here.are_gone) {
        fflush(NULL);
        here.transport->abort();
    } else if (here.rank > 0 && !here.is_dismissed) {
        (void)ranks_work(NULL);
    }
    here.transport->end();
    here.transport = NULL;
}
