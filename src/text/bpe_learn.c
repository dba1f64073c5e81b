#include "bpe_learn.h"

#include <string.h>

#include "bpe.h"
#include "bpe_counts.h"
#include "marks.h"

enum { CHARACTERS = 0x110000, SPACE_MARK = 0x2581, NONE = -1 };

/* A pair of tokens, how often it occurs now, and the words in which it may occur. */
typedef struct pair {
  uint64_t key; /* left << 32 | right; the order of ties */
  int64_t count;
  uint32_t words; /* the first of a list of occurrences + 1, or 0 */
  int touched;    /* the token whose joining last changed it */
  bool used;
} pair;

typedef struct occurrence {
  uint32_t word, next; /* next: index + 1, or 0 */
} occurrence;

typedef struct candidate { /* a pair with the count that it had when it came here */
  int64_t count;
  uint32_t pair;
} candidate;

typedef struct learner {
  const bpe_learning *options;
  word_counts words;
  rc_arena block;         /* holds all the rest */
  int *character;         /* [CHARACTERS] first occurrences, then the token or NONE */
  uint32_t character_end; /* no character from here on occurs */
  /* Word w is symbols [starts[w], starts[w] + lengths[w]): tokens, NONE where there is none. */
  int *symbols;
  size_t *starts;
  uint8_t *lengths;
  pair *pairs; /* [pair_mask + 1] a hash table */
  occurrence *occurrences;
  candidate *heap;   /* the most frequent first, of equals the lower key */
  uint32_t *touched; /* pairs that the last joining made or made more frequent */
  uint32_t pair_mask, occurrence_count, heap_count, touched_count;
  utf8_text *tokens; /* [options->tokens] */
  char *token_text;  /* where the next token's text goes */
  int token_count;
} learner;

/* ---- the heap ---- */

static bool comes_first(const learner *l, candidate a, candidate b) {
  if (a.count != b.count) return a.count > b.count;
  return l->pairs[a.pair].key < l->pairs[b.pair].key;
}

static void push(learner *l, uint32_t which) {
  candidate new = {l->pairs[which].count, which};
  uint32_t at = l->heap_count++;
  for (uint32_t up; at > 0 && comes_first(l, new, l->heap[up = (at - 1) / 2]); at = up) {
    l->heap[at] = l->heap[up];
  }
  l->heap[at] = new;
}

static candidate pop(learner *l) {
  candidate top = l->heap[0], last = l->heap[--l->heap_count];
  uint32_t at = 0;
  for (uint32_t down; (down = 2 * at + 1) < l->heap_count; at = down) {
    if (down + 1 < l->heap_count && comes_first(l, l->heap[down + 1], l->heap[down])) down++;
    if (!comes_first(l, l->heap[down], last)) break;
    l->heap[at] = l->heap[down];
  }
  l->heap[at] = last;
  return top;
}

/* ---- pairs ---- */

static pair *pair_of(learner *l, int left, int right) {
  uint64_t key = (uint64_t)left << 32 | (uint64_t)right;
  uint32_t at = (uint32_t)(key * 0x9E3779B97F4A7C15u >> 32) & l->pair_mask;
  while (l->pairs[at].used && l->pairs[at].key != key) at = (at + 1) & l->pair_mask;
  if (!l->pairs[at].used) l->pairs[at] = (pair){.key = key, .used = true, .touched = NONE};
  return &l->pairs[at];
}

/* Adds the word's count, times `sign`, to each of its pairs. */
static void count_pairs(learner *l, uint32_t word, int sign) {
  const int *symbol = l->symbols + l->starts[word];
  int64_t count = sign * l->words.words[word].count;
  for (int i = 0; i + 1 < l->lengths[word]; i++) {
    if (symbol[i] == NONE || symbol[i + 1] == NONE) continue;
    pair_of(l, symbol[i], symbol[i + 1])->count += count;
  }
}

/* Notes that the pair occurs in the word, and that `token` made it. */
static void note_occurrence(learner *l, pair *p, uint32_t word, int token) {
  l->occurrences[l->occurrence_count] = (occurrence){word, p->words};
  p->words = ++l->occurrence_count;
  if (p->touched == token) return;
  p->touched = token;
  l->touched[l->touched_count++] = (uint32_t)(p - l->pairs);
}

/* Notes the word's pairs that have the token in them; all of them for NONE. */
static void note_pairs(learner *l, uint32_t word, int token, int stamp) {
  const int *symbol = l->symbols + l->starts[word];
  for (int i = 0; i + 1 < l->lengths[word]; i++) {
    if (symbol[i] == NONE || symbol[i + 1] == NONE) continue;
    if (token != NONE && symbol[i] != token && symbol[i + 1] != token) continue;
    note_occurrence(l, pair_of(l, symbol[i], symbol[i + 1]), word, stamp);
  }
}

static void push_touched(learner *l) {
  for (uint32_t i = 0; i < l->touched_count; i++) push(l, l->touched[i]);
  l->touched_count = 0;
}

/* ---- tokens ---- */

static void add_token(learner *l, utf8_text left, utf8_text right) {
  l->tokens[l->token_count++] = (utf8_text){l->token_text, left.bytes + right.bytes};
  memcpy(l->token_text, left.text, left.bytes);
  memcpy(l->token_text + left.bytes, right.text, right.bytes);
  l->token_text += left.bytes + right.bytes;
  *l->token_text++ = '\0';
}

static void add_fixed_tokens(learner *l) {
  static const char digits[] = "0123456789ABCDEF";
  utf8_text none = {"", 0};
  add_token(l, (utf8_text){"<s>", 3}, none);
  add_token(l, (utf8_text){"</s>", 4}, none);
  for (int byte = 0; byte < 256; byte++) {
    char name[] = "<0x00>";
    name[3] = digits[byte >> 4];
    name[4] = digits[byte & 15];
    add_token(l, (utf8_text){name, 6}, none);
  }
}

/* Replaces each left, right in the word by `token`; whether there was one. */
static bool join_in_word(learner *l, uint32_t word, int left, int right, int token) {
  int *symbol = l->symbols + l->starts[word], length = l->lengths[word], kept = 0;
  int first = 0;
  while (first + 1 < length && !(symbol[first] == left && symbol[first + 1] == right)) first++;
  if (first + 1 >= length) return false;
  count_pairs(l, word, -1);
  for (int i = 0; i < length; i++) {
    bool here = i + 1 < length && symbol[i] == left && symbol[i + 1] == right;
    symbol[kept++] = here ? token : symbol[i];
    i += here;
  }
  l->lengths[word] = (uint8_t)kept;
  count_pairs(l, word, 1);
  return true;
}

static void join(learner *l, const pair *best) {
  int left = (int)(best->key >> 32), right = (int)(best->key & UINT32_MAX), token = l->token_count;
  add_token(l, l->tokens[left], l->tokens[right]);
  for (uint32_t at = best->words; at != 0;) {
    occurrence here = l->occurrences[at - 1];
    if (join_in_word(l, here.word, left, right, token)) note_pairs(l, here.word, token, token);
    at = here.next;
  }
  push_touched(l);
}

static void join_all(learner *l) {
  while (l->token_count < l->options->tokens && l->heap_count > 0) {
    candidate best = pop(l);
    const pair *p = &l->pairs[best.pair];
    if (p->count < best.count) { /* it has become rarer since */
      if (p->count >= l->options->pair_min) push(l, best.pair);
    } else if (best.count >= l->options->pair_min) {
      join(l, p);
    }
  }
}

/* ---- setting out ---- */

static void count_characters(learner *l, utf8_text text) {
  for (size_t at = 0; at < text.bytes;) {
    uint32_t character;
    int length = utf8_decode(text.text + at, text.bytes - at, &character);
    at += length > 0 ? (size_t)length : 1;
    if (length == 0) continue;
    if (l->character[character] < INT32_MAX) l->character[character]++;
    if (character >= l->character_end) l->character_end = character + 1;
  }
}

static void add_marks(learner *l) {
  enum { END = MARK_OTHER + MARK_FAMILY };
  for (uint32_t c = MARK_BLOCK; c < END; c++) {
    if (mark_is_case(c) || mark_is_placeholder(c)) l->character[c] = INT32_MAX;
  }
  if (l->character_end < END) l->character_end = END;
}

/* Turns counts of characters into their tokens. */
static rc_status choose_characters(learner *l, rc_error *error) {
  l->character[SPACE_MARK] = INT32_MAX;
  if (l->character_end <= SPACE_MARK) l->character_end = SPACE_MARK + 1;
  if (l->options->marks) add_marks(l);
  int chosen = 0;
  for (uint32_t c = 0; c < l->character_end; c++) {
    bool control = c <= ' ' || (c >= 0x7F && c < 0xA0);
    if (control || l->character[c] < l->options->character_min) l->character[c] = NONE;
    chosen += l->character[c] != NONE;
  }
  if (chosen > l->options->tokens - BPE_FIRST) {
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "a vocabulary of %d tokens is too small: the %d characters of the text and the "
                   "bytes need %d",
                   l->options->tokens, chosen, chosen + BPE_FIRST);
  }
  add_fixed_tokens(l);
  for (uint32_t c = 0; c < l->character_end; c++) {
    if (l->character[c] == NONE) continue;
    char text[UTF8_MAX];
    l->character[c] = l->token_count;
    add_token(l, (utf8_text){text, (size_t)utf8_encode(c, text)}, (utf8_text){"", 0});
  }
  return RC_OK;
}

static int spell(const learner *l, bpe_word word, int *symbols) {
  int count = 0;
  if (word.spaced) symbols[count++] = l->character[SPACE_MARK];
  for (size_t at = 0; at < word.bytes;) {
    uint32_t character;
    int length = utf8_decode(word.text + at, word.bytes - at, &character);
    bool known = length > 0 && character != SPACE_MARK;
    if (length == 0) length = utf8_next(word.text + at, word.bytes - at, &character);
    symbols[count++] = known ? l->character[character] : NONE;
    at += (size_t)length;
  }
  return count;
}

static void set_out_words(learner *l) {
  size_t start = 0;
  for (uint32_t w = 0; w < l->words.count; w++) {
    l->starts[w] = start;
    l->lengths[w] = (uint8_t)spell(l, l->words.words[w].word, l->symbols + start);
    start += l->lengths[w];
    count_pairs(l, w, 1);
    note_pairs(l, w, NONE, BPE_BEGIN);
  }
  push_touched(l);
}

/* Every joining of two symbols makes one of them and at most two pairs. */
static void lay_out(learner *l, rc_arena *arena, size_t symbols) {
  size_t words = l->words.count, tokens = (size_t)l->options->tokens;
  uint32_t slots = 64;
  while (slots < 4 * symbols) slots *= 2;
  l->pair_mask = slots - 1;
  l->character = ARENA_ARRAY(arena, int, CHARACTERS);
  l->symbols = ARENA_ARRAY(arena, int, symbols);
  l->starts = ARENA_ARRAY(arena, size_t, words);
  l->lengths = ARENA_ARRAY(arena, uint8_t, words);
  l->pairs = ARENA_ARRAY(arena, pair, slots);
  l->occurrences = ARENA_ARRAY(arena, occurrence, 3 * symbols);
  l->heap = ARENA_ARRAY(arena, candidate, 3 * symbols);
  l->touched = ARENA_ARRAY(arena, uint32_t, 3 * symbols);
  l->tokens = ARENA_ARRAY(arena, utf8_text, tokens);
  l->token_text = ARENA_ARRAY(arena, char, tokens *(BPE_WORD_MAX * UTF8_MAX + 1));
}

static rc_status allocate(learner *l, rc_error *error) {
  size_t symbols = 0;
  for (uint32_t w = 0; w < l->words.count; w++) {
    symbols += l->words.words[w].word.bytes + l->words.words[w].word.spaced;
  }
  if (symbols > UINT32_MAX / 8) {
    return rc_fail(error, RC_ERR_MEMORY, "%zu bytes of distinct words are too many", symbols);
  }
  rc_arena measure = arena_measure();
  lay_out(l, &measure, symbols);
  RC_TRY(arena_new(&l->block, measure.used, error));
  lay_out(l, &l->block, symbols);
  return arena_check(&l->block, "learning a vocabulary", error);
}

static rc_status copy_tokens(const learner *l, bpe_vocabulary *out, rc_error *error) {
  const char *text = l->tokens[0].text;
  size_t bytes = (size_t)(l->token_text - text), count = (size_t)l->token_count;
  rc_arena measure = arena_measure();
  (void)ARENA_ARRAY(&measure, utf8_text, count);
  (void)ARENA_ARRAY(&measure, char, bytes);
  RC_TRY(arena_new(&out->block, measure.used, error));
  out->tokens = ARENA_ARRAY(&out->block, utf8_text, count);
  char *copy = ARENA_ARRAY(&out->block, char, bytes);
  memcpy(copy, text, bytes);
  for (size_t i = 0; i < count; i++) {
    out->tokens[i] = (utf8_text){copy + (l->tokens[i].text - text), l->tokens[i].bytes};
  }
  out->count = l->token_count;
  return RC_OK;
}

static rc_status learn(learner *l, bpe_vocabulary *out, const utf8_text *texts, size_t count,
                       rc_error *error) {
  RC_TRY(word_counts_make(&l->words, texts, count, error));
  RC_TRY(allocate(l, error));
  for (size_t i = 0; i < count; i++) count_characters(l, texts[i]);
  RC_TRY(choose_characters(l, error));
  set_out_words(l);
  join_all(l);
  return copy_tokens(l, out, error);
}

rc_status bpe_learn(bpe_vocabulary *out, const utf8_text *texts, size_t count,
                    const bpe_learning *options, rc_error *error) {
  *out = (bpe_vocabulary){0};
  if (options->tokens <= BPE_FIRST || options->tokens > BPE_TOKENS_MAX ||
      options->character_min < 1 || options->pair_min < 1) {
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "a vocabulary has %d to %d tokens, and counts start at 1", BPE_FIRST + 1,
                   BPE_TOKENS_MAX);
  }
  learner l = {.options = options};
  rc_status status = learn(&l, out, texts, count, error);
  word_counts_free(&l.words);
  arena_free(&l.block);
  if (status != RC_OK) bpe_vocabulary_free(out);
  return status;
}

void bpe_vocabulary_free(bpe_vocabulary *vocabulary) {
  arena_free(&vocabulary->block);
  *vocabulary = (bpe_vocabulary){0};
}
