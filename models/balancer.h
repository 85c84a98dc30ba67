/* models/balancer.h -- the load balancer in front of the sync servers.
 *
 * All connections go to one active server; the others stand by. Health checks run every
 * check_interval; after `fall` failed ones in a row a server is marked down, and, if failover is
 * automatic, the next server in the scenario's order that is up becomes active, hold_down after the
 * mark, if the server is not back by then. Until the mark connections go to the dead server and end
 * in 503 after connect_timeout; while it holds and nobody else has taken over, in 503 at once. A
 * server that is marked down is up again after `rise` good checks in a row. If failback is automatic,
 * connections then go back to the first server that is up, and those to the other end.
 *
 * That is the method `active`. With `round_robin` new connections go by turns to all servers that are
 * up, and a device makes a new one after each long poll, which takes it to a server that may know nothing
 * of it; with stickiness to the one it, or a device of its user, had last, as long as that is up.
 *
 * With `pool` every user has a server, at first by turns, and keeps it as long as that is up; then he
 * gets the one that takes users and has most to spare. If none takes any, his devices are answered 503.
 *
 * Turns are of connections, not of requests: TLS ends at the sync server, so that the balancer sees
 * nothing else (HAProxy, mode tcp). A balancer that ends TLS may deal out each request, which makes the
 * loop over standalone servers faster, and nothing else.
 *
 * A connection without a byte in either direction for idle_timeout is cut: a long poll that is longer, and
 * a request whose answer takes longer to begin, which is a 504 to the client.
 *
 * With `dns` there is no balancer: a name stands for the active server, and who connects goes to the address
 * he remembers (name_cache.h), dead or alive. A dead one does not answer: after connect_timeout the client
 * gives up. A redirect or failback, or an automatic failover by a name server that checks health,
 * changes the name and ends no connection.
 *
 * New connections may be limited by a token bucket of depth rate_burst that fills at rate_limit and
 * is full at first: each connection that is passed on takes a token, and who finds none is answered
 * 503 at once. In any time T at most rate_burst + rate_limit T pass. (nginx, limit_req with nodelay;
 * its burst is one less. HAProxy's rate-limit leaves them in the socket's backlog instead.)
 *
 * Or they are let in a bucket at a time (buckets.h): who has lost its server takes a place in the
 * bucket, and the next one opens when all in it are done, or after bucket_interval. Who ends at a dead
 * server gives its place back.
 *
 * Clients may be blocked: they are answered 503 until they are released; connections they have stand.
 *
 * Each 503 that leaves it, a server's too, may bear the header Retry-After (RFC 9110, 10.2.3):
 * retry_after * uniform(1, 1 + retry_after_fuzz), so that those who obey do not come back in step. The
 * header counts whole seconds; here it does not.
 *
 * Source of the defaults: HAProxy (inter 2 s, fall 3, rise 2); F5 BIG-IP uses 5 s and a time-out of 16 s.
 */
#ifndef MODELS_BALANCER_H
#define MODELS_BALANCER_H

#include "models/name_cache.h"

struct balancer; /* opaque */

enum { BALANCER_NO_SERVER = -1 };

enum balancer_failover {
    FAILOVER_AUTOMATIC, /* by health checks */
    FAILOVER_MANUAL,    /* by the timeline alone */
};

enum balancer_failback {
    FAILBACK_MANUAL, /* by the timeline alone */
    FAILBACK_AUTOMATIC,
};

enum balancer_method { METHOD_ACTIVE, METHOD_ROUND_ROBIN, METHOD_POOL, METHOD_DNS };

enum balancer_stickiness { STICKY_NONE, STICKY_SOURCE, STICKY_USER };

struct balancer_config {
    enum balancer_method method;
    enum balancer_stickiness stickiness; /* of round robin */
    struct name_config name;             /* of dns */
    double check_interval_s;
    uint32_t fall, rise;
    enum balancer_failover failover;
    double hold_down_s; /* between the mark and an automatic failover */
    enum balancer_failback failback;
    double connect_timeout_s;
    double idle_timeout_s; /* 0: none */
    uint32_t max_connections;
    double rate_limit_per_s; /* new connections; 0: no limit */
    uint32_t rate_burst;     /* at once, >= 1 */
    uint32_t bucket;         /* clients let in at a time; 0: all */
    double bucket_interval_s;
    uint32_t groups;      /* for the timeline: users are parted into so many, neighbours together */
    double retry_after_s; /* 0: no such header */
    double retry_after_fuzz; /* share of it, >= 0 */
};

struct balancer_stats {
    uint64_t connections;
    uint64_t refused; /* answers 503: limits, no server up, or a dead one that timed out */
    uint64_t failovers, failbacks;
};

/* How the balancer sees servers and tells of what it does. */
struct balancer_port {
    void *self;
    bool (*is_up)(void *self, uint32_t server); /* the truth, at the moment of a check */
    /* Does a server of the pool take further users, and how much has it to spare? */
    bool (*takes_users)(void *self, uint32_t server, double *availability);
    void (*moved)(void *self, uint32_t from); /* by itself: connections to `from` must end */
};

/* Server 0 of `n_servers` is active at first; clients are numbered from 0 on, and so are their users.
 * `sim`, `config` and `user_of` are borrowed. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err balancer_create(struct sim *sim, const struct balancer_config *config,
                                            uint32_t n_servers, uint32_t n_clients,
                                            const uint32_t *user_of,
                                            const struct balancer_port *port,
                                            struct balancer **out);
void balancer_destroy(struct balancer *b); /* NULL allowed */

/* Takes a connection of a client: the server it goes to, or BALANCER_NO_SERVER for an immediate 503. The server
 * may be dead: then the caller waits connect_timeout for its 503. */
int balancer_connect(struct balancer *b, uint32_t client);

/* A connection that was there before the start, to the active server, or that of the user: no new one,
 * so its rate is not limited. There must be room. */
int balancer_hold(struct balancer *b, uint32_t client);
void balancer_disconnect(struct balancer *b);

/* The server did not answer within connect_timeout: 503. The connection is open still. False if there is
 * nobody to say so, as with dns: then the client has given up by itself. */
bool balancer_give_up(struct balancer *b, uint32_t client);

/* The client has everything it came for. */
void balancer_finish(struct balancer *b, uint32_t client);

/* It is not let in any more, or again. */
void balancer_block(struct balancer *b, uint32_t client, bool is_blocked);

/* It has lost its server: it has to be let in again. */
void balancer_forget(struct balancer *b, uint32_t client);

/* What a 503 says to wait for, s; 0 if it says nothing. Takes one uniform number from the stream. */
double balancer_retry_after_s(const struct balancer *b, struct sim_stream *stream);

/* May another connection be taken, as far as their number goes? */
bool balancer_has_room(const struct balancer *b);

/* `server` is taken out, until a redirect or failback to it; what went to it goes to `target` from now
 * on, whatever the checks say. If connections go elsewhere already, they stay there. */
void balancer_redirect(struct balancer *b, uint32_t server, uint32_t target);

/* The checks of the time after `from_s` up to `to_s`, both <= 0: before the clock starts. Nobody has to be moved. */
void balancer_check_before(struct balancer *b, double from_s, double to_s);

/* The name was changed so long before the start, if it was not before. */
void balancer_age_names(struct balancer *b, double age_s);

/* Does a change of where connections go end those that stand? Not if it is one of a name. */
bool balancer_ends_connections(const struct balancer *b);

/* New connections go to `server` again. */
void balancer_fail_back(struct balancer *b, uint32_t server);

/* Marked so by the checks, ever. */
bool balancer_was_down(const struct balancer *b, uint32_t server);

/* Do connections go to all servers that are there, and not to one? Who sticks is at the first, until that was down. */
bool balancer_uses_all(const struct balancer_config *config, bool was_first_down);

/* Are clients sent from server to server for ever? */
bool balancer_loops(const struct balancer_config *config, uint32_t n_servers);

/* May a client that has ended a request keep its connection for the next? Not where turns are taken. */
bool balancer_keeps(const struct balancer *b);

/* Does `server` have connections, while new ones go to another? */
bool balancer_is_drained(const struct balancer *b, uint32_t server);

/* False while an automatic failback to a server that is up is still to come, and as long as clients are
 * sent from server to server for ever. */
bool balancer_is_settled(const struct balancer *b);

/* After which a connection without a byte is cut, s; INFINITY: never. */
double balancer_idle_timeout_s(const struct balancer *b);

double balancer_connect_timeout_s(const struct balancer *b);
uint32_t balancer_active(const struct balancer *b);
uint32_t balancer_n_connections(const struct balancer *b);
const struct balancer_stats *balancer_stats(const struct balancer *b);

#endif
