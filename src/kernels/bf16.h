#ifndef RECUR_KERNELS_BF16_H
#define RECUR_KERNELS_BF16_H

#include <stdint.h>
#include <string.h>

/* bf16: the upper half of a float, 8 bits of exponent and 7 of fraction. Rounding is to nearest,
 * ties to even; what is too large becomes infinite, NaN stays NaN. */

static inline uint32_t bf16_rounded_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t rounded = bits + 0x7fffu + (bits >> 16 & 1u), quiet = bits | 0x400000u;
  return (x != x ? quiet : rounded) & 0xffff0000u;
}

/* The nearest float that is a bf16. */
static inline float bf16_round(float x) {
  const uint32_t bits = bf16_rounded_bits(x);
  memcpy(&x, &bits, sizeof x);
  return x;
}

#endif
