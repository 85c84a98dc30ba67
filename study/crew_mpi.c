/* All calls of MPI (3.1) there are: a transport (study/transport.h). A module of its own, built once for every MPI at
 * hand, and no part of the program. */
#include "study/transport.h"

#include <mpi.h>
#include <sysexits.h>

transport_fn primestorm_transport; /* what the program looks up */

static bool begin(int *rank, int *n)
{
    return MPI_Init(NULL, NULL) == MPI_SUCCESS &&
           MPI_Comm_rank(MPI_COMM_WORLD, rank) == MPI_SUCCESS &&
           MPI_Comm_size(MPI_COMM_WORLD, n) == MPI_SUCCESS;
}

static void send_message(int to, enum transport_tag tag, const void *data, size_t byte)
{
    MPI_Send(data, (int)byte, MPI_BYTE, to, (int)tag, MPI_COMM_WORLD);
}

static bool look(int *from, enum transport_tag *tag, size_t *byte)
{
    MPI_Status status;
    int is_here = 0;
    int count = 0;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &is_here, &status);
    if (is_here) {
        MPI_Get_count(&status, MPI_BYTE, &count);
        *from = status.MPI_SOURCE;
        *tag = (enum transport_tag)status.MPI_TAG;
        *byte = (size_t)count;
    }
    return is_here;
}

static void receive(int from, enum transport_tag tag, void *data, size_t byte)
{
    MPI_Recv(data, (int)byte, MPI_BYTE, from, (int)tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static void end(void)
{
    MPI_Finalize();
}

static void abort_all(void)
{
    MPI_Abort(MPI_COMM_WORLD, EX_OSERR);
}

const struct transport *primestorm_transport(void)
{
    static const struct transport transport = {begin, send_message, look, receive, end, abort_all};
    return &transport;
}
