#include "rng.h"

#include <math.h>

#include "checks.h"

static uint64_t splitmix64(uint64_t *state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

rc_rng rng_make(uint64_t seed, uint64_t stream, uint64_t substream) {
  uint64_t mix = seed;
  mix = splitmix64(&mix) ^ stream;
  mix = splitmix64(&mix) ^ substream;
  rc_rng rng = {.state = splitmix64(&mix), .increment = splitmix64(&mix) | 1u};
  (void)rng_u32(&rng);
  return rng;
}

uint32_t rng_u32(rc_rng *rng) {
  uint64_t old = rng->state;
  rng->state = old * 6364136223846793005u + rng->increment;
  uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27);
  uint32_t turn = (uint32_t)(old >> 59);
  return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

float rng_uniform(rc_rng *rng) {
  return (float)(rng_u32(rng) >> 8) * 0x1p-24f;
}

uint32_t rng_below(rc_rng *rng, uint32_t bound) {
  RC_ASSERT(bound > 0);
  uint32_t reject_below = (uint32_t)(0u - bound) % bound;
  for (;;) {
    uint32_t draw = rng_u32(rng);
    if (draw >= reject_below) return draw % bound;
  }
}

float rng_normal(rc_rng *rng) {
  /* In double, which rounds to the same floats with every C library. */
  float radius = sqrtf(-2.0f * (float)log((double)(1.0f - rng_uniform(rng))));
  return radius * (float)cos((double)(6.28318530717958648f * rng_uniform(rng)));
}

void rng_shuffle(rc_rng *rng, int *items, int count) {
  for (int i = count - 1; i > 0; i--) {
    int j = (int)rng_below(rng, (uint32_t)i + 1);
    int kept = items[i];
    items[i] = items[j];
    items[j] = kept;
  }
}
