/* cli/ranks.h -- was the program started as several processes, by mpirun, mpiexec or srun? Then they are joined.
 *
 * The module that speaks their MPI is looked for beside the program and where `install` puts it:
 * primestorm-openmpi.so or primestorm-mpich.so, as the environment of the process says. A program that was started
 * alone loads neither.
 */
#ifndef CLI_RANKS_H
#define CLI_RANKS_H

#include "cli/exit_code.h"
#include "study/crew_ranks.h"

struct ranks {
    const struct transport *transport; /* NULL: alone */
    int rank, n;
    bool is_dismissed; /* rank 0: the others were sent home */
    bool are_gone;     /* and have left */
};

/* Joins them; nothing is to be done if there is one. The words of all ranks but 0 are lost from here on, as they
 * would be the same. EXIT_UNAVAILABLE without a module, with a word of rank 0. */
enum exit_code ranks_begin(struct ranks *r);

/* Was the program started as several processes? Whoever cannot share its work asks before it begins. */
bool ranks_are_several(void);

/* By which MPIs processes can be joined here, as "openmpi, mpich": their modules load. Empty if there is none. */
void ranks_list_mpis(char *text, size_t size);

/* One of those that carry out runs? */
bool ranks_is_worker(const struct ranks *r);

/* For a worker: makes runs of the plan until it is dismissed; NULL: it could not make one. */
enum exit_code ranks_work(const struct plan *plan);

/* Parts. Rank 0 dismisses the others if it has not yet, and aborts those that it could not hear out. */
void ranks_end(void);

/* The ranks of this process, for those who run a study. */
struct ranks *ranks_here(void);

#endif
