#include "span_words.h"

#include "letters.h"
#include "spans.h"
#include "word_list.h"

static bool is_letter(uint32_t c) {
  return letters_class(c) == LETTER_LATIN;
}

static bool is_ascii_upper(uint32_t c) {
  return c >= 'A' && c <= 'Z';
}

static bool is_ascii_lower(uint32_t c) {
  return c >= 'a' && c <= 'z';
}

static bool is_one_of(const char *list, uint32_t c) {
  return c != 0 && c < 0x80 && strchr(list, (int)c) != NULL;
}

/* Letters, digits and low lines; how many. */
static int take_word(scan *s) {
  int count = 0;
  for (; s->at < s->text.bytes; count++) {
    const uint32_t c = scan_peek(s);
    if (!letters_in_word(c) || letters_class(c) == LETTER_OTHER) break;
    scan_skip(s);
  }
  return count;
}

/* ---- links and addresses ---- */

static bool ends_link(uint32_t c) {
  return letters_class(c) == LETTER_SPACE || is_one_of("<>\"`", c) || c == 0xAB || c == 0xBB ||
         (c >= 0x201C && c <= 0x201F);
}

/* Up to white space or quotation marks, without the punctuation of the sentence around it. */
static void take_tail(scan *s) {
  const size_t start = s->at;
  int open = 0; /* brackets of its own */
  while (s->at < s->text.bytes && !ends_link(scan_peek(s))) {
    const uint32_t c = scan_peek(s);
    open += is_one_of("([{", c) ? 1 : is_one_of(")]}", c) ? -1 : 0;
    scan_skip(s);
  }
  while (s->at > start) {
    const unsigned char last = (unsigned char)s->text.text[s->at - 1];
    const bool closer = is_one_of(")]}", last);
    if (closer ? open >= 0 : !is_one_of(".,;:!?'*_~", last)) {
      /* U+2019 and U+2026 */
      const char *end = s->text.text + s->at;
      const bool sign = s->at >= start + 3 && (memcmp(end - 3, "\xE2\x80\x99", 3) == 0 ||
                                               memcmp(end - 3, "\xE2\x80\xA6", 3) == 0);
      if (!sign) return;
      s->at -= 2;
    }
    s->at--;
    open += closer ? 1 : 0;
  }
}

/* https://..., www...., mailto:... */
static bool take_link(scan *s) {
  enum { SCHEME_MAX = 16 };
  const scan start = *s;
  if (!scan_take_text(s, "www.") && !scan_take_text(s, "mailto:")) {
    while (s->at - start.at < SCHEME_MAX &&
           (is_ascii_lower(scan_peek(s) | 0x20) || scan_is_digit(scan_peek(s)) ||
            is_one_of("+.-", scan_peek(s)))) {
      scan_skip(s);
    }
    if (s->at == start.at || !scan_take_text(s, "://")) return false;
  }
  const size_t from = s->at;
  take_tail(s);
  return s->at > from;
}

/* Names of a domain, with points between: at least so many. */
static bool take_domain(scan *s, int least) {
  int names = 0;
  for (scan next = *s; take_word(&next) > 0 || scan_take(&next, '-');) {
    while (take_word(&next) > 0 || scan_take(&next, '-')) continue;
    names++;
    *s = next;
    if (!scan_take(&next, '.')) break;
  }
  return names >= least;
}

/* somebody@example.org */
static bool take_mail(scan *s, uint32_t before) {
  enum { LOCAL_MAX = 64 };
  if (is_one_of(".+-", before)) return false;
  const size_t start = s->at;
  while (s->at - start < LOCAL_MAX &&
         (letters_in_word(scan_peek(s)) || is_one_of(".+-", scan_peek(s)))) {
    scan_skip(s);
  }
  return scan_take(s, '@') && take_domain(s, 2);
}

/* ---- files ---- */

/* C:\... */
static bool take_drive(scan *s) {
  if (!is_letter(scan_peek(s))) return false;
  scan_skip(s);
  if (!scan_take(s, ':') || (!scan_take(s, '\\') && !scan_take(s, '/'))) return false;
  take_tail(s);
  return true;
}

/* 10.0.0.1:8080/login, localhost:3000 */
static bool take_host(scan *s, uint32_t before) {
  enum { PORT_MAX = 5 };
  if (is_one_of(".:/", before)) return false;
  if (!scan_take_text(s, "localhost")) {
    for (int i = 0; i < 4; i++) {
      if ((i > 0 && !scan_take(s, '.')) || scan_take_digits(s, 1, 3) == 0) return false;
    }
  }
  bool more = scan_take(s, ':');
  if (more && scan_take_digits(s, 1, PORT_MAX) == 0) return false;
  if (scan_peek(s) == '/') {
    more = true;
    take_tail(s);
  }
  return more && !letters_in_word(scan_peek(s));
}

/* Endings of domains, and of files. */
static const char DOMAINS[] =
    " com org net fr uk io edu gov de ca eu info app dev co us tv me ch be jp cn ru it es nl au "
    "example test local ";
static const char FILES[] =
    " txt pdf doc docx xls xlsx ppt pptx odt ods jpg jpeg png gif svg webp py js ts c h cpp hpp "
    "htm html css json xml yml yaml toml csv tsv zip tar gz bz2 xz 7z exe sh bat md mp3 mp4 avi "
    "mkv wav ogg conf cfg ini log dll deb rpm iso img bak sql db java go rs rb php tex bib eps ttf "
    "otf jar apk dmg epub gguf wasm mjs ";

/* What stands between two slashes. */
typedef struct component {
  int names, shortest; /* parted by points; of the shortest before the last, characters */
  utf8_text last;      /* the last of them */
  bool low_line;
} component;

static component take_component(scan *s) {
  component c = {.shortest = SPANS_WORD_MAX};
  scan next = *s;
  int before = SPANS_WORD_MAX;
  do {
    const size_t start = next.at;
    int count = 0;
    for (int more = 1; more > 0; count += more) {
      more = take_word(&next);
      if (more == 0 && is_one_of("-+~", scan_peek(&next))) more = (scan_skip(&next), 1);
    }
    if (count == 0) break;
    c.names++;
    c.last = (utf8_text){next.text.text + start, next.at - start};
    if (before < c.shortest) c.shortest = before;
    before = count;
    c.low_line = c.low_line || memchr(c.last.text, '_', c.last.bytes) != NULL;
    *s = next;
  } while (scan_take(&next, '.'));
  return c;
}

/* The domain example.org/..., the file src/text/spans.c, the name java.util.List, the call
 * foo.bar(). */
static bool take_names(scan *s, uint32_t before) {
  if (is_one_of(".+~/-", before)) return false;
  const scan start = *s;
  const component first = take_component(s);
  if (first.names == 0) return false;
  if (scan_peek(s) == '(') {
    scan call = *s;
    if (scan_take(&call, '(') && scan_take(&call, ')')) {
      *s = call;
      return true;
    }
  }
  if (first.names >= 2 && word_is_listed(DOMAINS, first.last, false)) {
    if (is_one_of("/:?#", scan_peek(s))) take_tail(s);
    return true;
  }
  component last = first;
  bool low_line = first.low_line, path = false;
  while (scan_take(s, '/')) {
    const component next = take_component(s);
    path = true;
    if (next.names == 0) break;
    last = next;
    low_line = low_line || next.low_line;
  }
  const bool one_letter = last.last.bytes == 1 && first.shortest < 2;
  if (last.names >= 2 && !one_letter && word_is_listed(FILES, last.last, last.last.bytes > 2)) {
    return true;
  }
  if (path) return low_line;
  return first.names >= 3 && first.shortest >= 2 && first.last.bytes >= 2 &&
         is_ascii_lower((unsigned char)start.text.text[start.at]) && !first.low_line;
}

bool span_words_path(scan *s, uint32_t before) {
  const uint32_t first = scan_peek(s);
  scan_skip(s);
  if (first == '\\') {
    if (scan_take(s, '\\')) {
      const size_t start = s->at;
      take_tail(s);
      return s->at > start;
    }
    return take_word(s) > 0;
  }
  if (first == '.' && before == ')') { /* report (2).docx */
    const component ending = take_component(s);
    return ending.names == 1 && word_is_listed(FILES, ending.last, true);
  }
  if (letters_in_word(before) || before == SPANS_SPAN || is_one_of("/<.", before)) return false;
  if (first == '.') {
    (void)scan_take(s, '.');
    /* .gitignore, .NET */
    const bool hidden =
        before == 0 || letters_class(before) == LETTER_SPACE || is_one_of("(\"'`", before);
    if (scan_peek(s) != '/') {
      const scan name = *s;
      if (scan_take_text(s, "NET")) return hidden && !letters_in_word(scan_peek(s));
      *s = name;
      return hidden && is_ascii_lower(scan_peek(s)) && take_component(s).names > 0;
    }
  }
  if (first == '~' && scan_peek(s) != '/') return false;
  if (first != '/') (void)scan_take(s, '/');
  const size_t start = s->at;
  do {
    if (take_component(s).names == 0) break;
  } while (scan_take(s, '/'));
  return first != '/' || s->at > start;
}

/* ---- code ---- */

/* What is in a word. */
typedef struct features {
  int characters, letters, digits, low_lines;
  int turns; /* from letters to digits and back */
  bool camel, hexadecimal;
  bool digit_to_capital; /* "3D" */
  uint32_t first;
} features;

/* Digits above and below the line. */
static bool is_raised(uint32_t c) {
  return c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0x2070 && c <= 0x209C);
}

/* "HTTP": two to five capitals, no vowel, and no French word for it. */
static bool is_unspoken(utf8_text word) {
  enum { LEAST = 2, MOST = 5 };
  static const char others[] = "MR MRS DR ST SR JR GDP HR PR PHD MPH MP MPS TV VS PS NB";
  if (word.bytes < LEAST || word.bytes > MOST || word_is_listed(others, word, false)) return false;
  for (size_t i = 0; i < word.bytes; i++) {
    if (!is_ascii_upper((unsigned char)word.text[i]) || strchr("AEIOUY", word.text[i]))
      return false;
  }
  return true;
}

static features look_at_word(scan *s) {
  features f = {.hexadecimal = true, .first = scan_peek(s)};
  for (uint32_t before = 0; s->at < s->text.bytes; f.characters++) {
    const uint32_t c = scan_peek(s);
    if (!letters_in_word(c) || letters_class(c) == LETTER_OTHER) break;
    const bool digit = scan_is_digit(c), letter = is_letter(c);
    f.letters += letter;
    f.digits += digit;
    f.low_lines += c == '_';
    f.turns += before != 0 && (digit ? is_letter(before) : letter && scan_is_digit(before));
    f.camel = f.camel || (letters_is_lower(before) && letters_is_upper(c));
    f.digit_to_capital = f.digit_to_capital || (scan_is_digit(before) && letters_is_upper(c));
    f.hexadecimal = f.hexadecimal && (digit || (c | 0x20) - 'a' < 6);
    before = c;
    scan_skip(s);
  }
  return f;
}

/* ".2", "-19" behind a code, as often as they come. */
static void take_numbers_behind(scan *s) {
  for (scan next = *s; (scan_take(&next, '.') || scan_take(&next, '-')) &&
                       scan_is_digit(scan_peek(&next)) && take_word(&next) > 0;) {
    *s = next;
  }
}

/* 550e8400-e29b-41d4-a716-446655440000 */
static bool take_uuid(scan *s) {
  static const int groups[] = {8, 4, 4, 4, 12};
  for (int i = 0; i < 5; i++) {
    if (i > 0 && !scan_take(s, '-')) return false;
    const features f = look_at_word(s);
    if (f.characters != groups[i] || !f.hexadecimal) return false;
  }
  return true;
}

/* "+V", "+Shift+F4" behind what may be a key: words of their own in capitals. */
static bool take_keys_behind(scan *s) {
  bool some = false;
  for (scan next = *s; scan_take(&next, '+'); *s = next, some = true) {
    const uint32_t first = scan_peek(&next);
    if (!is_ascii_upper(first) && !scan_is_digit(first)) break;
    (void)take_word(&next);
  }
  return some;
}

/* snake_case, camelCase, A4, COVID-19, v2.1, 3D, 0x1F, C++, Ctrl+V, x=5, x^2 */
static bool take_code(scan *s) {
  enum { HEXADECIMAL_MIN = 8, VALUE_MAX = 100 };
  scan uuid = *s;
  if (take_uuid(&uuid)) {
    *s = uuid;
    return true;
  }
  const size_t first = s->at;
  const features f = look_at_word(s);
  const utf8_text text = {s->text.text + first, s->at - first};
  const uint32_t next = scan_peek(s);
  if (next == '=') {
    scan value = *s;
    scan_skip(&value);
    const size_t start = value.at;
    const uint32_t quote = scan_peek(&value);
    if (quote == '"' || quote == '\'') {
      scan_skip(&value);
      for (int i = 0; i < VALUE_MAX && scan_peek(&value) != quote && scan_peek(&value) != 0; i++) {
        scan_skip(&value);
      }
      if (!scan_take(&value, quote)) value.at = start;
    } else if (scan_peek(&value) != '=') {
      take_tail(&value);
    }
    if (value.at > start) {
      *s = value;
      return true;
    }
  }
  if (next == '^') {
    scan power = *s;
    scan_skip(&power);
    (void)scan_take(&power, '-');
    if (take_word(&power) > 0) {
      *s = power;
      return true;
    }
  }
  if (is_raised(next)) { /* H₂O, 10⁵ */
    while (is_raised(scan_peek(s)) || letters_in_word(scan_peek(s))) scan_skip(s);
    return true;
  }
  if (f.characters > SPANS_WORD_MAX || (f.low_lines > 0 && f.characters > 1)) return true;
  if (f.characters == 1 && is_ascii_upper(f.first)) { /* C++, C# */
    scan sign = *s;
    if (scan_take_text(&sign, "++") || scan_take(&sign, '#')) {
      if (!letters_in_word(scan_peek(&sign))) {
        *s = sign;
        return true;
      }
    }
  }
  if (next == '+' && is_ascii_upper(f.first) && take_keys_behind(s)) return true;
  const bool letter_first = !scan_is_digit(f.first);
  if (letter_first && next == '-' && f.digits == 0 && is_ascii_upper(f.first)) {
    scan number = *s;
    take_numbers_behind(&number);
    if (number.at > s->at) {
      *s = number;
      return true;
    }
  }
  if (letter_first && f.turns > 0) {
    take_numbers_behind(s);
    return true;
  }
  if (next != '\'' && next != '$' && is_unspoken(text)) return true;
  return f.camel || f.digit_to_capital || f.turns > 1 ||
         (f.hexadecimal && f.turns > 0 && f.characters >= HEXADECIMAL_MIN);
}

bool span_words_take(scan *s, uint32_t before) {
  const scan start = *s;
  if (take_link(s)) return true;
  *s = start;
  if (take_mail(s, before)) return true;
  *s = start;
  if (take_drive(s)) return true;
  *s = start;
  if (take_host(s, before)) return true;
  *s = start;
  if (take_names(s, before)) return true;
  *s = start;
  return take_code(s);
}

bool span_words_option(scan *s) {
  if (!scan_take_text(s, "--") || !is_letter(scan_peek(s))) return false;
  while (take_word(s) > 0 || (scan_peek(s) == '-' && (scan_skip(s), true))) continue;
  if (scan_take(s, '=')) take_tail(s);
  return true;
}

bool span_words_name(scan *s) {
  return (is_letter(scan_peek(s)) || scan_peek(s) == '_') && take_word(s) > 0;
}

bool span_words_mention(scan *s) {
  const bool named = take_word(s) > 0;
  (void)scan_take(s, '@'); /* @NAME@ */
  return named;
}

bool span_words_hashtag(scan *s) {
  bool letter = false;
  (void)scan_take(s, '#');
  for (; s->at < s->text.bytes && letters_in_word(scan_peek(s)); scan_skip(s)) {
    const letter_class class = letters_class(scan_peek(s));
    letter = letter || class == LETTER_LATIN || class == LETTER_OTHER;
  }
  return letter;
}
