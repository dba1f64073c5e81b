#include "pair_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pairs.h"
#include "terminal.h"

enum { INCOMPLETE = PAIR_UNLIKE + 1 };

/* What became of a line. */
typedef struct outcome {
  int fault;  /* pair_fault or INCOMPLETE: of its best, if none would do */
  int chosen; /* of its n-best */
} outcome;

/* One thread's. */
typedef struct chooser {
  const pair_writer *writer;
  rc_arena scratch; /* for a score, or for normalising a reference */
  text_buffer source, reference;
  utf8_text candidates[TRANSLATOR_BEAM_MAX]; /* those that would do, */
  double log_probability[TRANSLATOR_BEAM_MAX];
  int places[TRANSLATOR_BEAM_MAX]; /* and where they stand among the n-best */
  int count;
} chooser;

static utf8_text text_of(const translated_line *line, int k) {
  return (utf8_text){line->texts[k], strlen(line->texts[k])};
}

static utf8_text buffer_text(const text_buffer *buffer) {
  return (utf8_text){buffer->text == NULL ? "" : buffer->text, buffer->size};
}

static int fault_of(const chooser *c, const translated_line *line, int k, double *log_probability) {
  *log_probability = 0;
  for (int s = 0; s < line->count; s++) {
    const hypothesis *h = &line->sentences[s].best[k];
    if (h->length > 0 && h->rows == h->length) return INCOMPLETE;
    *log_probability += h->log_probability;
  }
  return (int)pair_filter_check(buffer_text(&c->source), text_of(line, k), c->writer->ratio);
}

/* The normalised sentences of a line, joined as their translations are. */
static rc_status join_source(chooser *c, const passage *p, rc_error *error) {
  c->source.size = 0;
  for (int s = 0; s < p->count; s++) {
    if (s > 0) text_add(&c->source, " ");
    const utf8_text shown = p->sentences[s].text.shown;
    text_add_bytes(&c->source, shown.text, shown.bytes);
  }
  return c->source.failed ? rc_fail(error, RC_ERR_MEMORY, "out of memory for pairs") : RC_OK;
}

static rc_status choose(chooser *c, const passage *source, const translated_line *line,
                        const utf8_text *reference, outcome *out, rc_error *error) {
  const pair_writer *w = c->writer;
  *out = (outcome){.fault = PAIR_EMPTY};
  if (line->count == 0) return RC_OK;
  RC_TRY(join_source(c, source, error));
  c->count = 0;
  for (int k = 0; k < w->nbest; k++) {
    int fault = fault_of(c, line, k, &c->log_probability[c->count]);
    if (k == 0) out->fault = fault;
    if (fault != PAIR_FINE) continue;
    c->candidates[c->count] = text_of(line, k);
    c->places[c->count++] = k;
  }
  if (c->count == 0) return RC_OK;
  int best = 0;
  if (w->choice == PAIR_CONSENSUS) {
    RC_TRY(sentence_consensus(w->metric, c->candidates, c->log_probability, c->count, &c->scratch,
                              &best, error));
  } else if (reference != NULL) {
    c->reference.size = 0;
    RC_TRY(pairs_normalize(&c->reference, *reference, w->french, &c->scratch, error));
    RC_TRY(sentence_nearest(w->metric, c->candidates, c->count, buffer_text(&c->reference),
                            &c->scratch, &best, error));
  }
  *out = (outcome){.fault = PAIR_FINE, .chosen = c->places[best]};
  return RC_OK;
}

/* Space for whatever the lines need. */
static size_t scratch_bytes(const pair_writer *w, const translated_lines *results,
                            const utf8_text *references, int count) {
  size_t longest = 0, reference = 0;
  for (int i = 0; i < count; i++) {
    for (int k = 0; k < w->nbest; k++) {
      size_t bytes = strlen(results->lines[i].texts[k]);
      if (bytes > longest) longest = bytes;
    }
    if (references != NULL && references[i].bytes > reference) reference = references[i].bytes;
  }
  size_t normalized = pairs_normalize_bytes(reference);
  size_t other = normalized > longest ? normalized : longest;
  return arena_larger(sentence_score_bytes(w->metric, longest + other), normalized);
}

static rc_status choose_all(const pair_writer *w, const translated_lines *results,
                            const utf8_text *references, int count, outcome *outcomes,
                            rc_error *error) {
  rc_status status = RC_OK;
  size_t bytes = scratch_bytes(w, results, references, count);
#ifdef _OPENMP
#pragma omp parallel for schedule(static, 1) num_threads(w->threads)
#endif
  for (int t = 0; t < w->threads; t++) {
    chooser c = {.writer = w};
    rc_error reason = {0};
    rc_status mine = arena_new(&c.scratch, bytes, &reason);
    for (int i = t; i < count && mine == RC_OK; i += w->threads) {
      const utf8_text *reference = references == NULL ? NULL : &references[i];
      mine =
          choose(&c, &results->passages[i], &results->lines[i], reference, &outcomes[i], &reason);
    }
    arena_free(&c.scratch);
    text_free(&c.source);
    text_free(&c.reference);
    if (mine == RC_OK) continue;
#ifdef _OPENMP
#pragma omp critical(pair_writer)
#endif
    {
      status = mine;
      if (error != NULL) *error = reason;
    }
  }
  return status;
}

static void print_text(utf8_text text) {
  terminal_field(stdout, text.text, text.bytes);
}

static void print_source(const passage *p) {
  for (int s = 0; s < p->count; s++) {
    if (s > 0) putchar(' ');
    print_text(p->sentences[s].text.shown);
  }
}

static void print_pair(const pair_writer *w, const passage *source, utf8_text target) {
  if (!w->reversed) print_source(source);
  if (w->reversed) print_text(target);
  putchar('\t');
  if (!w->reversed) print_text(target);
  if (w->reversed) print_source(source);
  putchar('\n');
}

rc_status pair_writer_add(pair_writer *writer, const translated_lines *results,
                          const utf8_text *references, int count, rc_error *error) {
  pair_writer *w = writer;
  outcome *outcomes = malloc(((size_t)count + 1) * sizeof *outcomes);
  if (outcomes == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for pairs");
  rc_status status = choose_all(w, results, references, count, outcomes, error);
  for (int i = 0; i < count && status == RC_OK; i++) {
    const int fault = outcomes[i].fault;
    if (fault == PAIR_FINE) {
      print_pair(w, &results->passages[i], text_of(&results->lines[i], outcomes[i].chosen));
    }
    w->lines++;
    w->written += fault == PAIR_FINE;
    w->empty += fault == PAIR_EMPTY;
    w->copied += fault == PAIR_COPIED;
    w->unlike += fault == PAIR_UNLIKE;
    w->incomplete += fault == INCOMPLETE;
  }
  free(outcomes);
  return status;
}

void pair_writer_summary(const pair_writer *writer, text_buffer *out) {
  const pair_writer *w = writer;
  const struct {
    long count;
    const char *what;
  } faults[] = {{w->empty, "empty"},
                {w->incomplete, "incomplete"},
                {w->copied, "the same as their source"},
                {w->unlike, "of far another length"}};
  char number[2][TEXT_GROUPED_BYTES];
  text_addf(out, "%s pairs of %s lines", text_grouped(w->written, number[0]),
            text_grouped(w->lines, number[1]));
  const char *before = "; left out: ";
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    if (faults[i].count == 0) continue;
    text_addf(out, "%s%s %s", before, text_grouped(faults[i].count, number[0]), faults[i].what);
    before = ", ";
  }
}
