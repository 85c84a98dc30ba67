/* cli/expect_words.h -- what became of an expectation, in words with the bound it was judged on. */
#ifndef CLI_EXPECT_WORDS_H
#define CLI_EXPECT_WORDS_H

#include "study/expect.h"

#include <stdio.h>

/* "5.94 min, at most 6.12 min" (met), "9.1 min, at least 8.8 min" (missed), "8.2 min, between 7.9 and 8.5 min; about
 * 40 replications would decide" (undecided). */
void expect_words(const struct expectation *x, const struct judgement *j, FILE *out);

#endif
