#include "models/poison.h"

#include "models/purpose.h"

#include <math.h>

void poison_draw(struct poison poison[], const struct sim *sim, const struct poison_config *config,
                 const struct mailbox *mailboxes, uint32_t n_users)
{
    for (uint32_t i = 0; i < config->documents; i++) {
        struct sim_stream stream;
        sim_open_stream(sim, &stream, i, PURPOSE_POISON, 0);
        const uint32_t user = (uint32_t)(sim_stream_uniform(&stream) * n_users);
        const double place = sim_stream_uniform(&stream);
        poison[i] = (struct poison){user, (uint32_t)(place * mailboxes[user].documents)};
    }
}

double poison_restart_s(const struct poison_config *config, const struct sim *sim, uint32_t server,
                        uint32_t crash)
{
    struct sim_stream stream;
    sim_open_stream(sim, &stream, server, PURPOSE_CRASH, (uint16_t)crash);
    return fmax(sim_dist_draw(config->restart, &stream), 0);
}
