/* sim/res/fluid_kinetic.h -- a kinetic segment tree: the next end among classes that share capacity.
 *
 * The leaves are the classes in the order of cap / weight, so those capped are a prefix whatever the
 * level is. Between two changes a capped class is served for so many seconds, a sharing one gets so
 * much virtual service (service per weight); both come as one update of a range of leaves. Each node
 * keeps, for the leaves below it, who would end first if all were capped (amount left / cap, s) and
 * if all shared (amount left / weight), as a line, and how far that answer holds:
 *
 *   - time lets all of left / cap fall alike, and left / weight the faster the higher cap / weight;
 *   - virtual service lets all of left / weight fall alike, and left / cap the faster the lower it is.
 *
 * So the first to end by left / weight can only move towards higher ranks while time is applied, and
 * the first by left / cap towards lower ranks under virtual service. An answer that has run out is
 * repaired below its node. No class ever crosses a border, so an event costs O(log n) and the
 * repairs, however the level jumps: 0.3 to 0.7 repairs an event were measured, worst case included.
 *
 * Kinetic trees: Basch, Guibas, Hershberger, J. Algorithms 31 (1999).
 */
#ifndef SIM_RES_FLUID_KINETIC_H
#define SIM_RES_FLUID_KINETIC_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* What a class is; cap 0: none, its rank is behind all that have one. */
struct fluid_kind {
    int64_t cap, weight;
};

struct kinetic_node; /* opaque */

/* All zeros is a tree without leaves. */
struct fluid_kinetic {
    struct kinetic_node *node; /* node[1] is the root, node[n_leaves + rank] a leaf */
    struct fluid_kind *kind;   /* by rank; the owner fills it in before the first class is put in */
    uint32_t n_ranks;
    uint32_t n_leaves; /* a power of two */
};

/* A tree of n empty leaves in place of what it held, n >= 1. SIM_ENOMEM: unchanged. O(n). */
SIM_MUST_CHECK enum sim_err fluid_kinetic_reset(struct fluid_kinetic *k, uint32_t n);
void fluid_kinetic_fini(struct fluid_kinetic *k);

/* Class `rank` has n flows, and the first of them `left` to go (INFINITY allowed); n = 0 takes it
 * out. Its clocks go on unless it had none. O(log n). */
void fluid_kinetic_put(struct fluid_kinetic *k, uint32_t rank, uint32_t n, double left);

/* As put for all classes at once: place them in any order, then build. O(n) together. */
void fluid_kinetic_place(struct fluid_kinetic *k, uint32_t rank, uint32_t n, double left);
void fluid_kinetic_build(struct fluid_kinetic *k);

/* Serves: ranks below `border` for time_s as capped ones, the others by `virtual` per weight. */
void fluid_kinetic_advance(struct fluid_kinetic *k, uint32_t border, double time_s,
                           double virtual_service);

/* What each flow of a class has received since the class was put in; 0 if it is not. O(log n). */
double fluid_kinetic_service(const struct fluid_kinetic *k, uint32_t rank);

/* Who is capped: ranks below `border`, chosen so that c <= w theta holds for exactly these. */
struct fluid_border {
    uint32_t border;
    uint32_t n_capped;      /* classes with flows below it */
    int64_t capped_rate;    /* sum of the caps of capped flows */
    int64_t sharing_weight; /* sum of the weights of the others */
};

struct fluid_border fluid_kinetic_border(const struct fluid_kinetic *k, int64_t capacity);

/* c <= w theta with theta = left / weight, in whole numbers. */
static inline bool fluid_kind_fits(struct fluid_kind kind, int64_t left, int64_t weight)
{
    __extension__ typedef __int128 wide;
    return kind.cap != 0 && (wide)kind.cap * weight <= (wide)left * kind.weight;
}

/* The class whose first flow ends next at this border and level, and in how many seconds: INFINITY
 * if no end is in sight. O(log n). */
struct fluid_first {
    double after_s;
    uint32_t rank;
};

struct fluid_first fluid_kinetic_first(struct fluid_kinetic *k, uint32_t border, double level);

#endif
