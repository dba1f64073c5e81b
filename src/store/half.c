#include "half.h"

#include <string.h>

static uint32_t float_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

float half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000u) << 16;
  uint32_t exponent = half >> 10 & 0x1Fu;
  uint32_t fraction = half & 0x3FFu;
  if (exponent == 0x1F) return float_of_bits(sign | 0x7F800000u | fraction << 13);
  if (exponent == 0) { /* zero and subnormals: fraction * 2^-24 */
    float magnitude = (float)fraction * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  return float_of_bits(sign | (exponent + (127 - 15)) << 23 | fraction << 13);
}

/* `value` >> shift, rounded to the nearest, ties to even. */
static uint32_t shift_rounded(uint32_t value, int shift) {
  uint32_t kept = value >> shift;
  uint32_t rest = value & ((1u << shift) - 1);
  uint32_t tie = 1u << (shift - 1);
  return kept + (rest > tie || (rest == tie && (kept & 1)));
}

uint16_t half_from_float(float value) {
  uint32_t bits = float_bits(value);
  uint32_t sign = bits >> 16 & 0x8000u;
  uint32_t magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return (uint16_t)(sign | 0x7E00u);  /* NaN */
  if (magnitude >= 0x477FF000u) return (uint16_t)(sign | 0x7C00u); /* from 65520: infinity */
  if (magnitude < 0x33000000u) return (uint16_t)sign;              /* below 2^-25: zero */
  if (magnitude < 0x38800000u) {                                   /* below 2^-14: subnormal */
    int exponent = (int)(magnitude >> 23);                         /* biased by 127 */
    uint32_t significand = (magnitude & 0x7FFFFFu) | 0x800000u;
    return (uint16_t)(sign | shift_rounded(significand, 126 - exponent));
  }
  /* A carry out of the fraction moves into the exponent, where it belongs. */
  return (uint16_t)(sign | (shift_rounded(magnitude, 13) - ((127 - 15) << 10)));
}
