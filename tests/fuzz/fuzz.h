#ifndef RECUR_FUZZ_H
#define RECUR_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls, and replay.c in its place: tries one input, returns 0, aborts on a result
 * that must not be. The input must not be read after the call. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts, saying what does not hold. */
#define FUZZ_CHECK(condition)           \
  do {                                  \
    if (!(condition)) __builtin_trap(); \
  } while (0)

#endif
