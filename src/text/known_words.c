#include "known_words.h"

#include "fnv.h"
#include "letters.h"

enum { BITS_A_WORD = 12, PROBES = 6 };

/* Two hashes in one (FNV-1a, mixed), of which every probe is a sum (Kirsch and Mitzenmacher 2006,
 * "Less Hashing, Same Performance"). */
static uint64_t hash_of(utf8_text word, known_kind kind) {
  uint64_t hash = FNV_BEGIN;
  for (size_t at = 0; at < word.bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(word.text + at, word.bytes - at, &c);
    hash = fnv_add(hash, letters_lower(c));
  }
  /* The kind last: as the first of what is hashed it would be as if another letter were. */
  hash = (hash ^ hash >> 29 ^ (uint64_t)kind << 40) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 32;
}

static size_t probe(uint64_t hash, uint32_t i, size_t bytes) {
  const uint32_t place = (uint32_t)hash + i * ((uint32_t)(hash >> 32) | 1);
  return (size_t)(((uint64_t)place * (8 * (uint64_t)bytes)) >> 32);
}

size_t known_words_bytes(size_t entries) {
  return entries * BITS_A_WORD / 8 + 1;
}

void known_words_add(uint8_t *bits, size_t bytes, utf8_text word, known_kind kind) {
  const uint64_t hash = hash_of(word, kind);
  for (uint32_t i = 0; i < PROBES; i++) {
    const size_t at = probe(hash, i, bytes);
    bits[at / 8] |= (uint8_t)(1u << at % 8);
  }
}

bool known_words_has(const known_words *known, utf8_text word, known_kind kind) {
  const uint64_t hash = hash_of(word, kind);
  if (known->bytes == 0) return false;
  for (uint32_t i = 0; i < PROBES; i++) {
    const size_t at = probe(hash, i, known->bytes);
    if ((known->bits[at / 8] >> at % 8 & 1) == 0) return false;
  }
  return true;
}
