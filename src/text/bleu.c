#include "bleu.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matches.h"
#include "tokenize_13a.h"

typedef struct token {
  utf8_text text;
  uint32_t *symbol; /* where its number goes */
} token;

/* The hypothesis and its references as numbers, and their matches. All that is laid out for adding
 * a sentence may lie over an arena that only measures. */
typedef struct numbers {
  uint32_t *symbols;
  size_t *starts;
  int64_t *each; /* [references, order] */
} numbers;

static size_t symbols_max(size_t bytes, size_t references) {
  return bytes + (references + 1) * MATCHES_ORDER_MAX;
}

static numbers lay_out(rc_arena *arena, size_t bytes, size_t references, size_t order) {
  return (numbers){.symbols = ARENA_ARRAY(arena, uint32_t, symbols_max(bytes, references)),
                   .starts = ARENA_ARRAY(arena, size_t, references + 2),
                   .each = ARENA_ARRAY(arena, int64_t, references * order)};
}

/* The arena that only measures, with what matches_count takes behind the rest. */
static size_t with_matches(rc_arena *measure, size_t bytes, size_t references) {
  (void)arena_alloc(measure, 1, matches_bytes(symbols_max(bytes, references), references + 1));
  return measure->used;
}

/* Room to find a sentence's tokens in. */
typedef struct token_room {
  char *tokenized, *scratch; /* [tokenize_13a_bytes] */
  token *items;
} token_room;

static token_room lay_out_tokens(rc_arena *arena, size_t bytes, size_t references) {
  /* Every text has its own margin; tokens are at least a byte and a space. */
  size_t room = tokenize_13a_bytes(bytes) + (references + 1) * tokenize_13a_bytes(0);
  return (token_room){.tokenized = ARENA_ARRAY(arena, char, room),
                      .scratch = ARENA_ARRAY(arena, char, room),
                      .items = ARENA_ARRAY(arena, token, bytes)};
}

size_t bleu_add_bytes(size_t bytes, size_t references) {
  rc_arena measure = arena_measure();
  (void)lay_out(&measure, bytes, references, BLEU_ORDER);
  (void)lay_out_tokens(&measure, bytes, references);
  return with_matches(&measure, bytes, references);
}

static int compare(const void *a, const void *b) {
  utf8_text left = ((const token *)a)->text, right = ((const token *)b)->text;
  int order = memcmp(left.text, right.text, left.bytes < right.bytes ? left.bytes : right.bytes);
  return order != 0 ? order : (left.bytes > right.bytes) - (left.bytes < right.bytes);
}

/* Numbers the tokens so that equal ones have equal numbers. */
static void number(token *tokens, size_t count) {
  if (count > 0) qsort(tokens, count, sizeof *tokens, compare);
  uint32_t last = 0;
  for (size_t i = 0; i < count; i++) {
    if (i == 0 || compare(&tokens[i - 1], &tokens[i]) != 0) last++;
    *tokens[i].symbol = last;
  }
}

/* Turns texts into sequences of symbols, the hypothesis first. */
static void set_out(token_room *t, numbers *n, utf8_text hypothesis, const utf8_text *references,
                    size_t count) {
  size_t found = 0, used = 0;
  char *at = t->tokenized;
  for (size_t i = 0; i <= count; i++) {
    utf8_text text = i == 0 ? hypothesis : references[i - 1];
    n->starts[i] = used;
    const char *end = at + tokenize_13a(text.text, text.bytes, at, t->scratch);
    for (const char *word = at; word < end;) {
      const char *space = memchr(word, ' ', (size_t)(end - word));
      if (space == NULL) space = end;
      t->items[found++] = (token){{word, (size_t)(space - word)}, &n->symbols[used++]};
      word = space + 1;
    }
    at += tokenize_13a_bytes(text.bytes);
    memset(&n->symbols[used], 0, MATCHES_ORDER_MAX * sizeof *n->symbols);
    used += MATCHES_ORDER_MAX;
  }
  n->starts[count + 1] = used;
  number(t->items, found);
}

/* The length of the reference that comes closest, the shorter of two. */
static int64_t closest_length(const match_sequences *all) {
  int64_t length = (int64_t)matches_length(all, 0), best = (int64_t)matches_length(all, 1);
  for (size_t r = 2; r < all->count; r++) {
    int64_t other = (int64_t)matches_length(all, r);
    int64_t nearer = llabs(best - length) - llabs(other - length);
    if (nearer > 0 || (nearer == 0 && other < best)) best = other;
  }
  return best;
}

static size_t bytes_of(utf8_text hypothesis, const utf8_text *references, size_t count) {
  size_t bytes = hypothesis.bytes;
  for (size_t i = 0; i < count; i++) bytes += references[i].bytes;
  return bytes;
}

rc_status bleu_add(bleu_counts *counts, utf8_text hypothesis, const utf8_text *references,
                   size_t count, rc_arena *scratch, rc_error *error) {
  if (count == 0) return rc_fail(error, RC_ERR_ARGUMENT, "BLEU without a reference");
  size_t bytes = bytes_of(hypothesis, references, count);
  arena_reset(scratch);
  numbers s = lay_out(scratch, bytes, count, BLEU_ORDER);
  token_room t = lay_out_tokens(scratch, bytes, count);
  RC_TRY(arena_check(scratch, "the tokens of a sentence", error));
  set_out(&t, &s, hypothesis, references, count);
  match_sequences all = {s.symbols, s.starts, count + 1};
  int64_t correct[BLEU_ORDER];
  RC_TRY(matches_count(&all, BLEU_ORDER, scratch, correct, s.each, error));
  for (int n = 0; n < BLEU_ORDER; n++) {
    counts->correct[n] += correct[n];
    counts->total[n] += (int64_t)matches_ngrams(&all, 0, n + 1);
  }
  counts->length += (int64_t)matches_length(&all, 0);
  counts->reference_length += closest_length(&all);
  return RC_OK;
}

/* BLEU = BP * exp(mean over n of log p_n), BP = min(1, exp(1 - r / c)), p_n = correct / total */
bleu_score bleu_from(const bleu_counts *counts, bool effective_order) {
  bleu_score out = {.brevity_penalty = 1};
  double length = (double)counts->length, reference = (double)counts->reference_length;
  if (length < reference) out.brevity_penalty = length > 0 ? exp(1 - reference / length) : 0;
  if (counts->correct[0] == 0) return out; /* and then no order has a match */
  double logs = 0, halves = 1;
  int orders = 0;
  for (; orders < BLEU_ORDER && counts->total[orders] > 0; orders++) {
    double total = (double)counts->total[orders], correct = (double)counts->correct[orders];
    if (correct == 0) correct = halves /= 2;
    out.precisions[orders] = 100 * correct / total;
    logs += log(out.precisions[orders]);
  }
  if (orders < BLEU_ORDER && !effective_order) return out; /* a precision of 0 */
  out.score = out.brevity_penalty * exp(logs / orders);
  return out;
}

static void sign(int references, const char *what, const char *version, char *out,
                 size_t capacity) {
  char number[16] = "var";
  if (references > 0) (void)snprintf(number, sizeof number, "%d", references);
  (void)snprintf(out, capacity, "nrefs:%s|case:mixed|%s|version:%s", number, what, version);
}

void bleu_signature(int references, const char *version, char *out, size_t capacity) {
  sign(references, "eff:no|tok:13a|smooth:exp", version, out, capacity);
}

/* ---- chrF ---- */

size_t chrf_add_bytes(size_t bytes, size_t references) {
  rc_arena measure = arena_measure();
  (void)lay_out(&measure, bytes, references, CHRF_ORDER);
  return with_matches(&measure, bytes, references);
}

/* Appends a text's characters without white space, each one more than its code point. */
static size_t put_characters(utf8_text text, uint32_t *symbols, size_t used) {
  for (size_t at = 0; at < text.bytes;) {
    uint32_t character;
    at += (size_t)utf8_next(text.text + at, text.bytes - at, &character);
    if (!tokenize_is_space(character)) symbols[used++] = character + 1;
  }
  memset(&symbols[used], 0, MATCHES_ORDER_MAX * sizeof *symbols);
  return used + MATCHES_ORDER_MAX;
}

/* The counts of one reference, [CHRF_ORDER] of its matches given. */
static chrf_counts against(const match_sequences *all, size_t reference, const int64_t *matched) {
  chrf_counts out;
  for (int n = 0; n < CHRF_ORDER; n++) {
    out.reference[n] = (int64_t)matches_ngrams(all, reference, n + 1);
    /* An order that the reference is too short for does not count against the hypothesis. */
    out.hypothesis[n] = out.reference[n] > 0 ? (int64_t)matches_ngrams(all, 0, n + 1) : 0;
    out.matched[n] = matched[n];
  }
  return out;
}

rc_status chrf_add(chrf_counts *counts, utf8_text hypothesis, const utf8_text *references,
                   size_t count, rc_arena *scratch, rc_error *error) {
  if (count == 0) return rc_fail(error, RC_ERR_ARGUMENT, "chrF without a reference");
  arena_reset(scratch);
  numbers c = lay_out(scratch, bytes_of(hypothesis, references, count), count, CHRF_ORDER);
  RC_TRY(arena_check(scratch, "the characters of a sentence", error));
  c.starts[0] = 0;
  for (size_t i = 0; i <= count; i++) {
    c.starts[i + 1] =
        put_characters(i == 0 ? hypothesis : references[i - 1], c.symbols, c.starts[i]);
  }
  match_sequences all = {c.symbols, c.starts, count + 1};
  int64_t any[CHRF_ORDER];
  RC_TRY(matches_count(&all, CHRF_ORDER, scratch, any, c.each, error));
  chrf_counts best = against(&all, 1, c.each);
  for (size_t r = 2; r <= count; r++) {
    chrf_counts other = against(&all, r, c.each + (r - 1) * CHRF_ORDER);
    if (chrf_from(&other) > chrf_from(&best)) best = other;
  }
  for (int n = 0; n < CHRF_ORDER; n++) {
    counts->hypothesis[n] += best.hypothesis[n];
    counts->reference[n] += best.reference[n];
    counts->matched[n] += best.matched[n];
  }
  return RC_OK;
}

/* F = (1 + b^2) P R / (b^2 P + R) with b = 2 */
double chrf_from(const chrf_counts *counts) {
  double precision = 0, recall = 0;
  int orders = 0;
  for (int n = 0; n < CHRF_ORDER; n++) {
    if (counts->hypothesis[n] == 0 || counts->reference[n] == 0) continue;
    precision += (double)counts->matched[n] / (double)counts->hypothesis[n];
    recall += (double)counts->matched[n] / (double)counts->reference[n];
    orders++;
  }
  if (precision + recall == 0) return 0;
  precision /= orders;
  recall /= orders;
  return 100 * 5 * precision * recall / (4 * precision + recall);
}

void chrf_signature(int references, const char *version, char *out, size_t capacity) {
  sign(references, "eff:yes|nc:6|nw:0|space:no", version, out, capacity);
}
