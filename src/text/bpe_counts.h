#ifndef RECUR_BPE_COUNTS_H
#define RECUR_BPE_COUNTS_H

#include <stdint.h>

#include "arena.h"
#include "bpe_words.h"

/* The distinct words of many texts and how often each occurs. */

typedef struct counted_word {
  bpe_word word;
  uint64_t hash;
  int64_t count;
} counted_word;

typedef struct word_counts {
  counted_word *words; /* [count], in the order of their first occurrence */
  uint32_t *slots;     /* [slot_mask + 1] a hash table: a word's index + 1, or 0 */
  uint32_t count, slot_mask;
  rc_arena block; /* holds them */
} word_counts;

/* Counts the words; they point into the texts. RC_ERR_MEMORY. The caller ends it with
 * word_counts_free, which is harmless after a failure. */
rc_status word_counts_make(word_counts *out, const utf8_text *texts, size_t count, rc_error *error);
void word_counts_free(word_counts *counts);

#endif
