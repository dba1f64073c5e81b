#ifndef RECUR_KERNELS_VEC_H
#define RECUR_KERNELS_VEC_H

/* A small vector vocabulary. fast.h is written in it once; each instruction set has one header that
 * defines it, included before this one: vec_scalar.h, vec_sse2.h (NEON too, through SIMDe),
 * vec_avx2.h, vec_avx512.h, vec_simd128.h. Each defines:
 *
 *   vec              VEC floats
 *   VEC              lanes
 *   GEMM_VECS        vectors in a row of gemm's register tile
 *   GEMM_ROWS        rows of that tile, as many as the registers hold; 1 makes the smallest code
 *
 *   vec_load(p), vec_store(p, v)          no alignment needed
 *   vec_load_part(p, n)                   0 < n < VEC lanes, zeros above; touches only p[0..n)
 *   vec_store_part(p, n, v)               0 < n < VEC lanes; touches only p[0..n)
 *   vec_keep(n, v)                        v with the lanes from n up cleared, 0 < n < VEC
 *   vec_set1(x)
 *   vec_add, vec_sub, vec_mul, vec_div, vec_sqrt
 *   vec_fma(a, b, c)                      a b + c, one rounding or two as the hardware has it
 *   vec_max(a, b)                         a > b ? a : b, so b where either is NaN
 *   vec_minus_abs(x)                      -|x|
 *   vec_copy_sign(x, s)                   x >= 0 with the sign of s
 *   vec_if_negative(x, a, b)              x < 0 ? a : b
 *   vec_shift_to_exponent(x)              the bits of x moved up by 23
 *   vec_sum(v), vec_maximum(v)            over the lanes, in a fixed order
 *
 *   vec_wide                              VEC doubles
 *   vec_wide_zero(), vec_wide_add_square(w, v) = w + v v, vec_wide_sum(w)
 *
 *   TRANSPOSED                            4 or 8
 *   vec_transpose(x, ldx, y, ldy)         y[i, j] = x[j, i] for TRANSPOSED x TRANSPOSED floats */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* A vector that may be the last, shorter one: 0 < lanes <= VEC. */
ALWAYS_INLINE vec load_lanes(int lanes, const float *p) {
  return lanes == VEC ? vec_load(p) : vec_load_part(p, lanes);
}
ALWAYS_INLINE void store_lanes(int lanes, float *p, vec v) {
  if (lanes == VEC) {
    vec_store(p, v);
  } else {
    vec_store_part(p, lanes, v);
  }
}

/* Where every byte of code is downloaded: what is worth a call, and what runs only when weights are
 * loaded. */
#ifdef __wasm__
#define VEC_SHARED static __attribute__((noinline))
#define VEC_ONCE static __attribute__((minsize))
#else
#define VEC_SHARED static inline
#define VEC_ONCE static
#endif

/* e^x - 1 = 2^n e^r - 1 with x = n ln 2 + r and |r| <= ln 2 / 2, for x <= 88, in two
 * parts:
 *
 *   scale = 2^n,   scaled = 2^n (e^r - 1)
 *
 * so that e^x = scaled + scale, and e^x - 1 = scaled + (scale - 1) is accurate near 0 as well.
 * Below -88 both parts are exactly 0; NaN stays NaN. e^r - 1 = r + r^2 P(r), with P of degree 4
 * fitted by Lawson's method to the least maximum relative error of e^r, 3e-9. */
typedef struct vec_exp_parts {
  vec scale, scaled;
} vec_exp_parts;

static inline vec_exp_parts vec_split_exp(vec x) {
  /* Adding 1.5 2^23 rounds to an integer, held in the low bits; 127 more is the exponent's bias. */
  const vec shift = vec_set1(0x1.8p23f + 127);
  x = vec_max(vec_set1(-88.0f), x);
  const vec shifted = vec_fma(x, vec_set1(1.44269504f), shift);
  const vec n = vec_sub(shifted, shift);
  /* ln 2 in two parts, the first so short that n times it is exact. */
  vec r = vec_fma(n, vec_set1(-0.693359375f), x);
  r = vec_fma(n, vec_set1(2.12194440e-4f), r);
  vec p = vec_set1(0.00138145476f);
  p = vec_fma(p, r, vec_set1(0.00836874731f));
  p = vec_fma(p, r, vec_set1(0.041668389f));
  p = vec_fma(p, r, vec_set1(0.166665196f));
  p = vec_fma(p, r, vec_set1(0.49999994f));
  p = vec_fma(vec_mul(r, r), p, r);
  const vec scale = vec_shift_to_exponent(shifted);
  return (vec_exp_parts){scale, vec_mul(scale, p)};
}

/* e^x for x <= 88; relative error at most 2e-7, exactly 0 below -88. */
static inline vec vec_exp(vec x) {
  const vec_exp_parts e = vec_split_exp(x);
  return vec_add(e.scaled, e.scale);
}

/* e^x - 1 for x <= 88; relative error at most 3e-7. */
static inline vec vec_expm1(vec x) {
  const vec_exp_parts e = vec_split_exp(x);
  return vec_add(e.scaled, vec_sub(e.scale, vec_set1(1)));
}

#endif
