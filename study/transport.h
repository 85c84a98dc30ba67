/* study/transport.h -- messages between the processes of a study (ranks 0 .. n-1), whatever carries them.
 *
 * A transport is a module that is loaded when the program was started as several processes (cli/ranks.h), so that the
 * plain program knows nothing of MPI, and one program serves every MPI there is a module for.
 */
#ifndef STUDY_TRANSPORT_H
#define STUDY_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

enum transport_tag {
    TRANSPORT_HELLO,  /* a worker to rank 0: it is ready, or why not */
    TRANSPORT_TASK,   /* rank 0 to a worker: a run */
    TRANSPORT_RESULT, /* back: what came of it */
    TRANSPORT_QUIT,   /* rank 0 to a worker: no more runs, and end the one under way */
    TRANSPORT_BYE     /* a worker's last word */
};

struct transport {
    bool (*begin)(int *rank, int *n); /* false if the processes cannot be joined */
    void (*send)(int to, enum transport_tag tag, const void *data, size_t byte);
    /* Is a message here? Says from whom, what and how long. */
    bool (*look)(int *from, enum transport_tag *tag, size_t *byte);
    /* Takes the message that look found. */
    void (*receive)(int from, enum transport_tag tag, void *data, size_t byte);
    void (*end)(void);   /* waits for all */
    void (*abort)(void); /* ends all processes where they are; does not return */
};

/* What a module exports under this name. */
#define TRANSPORT_SYMBOL "primestorm_transport"
typedef const struct transport *transport_fn(void);

#endif
