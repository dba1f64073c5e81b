#include "sentences.h"

#include <string.h>

#include "utf8.h"
#include "word_list.h"

/* Abbreviations, without their last point. The first never end a sentence, the second do where one
 * of `starters` follows, the third do unless a digit follows. */
static const char never_end[] =
    "Mr Mrs Ms Dr Prof St Mt Sgt Cpl Pvt Capt Cmdr Lt Col Gen Maj Adm Brig Supt Insp Det Sen Rep "
    "Gov Pres Hon Messrs Rev Fr Msgr Mme Mlle vs e.g i.e E.g I.e cf Cf viz al ca approx incl excl";
static const char may_end[] =
    "etc Inc Ltd Co Corp Bros Jr Sr Jan Feb Mar Apr Aug Sep Sept Oct Nov Dec Ave Blvd Rd Dept Univ "
    "Esq Ph.D M.Sc B.Sc";
static const char before_digits[] =
    "No no Nos nos p pp Vol vol Ch ch Fig fig Sec sec Art art Op op Eq eq Tel tel Ext ext";
static const char starters[] =
    "A After And Are As At But Can Could Did Do Does Each Every For Have He Her Here His How I If "
    "In Is It Its Just Let Maybe My No Nobody Not Now Oh On Or Our Please She So Some Thank Thanks "
    "That The Their Then There These They This Those Was We Were What When Where Who Why Would Yes "
    "You Your";

enum { STARTER_MAX = 6 }; /* bytes */

static bool is_one_of(const char *list, const char *word, size_t bytes) {
  return word_is_listed(list, (utf8_text){word, bytes}, false);
}

static bool is_line_end(uint32_t c) {
  return c == '\n' || c == '\r' || c == '\t' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_terminator(uint32_t c) {
  return c == '.' || c == '!' || c == '?' || c == 0x2026;
}

static bool is_wide_terminator(uint32_t c) {
  return c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
}

static bool is_quote(uint32_t c) {
  return c == '"' || c == '\'' || (c >= 0x2018 && c <= 0x201F) || c == 0xAB || c == 0xBB ||
         c == 0x2039 || c == 0x203A;
}

/* And what joins and varies them. */
static bool is_emoji(uint32_t c) {
  return (c >= 0x1F000 && c < 0x1FC00) || (c >= 0x2600 && c < 0x27C0) || c == 0x2B50 ||
         c == 0xFE0F || c == 0x200D || (c >= 0xE0020 && c < 0xE0080);
}

static bool is_opener(uint32_t c) {
  return is_quote(c) || c == '(' || c == '[' || c == '{' || c == 0x300C || c == 0x300E;
}

static bool is_closer(uint32_t c) {
  return is_quote(c) || c == ')' || c == ']' || c == '}' || c == 0x300D || c == 0x300F ||
         is_emoji(c);
}

static bool is_pause(uint32_t c) {
  return c == ',' || c == ';' || c == ':' || c == 0x2013 || c == 0x2014;
}

static bool is_lower(uint32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7);
}

static bool is_capital(uint32_t c) {
  return c >= 'A' && c <= 'Z';
}

static bool is_digit(uint32_t c) {
  return c >= '0' && c <= '9';
}

typedef struct span {
  const char *text;
  size_t start, end;
} span;

/* The character at the start, of which it returns the length; a line end and 0 if there is none. */
static size_t first(span s, uint32_t *c) {
  *c = '\n';
  return s.start >= s.end ? 0 : (size_t)utf8_next(s.text + s.start, s.end - s.start, c);
}

/* The character at the end, likewise. */
static size_t last(span s, uint32_t *c) {
  *c = '\n';
  size_t length = 0;
  for (size_t back = 1; back <= UTF8_MAX && back <= s.end - s.start && length == 0; back++) {
    length = (size_t)utf8_decode(s.text + s.end - back, back, c);
    if (length != back) length = 0;
  }
  if (length > 0 || s.start >= s.end) return length;
  *c = UTF8_REPLACEMENT;
  return 1;
}

static span without_openers(span s) {
  uint32_t c;
  for (size_t length; (length = first(s, &c)) > 0 && is_opener(c);) s.start += length;
  return s;
}

static span without_closers(span s) {
  uint32_t c;
  for (size_t length; (length = last(s, &c)) > 0 && is_closer(c);) s.end -= length;
  return s;
}

static bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether the word is points between single letters: "U.S", "a.m". */
static bool is_acronym(const char *word, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    if (i % 2 == 0 ? !is_ascii_letter(word[i]) : word[i] != '.') return false;
  }
  return bytes > 1 && bytes % 2 == 1;
}

static bool is_number(const char *word, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    if (!is_digit((unsigned char)word[i])) return false;
  }
  return bytes > 0;
}

/* Whether a usual first word stands at the start. */
static bool begins_sentence(span next) {
  size_t bytes = 0;
  while (bytes < next.end - next.start && bytes <= STARTER_MAX) {
    char c = next.text[next.start + bytes];
    if (!is_ascii_letter(c) && (unsigned char)c != 0xC3) break; /* 0xC3 leads accented letters */
    bytes++;
  }
  return is_one_of(starters, next.text + next.start, bytes);
}

/* Whether a single point after `word` ends the sentence that began at `start`. */
static bool point_ends(span word, size_t start, span next) {
  const char *text = word.text + word.start;
  size_t bytes = word.end - word.start;
  uint32_t c;
  (void)first(next, &c);
  if (is_one_of(never_end, text, bytes)) return false;
  if (is_one_of(before_digits, text, bytes)) return !is_digit(c);
  if (is_number(text, bytes)) return word.start > start;
  bool initial = bytes == 1 && is_capital((unsigned char)*text) && *text != 'I';
  if (initial || is_acronym(text, bytes) || is_one_of(may_end, text, bytes))
    return begins_sentence(next);
  return true;
}

/* ":-)", ";)", "<3" */
static bool is_smiley(const char *word, size_t bytes) {
  if (bytes < 2 || bytes > 3) return false;
  if (word[0] == '<') return word[1] == '3';
  const bool eyes = word[0] == ':' || word[0] == ';' || word[0] == '=';
  return eyes && (bytes == 2 || word[1] == '-') && strchr(")(DPp]|/*", word[bytes - 1]) != NULL;
}

/* The word at the start, up to white space; whether it belongs to the sentence before it: it is
 * emoji, a smiley, or quotation marks and brackets that close. */
static bool is_tail(span s) {
  uint32_t c;
  size_t at = s.start;
  bool closers = true, opens = false;
  for (size_t length; (length = first((span){s.text, at, s.end}, &c)) > 0 && !utf8_is_space(c);) {
    closers = closers && is_closer(c) && c != '\'' && c != '"';
    opens = opens || (c >= 0x2018 && c <= 0x201F) || c == 0xAB || c == 0x2039;
    at += length;
  }
  const size_t bytes = at - s.start;
  return (closers && !opens && bytes > 0) || is_smiley(s.text + s.start, bytes);
}

/* Whether a sentence that began at `start` ends with the word that white space parts from `next`.
 */
static bool word_ends(span word, size_t start, span next) {
  uint32_t c;
  size_t length;
  word = without_closers(word);
  if ((length = last(word, &c)) == 0 || !is_terminator(c)) return false;
  bool point = c == '.';
  word.end -= length;
  if (last(word, &c) > 0 && is_terminator(c)) point = false;
  next = without_openers(next);
  (void)first(next, &c);
  if (is_lower(c) || is_terminator(c)) return false;
  return !point || point_ends(without_openers(word), start, next);
}

/* The white space at `at`: where it ends, and whether a line does in it. */
static size_t pass_space(const char *text, size_t bytes, size_t at, bool *ends_line) {
  uint32_t c;
  *ends_line = false;
  for (size_t length; (length = first((span){text, at, bytes}, &c)) > 0 && utf8_is_space(c);) {
    *ends_line = *ends_line || is_line_end(c);
    at += length;
  }
  return at;
}

static bool finish(sentence *s, size_t end, size_t next, bool ends_line) {
  s->end = end;
  s->next = next;
  s->ends_line = ends_line;
  return true;
}

/* Begins a line, if one begins. */
static void look_ahead(const char *text, size_t bytes, sentence *s) {
  if (s->next < s->line_end) return;
  size_t start = s->next, at = start;
  uint32_t c;
  for (size_t length; (length = first((span){text, at, bytes}, &c)) > 0 && !is_line_end(c);) {
    at += length;
  }
  s->line_end = at;
  s->uncut = at - start <= s->whole && at - start <= SENTENCES_MAX;
}

/* What the words of a sentence so far say. */
typedef struct reading {
  bool tail; /* the word is what belongs to a sentence before it */
  bool due;  /* and that sentence has ended */
} reading;

/* Whether the sentence ends with the word, which white space parts from `next`. */
static bool ends_here(reading *r, span word, size_t start, span next) {
  uint32_t c;
  const bool tail = r->tail;
  r->tail = is_tail(next);
  if (!tail) r->due = word_ends(word, start, next);
  if (r->tail) return false;
  if (!tail) return r->due;
  (void)first(without_openers(next), &c);
  return r->due ? !is_lower(c) : begins_sentence(next);
}

bool sentences_next(const char *text, size_t bytes, sentence *s) {
  size_t start = s->next, word = start, at = start;
  if (start >= bytes) return false;
  look_ahead(text, bytes, s);
  sentence pause = {.end = start}, space = pause; /* where it can be cut if need be */
  reading read = {.tail = false};
  bool wide = false; /* a wide terminator and closers came last */
  s->start = start;
  uint32_t c, before = 0;
  for (size_t length; at < bytes; at += length) {
    length = first((span){text, at, bytes}, &c);
    if (utf8_is_space(c)) {
      bool line;
      size_t next = pass_space(text, bytes, at, &line);
      if (line || next == bytes || next - start > SENTENCES_MAX || at == start ||
          (!s->uncut &&
           ends_here(&read, (span){text, word, at}, start, (span){text, next, bytes}))) {
        return finish(s, at, next, line);
      }
      (void)finish(&space, at, next, false);
      if (is_pause(before)) pause = space;
      length = next - at;
      word = next;
    } else if (at + length - start > SENTENCES_MAX) {
      sentence cut = pause.end - start > SENTENCES_MAX / 2 ? pause : space;
      if (cut.next == 0 && s->unbroken) continue;
      if (cut.next == 0) (void)finish(&cut, at, at, false);
      return finish(s, cut.end, cut.next, false);
    } else if (wide && !s->uncut && !is_wide_terminator(c) && !is_closer(c)) {
      return finish(s, at, at, false);
    }
    wide = is_wide_terminator(c) || (wide && is_closer(c));
    before = c;
  }
  return finish(s, bytes, bytes, false);
}
