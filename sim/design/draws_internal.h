/* Which random numbers of a seed the designs draw: purposes at the far end, where no model's are. */
#ifndef SIM_DESIGN_DRAWS_INTERNAL_H
#define SIM_DESIGN_DRAWS_INTERNAL_H

#include "sim/rng/stream.h"

#include <stdbool.h>

enum { DRAW_LATIN = 0xFF00, DRAW_SOBOL, DRAW_MORRIS, DRAW_BOOTSTRAP };

#endif
