#include <string.h>

#include "figures.h"
#include "word_list.h"

enum { NO_BREAK_SPACE = 0xA0, NARROW_NO_BREAK_SPACE = 0x202F, EN_DASH = 0x2013, MINUS = 0x2212 };

/* ---- what a figure says ---- */

static int count_points(const figure *f) {
  int count = 0;
  for (size_t i = 0; i < f->number.bytes; i++) count += f->number.text[i] == '.';
  return count;
}

/* The next digit of a number or '.' for its decimal point; 0 at the end. */
static char next_digit(const figure *f, bool grouped_by_points, size_t *at) {
  while (*at < f->number.bytes) {
    const char c = f->number.text[(*at)++];
    if (c >= '0' && c <= '9') return c;
    if (c == '.' && !grouped_by_points) return '.';
    if (c == ',' && f->french) return '.';
  }
  return 0;
}

static bool same_value(const figure *a, const figure *b) {
  const bool a_points = a->french && count_points(a) >= 2;
  const bool b_points = b->french && count_points(b) >= 2;
  size_t i = 0, j = 0;
  for (;;) {
    const char x = next_digit(a, a_points, &i), y = next_digit(b, b_points, &j);
    if (x != y) return false;
    if (x == 0) return true;
  }
}

/* But for the dash of a range. */
static bool same_text(utf8_text a, utf8_text b) {
  size_t i = 0, j = 0;
  while (i < a.bytes && j < b.bytes) {
    uint32_t x, y;
    i += (size_t)utf8_next(a.text + i, a.bytes - i, &x);
    j += (size_t)utf8_next(b.text + j, b.bytes - j, &y);
    if (x != y && !((x == EN_DASH && y == '-') || (x == '-' && y == EN_DASH))) return false;
  }
  return i == a.bytes && j == b.bytes;
}

bool figure_equal(const figure *a, const figure *b) {
  if (a->kind != b->kind) return false;
  if (a->kind == FIGURE_TIME) return a->minutes == b->minutes && same_text(a->zone, b->zone);
  if (same_text(a->text, b->text)) return true;
  return a->kind != FIGURE_RAW && (a->sign == '-') == (b->sign == '-') &&
         same_text(a->unit, b->unit) && a->percent == b->percent && a->degrees == b->degrees &&
         a->currency == b->currency && a->power == b->power && same_value(a, b);
}

/* ---- as French sets it ---- */

typedef struct setter {
  bool typeset;
  char *out;
  size_t capacity, length;
} setter;

static void put_bytes(setter *s, const char *text, size_t bytes) {
  for (size_t i = 0; i < bytes; i++, s->length++) {
    if (s->length < s->capacity) s->out[s->length] = text[i];
  }
}

static void put_text(setter *s, const char *text) {
  put_bytes(s, text, strlen(text));
}

static void put_character(setter *s, uint32_t character) {
  char encoded[UTF8_MAX];
  put_bytes(s, encoded, (size_t)utf8_encode(character, encoded));
}

static void put_space(setter *s, uint32_t typeset) {
  put_character(s, s->typeset ? typeset : ' ');
}

static void put_small(setter *s, int number, bool two_digits) {
  if (two_digits || number >= 10) put_character(s, (uint32_t)('0' + number / 10));
  put_character(s, (uint32_t)('0' + number % 10));
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* 1,299.99 -> 1 299,99. Digits without separators, mostly a year or a number by which something is
 * called, stay together unless they are money. */
static void put_number(setter *s, const figure *f) {
  enum { TOGETHER = 4 };
  const utf8_text n = f->number;
  size_t whole = 0, digits = 0;
  for (; whole < n.bytes && n.text[whole] != '.'; whole++) digits += is_digit(n.text[whole]);
  const bool grouped = digits < whole || (f->currency != 0 && digits > TOGETHER);
  if (digits == 0) put_text(s, "0");
  for (size_t i = 0, left = digits; i < whole; i++) {
    if (!is_digit(n.text[i])) continue;
    if (grouped && left % 3 == 0 && left < digits) put_space(s, NARROW_NO_BREAK_SPACE);
    put_bytes(s, n.text + i, 1);
    left--;
  }
  if (whole == n.bytes) return;
  put_text(s, ",");
  put_bytes(s, n.text + whole + 1, n.bytes - whole - 1);
}

/* Two or more: 1,9 million, 2 millions. */
static bool is_plural(const figure *f) {
  const utf8_text n = f->number;
  size_t digits = 0;
  bool two = false;
  for (size_t i = 0; i < n.bytes && n.text[i] != '.'; i++) {
    digits += is_digit(n.text[i]);
    two = two || n.text[i] >= '2';
  }
  return two || digits > 1;
}

static void put_currency(setter *s, const figure *f) {
  static const struct {
    char name;
    uint32_t sign;
  } signs[] = {{'$', '$'}, {'e', 0x20AC}, {'l', 0xA3}, {'y', 0xA5}, {'r', 0x20B9}};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (signs[i].name != f->currency) continue;
    put_space(s, NO_BREAK_SPACE);
    put_character(s, signs[i].sign);
  }
  if (f->dollars_of.bytes == 0) return;
  put_space(s, NO_BREAK_SPACE);
  put_bytes(s, f->dollars_of.text, f->dollars_of.bytes);
}

static void put_magnitude(setter *s, const figure *f) {
  const char currency = f->currency;
  put_space(s, NO_BREAK_SPACE);
  put_text(s, f->power == 6 ? "million" : f->power == 9 ? "milliard" : "billion");
  if (is_plural(f)) put_text(s, "s");
  put_text(s, currency == 'e'   ? " d'euros"
              : currency == 'l' ? " de livres"
              : currency == 'y' ? " de yens"
              : currency == 'r' ? " de roupies"
                                : " de dollars");
  if (f->dollars_of.bytes == 0) return;
  const char country = *f->dollars_of.text;
  put_text(s, country == 'U'   ? " am\u00E9ricains"
              : country == 'C' ? " canadiens"
              : country == 'A' ? " australiens"
              : country == 'N' ? " n\u00E9o-z\u00E9landais"
              : country == 'H' ? " de Hong Kong"
                               : " de Singapour");
}

/* 2kg -> 2 kg, 5MB -> 5 Mo, 3ft -> 3 pieds */
static void put_unit(setter *s, const figure *f) {
  static const struct {
    const char *english, *french;
    bool counted;
  } units[] = {{"hr", "h", false},     {"hrs", "h", false},  {"mins", "min", false},
               {"kB", "ko", false},    {"KB", "ko", false},  {"MB", "Mo", false},
               {"GB", "Go", false},    {"TB", "To", false},  {"lb", "livre", true},
               {"lbs", "livre", true}, {"ft", "pied", true}, {"in", "pouce", true},
               {"oz", "once", true},   {"mL", "ml", false}};
  if (f->unit.bytes == 0) return;
  put_space(s, NO_BREAK_SPACE);
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    if (!word_is_listed(units[i].english, f->unit, false)) continue;
    put_text(s, units[i].french);
    if (units[i].counted && is_plural(f)) put_text(s, "s");
    return;
  }
  put_bytes(s, f->unit.text, f->unit.bytes);
}

size_t figure_set_french(const figure *f, bool typeset, char *out, size_t capacity) {
  setter s = {.typeset = typeset, .out = out, .capacity = capacity};
  const bool versions = f->kind == FIGURE_NUMBER && count_points(f) >= 2;
  if (f->french || f->kind == FIGURE_RAW || versions) {
    put_bytes(&s, f->text.text, f->text.bytes);
  } else if (f->kind == FIGURE_TIME) {
    put_small(&s, f->minutes / 60, false);
    put_space(&s, NO_BREAK_SPACE);
    put_text(&s, "h");
    if (f->minutes % 60 != 0 || !f->hours_alone) {
      put_space(&s, NO_BREAK_SPACE);
      put_small(&s, f->minutes % 60, true);
    }
    if (f->zone.bytes > 0) {
      put_space(&s, NO_BREAK_SPACE);
      put_bytes(&s, f->zone.text, f->zone.bytes);
    }
  } else {
    if (f->sign != 0) put_character(&s, f->text.text[0] == f->sign ? (uint32_t)f->sign : MINUS);
    put_number(&s, f);
    if (f->kind == FIGURE_MAGNITUDE) {
      put_magnitude(&s, f);
    } else {
      put_currency(&s, f);
    }
    put_unit(&s, f);
    if (f->percent) {
      put_space(&s, NARROW_NO_BREAK_SPACE);
      put_text(&s, "%");
    }
    if (f->degrees != 0) {
      if (f->degrees != 'd') put_space(&s, NO_BREAK_SPACE);
      put_text(&s, "\u00B0");
      if (f->degrees != 'd') put_bytes(&s, &f->degrees, 1);
    }
  }
  return s.length;
}
