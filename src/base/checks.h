#ifndef RECUR_CHECKS_H
#define RECUR_CHECKS_H

#include <stdbool.h>

/* What debug and sanitized builds look after, and releases do not. */

#if defined(__SANITIZE_ADDRESS__)
#define RECUR_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RECUR_ASAN 1
#endif
#endif

/* What a caller must see to, such as an index in range: a mistake in the program, and no input from
 * outside, which gives a status. Ends the program where it does not hold. */
#if !defined(NDEBUG) || defined(RECUR_ASAN)
#define RECUR_ASSERTS 1
#define RC_ASSERT(condition) \
  ((condition) ? (void)0 : rc_assert_failed(#condition, __FILE__, __LINE__))
_Noreturn void rc_assert_failed(const char *condition, const char *file, int line);
#else
#define RC_ASSERT(condition) ((void)sizeof(condition)) /* compiled, not run */
#endif

/* Whether all of them, [count], lie in [0, below). */
static inline bool indices_below(const int *indices, int count, int below) {
  for (int i = 0; i < count; i++) {
    if (indices[i] < 0 || indices[i] >= below) return false;
  }
  return true;
}

#endif
