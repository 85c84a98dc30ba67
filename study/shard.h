/* study/shard.h -- a part of a study that is run by itself. */
#ifndef STUDY_SHARD_H
#define STUDY_SHARD_H

#include <stdbool.h>
#include <stdint.h>

struct shard {
    uint32_t index, n; /* 1 .. n of n; 0 of 1 is everything */
};

enum { SHARD_MOST = 1000000 };

/* Reads "3/16". False if it is none: 1 <= 3 <= 16 <= SHARD_MOST must hold. */
bool shard_parse(const char *text, struct shard *shard);

/* The part that falls to this job of an array of Slurm, "--array=1-N", by its environment. False if it is none, or one
 * that does not begin at 1 or leaves numbers out: then N cannot be known. */
bool shard_of_array(struct shard *shard);

#endif
