#include "models/state_size.h"

double state_size_byte(const struct scenario *s, double users, double documents, double devices)
{
    const double per_document = s->prime_sync.state_byte_per_item;
    const double per_document_and_device = s->device_sync.state_byte_per_item;
    return users * documents * (per_document_and_device * devices + per_document);
}

double state_size_expected_byte(const struct scenario *s)
{
    return state_size_byte(s, s->users, sim_dist_mean(s->mailbox.documents), s->devices.per_user);
}
