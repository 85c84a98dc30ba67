/* models/schema_rows.h -- the parts of the scenario table; for the files schema_*.c. */
#ifndef MODELS_SCHEMA_ROWS_H
#define MODELS_SCHEMA_ROWS_H

#include "models/schema.h"

#include <math.h>
#include <stddef.h>

#define AT(field)    offsetof(struct scenario, field)
#define N_ROWS(rows) (sizeof(rows) / sizeof(rows)[0])

extern const struct schema_section schema_run;
extern const struct schema_section schema_precision;
extern const struct schema_section schema_timeline;
extern const struct schema_section schema_devices;
extern const struct schema_section schema_classes;
extern const struct schema_section schema_mailbox;
extern const struct schema_section schema_network;
extern const struct schema_section schema_balancer;
extern const struct schema_section schema_pool;
extern const struct schema_section schema_servers;
extern const struct schema_section schema_sync;
extern const struct schema_section schema_mail;
extern const struct schema_section schema_poison;
extern const struct schema_section schema_security;

#endif
