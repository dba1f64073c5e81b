#include "translate_lines.h"

#include <stdlib.h>

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for lines");
}

static rc_status read_lines(const line_translator *how, const utf8_text *lines, int count,
                            long first, int *read, translated_lines *out, rc_error *error) {
  for (*read = 0; *read < count; ++*read) {
    const int i = *read;
    rc_error reason;
    rc_status status = passage_read(&out->passages[i], lines[i], (size_t)how->split,
                                    &how->sentences.layer, &reason);
    if (status != RC_OK) return rc_fail(error, status, "line %ld: %s", first + i, reason.text);
    out->sentence_count += out->passages[i].count;
  }
  return RC_OK;
}

/* The sentences of all lines, one after another. */
static rc_status list_sentences(int count, translated_lines *out, rc_error *error) {
  size_t room = (size_t)out->sentence_count + 1;
  out->sources = malloc(room * sizeof *out->sources);
  out->results = calloc(room, sizeof *out->results);
  out->starts = malloc(room * sizeof *out->starts);
  if (out->sources == NULL || out->results == NULL || out->starts == NULL) return no_memory(error);
  int next = 0;
  for (int i = 0; i < count; i++) {
    const passage *p = &out->passages[i];
    out->lines[i] = (translated_line){.sentences = out->results + next,
                                      .read = p->sentences,
                                      .count = p->count,
                                      .starts = out->starts + next};
    for (int s = 0; s < p->count; s++) out->sources[next++] = p->sentences[s];
  }
  return RC_OK;
}

/* Puts every line together from its sentences: texts lie in one buffer, starts: [count * nbest]. */
static rc_status join_lines(const line_translator *how, const utf8_text *lines, int count,
                            translated_lines *out, size_t *starts, rc_error *error) {
  int nbest = how->sentences.options.nbest;
  for (int i = 0; i < count * nbest; i++) {
    const translated_line *line = &out->lines[i / nbest];
    starts[i] = out->texts.size;
    out->score_list[i] = 0;
    for (int s = 0; s <= line->count; s++) {
      const utf8_text gap = passage_gap(&out->passages[i / nbest], lines[i / nbest], s);
      text_add_bytes(&out->texts, gap.text, gap.bytes);
      if (s == line->count) break;
      if (i % nbest == 0) out->starts[line->starts - out->starts + s] = out->texts.size - starts[i];
      const hypothesis *best = &line->sentences[s].best[i % nbest];
      text_add_bytes(&out->texts, best->text.text, best->text.bytes);
      out->score_list[i] += best->score;
    }
    text_add_bytes(&out->texts, "", 1);
  }
  if (out->texts.failed) return no_memory(error);
  for (int i = 0; i < count * nbest; i++) out->text_list[i] = out->texts.text + starts[i];
  for (int i = 0; i < count; i++) {
    out->lines[i].texts = out->text_list + (ptrdiff_t)i * nbest;
    out->lines[i].scores = out->score_list + (ptrdiff_t)i * nbest;
  }
  return RC_OK;
}

/* places: [count * nbest] */
static rc_status run(const line_translator *how, const utf8_text *lines, int count, long first,
                     size_t *places, translated_lines *out, rc_error *error) {
  int read;
  rc_status whole = read_lines(how, lines, count, first, &read, out, error);
  RC_TRY(list_sentences(read, out, error));
  RC_TRY(translating_run(&how->sentences, out->sources, out->sentence_count, out->results, error));
  RC_TRY(join_lines(how, lines, read, out, places, error));
  out->count = read;
  return whole;
}

rc_status translate_lines(const line_translator *how, const utf8_text *lines, int count, long first,
                          translated_lines *out, rc_error *error) {
  size_t results = (size_t)count * (size_t)how->sentences.options.nbest + 1;
  size_t *places = malloc(results * sizeof *places);
  *out = (translated_lines){.lines = calloc((size_t)count + 1, sizeof *out->lines),
                            .passages = calloc((size_t)count + 1, sizeof *out->passages),
                            .text_list = malloc(results * sizeof *out->text_list),
                            .score_list = malloc(results * sizeof *out->score_list)};
  bool room = places != NULL && out->lines != NULL && out->passages != NULL &&
              out->text_list != NULL && out->score_list != NULL;
  rc_status status = room ? run(how, lines, count, first, places, out, error) : no_memory(error);
  free(places);
  return status;
}

void translated_lines_free(translated_lines *t, int count) {
  if (t->results != NULL) translated_free(t->results, t->sentence_count);
  for (int i = 0; i < count && t->passages != NULL; i++) passage_free(&t->passages[i]);
  free(t->results);
  free(t->sources);
  free(t->starts);
  free(t->passages);
  free(t->lines);
  free(t->text_list);
  free(t->score_list);
  text_free(&t->texts);
  *t = (translated_lines){0};
}
