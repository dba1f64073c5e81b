#ifndef RECUR_FNV_H
#define RECUR_FNV_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a of 64 bits (Fowler, Noll and Vo; RFC 9923): from FNV_BEGIN on, over one value after the
 * other. */
#define FNV_BEGIN UINT64_C(0xCBF29CE484222325)

static inline uint64_t fnv_add(uint64_t hash, uint32_t value) {
  return (hash ^ value) * UINT64_C(0x100000001B3);
}

static inline uint64_t fnv_add_bytes(uint64_t hash, const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) hash = fnv_add(hash, (unsigned char)bytes[i]);
  return hash;
}

#endif
