#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* make_pairs SEED BYTES [PAIRS]: pairs of two made-up languages, source<TAB>target a line, at least
 * so many bytes of them and no more than one pair beyond; or so many pairs. Words are as frequent
 * as in a language (Zipf 1949), the k-th of the target translates the k-th of the source, and there
 * are names, numbers, repeated pairs and pairs whose sides do not belong together. The text depends
 * on the seed alone. */

enum { WORDS = 1 << 16, WORD_MAX = 32, LINE_MAX_BYTES = 4096 };

static uint64_t state;

/* SplitMix64 (Steele, Lea and Flood 2014) */
static uint64_t next(void) {
  uint64_t x = state += 0x9E3779B97F4A7C15u;
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
  x = (x ^ x >> 27) * 0x94D049BB133111EBu;
  return x ^ x >> 31;
}

static unsigned below(unsigned bound) {
  return (unsigned)((next() >> 32) * bound >> 32);
}

typedef struct word {
  char text[WORD_MAX];
  size_t bytes;
} word;

static word source[WORDS], target[WORDS];

/* The more frequent, the shorter. */
static word make_word(unsigned rank, const char *const *begins, const char *const *ends) {
  word w = {.bytes = 0};
  unsigned syllables = 1U + (rank > 40) + (rank > 2000) + below(2);
  for (unsigned i = 0; i < syllables; i++) {
    w.bytes += (size_t)snprintf(w.text + w.bytes, WORD_MAX - w.bytes, "%s%s", begins[below(16)],
                                ends[below(8)]);
  }
  return w;
}

static void make_words(void) {
  static const char *const begins[] = {"b", "c", "d", "f", "g", "l",  "m",  "n",
                                       "p", "r", "s", "t", "v", "st", "th", "pr"};
  static const char *const ends[] = {"a", "e", "i", "o", "u", "er", "on", "al"};
  static const char *const other[] = {"a", "\xC3\xA9", "i", "o", "ou", "eur", "on", "ent"};
  for (unsigned i = 0; i < WORDS; i++) source[i] = make_word(i, begins, ends);
  for (unsigned i = 0; i < WORDS; i++) target[i] = make_word(i, begins, other);
}

/* Frequencies fall as one over the rank, about: its logarithm is uniform. */
static unsigned draw_word(void) {
  const unsigned octave = below(16);
  return (1U << octave) - 1 + below(1U << octave);
}

typedef struct line {
  char text[2][LINE_MAX_BYTES];
  size_t bytes[2];
} line;

static void add(line *l, int side, const char *text, size_t bytes) {
  memcpy(l->text[side] + l->bytes[side], text, bytes);
  l->bytes[side] += bytes;
}

static void add_word(line *l, unsigned i) {
  char number[16];
  const unsigned kind = below(40);
  const word *words[2] = {&source[i], &target[i]};
  const size_t at = l->bytes[0];
  if (kind == 0) {
    const int bytes = snprintf(number, sizeof number, "%u", below(10000));
    for (int side = 0; side < 2; side++) add(l, side, number, (size_t)bytes);
    return;
  }
  if (kind == 1) words[1] = words[0]; /* a name */
  for (int side = 0; side < 2; side++) {
    const size_t start = l->bytes[side];
    add(l, side, words[side]->text, words[side]->bytes);
    char *first = &l->text[side][start];
    if ((kind == 1 || at == 0) && *first >= 'a' && *first <= 'z') *first = (char)(*first - 32);
  }
}

static void make_line(line *l) {
  const unsigned words = 3 + below(12) + (below(8) == 0 ? 20 : 0);
  l->bytes[0] = l->bytes[1] = 0;
  for (unsigned i = 0; i < words; i++) {
    if (i > 0) {
      add(l, 0, " ", 1);
      add(l, 1, " ", 1);
    }
    add_word(l, draw_word());
  }
  add(l, 0, ".", 1);
  add(l, 1, ".", 1);
  if (below(50) == 0) l->bytes[1] = l->bytes[1] < 6 ? l->bytes[1] : 6; /* not its translation */
  while (l->bytes[1] > 0 && ((unsigned char)l->text[1][l->bytes[1] - 1] & 0x80) != 0) {
    l->bytes[1]--; /* of a cut character */
  }
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fputs("usage: make_pairs SEED BYTES [PAIRS]\n", stderr);
    return 2;
  }
  state = strtoull(argv[1], NULL, 10);
  const uint64_t most = strtoull(argv[2], NULL, 10);
  const uint64_t pairs = argc > 3 ? strtoull(argv[3], NULL, 10) : UINT64_MAX;
  static line l;
  uint64_t done = 0;
  make_words();
  for (uint64_t i = 0; i < pairs && done < most; i++) {
    if (i == 0 || below(100) > 0) make_line(&l); /* or the last once more */
    fwrite(l.text[0], 1, l.bytes[0], stdout);
    putchar('\t');
    fwrite(l.text[1], 1, l.bytes[1], stdout);
    putchar('\n');
    done += l.bytes[0] + l.bytes[1] + 2;
  }
  return fflush(stdout) == 0 ? 0 : 1;
}
