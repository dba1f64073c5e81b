#ifndef RECUR_RNG_H
#define RECUR_RNG_H

#include <stdint.h>

/* Random numbers with explicit state: PCG32 (O'Neill 2014, "PCG: A Family of Simple Fast
 * Space-Efficient Statistically Good Algorithms for Random Number Generation"), seeded through
 * SplitMix64. */

typedef struct rc_rng {
  uint64_t state, increment;
} rc_rng;

/* A generator for one (seed, stream, substream) triple. Triples give independent sequences, so a
 * shard of a step draws the same numbers whichever thread runs it and whenever training resumed. */
rc_rng rng_make(uint64_t seed, uint64_t stream, uint64_t substream);

uint32_t rng_u32(rc_rng *rng);

/* Uniform in [0, 1), 24 bits. */
float rng_uniform(rc_rng *rng);

/* Uniform in [0, bound) without bias; bound > 0. */
uint32_t rng_below(rc_rng *rng, uint32_t bound);

/* Standard normal (Box-Muller, one value a call). */
float rng_normal(rc_rng *rng);

/* Fisher-Yates. */
void rng_shuffle(rc_rng *rng, int *items, int count);

#endif
