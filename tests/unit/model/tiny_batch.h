#ifndef RECUR_TINY_BATCH_H
#define RECUR_TINY_BATCH_H

#include "translator.h"

/* Three pairs of a few tokens below 6 and 5, for tests of a whole training step. */

enum { SENTENCES = 3, SOURCES = 7, TARGETS = 8 };

static const translator_room ROOM = {.count = SENTENCES,
                                     .source_tokens = SOURCES,
                                     .target_tokens = TARGETS,
                                     .source_length = 4,
                                     .target_length = 4};

/* The longest source has not the longest target. */
static const translator_batch BATCH = {
    .count = SENTENCES,
    .sources = (const int[SOURCES]){5, 0, 1, 2, 3, 4, 1},
    .source_lengths = (const int[SENTENCES]){2, 4, 1},
    .inputs = (const int[TARGETS]){0, 3, 1, 4, 0, 2, 0, 4},
    .outputs = (const int[TARGETS]){3, 1, 4, 1, 2, 1, 4, 1},
    .target_lengths = (const int[SENTENCES]){4, 2, 2},
};

#endif
