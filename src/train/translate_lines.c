#include "translate_lines.h"

#include <stdlib.h>
#include <string.h>

#include "normalize.h"
#include "pairs.h"
#include "sentences.h"

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for lines");
}

/* Normalises the lines into the buffer; spans: [count + 1] where each begins. */
static rc_status normalize_lines(const utf8_text *lines, int count, long first, text_buffer *out,
                                 size_t *spans, rc_error *error) {
  size_t longest = 0;
  for (int i = 0; i < count; i++) {
    if (lines[i].bytes > longest) longest = lines[i].bytes;
    if (lines[i].bytes <= TRANSLATE_LINE_MAX) continue;
    return rc_fail(error, RC_ERR_FORMAT, "line %ld: %zu bytes, at most %d can be translated",
                   first + i, lines[i].bytes, TRANSLATE_LINE_MAX);
  }
  rc_arena scratch;
  RC_TRY(arena_new(&scratch, pairs_normalize_bytes(longest), error));
  rc_status status = RC_OK;
  for (int i = 0; i < count && status == RC_OK; i++) {
    spans[i] = out->size;
    status = pairs_normalize(out, lines[i], false, &scratch, error);
  }
  spans[count] = out->size;
  arena_free(&scratch);
  return status;
}

/* Hands each sentence of a normalised line to `out` (NULL: only counts). */
static int cut_line(const line_translator *how, utf8_text line, utf8_text *out) {
  int count = 0;
  if (line.bytes == 0) return 0;
  if (line.bytes <= (size_t)how->split && line.bytes <= SENTENCES_MAX) {
    if (out != NULL) out[0] = line;
    return 1;
  }
  for (sentence s = {0}; sentences_next(line.text, line.bytes, &s);) {
    if (s.end == s.start) continue;
    if (out != NULL) out[count] = (utf8_text){line.text + s.start, s.end - s.start};
    count++;
  }
  return count;
}

static utf8_text line_at(const translated_lines *t, const size_t *spans, int i) {
  const char *text = t->normalized.text == NULL ? "" : t->normalized.text + spans[i];
  return (utf8_text){text, spans[i + 1] - spans[i]};
}

static rc_status cut_lines(const line_translator *how, const size_t *spans, int count,
                           translated_lines *out, rc_error *error) {
  int total = 0;
  for (int i = 0; i < count; i++) {
    out->lines[i].count = cut_line(how, line_at(out, spans, i), NULL);
    total += out->lines[i].count;
  }
  size_t room = (size_t)total + 1;
  out->sentence_count = total;
  out->sentences = calloc(room, sizeof *out->sentences);
  out->sources = malloc(room * sizeof *out->sources);
  out->results = calloc(room, sizeof *out->results);
  if (out->sentences == NULL || out->sources == NULL || out->results == NULL) {
    return no_memory(error);
  }
  int next = 0;
  for (int i = 0; i < count; i++) {
    out->lines[i].sentences = out->sentences + next;
    next += cut_line(how, line_at(out, spans, i), out->sources + next);
  }
  return RC_OK;
}

/* Sets a text behind the buffer's. */
static rc_status add_typeset(const line_translator *how, utf8_text text, text_buffer *out,
                             rc_error *error) {
  if (!how->french) {
    text_add_bytes(out, text.text, text.bytes);
    return RC_OK;
  }
  size_t bytes = typeset_french(text.text, text.bytes, how->typographic, NULL, 0);
  char *set = malloc(bytes + 1);
  if (set == NULL) return no_memory(error);
  typeset_french(text.text, text.bytes, how->typographic, set, bytes);
  text_add_bytes(out, set, bytes);
  free(set);
  return RC_OK;
}

/* Puts every line together from its sentences: texts lie in one buffer, starts: [count * nbest]. */
static rc_status join_lines(const line_translator *how, int count, translated_lines *out,
                            size_t *starts, rc_error *error) {
  int nbest = how->sentences.options.nbest;
  for (int i = 0; i < count * nbest; i++) {
    const translated_line *line = &out->lines[i / nbest];
    starts[i] = out->texts.size;
    out->score_list[i] = 0;
    for (int s = 0; s < line->count; s++) {
      const hypothesis *best = &line->sentences[s].result.best[i % nbest];
      if (s > 0) text_add(&out->texts, " ");
      RC_TRY(add_typeset(how, best->text, &out->texts, error));
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

/* places: [count * nbest + 1] */
static rc_status run(const line_translator *how, const utf8_text *lines, int count, long first,
                     size_t *places, translated_lines *out, rc_error *error) {
  RC_TRY(normalize_lines(lines, count, first, &out->normalized, places, error));
  RC_TRY(cut_lines(how, places, count, out, error));
  RC_TRY(translating_run(&how->sentences, out->sources, out->sentence_count, out->results, error));
  for (int i = 0; i < out->sentence_count; i++) {
    out->sentences[i] = (line_sentence){out->sources[i], out->results[i]};
  }
  return join_lines(how, count, out, places, error);
}

rc_status translate_lines(const line_translator *how, const utf8_text *lines, int count, long first,
                          translated_lines *out, rc_error *error) {
  size_t results = (size_t)count * (size_t)how->sentences.options.nbest + 1;
  size_t *places = malloc(results * sizeof *places);
  *out = (translated_lines){.lines = calloc((size_t)count + 1, sizeof *out->lines),
                            .text_list = malloc(results * sizeof *out->text_list),
                            .score_list = malloc(results * sizeof *out->score_list)};
  bool room =
      places != NULL && out->lines != NULL && out->text_list != NULL && out->score_list != NULL;
  rc_status status = room ? run(how, lines, count, first, places, out, error) : no_memory(error);
  free(places);
  return status;
}

void translated_lines_free(translated_lines *t) {
  if (t->results != NULL) translated_free(t->results, t->sentence_count);
  free(t->results);
  free(t->sources);
  free(t->sentences);
  free(t->lines);
  free(t->text_list);
  free(t->score_list);
  text_free(&t->normalized);
  text_free(&t->texts);
  *t = (translated_lines){0};
}
