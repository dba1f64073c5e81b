#include "text_layer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "passage.h"
#include "rng.h"
#include "span_samples.h"

enum { ROOM = 8000 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The layer of a network that knows some words. */
static struct {
  uint8_t bits[200];
  text_layer layer;
  rc_arena arena;
} fixture;

static utf8_text text_of(const char *text) {
  return (utf8_text){text, strlen(text)};
}

static int open_layer(void **state) {
  static const char *const words[] = {"the",
                                      "a",
                                      "house",
                                      "i",
                                      "please",
                                      "see",
                                      "it",
                                      "s",
                                      "of",
                                      "blue",
                                      "to",
                                      "well",
                                      "known",
                                      "hello",
                                      "said",
                                      "in",
                                      "london",
                                      "paris",
                                      "and",
                                      "costs",
                                      "visit",
                                      "at",
                                      "this",
                                      "is",
                                      "very",
                                      "important",
                                      "version",
                                      "ubuntu",
                                      "call",
                                      "for",
                                      "tom",
                                      "people",
                                      "she",
                                      "we",
                                      "love",
                                      "end",
                                      "our",
                                      "new",
                                      "rules",
                                      "t\u00E9",
                                      "\u00E9t\u00E9",
                                      "mr",
                                      "x",
                                      "q"};
  static const char *const names[] = {"tom", "i", "j"};
  (void)state;
  fixture.layer = (text_layer){.used = true, .known = {fixture.bits, sizeof fixture.bits}};
  for (size_t i = 0; i < COUNT(words); i++) {
    known_words_add(fixture.bits, sizeof fixture.bits, text_of(words[i]), KNOWN_WORD);
  }
  for (size_t i = 0; i < COUNT(names); i++) {
    known_words_add(fixture.bits, sizeof fixture.bits, text_of(names[i]), KNOWN_NAME);
  }
  return arena_new(&fixture.arena, 1 << 20, NULL);
}

static int close_layer(void **state) {
  (void)state;
  arena_free(&fixture.arena);
  return 0;
}

static layered_text read_text(const char *text) {
  layered_text read;
  arena_reset(&fixture.arena);
  assert_true(text_layer_bytes(strlen(text)) <= fixture.arena.size);
  assert_int_equal(
      text_layer_read(&fixture.layer, text_of(text), NULL, &fixture.arena, &read, NULL), RC_OK);
  assert_int_equal(strlen(read.marked.text), read.marked.bytes);
  assert_int_equal(strlen(read.shown.text), read.shown.bytes);
  return read;
}

/* Marked text with ^ and = for the marks of case, N0 ... and X0 ... for placeholders. */
static const char *spell(utf8_text marked) {
  static char out[ROOM];
  size_t length = 0;
  for (size_t at = 0; at < marked.bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(marked.text + at, marked.bytes - at, &c);
    if (mark_is_placeholder(c)) {
      const int number = (int)(c < MARK_OTHER ? c - MARK_NUMBER : c - MARK_OTHER);
      length += (size_t)sprintf(out + length, "%c%d", c < MARK_OTHER ? 'N' : 'X', number);
      continue;
    }
    if (mark_is_case(c)) c = c == MARK_CAPITAL ? '^' : '=';
    length += (size_t)utf8_encode(c, out + length);
  }
  out[length] = '\0';
  return out;
}

static const char *marked(const char *text) {
  const layered_text read = read_text(text);
  return read.copied ? "copied" : spell(read.marked);
}

/* What a network that repeats what it reads makes of a text. */
static const char *repeated(const char *text, text_setting setting) {
  const layered_text read = read_text(text);
  utf8_text out;
  setting.layer = true;
  if (read.copied) {
    assert_int_equal(text_layer_copy(&read, setting, &fixture.arena, &out, NULL, NULL), RC_OK);
  } else {
    int *places = ARENA_ARRAY(&fixture.arena, int, read.marked.bytes + 1);
    assert_int_equal(
        text_layer_restore(read.marked, &read, setting, &fixture.arena, &out, places, NULL, NULL),
        RC_OK);
  }
  assert_int_equal(strlen(out.text), out.bytes);
  return out.text;
}

static void sentences_are_marked(void **state) {
  (void)state;
  static const struct {
    const char *text, *marked;
  } cases[] = {
      {"It costs $5 at https://a.b, Paris!", "^it costs N0 at X0,^ paris!"},
      {"5 and 6 \U0001F600", "N0 and N1 X0"},
      {"\u201CHello\u201D she said\u2026", "\"^hello\" she said..."},
      {"\u00AB Hello \u00BB she said", "\"^hello\" she said"},
      {"the\u00A0\u00A0house\u2019s  blue", "the house's blue"},
      {"THIS IS VERY IMPORTANT!", "^this is very important!"},
      {"I", "^i"},
      {"a\uE000\uE010b", "aX0b"},
      {"\xFFit", "X0it"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_string_equal(marked(cases[i].text), cases[i].marked);
  }
  assert_true(read_text("THIS IS VERY IMPORTANT!").capitals);
  assert_true(read_text("PLEASE").capitals);
  assert_false(read_text("I").capitals);
  assert_false(read_text("This IS it").capitals);
}

static void lines_without_letters_are_copied(void **state) {
  (void)state;
  const text_setting french = {.french = true, .french_numbers = true};
  static const char *const lines[] = {"",         "12 +  4 = 16", "1,299.99",        "...",
                                      " \u2022 ", "\U0001F600 5", "\u4F60\u597D. 7", "-- - --"};
  for (size_t i = 0; i < COUNT(lines); i++) {
    assert_string_equal(marked(lines[i]), "copied");
    if (strchr("\xE4", lines[i][0]) == NULL)
      assert_string_equal(repeated(lines[i], french), lines[i]);
  }
  /* What has letters, but none to translate, has its numbers set. */
  assert_string_equal(repeated("https://a.b 1,299.99", (text_setting){.french_numbers = true}),
                      "https://a.b 1 299,99");
  assert_string_equal(repeated("https://a.b 1,299.99", (text_setting){0}), "https://a.b 1,299.99");
}

static void unknown_names_are_copied(void **state) {
  (void)state;
  static const struct {
    const char *text, *marked;
  } cases[] = {
      {"Wanda Ellingsby", "copied"},
      {"Tom Ellingsby", "copied"}, /* Tom is a name */
      {"Hello Ellingsby", "^hello X0"},
      {"I love Paris and London", "^i love^ paris and^ london"},
      {"She said hello to Mr Jean-Luc Kowalczyk.", "^she said hello to^ mr X0."},
      {"Kowalczyk said hello", "X0 said hello"},
      {"Undoing the house", "^undoing the house"}, /* ends as a word does */
      {"the Ellingsbys and Houses", "the X0 and^ houses"},
      {"the XQZ of it", "the X0 of it"},
      {"Our New Unforgiving House Rules", "^our^ new^ unforgiving^ house^ rules"}, /* a heading */
      {"HELLO XQZTY", "^hello xqzty"},
      {"Tom", "^tom"},
      {"I", "^i"}, /* a name of the corpus, but of one letter */
      {"J. Ellingsby", "copied"},
      {"London", "^london"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_string_equal(marked(cases[i].text), cases[i].marked);
  }
}

/* Two letters a piece. */
static size_t in_pairs(const void *vocabulary, utf8_text text, int *ids, text_range *ranges,
                       size_t capacity) {
  (void)vocabulary, (void)ids, (void)ranges, (void)capacity;
  return (text.bytes + 1) / 2;
}

static void rare_acronyms_are_copied(void **state) {
  (void)state;
  static const codec_kind pairs = {.encode = in_pairs};
  static const struct {
    const char *text, *marked;
  } cases[] = {
      {"She said hello to TOM.", "^she said hello to X0."},
      {"She said hello to Tom.", "^she said hello to^ tom."},
      {"she said hello to tom.", "she said hello to tom."},
      {"I LOVE TOM", "^i love tom"},
      {"TOM", "X0"},
      {"the NEW rules", "the= new rules"}, /* no name */
  };
  fixture.layer.source = (codec){&pairs, NULL};
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_string_equal(marked(cases[i].text), cases[i].marked);
  }
  fixture.layer.source = (codec){NULL, NULL};
}

static void numbers_are_set(void **state) {
  (void)state;
  const text_setting french = {.french_numbers = true}, as_is = {.french = true};
  assert_string_equal(repeated("It costs $1,299.99.", french), "It costs 1 299,99 $.");
  assert_string_equal(repeated("It costs $1,299.99.", as_is), "It costs $1,299.99.");
  assert_string_equal(repeated("Call at 3:45 p.m. please", french), "Call at 15 h 45 please");
  assert_string_equal(repeated("see version 2.1 of Ubuntu 22.04", french),
                      "see version 2.1 of Ubuntu 22.04");
  assert_string_equal(repeated("see 2.1", french), "see 2,1");
}

enum { SAID_MAX = 80 };

/* What becomes of what a network said, whose places never fall and end where the text does. */
static const char *restored(const layered_text *read, const char *words, text_setting setting,
                            text_range *spans) {
  const utf8_text said = text_of(words);
  int places[SAID_MAX];
  utf8_text out;
  assert_true(said.bytes < SAID_MAX);
  assert_int_equal(
      text_layer_restore(said, read, setting, &fixture.arena, &out, places, spans, NULL), RC_OK);
  for (size_t at = 1; at < said.bytes; at++) {
    if ((said.text[at] & 0xC0) == 0x80) places[at] = places[at - 1];
    assert_true(places[at] >= places[at - 1]);
  }
  assert_int_equal(places[said.bytes], out.bytes);
  return out.text;
}

/* A network parts them from the words that they are of. */
static void markup_hangs_on_as_it_did(void **state) {
  (void)state;
  const text_setting french = {.french_numbers = true};
  static const struct {
    const char *text, *said, *out;
  } cases[] = {
      {"click <b>here</b> to go", "va \uE020 ici \uE021 ou", "va <b>ici</b> ou"},
      {"click <b>here</b>.", "va \uE020 ici \uE021.", "va <b>ici</b>."},
      {"a line<br>and another", "ligne \uE020 et", "ligne<br>et"},
      {"a line <br> and another", "ligne \uE020 et", "ligne <br> et"},
      {"so <p><b>it</b></p> is", "\uE020 \uE021 ce \uE022 \uE023 l\u00E0",
       "<p><b>ce</b></p> l\u00E0"},
      {"do **not** press", "ne \uE020 pas \uE021 la", "ne **pas** la"},
      {"price* of it", "prix \uE020 de", "prix* de"},
      {"open $5-$10 now", "va \uE010 \uE011 la", "va 5 $-10 $ la"},
      {"open 9am\u20135pm now", "va \uE010 \uE011 la", "va 9 h\u201317 h la"},
      {"open 9am 5pm now", "va \uE010 \uE011 la", "va 9 h 17 h la"},
      {"say foo() now", "dis \uE020 la", "dis foo() la"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const layered_text read = read_text(cases[i].text);
    text_range spans[4];
    assert_string_equal(restored(&read, cases[i].said, french, spans), cases[i].out);
  }
}

/* Networks say plain ones now and then. */
static void quotation_marks_are_set_as_french_sets_them(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"\"je viens\", dit-il", "\u00AB\u00A0je viens\u00A0\u00BB, dit-il"},
      {"il dit : \"non !\" puis \"oui\"",
       "il dit : \u00AB\u00A0non !\u00A0\u00BB puis \u00AB\u00A0oui\u00A0\u00BB"},
      {"\" bien \"", "\u00AB\u00A0bien\u00A0\u00BB"},
      {"un \u00E9cran de 24\" neuf", "un \u00E9cran de 24\" neuf"},
      {"\"un \u00E9cran", "\"un \u00E9cran"},
      {"(\"ici\")", "(\u00AB\u00A0ici\u00A0\u00BB)"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    for (int french = 0; french < 2; french++) {
      const layered_text read = read_text("so");
      const text_setting setting = {.french = french == 1};
      assert_string_equal(restored(&read, cases[i][0], setting, NULL), cases[i][french]);
    }
  }
}

/* A network does not see what a name begins with. */
static void short_words_elide_before_names(void **state) {
  (void)state;
  const text_setting elided = {.elided = true}, plain = {0};
  static const struct {
    const char *text, *said, *out;
  } cases[] = {
      {"it is of Ikpeba", "de \uE020 et", "d'Ikpeba et"},
      {"it is of Ikpeba", "Parce que \uE020", "Parce qu'Ikpeba"},
      {"it is of \u00C9lodine", "de \uE020", "d'\u00C9lodine"},
      {"it is of Ellingsby", "mod\u00E8le \uE020", "mod\u00E8le Ellingsby"},
      {"it is of Ellingsby", "donne-le \uE020", "donne-le Ellingsby"},
      {"it is of Ellingsby", "de\u00A0\uE020", "de\u00A0Ellingsby"},
      {"it is of Kowalczyk", "de \uE020", "de Kowalczyk"},
      {"it is of 8", "le \uE010", "le 8"},
      {"it is of <a>it</a>", "de \uE020 ceci \uE021", "de <a>ceci</a>"},
      {"it is of Ellingsby", "\uE020", "Ellingsby"},
      {"it is of Ellingsby", " \uE020", " Ellingsby"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const layered_text read = read_text(cases[i].text);
    text_range spans[2];
    assert_string_equal(restored(&read, cases[i].said, elided, spans), cases[i].out);
    const size_t bytes = (size_t)(read.spans[0].end - read.spans[0].start);
    assert_int_equal(spans[0].end - spans[0].start, bytes);
  }
  const layered_text read = read_text("it is of Ikpeba");
  assert_string_equal(restored(&read, "de \uE020", plain, NULL), "de Ikpeba");
}

/* A network sees no digits: its "er" fits 1 alone. */
static void only_the_first_is_called_so(void **state) {
  (void)state;
  const text_setting french = {.french_numbers = true};
  static const struct {
    const char *text, *said, *out;
  } cases[] = {{"the 21st of it", "le \uE010er", "le 21e"},
               {"the 21st of it", "le \uE010er.", "le 21e."},
               {"the 1st of it", "le \uE010er", "le 1er"},
               {"the 5 of it", "\uE010eron", "5eron"},
               {"1 and 31", "\uE010er, \uE011er", "1er, 31e"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    const layered_text read = read_text(cases[i].text);
    assert_string_equal(restored(&read, cases[i].said, french, NULL), cases[i].out);
  }
}

/* English has the day on both sides of its month, French in front of it. */
static void days_of_a_month_are_set(void **state) {
  (void)state;
  static const struct {
    const char *text, *said, *out;
  } cases[] = {
      {"on april 10", "le avril \uE010", "le 10 avril"},
      {"by april 10th, 2025.", "d'ici avril \uE010, \uE011.", "d'ici le 10 avril 2025."},
      {"by april 10, 30 of it", "en avril \uE010, \uE011 de", "le 10 avril, 30 de"},
      {"on april 10, 2025", "le \uE010 avril, \uE011", "le 10 avril 2025"},
      {"in april, 2025", "en avril, \uE010, ou", "en avril 2025, ou"},
      {"in april, 25 of", "en avril, \uE010", "en avril, 25"},
      {"on may 1", "je vais en mai \uE010", "je vais le 1er mai"},
      {"on may 1", "En mai \uE010", "Le 1er mai"},
      {"from may 1 to june 3", "de mai \uE010 \u00E0 juin \uE011", "du 1er mai au 3 juin"},
      {"the may 14 meeting", "la fin d'mai \uE010", "la fin du 14 mai"},
      {"saturday, june 14", "samedi, \uE010 juin", "samedi 14 juin"},
      {"saturday, june 14", "Samedi, juin \uE010", "Samedi 14 juin"},
      {"before 5 may", "avant \uE010 mai", "avant le 5 mai"},
      {"before 5 may", "avant le \uE010 mai", "avant le 5 mai"},
      {"before 5 may", "auparavant \uE010 mai", "auparavant 5 mai"},
      {"before 5 may", "(Avant \uE010 mai)", "(Avant le 5 mai)"},
      {"before 5 men", "avant \uE010 hommes", "avant 5 hommes"},
      {"after may 1", "apr\u00E8s mai \uE010", "apr\u00E8s le 1er mai"},
      {"dec. 25", "d\u00E9c. \uE010", "25 d\u00E9c."},
      {"on 1 may", "le \uE010 mai", "le 1er mai"},
      {"on 1 may", "le \uE010er mai", "le 1er mai"},
      {"from 1 to 5 may", "du \uE010 au \uE011 mai", "du 1er au 5 mai"},
      {"may 68 of it", "mai \uE010", "mai 68"},
      {"in may 2024", "en mai \uE010", "en mai 2024"},
      {"1 more", "\uE010 maison", "1 maison"},
      {"on april 10", "le dixavril \uE010", "le dixavril 10"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    const layered_text read = read_text(cases[i].text);
    text_range spans[4];
    const text_setting french = {.french_numbers = true};
    const char *out = restored(&read, cases[i].said, french, spans);
    assert_string_equal(out, cases[i].out);
    for (int k = 0; k < read.span_count; k++) {
      const layer_span *span = &read.spans[k];
      assert_memory_equal(out + spans[k].start, read.shown.text + span->start,
                          (size_t)(span->end - span->start));
    }
    /* Wanted as they are, they stay where they stand. */
    out = restored(&read, cases[i].said, (text_setting){0}, spans);
    assert_true(strstr(out, "1er") == NULL || strstr(cases[i].said, "er") != NULL);
  }
}

/* That of "at 3 p.m." is the sentence's. */
static void a_full_stop_stands_once(void **state) {
  (void)state;
  const layered_text read = read_text("We call at 3 p.m.");
  assert_string_equal(spell(read.marked), "^we call at N0.");
  int places[40];
  utf8_text out;
  const utf8_text said = text_of("\uE000on appelle \u00E0 \uE010.");
  assert_int_equal(
      text_layer_restore(said, &read, (text_setting){0}, &fixture.arena, &out, places, NULL, NULL),
      RC_OK);
  assert_string_equal(out.text, "On appelle \u00E0 3 p.m.");
}

static void capitals_come_back(void **state) {
  (void)state;
  const layered_text read = read_text("SEE https://a.b/C, PLEASE");
  assert_true(read.capitals);
  int places[80];
  utf8_text out;
  text_range spans[1];
  const utf8_text said = text_of("\uE000l'\u00E9t\u00E9, \u0153uvre \uE020 !");
  assert_int_equal(
      text_layer_restore(said, &read, (text_setting){0}, &fixture.arena, &out, places, spans, NULL),
      RC_OK);
  assert_string_equal(out.text, "L'\u00C9T\u00C9, \u0152UVRE https://a.b/C !");
  assert_memory_equal(out.text + spans[0].start, "https://a.b/C", 13);
  assert_int_equal(spans[0].end - spans[0].start, 13);
}

static void translations_begin_as_their_source_does(void **state) {
  (void)state;
  static const struct {
    const char *text, *said, *out;
  } cases[] = {{"Hello", "bonjour", "Bonjour"},
               {"Hello", "\uE001bonjour", "BONJOUR"},
               {"hello", "bonjour", "bonjour"},
               {"Hello", "\u00C9t\u00E9", "\u00C9t\u00E9"},
               {"Hello 5", "\uE010 jours", "5 jours"},
               {"Hello", "", ""},
               {"Ellingsby so", "si \uE020", "Si Ellingsby"},
               {"https://a.b is", "oui, \uE020", "oui, https://a.b"},
               {"5 of it", "en \uE010", "en 5"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    const layered_text read = read_text(cases[i].text);
    assert_string_equal(restored(&read, cases[i].said, (text_setting){0}, NULL), cases[i].out);
  }
}

/* Whatever a network writes, each span is there once. */
static void spans_are_there_once(void **state) {
  (void)state;
  const layered_text read = read_text("the https://a.b and 5");
  static const struct {
    const char *said, *text;
  } cases[] = {
      {"\uE020 x \uE010", "https://a.b x 5"},
      {"\uE020\uE020\uE010\uE010", "https://a.b5"},
      {"x", "x https://a.b 5"},
      {"", "https://a.b 5"},
      {"\uE02F \uE010\uE0FF", " 5 https://a.b"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    int places[80];
    utf8_text out;
    assert_int_equal(text_layer_restore(text_of(cases[i].said), &read, (text_setting){0},
                                        &fixture.arena, &out, places, NULL, NULL),
                     RC_OK);
    assert_string_equal(out.text, cases[i].text);
    assert_int_equal(
        text_layer_restore(text_of(cases[i].said), &read, (text_setting){.unfinished = true},
                           &fixture.arena, &out, places, NULL, NULL),
        RC_OK);
    assert_true(out.bytes <= strlen(cases[i].text));
  }
}

static void tokens_know_what_they_were(void **state) {
  (void)state;
  const layered_text read = read_text("I love \u00C9mile: $5 of Paris");
  assert_string_equal(spell(read.marked), "^i love X0: N0 of^ paris");
  /* ^ i _love X0 : _N0 _of ^ _paris end */
  const int starts[] = {0, 3, 5, 10, 13, 15, 19, 21, 25, 30},
            ends[] = {3, 4, 9, 13, 14, 18, 21, 24, 30, 30};
  static const char *const words[] = {"",   "I",  "love", "\u00C9mile", ":",
                                      "$5", "of", "",     "Paris",      ""};
  text_range ranges[10];
  for (int i = 0; i < 10; i++) ranges[i] = (text_range){starts[i], ends[i]};
  text_layer_show_ranges(&read, ranges, 10);
  int before = 0;
  for (int i = 0; i < 10; i++) {
    assert_int_equal(ranges[i].end - ranges[i].start, strlen(words[i]));
    assert_memory_equal(read.shown.text + ranges[i].start, words[i], strlen(words[i]));
    assert_true(ranges[i].start >= before);
    before = ranges[i].end;
  }
  assert_int_equal(ranges[7].start, ranges[8].start); /* the mark goes with its word */
  assert_int_equal(ranges[9].end, read.shown.bytes);
  char name[40];
  assert_int_equal(text_layer_name(text_of("\u2581\uE010"), &read, name, 40), 5);
  assert_memory_equal(name, "\u2581$5", 5);
  assert_int_equal(text_layer_name(text_of("\uE01A"), NULL, name, 40), 3);
  assert_memory_equal(name, "N10", 3);
  assert_int_equal(text_layer_name(text_of("\uE000"), NULL, name, 40), 3);
}

/* ---- properties over generated text ---- */

typedef struct generated {
  char text[ROOM];
  const char *spans[200];
  int count;
} generated;

/* Words and spans in any order, parted by spaces. */
static void generate(generated *g, rc_rng *rng, uint32_t most) {
  g->text[0] = '\0';
  g->count = 0;
  for (uint32_t n = 1 + rng_below(rng, most); n > 0; n--) {
    const char *part;
    if (rng_below(rng, 3) == 0) {
      part = SPAN_WORDS[rng_below(rng, COUNT(SPAN_WORDS))];
    } else {
      part = rng_below(rng, 2) == 0 ? SPAN_NUMBERS[rng_below(rng, COUNT(SPAN_NUMBERS))]
                                    : SPAN_OTHERS[rng_below(rng, COUNT(SPAN_OTHERS))];
      g->spans[g->count++] = part;
    }
    if (g->text[0] != '\0') strcat(g->text, " ");
    strcat(g->text, part);
  }
}

static int count_of(const char *text, const char *part) {
  int count = 0;
  for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) count++;
  return count;
}

/* Every span of what was generated is in the output as often as it was in the text. */
static void assert_spans_kept(const generated *g, const char *output) {
  for (int i = 0; i < g->count; i++) {
    if (count_of(output, g->spans[i]) < count_of(g->text, g->spans[i])) {
      fail_msg("%s\n  of %s\n  in %s", g->spans[i], g->text, output);
    }
  }
}

static void repeating_gives_back_the_text(void **state) {
  (void)state;
  rc_rng rng = rng_make(1, 2, 3);
  for (int round = 0; round < 20000; round++) {
    static generated g;
    generate(&g, &rng, 14);
    const char *output = repeated(g.text, (text_setting){0});
    assert_string_equal(output, g.text);
  }
}

/* However many spans there are, a passage's sentences have placeholders for all. */
static void passages_have_room_for_all_spans(void **state) {
  (void)state;
  rc_rng rng = rng_make(4, 5, 6);
  for (int round = 0; round < 1500; round++) {
    static generated g;
    static char output[2 * ROOM];
    passage p;
    generate(&g, &rng, 120);
    assert_int_equal(passage_read(&p, text_of(g.text), 0, &fixture.layer, NULL), RC_OK);
    output[0] = '\0';
    for (int i = 0; i <= p.count; i++) {
      const utf8_text gap = passage_gap(&p, text_of(g.text), i);
      strncat(output, gap.text, gap.bytes);
      if (i == p.count) break;
      const layered_text *read = &p.sentences[i].text;
      assert_true(read->span_count <= LAYER_SPANS_MAX);
      uint32_t seen[2] = {0, 0};
      for (int k = 0; k < read->span_count; k++) {
        const layer_span *span = &read->spans[k];
        const int family = span->mark >= MARK_OTHER;
        const uint32_t number = span->mark - (family == 1 ? MARK_OTHER : MARK_NUMBER);
        assert_true(read->copied || number < MARK_FAMILY);
        if (!read->copied) assert_int_equal(number, seen[family]++);
        const size_t raw = p.sentences[i].start + (size_t)span->raw_start;
        assert_memory_equal(g.text + raw, read->shown.text + span->start,
                            (size_t)(span->end - span->start));
      }
      strcat(output, read->shown.text);
    }
    assert_spans_kept(&g, output);
    passage_free(&p);
  }
}

/* Where a passage is cut the white space is told once. */
static void cut_passages_keep_their_gaps(void **state) {
  (void)state;
  passage p;
  char text[400] = "";
  for (int i = 1; i <= 40; i++) sprintf(text + strlen(text), "%d%s", i, i % 10 == 0 ? ",  " : " ");
  strcat(text, "people");
  assert_int_equal(passage_read(&p, text_of(text), 0, &fixture.layer, NULL), RC_OK);
  assert_true(p.count > 2 && p.sentences[0].text.copied && !p.sentences[p.count - 1].text.copied);
  for (int i = 0; i < p.count; i++) {
    const utf8_text shown = p.sentences[i].text.shown;
    if (p.sentences[i].text.copied) {
      assert_int_equal(shown.bytes, p.sentences[i].end - p.sentences[i].start);
      assert_memory_equal(shown.text, text + p.sentences[i].start, shown.bytes);
    }
    const utf8_text gap = passage_gap(&p, text_of(text), i);
    assert_int_equal(gap.bytes, i == 0 ? 0 : 2);
  }
  passage_free(&p);
}

/* What a line begins with is no part of its sentence, and what parts cells stays. */
static void lines_keep_their_markers(void **state) {
  (void)state;
  static const struct {
    const char *text, *gaps, *last; /* the gaps with | for each sentence, and the last sentence */
  } cases[] = {
      {"# the head", "# |", "the head"},
      {"  - [ ] the task ", "  - [ ] |", "the task"},
      {"> > said\n* more", "> > |\n* |", "more"},
      {"one\ttwo\t\tthree", "|\t|\t\t|", "three"},
      {"\u2022 one.  - Two", "\u2022 |", "one. - Two"},
      {"- ", "| ", "-"},
      {"#tag it", "|", "it"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    passage p;
    char gaps[80] = "";
    assert_int_equal(passage_read(&p, text_of(cases[i].text), 40, &fixture.layer, NULL), RC_OK);
    for (int k = 0; k <= p.count; k++) {
      const utf8_text gap = passage_gap(&p, text_of(cases[i].text), k);
      strncat(gaps, gap.text, gap.bytes);
      if (k < p.count) strcat(gaps, "|");
    }
    assert_string_equal(gaps, cases[i].gaps);
    assert_true(p.count > 0);
    assert_non_null(strstr(p.sentences[p.count - 1].text.shown.text, cases[i].last));
    passage_free(&p);
  }
}

static void any_bytes_are_read(void **state) {
  (void)state;
  static const char *const parts[] = {
      "\xFF",       "\xE2\x80", "\uE000", "\uE010", " ",      "\u00A0", "e\u0301", "\u0130",
      "A",          "bc",       "\u200B", "\u00AB", "\u00BB", "\u2026", "5",       "\u0958",
      "\U0001D160", "\n",       "'",      "\u2032", ".",      "<",      "TOM"};
  rc_rng rng = rng_make(7, 8, 9);
  for (int round = 0; round < 20000; round++) {
    char text[300] = "";
    for (uint32_t n = rng_below(&rng, 20); n > 0; n--) {
      strcat(text, parts[rng_below(&rng, COUNT(parts))]);
    }
    const size_t bytes = strlen(text);
    rc_arena exact;
    layered_text read;
    size_t taken;
    assert_int_equal(arena_new(&exact, text_layer_bytes(bytes), NULL), RC_OK);
    assert_int_equal(
        text_layer_read(&fixture.layer, (utf8_text){text, bytes}, &taken, &exact, &read, NULL),
        RC_OK);
    assert_true(taken == bytes);
    assert_int_equal(utf8_check(read.marked.text, read.marked.bytes, NULL), RC_OK);
    assert_int_equal(utf8_check(read.shown.text, read.shown.bytes, NULL), RC_OK);
    arena_free(&exact);
  }
}

static void a_small_arena_is_told(void **state) {
  (void)state;
  rc_arena small = arena_over(fixture.arena.base, text_layer_bytes(14));
  layered_text read;
  rc_error error;
  assert_int_equal(
      text_layer_read(&fixture.layer, text_of("the house of 5"), NULL, &small, &read, &error),
      RC_OK);
  small = arena_over(fixture.arena.base, ARENA_ALIGNMENT);
  assert_int_equal(
      text_layer_read(&fixture.layer, text_of("the house of 5"), NULL, &small, &read, &error),
      RC_ERR_MEMORY);
}

static void without_the_layer_text_is_normalised(void **state) {
  (void)state;
  const text_layer none = {.used = false};
  layered_text read;
  arena_reset(&fixture.arena);
  assert_int_equal(text_layer_read(&none, text_of("It\u2019s  $5 \u201Ca\u201D"), NULL,
                                   &fixture.arena, &read, NULL),
                   RC_OK);
  assert_string_equal(read.marked.text, "It's $5 \u201Ca\u201D");
  assert_string_equal(read.shown.text, read.marked.text);
  assert_int_equal(read.span_count, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sentences_are_marked),
      cmocka_unit_test(lines_without_letters_are_copied),
      cmocka_unit_test(unknown_names_are_copied),
      cmocka_unit_test(rare_acronyms_are_copied),
      cmocka_unit_test(numbers_are_set),
      cmocka_unit_test(markup_hangs_on_as_it_did),
      cmocka_unit_test(quotation_marks_are_set_as_french_sets_them),
      cmocka_unit_test(short_words_elide_before_names),
      cmocka_unit_test(only_the_first_is_called_so),
      cmocka_unit_test(days_of_a_month_are_set),
      cmocka_unit_test(a_full_stop_stands_once),
      cmocka_unit_test(capitals_come_back),
      cmocka_unit_test(translations_begin_as_their_source_does),
      cmocka_unit_test(spans_are_there_once),
      cmocka_unit_test(tokens_know_what_they_were),
      cmocka_unit_test(repeating_gives_back_the_text),
      cmocka_unit_test(passages_have_room_for_all_spans),
      cmocka_unit_test(cut_passages_keep_their_gaps),
      cmocka_unit_test(lines_keep_their_markers),
      cmocka_unit_test(any_bytes_are_read),
      cmocka_unit_test(a_small_arena_is_told),
      cmocka_unit_test(without_the_layer_text_is_normalised),
  };
  return cmocka_run_group_tests(tests, open_layer, close_layer);
}
