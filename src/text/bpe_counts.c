#include "bpe_counts.h"

#include <string.h>

#include "fnv.h"

enum { SLOTS_FIRST = 1 << 12 };

/* FNV-1a over the bytes, and whether a space comes before them. */
static uint64_t hash_of(bpe_word word) {
  const uint64_t hash = fnv_add_bytes(FNV_BEGIN ^ word.spaced, word.text, word.bytes);
  return hash ^ hash >> 32;
}

static bool same(bpe_word a, bpe_word b) {
  return a.spaced == b.spaced && a.bytes == b.bytes && memcmp(a.text, b.text, a.bytes) == 0;
}

/* The slot of a word, or the empty one where it belongs. */
static uint32_t *slot_of(const word_counts *counts, bpe_word word, uint64_t hash) {
  uint32_t at = (uint32_t)hash & counts->slot_mask;
  for (; counts->slots[at] != 0; at = (at + 1) & counts->slot_mask) {
    const counted_word *there = &counts->words[counts->slots[at] - 1];
    if (there->hash == hash && same(there->word, word)) break;
  }
  return &counts->slots[at];
}

/* Room for slots / 2 words. */
static rc_status make_table(word_counts *out, uint32_t slots, rc_error *error) {
  *out = (word_counts){.slot_mask = slots - 1};
  rc_arena measure = arena_measure();
  (void)ARENA_ARRAY(&measure, counted_word, slots / 2);
  (void)ARENA_ARRAY(&measure, uint32_t, slots);
  RC_TRY(arena_new(&out->block, measure.used, error));
  out->words = ARENA_ARRAY(&out->block, counted_word, slots / 2);
  out->slots = ARENA_ARRAY(&out->block, uint32_t, slots); /* a new arena is zero */
  return arena_check(&out->block, "a table of words", error);
}

static rc_status grow(word_counts *counts, rc_error *error) {
  word_counts larger;
  if (counts->slot_mask > UINT32_MAX / 4) {
    return rc_fail(error, RC_ERR_MEMORY, "more than %u distinct words", counts->count);
  }
  RC_TRY(make_table(&larger, 2 * (counts->slot_mask + 1), error));
  larger.count = counts->count;
  memcpy(larger.words, counts->words, counts->count * sizeof *counts->words);
  for (uint32_t i = 0; i < counts->count; i++) {
    *slot_of(&larger, counts->words[i].word, counts->words[i].hash) = i + 1;
  }
  word_counts_free(counts);
  *counts = larger;
  return RC_OK;
}

static rc_status count_words(word_counts *counts, utf8_text text, rc_error *error) {
  bpe_words words = {.text = text.text, .bytes = text.bytes};
  for (bpe_word word; bpe_next_word(&words, &word);) {
    uint64_t hash = hash_of(word);
    uint32_t *slot = slot_of(counts, word, hash);
    if (*slot == 0) {
      if (counts->count == (counts->slot_mask + 1) / 2) {
        RC_TRY(grow(counts, error));
        slot = slot_of(counts, word, hash);
      }
      counts->words[counts->count] = (counted_word){.word = word, .hash = hash};
      *slot = ++counts->count;
    }
    counts->words[*slot - 1].count++;
  }
  return RC_OK;
}

rc_status word_counts_make(word_counts *out, const utf8_text *texts, size_t count,
                           rc_error *error) {
  RC_TRY(make_table(out, SLOTS_FIRST, error));
  for (size_t i = 0; i < count; i++) {
    rc_status status = count_words(out, texts[i], error);
    if (status != RC_OK) {
      word_counts_free(out);
      return status;
    }
  }
  return RC_OK;
}

void word_counts_free(word_counts *counts) {
  arena_free(&counts->block);
  *counts = (word_counts){0};
}
