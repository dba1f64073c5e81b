#include "evaluate_prefixes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "terminal.h"
#include "text_buffer.h"
#include "translate_lines.h"

/* So many prefixes are translated together, and those of one source more. */
enum { TOGETHER = 4096 };

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for prefixes");
}

static void free_example(prefix_example *example) {
  free(example->prefix);
  free(example->translation);
  free(example->before);
}

/* A prefix with what became of it. */
typedef struct judged {
  utf8_text prefix, output, before;
  prefix_verdict verdict;
} judged;

/* Keeps it where it belongs, if it is among the worst. */
static rc_status consider(prefix_evaluation *e, const judged *one, rc_error *error) {
  int at = e->worst_count;
  if (!prefix_is_poor(&one->verdict) && one->verdict.changed == 0) return RC_OK;
  while (at > 0 && prefix_compare(&one->verdict, &e->worst[at - 1].verdict) < 0) at--;
  if (at == e->worst_room) return RC_OK;
  const prefix_example example = {.prefix = strndup(one->prefix.text, one->prefix.bytes),
                                  .translation = strndup(one->output.text, one->output.bytes),
                                  .before = strndup(one->before.text, one->before.bytes),
                                  .verdict = one->verdict};
  if (e->worst_count == e->worst_room) free_example(&e->worst[--e->worst_count]);
  memmove(e->worst + at + 1, e->worst + at, (size_t)(e->worst_count - at) * sizeof *e->worst);
  e->worst[at] = example;
  e->worst_count++;
  const bool kept = example.prefix != NULL && example.translation != NULL && example.before != NULL;
  return kept ? RC_OK : no_memory(error);
}

/* prefixes [count] of whole sources, of each of which one can be among the worst. */
static rc_status judge(prefix_evaluation *e, const utf8_text *prefixes, int count,
                       const translated_lines *lines, rc_error *error) {
  judged worst = {.verdict = {0}}, one = {.output = {"", 0}};
  for (int i = 0; i < count; i++) {
    const char *text = lines->lines[i].texts[0];
    const bool first = i == 0 || prefixes[i].text != prefixes[i - 1].text;
    const bool last = i + 1 == count || prefixes[i + 1].text != prefixes[i].text;
    one.before = first ? (utf8_text){"", 0} : one.output;
    one.prefix = prefixes[i];
    one.output = (utf8_text){text, strlen(text)};
    one.verdict = prefixes_judge(one.prefix, one.output, one.before);
    prefix_scores_add(&e->scores, &one.verdict);
    if (first || prefix_compare(&one.verdict, &worst.verdict) < 0) worst = one;
    if (last) RC_TRY(consider(e, &worst, error));
  }
  return RC_OK;
}

static rc_status translate(prefix_evaluation *e, const translating *how, const utf8_text *prefixes,
                           int count, rc_error *error) {
  /* Whole words, of which some models know only so many, are read sentence by sentence. */
  const bool whole = translating_longest(how) == TRANSLATOR_LENGTH_MAX;
  const line_translator lines = {.sentences = *how, .split = whole ? PASSAGE_WHOLE : 0};
  translated_lines translations;
  rc_status status = translate_lines(&lines, prefixes, count, 1, &translations, error);
  if (status == RC_OK) status = judge(e, prefixes, count, &translations, error);
  translated_lines_free(&translations, count);
  return status;
}

static rc_status run(const translating *how, const utf8_text *sources, int count,
                     utf8_text *prefixes, prefix_evaluation *out, rc_error *error) {
  int waiting = 0;
  for (int i = 0; i < count; i++) {
    waiting += prefixes_of(sources[i], prefixes + waiting);
    if (waiting == 0 || (waiting < TOGETHER && i + 1 < count)) continue;
    RC_TRY(translate(out, how, prefixes, waiting, error));
    waiting = 0;
  }
  return RC_OK;
}

rc_status evaluate_prefixes(const translating *how, const utf8_text *sources, int count,
                            int examples, prefix_evaluation *out, rc_error *error) {
  *out = (prefix_evaluation){.sources = count, .worst_room = examples};
  out->worst = malloc(((size_t)examples + 1) * sizeof *out->worst);
  utf8_text *prefixes = malloc((TOGETHER + PREFIXES_MAX) * sizeof *prefixes);
  const double start = clocks_now();
  rc_status status = out->worst == NULL || prefixes == NULL
                         ? no_memory(error)
                         : run(how, sources, count, prefixes, out, error);
  out->seconds = clocks_now() - start;
  free(prefixes);
  return status;
}

void prefix_evaluation_free(prefix_evaluation *evaluation) {
  for (int i = 0; i < evaluation->worst_count; i++) free_example(&evaluation->worst[i]);
  free(evaluation->worst);
  *evaluation = (prefix_evaluation){0};
}

/* ---- what it says ---- */

static double percent(long part, long whole) {
  return whole > 0 ? 100 * (double)part / (double)whole : 0;
}

static void print_share(const char *what, long part, long whole, const char *of) {
  char grouped[2][TEXT_GROUPED_BYTES];
  printf("  %-9s %5.2f %%  %s of %s %s\n", what, percent(part, whole),
         text_grouped(part, grouped[0]), text_grouped(whole, grouped[1]), of);
}

static void print_example(const prefix_example *example) {
  const prefix_verdict *v = &example->verdict;
  terminal_message(stdout, "  %s -> %s", example->prefix, example->translation);
  printf("\n    %d word%s of %d", v->words, text_plural(v->words), v->source_words);
  if (v->repeats > 0) printf(", %d repeated", v->repeats);
  if (v->changed > 0) {
    terminal_message(stdout, ", %d of %d changed from: %s", v->changed, v->shown, example->before);
  }
  putchar('\n');
}

void prefix_evaluation_print(const prefix_evaluation *e) {
  const prefix_scores *s = &e->scores;
  print_share("repeated", s->repeated, s->prefixes, "translations have three words in a row twice");
  print_share("too long", s->longer, s->prefixes, "have more than twice the words of their prefix");
  print_share("either", s->poor, s->prefixes, "are one of these or both");
  print_share("flicker", s->changed, s->shown, "words already shown change with the next word");
  for (int i = 0; i < e->worst_count; i++) print_example(&e->worst[i]);
}

void prefix_evaluation_json(const prefix_evaluation *e, json *row) {
  const prefix_scores *s = &e->scores;
  json_integer(row, "sources", e->sources);
  json_integer(row, "prefixes", s->prefixes);
  json_integer(row, "repeated", s->repeated);
  json_integer(row, "too_long", s->longer);
  json_integer(row, "repeated_or_too_long", s->poor);
  json_number(row, "share", percent(s->poor, s->prefixes) / 100);
  json_integer(row, "words_shown", s->shown);
  json_integer(row, "words_changed", s->changed);
  json_number(row, "flicker", percent(s->changed, s->shown) / 100);
  json_number(row, "seconds", e->seconds);
  json *worst = json_member_array(row, "worst");
  for (int i = 0; i < e->worst_count; i++) {
    const prefix_example *example = &e->worst[i];
    json *item = json_item_object(worst);
    json_text(item, "prefix", example->prefix);
    json_text(item, "translation", example->translation);
    json_text(item, "before", example->before);
    json_integer(item, "words", example->verdict.words);
    json_integer(item, "source_words", example->verdict.source_words);
    json_integer(item, "repeats", example->verdict.repeats);
    json_integer(item, "changed", example->verdict.changed);
    json_integer(item, "shown", example->verdict.shown);
  }
}
