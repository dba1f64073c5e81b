#include <string.h>

#include "casing.h"
#include "dates.h"
#include "elision.h"
#include "figures.h"
#include "letters.h"
#include "scan.h"
#include "text_layer.h"
#include "word_list.h"

/* ---- numbers ---- */

/* Whether a number is followed by what it counts: "3.5 million", "71.5 kg". */
static bool measures(utf8_text behind) {
  enum { UNIT_MAX = 10 };
  static const char units[] =
      "million billion trillion thousand percent per kg g mg km m cm mm miles mile inches feet "
      "degrees hours hour days years points times litres liters";
  scan s = {behind, 0};
  if (!scan_take_space(&s)) return false;
  const size_t start = s.at;
  for (uint32_t c; (c = scan_peek(&s)) >= 'a' && c <= 'z'; scan_skip(&s)) {
    if (s.at - start > UNIT_MAX) return false;
  }
  return word_is_listed(units, (utf8_text){behind.text + start, s.at - start}, false);
}

static const char NUMBERED[] =
    "version release chapter section figure table step article v python java node windows android "
    "ios macos linux debian ubuntu fedora chrome firefox safari php ruby rust html bluetooth usb";

/* Whether the word in front of a number, with one space between, makes it the number of something:
 * "version 2.1", "Ubuntu 22.04" (but not what begins a sentence: "About 2.5", unless it is known to
 * have numbers: "Python 3.10"). */
static bool numbers_something(utf8_text text, size_t start, utf8_text behind) {
  size_t from = start;
  if (from == 0 || text.text[from - 1] != ' ') return false;
  for (from--; from > 0 && text.text[from - 1] != ' ';) from--;
  const utf8_text word = {text.text + from, start - 1 - from};
  if (word.bytes == 0) return false;
  if (word_is_listed(NUMBERED, word, true)) {
    return true;
  }
  const bool capital = text.text[from] >= 'A' && text.text[from] <= 'Z';
  return capital && !measures(behind) && from > 1 && text.text[from - 1] == ' ' &&
         strchr(".!?:\"", text.text[from - 2]) == NULL;
}

static bool has_point(const figure *f) {
  return f->number.bytes > 0 && memchr(f->number.text, '.', f->number.bytes) != NULL;
}

/* A span as it is to be read, to out: at most SPAN_GROWTH times as long and SPAN_MORE bytes. */
enum { SPAN_GROWTH = FIGURE_GROWTH, SPAN_MORE = FIGURE_MORE };

static size_t write_span(const layered_text *source, const layer_span *span, text_setting setting,
                         char *out) {
  const utf8_text shown = source->shown;
  const size_t start = (size_t)span->start, bytes = (size_t)(span->end - span->start);
  const bool number = span->mark < MARK_OTHER;
  figure f;
  if (number && setting.french_numbers && figure_read(shown, start, 0, false, &f) == bytes) {
    const bool fixed =
        f.kind == FIGURE_NUMBER && has_point(&f) && f.currency == 0 && !f.percent &&
        numbers_something(shown, start,
                          (utf8_text){shown.text + span->end, shown.bytes - (size_t)span->end});
    if (!fixed) return figure_set_french(&f, setting.french, out, SPAN_GROWTH * bytes + SPAN_MORE);
  }
  memcpy(out, shown.text + start, bytes);
  return bytes;
}

/* ---- marked text ---- */

enum { OPENING_GUILLEMET = 0xAB, CLOSING_GUILLEMET = 0xBB, QUOTE_MORE = 3 };

typedef struct restorer {
  const layered_text *source; /* or NULL */
  text_setting setting;
  casing_reader casing;
  bool placed[LAYER_SPANS_MAX];
  text_range *spans; /* or NULL */
  char *out;
  size_t length;
  int last;     /* the span that was put last, -1: none, */
  size_t end;   /* and where it ends */
  size_t tight; /* where what follows belongs to what is there, without a space */
  bool quoted;  /* a guillemet is open that the network had as a plain mark */
} restorer;

static void put(restorer *r, uint32_t character) {
  r->length += (size_t)utf8_encode(character, r->out + r->length);
}

/* The span of a placeholder the first time it comes, any other is lost: -1. */
static int span_of(const restorer *r, uint32_t mark) {
  const int count = r->source == NULL ? 0 : r->source->span_count;
  for (int i = 0; i < count; i++) {
    if (r->source->spans[i].mark == mark && !r->placed[i]) return i;
  }
  return -1;
}

static utf8_text text_of_span(const restorer *r, int index) {
  const layer_span *span = &r->source->spans[index];
  return (utf8_text){r->source->shown.text + span->start, (size_t)(span->end - span->start)};
}

/* Tags and stars: <b>word</b>, *word*. */
static bool is_markup(char first) {
  return first == '<' || first == '*';
}

/* Whether a span hangs on to what stands in front of it or behind it. */
static bool hangs_on(const restorer *r, const layer_span *span, bool behind) {
  const utf8_text shown = r->source->shown;
  if (!is_markup(shown.text[span->start])) return false;
  if (!behind) return span->start > 0 && strchr(" \"", shown.text[span->start - 1]) == NULL;
  const size_t end = (size_t)span->end;
  if (end == shown.bytes) return false;
  uint32_t next;
  (void)utf8_next(shown.text + end, shown.bytes - end, &next);
  return letters_in_word(next) || is_markup(shown.text[end]);
}

/* The dash alone that stood between a span and the one that was put last, where the network has a
 * space: 9am-5pm, $5-$10. */
static void join_to_last(restorer *r, const layer_span *span) {
  if (r->last < 0 || r->length != r->end + 1 || r->out[r->end] != ' ') return;
  const layer_span *last = &r->source->spans[r->last];
  const char *between = r->source->shown.text + last->end;
  const size_t bytes = span->start > last->end ? (size_t)(span->start - last->end) : 0;
  const bool dash =
      (bytes == 1 && *between == '-') || (bytes == 3 && memcmp(between, "\u2013", 3) == 0);
  if (!dash) return;
  memcpy(r->out + r->end, between, bytes);
  r->length = r->end + bytes;
}

/* "de" in front of a name such as Ada, which the network does not see. */
static void elide_before(restorer *r, utf8_text name) {
  if (!r->setting.elided || r->length < 2 || r->out[r->length - 1] != ' ') return;
  if (!elides_french((utf8_text){r->out, r->length - 1}, name)) return;
  r->length--;
  r->out[r->length - 1] = '\'';
}

/* Where it begins. */
static size_t put_span(restorer *r, int index) {
  const layer_span *span = &r->source->spans[index];
  join_to_last(r, span);
  elide_before(r, text_of_span(r, index));
  if (r->length > 0 && r->out[r->length - 1] == ' ' && hangs_on(r, span, false)) r->length--;
  const size_t start = r->length;
  r->placed[index] = true;
  r->length += write_span(r->source, span, r->setting, r->out + r->length);
  if (r->spans != NULL) r->spans[index] = (text_range){(int)start, (int)r->length};
  r->last = index;
  r->end = r->length;
  if (hangs_on(r, span, true)) r->tight = r->length;
  return start;
}

/* The span, not placed yet, of the number's placeholder that comes next, which is passed; -1 if
 * none comes. */
static int take_number(const restorer *r, scan *s) {
  const uint32_t mark = scan_peek(s);
  if (mark < MARK_NUMBER || mark >= MARK_OTHER) return -1;
  scan_skip(s);
  return span_of(r, mark);
}

/* A plain quotation mark, which French sets as a guillemet if it has a partner: in front of a word,
 * or behind one. rest: what follows it. */
static void put_quote(restorer *r, utf8_text rest) {
  char last = ' ';
  if (r->length > 0) last = r->out[r->length - 1];
  const bool partner = r->setting.unfinished || memchr(rest.text, '"', rest.bytes) != NULL;
  if (r->quoted) {
    if (last == ' ') r->length--;
    put(r, SCAN_NO_BREAK_SPACE);
    put(r, CLOSING_GUILLEMET);
    r->quoted = false;
  } else if (partner && strchr(" (-", last) != NULL) {
    put(r, OPENING_GUILLEMET);
    put(r, SCAN_NO_BREAK_SPACE);
    r->quoted = true;
    r->tight = r->length;
  } else {
    put(r, '"');
  }
}

/* Whether "er" follows a number as if it were the first: 1er, but 21e. The network sees no digits.
 */
static bool is_no_first(const restorer *r, scan behind) {
  const char *end = r->out + r->length;
  const bool one = r->length > 0 && end[-1] == '1' && (r->length == 1 || end[-2] < '0');
  if (one || !scan_take_text(&behind, "er")) return false;
  return behind.at == behind.text.bytes || (behind.text.text[behind.at] | 0x20) < 'a';
}

/* ---- days of a month ---- */

/* Whether these words end what is written. any_case: or with a capital in front. */
static bool ends_with(const restorer *r, const char *words, bool any_case) {
  const size_t bytes = strlen(words);
  if (r->length < bytes) return false;
  const char *start = r->out + r->length - bytes;
  const bool first = *start == *words || (any_case && (*start | 0x20) == *words);
  return first && memcmp(start + 1, words + 1, bytes - 1) == 0 &&
         (start == r->out || start[-1] == ' ' || start[-1] == '(');
}

/* What stands in front of a month, as it stands in front of a day: "en mai", but "le 5 mai". */
static void turn_to_day(restorer *r) {
  static const char turns[][2][4] = {
      {"en ", "le "}, {"En ", "Le "}, {"de ", "du "}, {"d'", "du "}, {"\u00E0 ", "au "}};
  for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
    if (!ends_with(r, turns[i][0], false)) continue;
    r->length -= strlen(turns[i][0]);
    memcpy(r->out + r->length, turns[i][1], 3);
    r->length += 3;
    return;
  }
}

/* What goes in front of a day with its month: no comma behind its weekday ("samedi 14 juin"), and
 * an article behind a preposition ("avant le 14 juin"). */
static void begin_day(restorer *r) {
  static const char *const weekdays[] = {"lundi, ",    "mardi, ",  "mercredi, ", "jeudi, ",
                                         "vendredi, ", "samedi, ", "dimanche, "};
  static const char *const prepositions[] = {"d'ici ",  "avant ",    "apr\u00E8s ",
                                             "depuis ", "d\u00E8s ", "vers "};
  for (size_t i = 0; i < sizeof weekdays / sizeof *weekdays; i++) {
    if (!ends_with(r, weekdays[i], true)) continue;
    r->out[--r->length - 1] = ' ';
    return;
  }
  for (size_t i = 0; i < sizeof prepositions / sizeof *prepositions; i++) {
    if (!ends_with(r, prepositions[i], true)) continue;
    memcpy(r->out + r->length, "le ", 3);
    r->length += 3;
    return;
  }
}

static int day_of(const restorer *r, int index) {
  return index >= 0 && r->setting.french_numbers ? dates_day(text_of_span(r, index)) : 0;
}

static size_t put_day(restorer *r, int index) {
  const bool first = day_of(r, index) == 1;
  begin_day(r);
  const size_t start = put_span(r, index);
  if (!first) return start;
  put(r, r->casing.capitals ? 'E' : 'e');
  put(r, r->casing.capitals ? 'R' : 'r');
  return start;
}

static bool take_month(scan *s) {
  const size_t bytes = dates_french_month((utf8_text){s->text.text + s->at, s->text.bytes - s->at});
  s->at += bytes;
  return bytes > 0;
}

/* Whether a number is the day of the month behind it: " mai", or " au 5 mai". */
static bool is_day(const restorer *r, int index, scan behind) {
  if (day_of(r, index) == 0) return false;
  if (scan_take_text(&behind, " au ") && take_number(r, &behind) < 0) return false;
  return scan_take_text(&behind, " ") && take_month(&behind);
}

/* "avril 10, 2025" of "April 10, 2025", with placeholders: the day that belongs in front. */
typedef struct misplaced_day {
  int index;       /* of its span; -1: none */
  size_t from, to; /* what it leaves behind the month */
} misplaced_day;

static misplaced_day find_day(const restorer *r, scan s) {
  misplaced_day day = {.index = -1};
  if (!take_month(&s)) return day;
  day.from = s.at;
  if (!scan_take_text(&s, " ")) return day;
  const int index = take_number(r, &s);
  if (day_of(r, index) == 0) return day;
  day.index = index;
  day.to = s.at;
  return day;
}

/* The comma of "April 10, 2025", which "10 avril 2025" lacks. */
static bool is_comma_of_year(const restorer *r, scan s) {
  enum { YEAR = 4 };
  if (!r->setting.french_numbers || !scan_take_text(&s, ", ")) return false;
  const int year = take_number(r, &s);
  return year >= 0 && text_of_span(r, year).bytes == YEAR;
}

static bool ends_in_word(const restorer *r) {
  if (r->length == 0) return false;
  const unsigned char last = (unsigned char)r->out[r->length - 1];
  return last >= 0x80 || ((last | 0x20) >= 'a' && (last | 0x20) <= 'z');
}

/* Whether a span stands last, and ends with a point. */
static bool stopped(const restorer *r) {
  return r->last >= 0 && r->length == r->end && r->out[r->end - 1] == '.';
}

static void restore(restorer *r, utf8_text marked, int *places) {
  misplaced_day day = {.index = -1};
  for (size_t at = 0; at < marked.bytes;) {
    uint32_t c;
    places[at] = (int)r->length;
    if (day.from > 0 && at == day.from) { /* a month ends here */
      if (day.index < 0) day.to = at;
      if (is_comma_of_year(r, (scan){marked, day.to})) day.to++;
      const bool more = at < day.to;
      for (; at < day.to; at++) places[at] = (int)r->length;
      day = (misplaced_day){.index = -1};
      if (more) continue;
    }
    if (day.from == 0 && !ends_in_word(r)) {
      day = find_day(r, (scan){marked, at});
      if (day.index >= 0) {
        turn_to_day(r);
        places[at] = (int)put_day(r, day.index);
        put(r, ' ');
        if (!r->casing.capitals) r->casing.mark = 0;
      }
    }
    const size_t from = at;
    at += (size_t)utf8_next(marked.text + at, marked.bytes - at, &c);
    if (!casing_read(&r->casing, &c)) continue;
    if (mark_is_placeholder(c)) {
      const int index = span_of(r, c);
      const bool before_month = index >= 0 && is_day(r, index, (scan){marked, at});
      if (index >= 0) {
        places[from] = (int)(before_month ? put_day(r, index) : put_span(r, index));
      }
      if (r->setting.french_numbers && c < MARK_OTHER && is_no_first(r, (scan){marked, at})) {
        places[at] = places[at + 1] = (int)r->length;
        put(r, 'e');
        at += 2;
      }
      continue;
    }
    /* "3 p.m." at the end of a sentence has its full stop. */
    const bool stop = c == '.' && (at == marked.bytes || marked.text[at] != '.');
    const bool other_mark = c >= MARK_BLOCK && c < MARK_BLOCK_END;
    if ((stop && stopped(r)) || other_mark || (c == ' ' && r->length == r->tight)) continue;
    if (c == '"' && r->setting.french) {
      put_quote(r, (utf8_text){marked.text + at, marked.bytes - at});
    } else {
      put(r, c);
    }
  }
  places[marked.bytes] = (int)r->length;
  const int count = r->source == NULL || r->setting.unfinished ? 0 : r->source->span_count;
  for (int i = 0; i < count; i++) {
    if (r->placed[i]) continue;
    if (r->length > 0) put(r, ' ');
    (void)put_span(r, i);
  }
  r->out[r->length] = '\0';
}

/* For so many bytes and the spans. */
static size_t room_of(size_t bytes, const layered_text *source) {
  size_t room = bytes + 1;
  for (int i = 0; source != NULL && i < source->span_count; i++) {
    const layer_span *span = &source->spans[i];
    room += SPAN_GROWTH * (size_t)(span->end - span->start) + SPAN_MORE + 1;
  }
  return room;
}

/* Its first word, or the name that is its first span. */
static bool begins_with_capital(const layered_text *source) {
  uint32_t first = 0;
  const utf8_text shown = source->shown;
  if (shown.bytes > 0) (void)utf8_next(shown.text, shown.bytes, &first);
  return letters_is_upper(first);
}

rc_status text_layer_restore(utf8_text marked, const layered_text *source, text_setting setting,
                             rc_arena *arena, utf8_text *out, int *places, text_range *spans,
                             rc_error *error) {
  restorer r = {.source = source,
                .setting = setting,
                .casing = {.capitals = source != NULL && source->capitals},
                .spans = spans,
                .last = -1,
                .tight = SIZE_MAX};
  if (source != NULL && begins_with_capital(source)) r.casing.mark = MARK_CAPITAL;
  *out = (utf8_text){0};
  r.out = ARENA_ARRAY(arena, char, room_of((1 + QUOTE_MORE) * marked.bytes, source));
  if (r.out == NULL || marked.text == NULL || places == NULL) {
    return arena_check(arena, "a translation", error);
  }
  for (int i = 0; spans != NULL && source != NULL && i < source->span_count; i++)
    spans[i] = (text_range){0, 0};
  restore(&r, marked, places);
  *out = (utf8_text){r.out, r.length};
  return RC_OK;
}

/* ---- what is copied ---- */

static bool has_letters(utf8_text text) {
  uint32_t c;
  for (size_t at = 0; at < text.bytes;) {
    at += (size_t)utf8_next(text.text + at, text.bytes - at, &c);
    const letter_class class = letters_class(c);
    if (class == LETTER_LATIN || class == LETTER_OTHER) return true;
  }
  return false;
}

rc_status text_layer_copy(const layered_text *text, text_setting setting, rc_arena *arena,
                          utf8_text *out, text_range *spans, rc_error *error) {
  const utf8_text shown = text->shown;
  char *copy = ARENA_ARRAY(arena, char, room_of(shown.bytes, text));
  *out = (utf8_text){0};
  if (copy == NULL) return arena_check(arena, "a translation", error);
  if (!has_letters(shown)) setting.french_numbers = false;
  size_t length = 0, at = 0;
  for (int i = 0; i < text->span_count; i++) {
    const layer_span *span = &text->spans[i];
    memcpy(copy + length, shown.text + at, (size_t)span->start - at);
    length += (size_t)span->start - at;
    const size_t start = length;
    length += write_span(text, span, setting, copy + length);
    if (spans != NULL) spans[i] = (text_range){(int)start, (int)length};
    at = (size_t)span->end;
  }
  memcpy(copy + length, shown.text + at, shown.bytes - at);
  length += shown.bytes - at;
  copy[length] = '\0';
  *out = (utf8_text){copy, length};
  return RC_OK;
}

/* ---- places ---- */

void text_layer_show_ranges(const layered_text *text, text_range *ranges, int count) {
  const utf8_text marked = text->marked, shown = text->shown;
  size_t at = 0, place = 0; /* in the marked text, and the same in what is shown */
  int span = 0;
  for (int i = 0; i < 2 * count; i++) {
    int *wanted = i % 2 == 0 ? &ranges[i / 2].start : &ranges[i / 2].end;
    while (at < (size_t)*wanted && at < marked.bytes) {
      uint32_t c;
      at += (size_t)utf8_next(marked.text + at, marked.bytes - at, &c);
      if (mark_is_case(c)) continue;
      if (mark_is_placeholder(c) && span < text->span_count) {
        place = (size_t)text->spans[span++].end;
      } else if (place < shown.bytes) {
        place += (size_t)utf8_next(shown.text + place, shown.bytes - place, &c);
      }
    }
    *wanted = (int)place;
  }
  /* A mark belongs to the word behind the space. */
  for (int i = 0; i < count; i++) {
    const bool empty = ranges[i].start == ranges[i].end;
    if (empty && shown.text[ranges[i].end] == ' ') ranges[i].start = ++ranges[i].end;
  }
}

/* ---- names ---- */

typedef struct name {
  char *out;
  size_t capacity, length;
} name;

static void add(name *n, const char *text, size_t bytes) {
  for (size_t i = 0; i < bytes; i++, n->length++) {
    if (n->length < n->capacity) n->out[n->length] = text[i];
  }
}

static void add_placeholder(name *n, uint32_t mark, const layered_text *source) {
  for (int i = 0; source != NULL && i < source->span_count; i++) {
    const layer_span *span = &source->spans[i];
    if (span->mark != mark) continue;
    add(n, source->shown.text + span->start, (size_t)(span->end - span->start));
    return;
  }
  const uint32_t number = mark < MARK_OTHER ? mark - MARK_NUMBER : mark - MARK_OTHER;
  const char digits[] = {mark < MARK_OTHER ? 'N' : 'X', '1', (char)('0' + number % 10)};
  add(n, digits, number < 10 ? 1 : 2);
  add(n, digits + 2, 1);
}

size_t text_layer_name(utf8_text token, const layered_text *source, char *out, size_t capacity) {
  name n = {.out = out, .capacity = capacity};
  for (size_t at = 0; at < token.bytes;) {
    uint32_t c;
    const size_t start = at;
    at += (size_t)utf8_next(token.text + at, token.bytes - at, &c);
    if (mark_is_case(c)) {
      add(&n, c == MARK_CAPITAL ? "\u21E7" : "\u21EA", 3);
    } else if (mark_is_placeholder(c)) {
      add_placeholder(&n, c, source);
    } else {
      add(&n, token.text + start, at - start);
    }
  }
  return n.length;
}
