#include "figures.h"

#include <string.h>

#include "letters.h"
#include "scan.h"
#include "word_list.h"

enum { EN_DASH = 0x2013, MINUS = 0x2212, DEGREE = 0xB0 };

static bool is_dash_or_word(uint32_t c) {
  return c == '-' || letters_in_word(c);
}

static int number_of(const scan *c, size_t start, size_t digits) {
  int number = 0;
  for (size_t i = 0; i < digits; i++) number = 10 * number + (c->text.text[start + i] - '0');
  return number;
}

/* ---- clock times ---- */

/* Whether nothing follows but what closes a sentence: quotation marks, brackets, white space. */
static bool is_last(scan c) {
  enum { CLOSERS_MAX = 4 };
  for (int i = 0; i < CLOSERS_MAX && c.at < c.text.bytes; i++) {
    const uint32_t next = scan_peek(&c);
    if (letters_class(next) != LETTER_SPACE && next != '"' && next != '\'' && next != ')' &&
        next != 0x2019 && next != 0x201D && next != 0xBB) {
      return false;
    }
    scan_skip(&c);
  }
  return c.at >= c.text.bytes;
}

/* " CET" behind a time. */
static void take_zone(scan *c, figure *f) {
  enum { ZONE_MAX = 4 };
  static const char zones[] =
      "UTC GMT CET CEST EET EEST WET WEST BST IST EST EDT ET CST CDT CT MST MDT MT PST PDT PT JST "
      "KST HKT SGT AEST AEDT NZST NZDT MSK";
  scan next = *c;
  if (!scan_take_space(&next)) return;
  const size_t start = next.at;
  while (letters_in_word(scan_peek(&next)) && next.at - start <= ZONE_MAX) scan_skip(&next);
  const utf8_text zone = {c->text.text + start, next.at - start};
  if (!word_is_listed(zones, zone, false)) return;
  f->zone = zone;
  *c = next;
}

/* 3 p.m., 3:45 pm, 10AM; at the end of a sentence the point is the sentence's. */
static bool read_english_time(scan *c, figure *f) {
  const size_t start = c->at, digits = scan_take_digits(c, 1, 2);
  if (digits == 0) return false;
  const int hours = number_of(c, start, digits);
  int minutes = 0;
  f->hours_alone = !(scan_peek(c) == ':' || scan_peek(c) == '.');
  if (!f->hours_alone) {
    scan_skip(c);
    const size_t at = c->at;
    if (scan_take_digits(c, 2, 2) == 0) return false;
    minutes = number_of(c, at, 2);
  }
  (void)scan_take_space(c);
  const uint32_t half = scan_peek(c) | 0x20;
  if (half != 'a' && half != 'p') return false;
  scan_skip(c);
  const bool points = scan_take(c, '.');
  if (points) (void)scan_take_space(c);
  if ((scan_peek(c) | 0x20) != 'm') return false;
  scan_skip(c);
  scan behind = *c;
  if (points && scan_take(&behind, '.') && !is_last(behind)) *c = behind;
  f->minutes = (hours % 12 + (half == 'p' ? 12 : 0)) * 60 + minutes;
  return hours >= 1 && hours <= 12 && minutes < 60 && !letters_in_word(scan_peek(c));
}

/* 15 h 45, 15h, 8 h */
static bool read_french_time(scan *c, figure *f) {
  const size_t start = c->at, digits = scan_take_digits(c, 1, 2);
  if (digits == 0) return false;
  (void)scan_take_space(c);
  if ((scan_peek(c) | 0x20) != 'h') return false;
  scan_skip(c);
  f->minutes = 60 * number_of(c, start, digits);
  f->hours_alone = true;
  const size_t end = c->at;
  (void)scan_take_space(c);
  const size_t at = c->at;
  if (scan_take_digits(c, 2, 2) > 0 && !letters_in_word(scan_peek(c))) {
    f->minutes += number_of(c, at, 2);
    f->hours_alone = false;
  } else {
    c->at = end;
  }
  return !letters_in_word(scan_peek(c));
}

/* 15:45; with seconds it stands as it is. */
static bool read_clock(scan *c, figure *f) {
  const size_t start = c->at, digits = scan_take_digits(c, 1, 2);
  if (digits == 0 || !scan_take(c, ':')) return false;
  const size_t at = c->at;
  if (scan_take_digits(c, 2, 2) == 0) return false;
  f->minutes = 60 * number_of(c, start, digits) + number_of(c, at, 2);
  f->kind = c->text.text[at] < '6' && f->minutes < 25 * 60 ? FIGURE_TIME : FIGURE_RAW;
  for (scan next = *c; scan_take(&next, ':') && scan_take_digits(&next, 2, 2) > 0; *c = next) {
    f->kind = FIGURE_RAW;
  }
  scan fraction = *c; /* 14:05:33.123; but 1:25,000 is no time */
  if ((scan_take(&fraction, '.') || scan_take(&fraction, ',')) &&
      scan_take_digits(&fraction, 1, SIZE_MAX) > 0) {
    f->kind = FIGURE_RAW;
    *c = fraction;
  }
  return !scan_is_digit(scan_peek(c));
}

/* ---- what stands as it is ---- */

/* 2024-03-12, 555-0142, 1-800-555-0199, 10-12; 1990–1995 */
static bool read_dashed(scan *c) {
  enum { PARTS_MAX = 5 };
  int parts = scan_take_digits(c, 1, SIZE_MAX) > 0;
  const uint32_t dash = scan_peek(c);
  if (parts == 0 || (dash != '-' && dash != EN_DASH)) return false;
  while (scan_take(c, dash)) {
    if (scan_take_digits(c, 1, SIZE_MAX) == 0) return false;
    parts++;
  }
  return parts <= (dash == '-' ? PARTS_MAX : 2) && !is_dash_or_word(scan_peek(c)) &&
         scan_peek(c) != dash;
}

/* 1/2, 24/7, 12/03/2024 */
static bool read_slashed(scan *c) {
  if (scan_take_digits(c, 1, 4) == 0 || !scan_take(c, '/') || scan_take_digits(c, 1, 4) == 0)
    return false;
  if (scan_take(c, '/') && scan_take_digits(c, 2, 4) == 0) return false;
  return scan_peek(c) != '/' && !letters_in_word(scan_peek(c));
}

/* 6'2" */
static bool read_feet(scan *c) {
  if (scan_take_digits(c, 1, 2) == 0 || !scan_take(c, '\'') || scan_take_digits(c, 1, 2) == 0)
    return false;
  scan tenths = *c;
  if (scan_take(&tenths, '.') && scan_take_digits(&tenths, 1, SIZE_MAX) > 0) *c = tenths;
  (void)scan_take(c, '"');
  return !letters_in_word(scan_peek(c));
}

static bool is_phone_separator(uint32_t c) {
  return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')';
}

/* +33 6 12 34 56 78, +1 (555) 555-0142; two signs at most between two digits, no end of a sentence.
 */
static bool read_phone(scan *c) {
  enum { SIGNS_MIN = 8 };
  const size_t start = c->at;
  if (!scan_take(c, '+') || scan_take_digits(c, 1, 15) == 0) return false;
  for (;;) {
    const size_t end = c->at;
    int signs = 0;
    for (; signs < 2 && is_phone_separator(scan_peek(c)); signs++) {
      const bool point = scan_take(c, '.');
      if (!point) scan_skip(c);
      if (point && scan_peek(c) == ' ') break;
    }
    if (scan_take_digits(c, 1, 15) > 0) continue;
    c->at = end;
    return end - start >= SIGNS_MIN;
  }
}

/* (555) 555-0142 */
static bool read_area_code(scan *c) {
  if (!scan_take(c, '(') || scan_take_digits(c, 3, 3) == 0 || !scan_take(c, ')')) return false;
  (void)scan_take(c, ' ');
  return scan_take_digits(c, 3, 3) > 0 && scan_take(c, '-') && scan_take_digits(c, 4, 4) > 0 &&
         !scan_is_digit(scan_peek(c));
}

/* ---- numbers ---- */

/* Groups of three digits behind a separator, as many as there are. */
static bool take_groups(scan *c, bool french) {
  const size_t start = c->at;
  scan end = *c;
  bool any = false;
  if (scan_take_digits(c, 1, 3) == 0) return false;
  for (;;) {
    if (!(french ? scan_take_space(c) : scan_take(c, ',')) || scan_take_digits(c, 3, 3) == 0) break;
    if (scan_is_digit(scan_peek(c))) break;
    end = *c;
    any = true;
  }
  c->at = any ? end.at : start;
  return any;
}

/* Digits with points between: 3.5, 192.168.0.1 */
static bool take_plain(scan *c) {
  if (scan_take_digits(c, 1, SIZE_MAX) == 0) return false;
  for (scan next = *c; scan_take(&next, '.') && scan_take_digits(&next, 1, SIZE_MAX) > 0;)
    *c = next;
  return true;
}

static void take_decimals(scan *c, char point) {
  scan next = *c;
  if (scan_take(&next, (uint32_t)point) && scan_take_digits(&next, 1, SIZE_MAX) > 0) *c = next;
}

/* The digits of a number, their separators among them. */
static bool take_number(scan *c, bool french) {
  if (take_groups(c, french)) {
    take_decimals(c, french ? ',' : '.');
    return true;
  }
  const size_t start = c->at;
  if (!french && scan_take(c, '.')) return scan_take_digits(c, 1, SIZE_MAX) > 0;
  if (!take_plain(c)) return false;
  /* 3,5 but not 3.5,2 */
  if (french && memchr(c->text.text + start, '.', c->at - start) == NULL) take_decimals(c, ',');
  return true;
}

/* $ € £ ¥ ₹, and whose dollars; 0 if there is none. */
static char take_currency(scan *c, utf8_text *of) {
  static const struct {
    uint32_t sign;
    char name;
  } signs[] = {{'$', '$'}, {0x20AC, 'e'}, {0xA3, 'l'}, {0xA5, 'y'}, {0x20B9, 'r'}};
  static const char *const countries[] = {"US", "CA", "C", "AU", "A", "NZ", "HK", "S"};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (scan_take(c, signs[i].sign)) return signs[i].name;
  }
  for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
    const scan start = *c;
    if (scan_take_text(c, countries[i]) && scan_peek(c) == '$') {
      *of = (utf8_text){c->text.text + start.at, c->at - start.at};
      scan_skip(c);
      return '$';
    }
    *c = start;
  }
  return 0;
}

/* The power of ten of a word. */
static int take_power(scan *c, bool french) {
  static const struct {
    const char *english, *french;
    int power;
  } words[] = {{"million", "million", 6}, {"billion", "milliard", 9}, {"trillion", "billion", 12}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (!scan_take_text(c, french ? words[i].french : words[i].english)) continue;
    (void)scan_take(c, 's');
    return letters_in_word(scan_peek(c)) ? 0 : words[i].power;
  }
  return 0;
}

/* " million" behind "$5", or " millions de dollars" behind "5". */
static bool take_magnitude(scan *c, figure *f) {
  static const struct {
    const char *text;
    char name;
  } currencies[] = {{"de dollars am\u00E9ricains", '$'},
                    {"de dollars", '$'},
                    {"d'euros", 'e'},
                    {"d\u2019euros", 'e'},
                    {"de livres sterling", 'l'},
                    {"de livres", 'l'},
                    {"de yens", 'y'},
                    {"de roupies", 'r'}};
  if (!f->french && f->currency == 0) return false;
  if (!(scan_take_space(c) || (!f->french && scan_take(c, '-')))) return false;
  f->power = take_power(c, f->french);
  if (f->power == 0 || !f->french) return f->power > 0;
  if (f->currency != 0 || !scan_take_space(c)) return false;
  for (size_t i = 0; i < sizeof currencies / sizeof *currencies && f->currency == 0; i++) {
    if (scan_take_text(c, currencies[i].text)) f->currency = currencies[i].name;
  }
  if (f->currency == 0) f->currency = take_currency(c, &f->dollars_of);
  return f->currency != 0 && !letters_in_word(scan_peek(c));
}

/* Whether what is behind a percent sign makes a placeholder of it: "%s", "%1$d", "%(name)s",
 * "%.2f". */
static bool begins_format(scan c) {
  const uint32_t first = scan_peek(&c);
  if (letters_in_word(first) || first == '(' || first == '@') return true;
  return (scan_take(&c, '.') || scan_take(&c, '-') || scan_take(&c, '+')) &&
         scan_is_digit(scan_peek(&c));
}

/* "°C", " °F", "°" */
static bool take_degrees(scan *c, figure *f) {
  scan next = *c;
  const bool spaced = scan_take_space(&next);
  if (f->currency != 0 || !scan_take(&next, DEGREE)) return false;
  char scale = spaced ? '\0' : 'd';
  if (scan_take(&next, 'C')) {
    scale = 'C';
  } else if (scan_take(&next, 'F')) {
    scale = 'F';
  }
  if (scale == '\0' || letters_in_word(scan_peek(&next))) return false;
  f->degrees = scale;
  *c = next;
  return true;
}

/* "kg" of "2kg": what stands close behind a number and measures. */
static bool take_measure(scan *c, figure *f) {
  enum { UNIT_MAX = 4 };
  static const char units[] =
      "kg g mg km m cm mm ml mL cl dl l L kW kWh MW MWh GW W V mAh Hz kHz MHz GHz Mbps Gbps mph "
      "rpm dB ms kcal px dpi ha h hr hrs min mins kB KB MB GB TB lb lbs ft in oz km/h m/s";
  scan next = *c;
  while (letters_in_word(scan_peek(&next)) && next.at - c->at <= UNIT_MAX) scan_skip(&next);
  scan per = next; /* an hour, a second */
  if (scan_take(&per, '/') && (scan_take(&per, 'h') || scan_take(&per, 's'))) next = per;
  const utf8_text unit = {c->text.text + c->at, next.at - c->at};
  const bool seconds = word_is_listed("s", unit, false) && /* 9.58s; the 80s are no measure */
                       memchr(f->number.text, '.', f->number.bytes) != NULL;
  if (letters_in_word(scan_peek(&next)) || !(seconds || word_is_listed(units, unit, false))) {
    return false;
  }
  f->unit = unit;
  *c = next;
  return true;
}

/* " %", " €" */
static void take_unit(scan *c, figure *f) {
  if (take_degrees(c, f)) return;
  scan next = *c;
  const bool spaced = scan_take_space(&next);
  scan behind = next;
  if (scan_take(&behind, '%') && !(spaced && begins_format(behind))) {
    f->percent = true;
    *c = behind;
    return;
  }
  const uint32_t sign = scan_peek(&next);
  if (f->currency != 0 || (sign == '$' && spaced && !f->french)) return;
  utf8_text dollars_of = {0};
  const char currency = take_currency(&next, &dollars_of);
  if (currency == 0 || letters_in_word(scan_peek(&next))) return;
  f->currency = currency;
  f->dollars_of = dollars_of;
  *c = next;
}

static bool is_fraction(uint32_t c) {
  return (c >= 0xBC && c <= 0xBE) || (c >= 0x2150 && c <= 0x215E);
}

static bool read_number(scan *c, uint32_t before, figure *f) {
  f->kind = FIGURE_NUMBER;
  const bool signed_here =
      !letters_in_word(before) && before != '.' && before != ',' && before != ')' && before != '-';
  if (signed_here && scan_take(c, '+')) f->sign = '+';
  if (signed_here && f->sign == 0 && (scan_take(c, '-') || scan_take(c, MINUS))) f->sign = '-';
  f->currency = take_currency(c, &f->dollars_of);
  if (f->currency != 0) (void)scan_take_space(c);
  if (f->sign != 0 && f->currency == 0 && !scan_is_digit(scan_peek(c))) return false;
  const size_t start = c->at;
  if (!take_number(c, f->french)) return false;
  f->number = (utf8_text){c->text.text + start, c->at - start};
  scan more = *c;
  if (!f->french && scan_take(&more, ',') && scan_take_digits(&more, 1, SIZE_MAX) > 0) {
    /* 1,2,3 or 12,34,567: no number as English writes them. */
    do {
      *c = more;
    } while (scan_take(&more, ',') && scan_take_digits(&more, 1, SIZE_MAX) > 0);
    f->kind = FIGURE_RAW;
    return true;
  }
  if (is_fraction(scan_peek(c))) { /* 1½ */
    scan_skip(c);
    f->kind = FIGURE_RAW;
    return true;
  }
  scan power = *c;
  figure magnitude = *f;
  if (f->sign == 0 && take_magnitude(&power, &magnitude)) {
    *f = magnitude;
    f->kind = FIGURE_MAGNITUDE;
    *c = power;
    return true;
  }
  /* $5k, £3bn */
  const uint32_t thousands = scan_peek(c) | 0x20;
  if (f->currency != 0 &&
      (thousands == 'k' || thousands == 'm' || thousands == 'b' || thousands == 't')) {
    scan next = *c;
    scan_skip(&next);
    const bool n = (scan_peek(&next) | 0x20) == 'n';
    if (n) scan_skip(&next);
    if ((n || thousands != 't') && !letters_in_word(scan_peek(&next))) {
      f->kind = thousands == 'k' || f->french ? FIGURE_RAW : FIGURE_MAGNITUDE;
      f->power = thousands == 'm' ? 6 : thousands == 't' ? 12 : 9;
      *c = next;
      return true;
    }
  }
  if (!f->french && f->currency == 0 && take_measure(c, f)) return true;
  take_unit(c, f);
  return true;
}

size_t figure_read(utf8_text text, size_t at, uint32_t before, bool french, figure *out) {
  scan c = {text, at}, start = c;
  figure f = {.french = french}, empty = f;
  const uint32_t first = scan_peek(&c);
  const bool digit = scan_is_digit(first), within = letters_in_word(before),
             pointed = before == '.' || before == ':' || before == ',', slash = before == '/';
  bool found = false;
  if (is_fraction(first)) {
    scan_skip(&c);
    found = true;
  } else if (first == '(') {
    found = read_area_code(&c);
  } else if (first == '+') {
    found = read_phone(&c);
  } else if (digit && !within) {
    f.kind = FIGURE_TIME;
    found = !pointed && !slash && (french ? read_french_time(&c, &f) : read_english_time(&c, &f));
    if (!found) f = empty;
    if (!found && !slash) found = (c = start, read_slashed(&c));
    if (!found && !slash) found = (c = start, read_feet(&c));
    if (!found && before != '-' && before != EN_DASH) found = (c = start, read_dashed(&c));
    if (!found && !pointed) found = (c = start, read_clock(&c, &f));
    if (found && f.kind == FIGURE_TIME) take_zone(&c, &f);
  }
  if (!found && !within && first != '(') {
    f = empty;
    c = start;
    found = read_number(&c, before, &f);
  }
  if (!found) return 0;
  f.text = (utf8_text){text.text + at, c.at - at};
  *out = f;
  return f.text.bytes;
}
