#include "layer_noise.h"

#include <string.h>

#include "letters.h"
#include "marks.h"

/* In how many texts of a hundred each happens. */
enum { LOWER = 60, APOSTROPHES = 70, STOP = 70, SLIP = 25 };

static bool happens(rc_rng *rng, uint32_t percent) {
  return rng_below(rng, 100) < percent;
}

/* The character that ends at `end`, 0 at the start, and its length. */
static size_t last(const char *text, size_t end, uint32_t *c) {
  *c = 0;
  for (size_t back = 1; back <= UTF8_MAX && back <= end; back++) {
    if ((size_t)utf8_decode(text + end - back, back, c) == back) return back;
  }
  return 0;
}

static bool is_letter(const char *text, size_t at, size_t bytes) {
  uint32_t c;
  if (at >= bytes) return false;
  (void)utf8_next(text + at, bytes - at, &c);
  return letters_class(c) == LETTER_LATIN;
}

/* Without marks of case, or without apostrophes between letters. */
static void leave_out(noisy_text *t, bool marks, bool apostrophes) {
  size_t kept = 0;
  for (size_t at = 0, next; at < t->bytes; at = next) {
    uint32_t c, before;
    next = at + (size_t)utf8_next(t->text + at, t->bytes - at, &c);
    (void)last(t->text, kept, &before);
    const bool inside = letters_class(before) == LETTER_LATIN && is_letter(t->text, next, t->bytes);
    if ((marks && mark_is_case(c)) || (apostrophes && c == '\'' && inside)) continue;
    memmove(t->text + kept, t->text + at, next - at);
    kept += next - at;
  }
  t->bytes = kept;
}

static bool ends_with_stop(const noisy_text *t) {
  const size_t n = t->bytes;
  return n > 1 && t->text[n - 1] == '.' && t->text[n - 2] != '.';
}

/* A letter twice, or in its neighbour's place, or missing. */
static void slip(noisy_text *t, rc_rng *rng) {
  if (t->bytes == 0) return;
  size_t at = rng_below(rng, (uint32_t)t->bytes);
  while (at > 0 && ((unsigned char)t->text[at] & 0xC0) == 0x80) at--;
  uint32_t c;
  const size_t one = (size_t)utf8_next(t->text + at, t->bytes - at, &c), next = at + one;
  if (!is_letter(t->text, at, t->bytes) || !is_letter(t->text, next, t->bytes)) return;
  const size_t two = (size_t)utf8_next(t->text + next, t->bytes - next, &c);
  char letter[UTF8_MAX];
  memcpy(letter, t->text + at, one);
  switch (rng_below(rng, 3)) {
    case 0:
      memmove(t->text + next, t->text + at, t->bytes - at);
      t->bytes += one;
      break;
    case 1:
      memmove(t->text + at, t->text + next, two);
      memcpy(t->text + at + two, letter, one);
      break;
    default:
      memmove(t->text + at, t->text + next, t->bytes - next);
      t->bytes -= one;
  }
}

void layer_noise_add(utf8_text source, utf8_text target, rc_rng *rng, noisy_text *noisy_source,
                     noisy_text *noisy_target) {
  noisy_text *s = noisy_source, *t = noisy_target;
  memcpy(s->text, source.text, source.bytes);
  memcpy(t->text, target.text, target.bytes);
  s->bytes = source.bytes;
  t->bytes = target.bytes;
  const bool lower = happens(rng, LOWER);
  uint32_t first = 0;
  const size_t mark = t->bytes > 0 ? (size_t)utf8_next(t->text, t->bytes, &first) : 0;
  if (lower && first == MARK_CAPITAL) {
    memmove(t->text, t->text + mark, t->bytes - mark);
    t->bytes -= mark;
  }
  const bool apostrophes = happens(rng, APOSTROPHES);
  leave_out(s, lower, apostrophes);
  if (happens(rng, STOP) && ends_with_stop(s) && ends_with_stop(t)) {
    s->bytes--;
    t->bytes--;
  }
  if (happens(rng, SLIP)) slip(s, rng);
}
