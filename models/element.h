/* models/element.h -- servers, classes of devices: which a scenario has, and what to say of one that it lacks.
 */
#ifndef MODELS_ELEMENT_H
#define MODELS_ELEMENT_H

#include "models/schema.h"
#include "models/settings.h"

/* Does the scenario have the element that `place` lies in? True outside collections. */
bool element_is_there(const struct settings *settings, const struct schema_place *place);

/* What is wrong where it is not, and what would be right. At most `size` bytes. */
void element_missing_text(const struct settings *settings, const struct schema_place *place,
                          char *text, size_t size);

/* "; naming servers.C replaces the built-in A and B; name them too": the end of a message about an
 * element of the collection that is not there. Empty if nothing built-in was replaced, or if `wanted`
 * is none of what was; where `wanted` is NULL, if the scenario names several and no built-in among
 * them: they are all its own. At most `size` bytes. */
void element_replaced_text(const struct settings *settings, const struct schema_section *section,
                           const char *wanted, char *text, size_t size);

#endif
