#include "models/scenario.h"

#include <math.h>
#include <stdlib.h>

static void fini_class(struct device_class *c)
{
    free(c->name);
    sim_dist_destroy(c->access_rate);
    sim_dist_destroy(c->rtt);
    sim_dist_destroy(c->promotion);
    sim_dist_destroy(c->reconnect_delay);
    sim_dist_destroy(c->erase_time);
    sim_dist_destroy(c->backoff.jitter);
}

static void fini_mailbox(struct mailbox_config *m)
{
    sim_dist_destroy(m->documents);
    sim_dist_destroy(m->received_per_day);
    sim_dist_destroy(m->mail_byte);
    sim_dist_destroy(m->attachment_byte);
    sim_dist_destroy(m->contacts);
    sim_dist_destroy(m->calendar_entries);
}

void scenario_fini(struct scenario *s)
{
    for (uint32_t i = 0; i < s->devices.n_classes; i++) {
        fini_class(&s->devices.device_class[i]);
    }
    for (uint32_t i = 0; i < s->n_servers; i++) {
        free(s->server[i].name);
        vm_host_config_fini(&s->server[i].vm);
    }
    for (uint32_t i = 0; i < s->n_timeline; i++) {
        free(s->timeline[i].text);
    }
    fini_mailbox(&s->mailbox);
    sim_dist_destroy(s->profile.mail_days);
    sim_dist_destroy(s->poison.restart);
    sim_dist_destroy(s->devices.offline_time);
    sim_dist_destroy(s->security.contact);
    sim_dist_destroy(s->security.age);
    free(s->devices.device_class);
    free(s->server);
    free(s->timeline);
    sim_dist_destroy(s->balancer.name.kept);
    sim_dist_destroy(s->pool.database.latency);
    free(s->title);
    free(s->precision.figures);
    *s = (struct scenario){0};
}

uint32_t scenario_n_devices(const struct scenario *s)
{
    return (uint32_t)floor(s->users * s->devices.per_user + 0.5);
}
