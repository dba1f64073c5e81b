#include <math.h>
#include <stdint.h>
#include <string.h>

/* What the core asks of <math.h> in double, in the modules: the C library's own have tables, which
 * are a tenth of what a page downloads. Off by an ulp or two; nothing here is for arguments that
 * are not finite. */

static const double LN2_HIGH = 0x1.62e42feep-1, LN2_LOW = 0x1.a39ef35793c76p-33;

/* 2^n, |n| < 1023 */
static double power_of_two(int n) {
  const uint64_t bits = (uint64_t)(1023 + n) << 52;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* e^x = 2^n e^r, r = x - n ln 2, by Taylor's series */
double exp(double x) {
  enum { TERMS = 14, LOWEST = -708, HIGHEST = 709 };
  if (x < LOWEST) return 0;
  if (x > HIGHEST) return INFINITY;
  const int n = (int)(x / (LN2_HIGH + LN2_LOW) + (x < 0 ? -0.5 : 0.5));
  const double r = x - n * LN2_HIGH - n * LN2_LOW;
  double sum = 1;
  for (int k = TERMS; k > 0; k--) sum = 1 + sum * r / k;
  return sum * 2 * power_of_two(n - 1);
}

/* ln(2^n m) = n ln 2 + 2 artanh s, s = (m - 1) / (m + 1), sqrt(1/2) <= m < sqrt(2) */
double log(double x) {
  enum { TERMS = 23 };
  const double root_half = 0x1.6a09e667f3bcdp-1;
  if (x == 0) return -INFINITY;
  if (!(x > 0)) return NAN;
  if (!(x < INFINITY)) return x;
  int n = 0;
  if (x < 0x1p-1022) { /* subnormal */
    x *= 0x1p54;
    n = -54;
  }
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  n += (int)(bits >> 52) - 1022;
  bits = (bits & 0xFFFFFFFFFFFFF) | (uint64_t)1022 << 52;
  double m; /* [1/2, 1) */
  memcpy(&m, &bits, sizeof m);
  if (m < root_half) {
    m *= 2;
    n--;
  }
  const double s = (m - 1) / (m + 1), square = s * s;
  double sum = 0;
  for (int k = TERMS; k > 1; k -= 2) sum = (sum + 1.0 / k) * square;
  return n * LN2_HIGH + (2 * s * (sum + 1) + n * LN2_LOW);
}

/* 0 <= x <= 2 pi, by Taylor's series of cos and sin at 0 for what is left of multiples of pi / 2 */
double cos(double x) {
  enum { TERMS = 20 };
  const double quarter_high = 0x1.921fb544p+0, quarter_low = 0x1.0b4611a626331p-34;
  const int n = (int)(x / (quarter_high + quarter_low) + 0.5);
  const double r = x - n * quarter_high - n * quarter_low, square = r * r;
  const int odd = n & 1; /* then it is +-sin r */
  double sum = 1;
  for (int k = TERMS + odd; k > 1; k -= 2) sum = 1 - sum * square / (k * (k - 1));
  if (odd) sum *= r;
  return ((n + 1) & 2) != 0 ? -sum : sum;
}
