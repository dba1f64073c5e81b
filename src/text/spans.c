#include "spans.h"

#include "figures.h"
#include "letters.h"
#include "scan.h"
#include "span_words.h"

/* Each of the functions that take something returns whether it is there; where not, the caller goes
 * back to where it was. They look at no more than what they take and a bounded rest, or at a rest
 * that nothing else looks at again. */

/* ---- between signs ---- */

/* A tag: <b>, </a>, <img src="x">, <!-- -->. */
static bool take_tag(scan *s) {
  enum { TAG_MAX = 400 };
  const size_t start = s->at;
  (void)scan_take(s, '<');
  (void)scan_take(s, '/');
  const uint32_t first = scan_peek(s);
  if (first != '!' && !(first < 0x80 && letters_class(first) == LETTER_LATIN)) return false;
  for (; s->at < s->text.bytes && s->at - start < TAG_MAX; scan_skip(s)) {
    const uint32_t c = scan_peek(s);
    if (c == '>') {
      scan_skip(s);
      return true;
    }
    if (c == '<' || c == '\n') return false;
  }
  return false;
}

/* &amp; &#39; &#x27; */
static bool take_reference(scan *s) {
  enum { NAME_MAX = 31 };
  (void)scan_take(s, '&');
  (void)scan_take(s, '#');
  const size_t start = s->at;
  while (s->at - start < NAME_MAX && scan_peek(s) < 0x80 && scan_peek(s) != '_' &&
         letters_in_word(scan_peek(s))) {
    scan_skip(s);
  }
  return s->at - start >= 2 && scan_take(s, ';');
}

/* What lies between a sign and its partner, without a line end. */
static bool take_until(scan *s, uint32_t close, size_t most, bool spaces) {
  const size_t start = s->at;
  while (s->at < s->text.bytes && s->at - start < most) {
    const uint32_t c = scan_peek(s);
    if (c == '\n' || (!spaces && letters_class(c) == LETTER_SPACE)) return false;
    scan_skip(s);
    if (c == close) return true;
  }
  return false;
}

/* {name}, {first name}, {{ x }}, {0:.2f} */
static bool take_braces(scan *s) {
  enum { BRACES_MAX = 60 };
  (void)scan_take(s, '{');
  const bool two = scan_take(s, '{');
  if (!take_until(s, '}', BRACES_MAX, true)) return false;
  return !two || scan_take(s, '}');
}

/* A sign and the braces that belong to it: ${x}, #{x}, @{x}. */
static bool take_signed_braces(scan *s) {
  scan_skip(s);
  return scan_peek(s) == '{' && take_braces(s);
}

/* %s %1$d %-5.2f %(name)s %1 */
static bool take_format(scan *s) {
  enum { NAME_MAX = 40, DIGITS_MAX = 4 };
  static const char conversions[] = "sdiufxXcgGeEp@";
  (void)scan_take(s, '%');
  if (scan_take(s, '(')) {
    if (!take_until(s, ')', NAME_MAX, false)) return false;
  } else if (scan_take_digits(s, 1, DIGITS_MAX) > 0 && !scan_take(s, '$')) {
    if (!letters_in_word(scan_peek(s)) && scan_peek(s) != '.') return true;
  }
  while (scan_peek(s) == '-' || scan_peek(s) == '+' || scan_peek(s) == '0' || scan_peek(s) == '#') {
    scan_skip(s);
  }
  (void)scan_take_digits(s, 1, DIGITS_MAX);
  if (scan_take(s, '.')) (void)scan_take_digits(s, 1, DIGITS_MAX);
  while (scan_peek(s) == 'l' || scan_peek(s) == 'z' || scan_peek(s) == 'h') scan_skip(s);
  const uint32_t c = scan_peek(s);
  if (c == 0 || c >= 0x80 || strchr(conversions, (int)c) == NULL) return false;
  scan_skip(s);
  return !letters_in_word(scan_peek(s));
}

enum { SECTION = 0xA7 };

/* § 4.2, §§ 12-14 */
static bool take_section(scan *s) {
  while (scan_take(s, SECTION)) continue;
  scan number = *s;
  (void)scan_take_space(&number);
  while (scan_is_digit(scan_peek(&number))) {
    while (letters_in_word(scan_peek(&number))) scan_skip(&number);
    *s = number;
    if (!scan_take(&number, '.')) (void)scan_take(&number, '-');
  }
  return true;
}

/* :smile: */
static bool take_shortcode(scan *s) {
  enum { NAME_MAX = 40 };
  (void)scan_take(s, ':');
  const size_t start = s->at;
  for (uint32_t c;
       s->at - start < NAME_MAX && (c = scan_peek(s)) < 0x80 &&
       ((c >= 'a' && c <= 'z') || scan_is_digit(c) || (c != 0 && strchr("_+-", (int)c)));) {
    scan_skip(s);
  }
  return s->at > start + 1 && !scan_is_digit((unsigned char)s->text.text[start]) &&
         scan_take(s, ':') && !letters_in_word(scan_peek(s));
}

static bool is_roman(uint32_t c) {
  return c == 'i' || c == 'v' || c == 'x';
}

/* a) (b) iv), as the parts of a list are numbered. */
static bool take_item(scan *s, uint32_t before) {
  enum { ROMAN_MAX = 4 };
  if (before != 0 && letters_class(before) != LETTER_SPACE) return false;
  (void)scan_take(s, '(');
  const uint32_t first = scan_peek(s) | 0x20;
  if (first < 'a' || first > 'z') return false;
  const bool roman = is_roman(scan_peek(s));
  scan_skip(s);
  for (int i = 1; roman && i < ROMAN_MAX && is_roman(scan_peek(s)); i++) scan_skip(s);
  return scan_take(s, ')') && letters_class(scan_peek(s)) == LETTER_SPACE;
}

/* ---- pictures, symbols and scripts ---- */

/* A row of symbols with all that joins and modifies them. */
static bool take_symbols(scan *s) {
  for (;;) {
    const letter_class class = letters_class(scan_peek(s));
    if (s->at >= s->text.bytes || (class != LETTER_SYMBOL && class != LETTER_JOINER)) return true;
    scan_skip(s);
  }
}

/* A digit, # or * as a key. */
static bool take_keycap(scan *s) {
  enum { VARIATION = 0xFE0F, KEYCAP = 0x20E3 };
  scan_skip(s);
  (void)scan_take(s, VARIATION);
  return scan_take(s, KEYCAP) && take_symbols(s);
}

/* Words of another script, with what stands between them. */
static bool take_script(scan *s) {
  enum { BETWEEN_MAX = 4 };
  scan end = *s;
  for (int between = 0; s->at < s->text.bytes && between < BETWEEN_MAX;) {
    const uint32_t c = scan_peek(s);
    const letter_class class = letters_class(c);
    if (class == LETTER_LATIN || class == LETTER_DIGIT || class == LETTER_SYMBOL || c == '\n')
      break;
    scan_skip(s);
    between++;
    if (class != LETTER_OTHER && class != LETTER_MARK && class != LETTER_JOINER) continue;
    between = 0;
    end = *s;
  }
  *s = end;
  return true;
}

/* :-) ;) :D <3 */
static bool take_smiley(scan *s) {
  static const char mouths[] = ")(DPpO|/\\*3][";
  if (scan_take_text(s, "<3")) return !letters_in_word(scan_peek(s));
  scan_skip(s);
  (void)scan_take(s, '-');
  const uint32_t c = scan_peek(s);
  if (c == 0 || c >= 0x80 || strchr(mouths, (int)c) == NULL) return false;
  scan_skip(s);
  const uint32_t after = scan_peek(s);
  return after != '/' && !letters_in_word(after);
}

static bool is_ascii_symbol(uint32_t c) {
  return c != 0 && c < 0x80 && strchr("=+<>|~^\\*#_@{}$-", (int)c) != NULL;
}

/* $5 */
static bool is_price(scan s) {
  return scan_take(&s, '$') && scan_is_digit(scan_peek(&s));
}

static bool is_tag(scan s) {
  return scan_peek(&s) == '<' && take_tag(&s);
}

/* A star that opens or closes what it emphasises, or points to a note: *so*, price*. */
static bool is_emphasis(uint32_t before, uint32_t after) {
  const bool closed_before = before != 0 && letters_class(before) != LETTER_SPACE;
  const bool opens_after = letters_in_word(after) || after == '"' || after == '\'';
  return closed_before ? !letters_in_word(after) && !scan_is_digit(after) : opens_after;
}

/* A row of signs that are no punctuation: = -> *** ==== ||. Most of them alone, or a dash of two,
 * only where they stand alone. */
static bool take_signs(scan *s, uint32_t before) {
  const size_t start = s->at;
  const char first = s->text.text[start];
  bool same = true;
  while (is_ascii_symbol(scan_peek(s))) {
    scan braces = *s;
    if (s->at > start && scan_peek(s) == '{' && take_braces(&braces)) break;
    if (s->at > start && (is_price(*s) || is_tag(*s))) break;
    same = same && scan_peek(s) == (unsigned char)first;
    scan_skip(s);
  }
  const size_t count = s->at - start;
  if (same && first == '-') return count >= 3;
  if (count > 1 || strchr("|{}^", first) != NULL) return true;
  const letter_class after = letters_class(scan_peek(s));
  if (first == '$') return !letters_in_word(scan_peek(s));
  if (first == '*' && is_emphasis(before, scan_peek(s))) return true;
  return (before == 0 || before == SPANS_SPAN || letters_class(before) == LETTER_SPACE) &&
         (s->at >= s->text.bytes || after == LETTER_SPACE);
}

/* ---- all of them ---- */

/* What begins with a sign, other than a number; `before` is no part of a word. */
static bool take_sign(scan *s, uint32_t c, uint32_t before) {
  const scan start = *s;
  const bool within = letters_in_word(before);
  bool found = (c == '#' || c == '$' || c == '%' || c == '@') && take_signed_braces(s);
  if (found) return true;
  *s = start;
  if (c == '<') found = take_tag(s);
  if (c == SECTION) found = take_section(s);
  if (c == ':' && !within && before != c) found = take_shortcode(s);
  if (c == '&') found = take_reference(s);
  if (c == '`') found = scan_take(s, c) && !scan_take(s, c) && take_until(s, '`', 120, true);
  if (c == '{') found = take_braces(s);
  if (c == '%' && !within && before != '%') found = take_format(s);
  if (c == '$' && !within) {
    scan_skip(s);
    found = scan_take(s, '(') ? span_words_name(s) && scan_take(s, ')') : span_words_name(s);
  }
  if (c == '#' && !within) found = span_words_hashtag(s);
  if (c == '@' && !within && before != '.') found = scan_take(s, c) && span_words_mention(s);
  if (c == '-' && !within && before != '-') found = span_words_option(s);
  if (c == '\\' || c == '/' || c == '~' || c == '.') found = span_words_path(s, before);
  if (!found && (c == ':' || c == ';' || c == '=' || c == '<') && !within && before != c) {
    *s = start;
    found = take_smiley(s);
  }
  if (!found && (c == '#' || c == '*')) {
    *s = start;
    found = take_keycap(s);
  }
  if (!found && is_ascii_symbol(c)) {
    *s = start;
    found = take_signs(s, before);
  }
  return found;
}

/* The byte in front of what comes next. */
static unsigned char last_of(const scan *s) {
  return s->at == 0 ? 0 : (unsigned char)s->text.text[s->at - 1];
}

/* What begins at s->at; the character before it is no part of the same word. */
static bool take_span(scan *s, uint32_t before, bool french, span_family *family) {
  const scan start = *s;
  const uint32_t c = scan_peek(s);
  const letter_class class = letters_class(c);
  figure f;
  *family = SPAN_OTHER;
  if (class == LETTER_SYMBOL || class == LETTER_OTHER) {
    /* A currency in front of its number is part of it. */
    const size_t bytes =
        class == LETTER_SYMBOL ? figure_read(s->text, s->at, before, french, &f) : 0;
    if (bytes == 0) return class == LETTER_SYMBOL ? take_symbols(s) : take_script(s);
    s->at += bytes;
    *family = SPAN_NUMBER;
    return true;
  }
  const bool word = class == LETTER_LATIN || class == LETTER_DIGIT || c == '_';
  if (word && letters_in_word(before)) return false;
  if ((class == LETTER_LATIN || c == '(') && take_item(s, before)) return true;
  *s = start;
  if (class == LETTER_DIGIT && take_keycap(s)) return true;
  *s = start;
  /* "$5-$10", "9am-5pm", "33.5N": dash and point are of both. */
  const bool joined = (c == '-' || c == '.') && before == SPANS_SPAN && last_of(s) != '>';
  const size_t bytes = joined ? 0 : figure_read(s->text, s->at, before, french, &f);
  const bool sure = bytes > 0 && (f.kind == FIGURE_TIME || f.unit.bytes > 0);
  if (!sure && word && span_words_take(s, before)) return true;
  *s = start;
  const bool number = bytes > 0 && (c == '.' || c == '$');
  if (class == LETTER_PUNCTUATION && !number && c != '+' && take_sign(s, c, before)) {
    return true;
  }
  *s = start;
  s->at += bytes;
  *family = SPAN_NUMBER;
  if (bytes > 0) return true;
  return c == '+' && take_sign(s, c, before) && (*family = SPAN_OTHER, true);
}

/* Finds the end of a row of characters without white space, which begins at `at`, once. */
static bool is_endless(spans_finder *f, size_t at) {
  if (at < f->row_end) return false;
  scan s = {f->text, at};
  while (s.at < s.text.bytes && letters_class(scan_peek(&s)) != LETTER_SPACE) scan_skip(&s);
  f->row_end = s.at;
  return s.at - at > SPANS_ROW_MAX;
}

bool spans_next(spans_finder *f, found_span *span) {
  scan s = {f->text, f->at};
  while (s.at < s.text.bytes) {
    const scan start = s;
    const uint32_t c = scan_peek(&s);
    bool found = is_endless(f, s.at);
    if (found) {
      s.at = f->row_end;
      span->family = SPAN_OTHER;
    } else {
      found = take_span(&s, f->before, f->french, &span->family);
    }
    if (found && s.at > start.at) {
      span->start = start.at;
      span->end = f->at = s.at;
      f->before = SPANS_SPAN;
      return true;
    }
    s = start;
    scan_skip(&s);
    f->before = c;
  }
  f->at = s.at;
  return false;
}
