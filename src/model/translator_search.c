#include "translator_search.h"

#include <math.h>
#include <string.h>

#include "bpe.h"
#include "translator_beam.h"

translator_options translator_options_default(void) {
  return (translator_options){
      .beam = 4, .nbest = 1, .alpha = 1, .length_ratio = 2, .length_extra = 10};
}

translator_session translator_session_begin(const translator_weights *weights) {
  return (translator_session){.weights = weights};
}

void translator_session_end(translator_session *session) {
  arena_free(&session->memory);
  *session = (translator_session){0};
}

static rc_status check_options(const translator_options *o, rc_error *error) {
  RC_TRY(rc_check_range("beam", o->beam, 1, TRANSLATOR_BEAM_MAX, error));
  RC_TRY(rc_check_range("nbest", o->nbest, 1, o->beam, error));
  RC_TRY(
      rc_check_range("norm", (int)o->norm, TRANSLATOR_NORM_GNMT, TRANSLATOR_NORM_AVERAGE, error));
  RC_TRY(rc_check_range("length_extra", o->length_extra, 0, TRANSLATOR_LENGTH_MAX, error));
  const float numbers[] = {o->alpha, o->coverage, o->length_ratio};
  for (int i = 0; i < 3; i++) {
    if (!(numbers[i] >= 0 && numbers[i] <= TRANSLATOR_LENGTH_MAX)) {
      return rc_fail(error, RC_ERR_ARGUMENT, "%s is %g",
                     (const char *const[]){"alpha", "coverage", "length_ratio"}[i],
                     (double)numbers[i]);
    }
  }
  if (o->on_token != NULL && o->beam > 1) {
    return rc_fail(error, RC_ERR_ARGUMENT, "tokens are certain only with a beam of 1, not %d",
                   o->beam);
  }
  return RC_OK;
}

enum { TOKENS_MAX = 1 << 22 }; /* so that sizes and sums stay within int */

static rc_status check_sources(const translator *net, const translator_sources *sources, int *total,
                               rc_error *error) {
  RC_TRY(rc_check_range("the sentences", sources->count, 0, TOKENS_MAX, error));
  RC_TRY(rc_check_range("the target vocabulary", net->config.target_vocabulary, BPE_END + 1,
                        TRANSLATOR_VOCABULARY_MAX, error));
  RC_TRY(translator_side_check("a sentence's length", sources->count, sources->lengths,
                               TRANSLATOR_LENGTH_MAX, TOKENS_MAX, error));
  *total = 0;
  for (int i = 0; i < sources->count; i++) *total += sources->lengths[i];
  for (int i = 0; i < *total; i++) {
    RC_TRY(rc_check_range("a source token", sources->ids[i], 0, net->config.source_vocabulary - 1,
                          error));
  }
  return RC_OK;
}

/* What one request lays out in the session's block. */
typedef struct request {
  beam_search search;
  translator_encoded encoded;
  translator_rows rows;
  translation *results; /* [count * nbest] */
  int *ids;             /* of all results */
  float *attention;     /* of all results, or NULL */
} request;

static request lay_out(const translator_weights *w, const translator_sources *sources, int total,
                       const translator_options *options, rc_arena *arena) {
  const translator_options *o = options;
  request q = {0};
  int longest = 1;
  for (int i = 0; i < sources->count; i++) {
    if (sources->lengths[i] > longest) longest = sources->lengths[i];
  }
  beam_layout(&q.search, w, sources, o, arena);
  q.encoded = translator_encoded_layout(w, sources->count, total, longest, arena);
  q.rows = translator_rows_layout(w, sources->count * o->beam, longest, arena);
  q.results = ARENA_ARRAY(arena, translation, (size_t)sources->count * (size_t)o->nbest);
  size_t ids = 0, attention = 0;
  for (int i = 0; i < sources->count; i++) {
    const size_t tokens = (size_t)o->nbest * (size_t)beam_limit(o, sources->lengths[i]);
    ids += tokens;
    attention += tokens * (size_t)sources->lengths[i];
  }
  q.ids = ARENA_ARRAY(arena, int, ids);
  q.attention = o->attention ? ARENA_ARRAY(arena, float, attention) : NULL;
  return q;
}

/* The block grows to the largest request so far and is laid out anew for each. */
static rc_status prepare(translator_session *session, const translator_sources *sources, int total,
                         const translator_options *options, request *out, rc_error *error) {
  rc_arena need = arena_measure();
  (void)lay_out(session->weights, sources, total, options, &need);
  RC_TRY(arena_check(&need, "a translation", error));
  if (need.used > session->memory.size) {
    arena_free(&session->memory);
    RC_TRY(arena_new(&session->memory, need.used, error));
  }
  arena_reset(&session->memory);
  *out = lay_out(session->weights, sources, total, options, &session->memory);
  return arena_check(&session->memory, "a translation", error);
}

/* One hypothesis, from its last token back to its first; returns what it leaves room after. */
static translation unwind(const beam_search *search, int sentence, const beam_end *end, int *ids,
                          float *attention) {
  const beam_sentence *s = &search->sentences[sentence];
  const size_t width = (size_t)s->source_length;
  int at = end->length;
  for (int node = end->node; node >= 0; node = search->nodes[node].parent) {
    at--;
    ids[at] = search->nodes[node].id;
    if (attention != NULL) {
      memcpy(attention + (size_t)at * width, beam_attention(search, sentence, node),
             width * sizeof *attention);
    }
  }
  return (translation){.length = end->complete ? end->length - 1 : end->length,
                       .complete = end->complete,
                       .ids = ids,
                       .log_probability = end->log_probability,
                       .score = end->score,
                       .attention = attention};
}

static void collect(request *q) {
  const int nbest = q->search.options.nbest;
  int *ids = q->ids;
  float *attention = q->attention;
  for (int i = 0; i < q->search.count; i++) {
    const beam_sentence *s = &q->search.sentences[i];
    const beam_end *ends = q->search.ends + (ptrdiff_t)i * q->search.options.beam;
    beam_rank(&q->search, i);
    for (int k = 0; k < nbest; k++) {
      translation *result = &q->results[i * nbest + k];
      if (k >= s->ends) {
        *result = result[-1];
        continue;
      }
      *result = unwind(&q->search, i, &ends[k], ids, attention);
      ids += ends[k].length;
      if (attention != NULL) attention += (size_t)ends[k].length * (size_t)s->source_length;
    }
  }
}

rc_status translator_translate(translator_session *session, const translator_sources *sources,
                               const translator_options *options, const translation **results,
                               rc_error *error) {
  const translator_weights *w = session->weights;
  int total;
  *results = NULL;
  RC_TRY(check_options(options, error));
  RC_TRY(check_sources(&w->net, sources, &total, error));
  if (sources->count == 0) return RC_OK;
  request q;
  RC_TRY(prepare(session, sources, total, options, &q, error));
  RC_TRY(translator_encode(w, sources->count, sources->lengths, sources->ids, &q.encoded, error));
  beam_begin(&q.search, w, &q.encoded);
  while (q.search.row_count > 0) {
    const beam_rows *rows = &q.search.rows;
    q.rows.rows = q.search.row_count;
    q.rows.sentences = rows->sentences;
    q.rows.ids = rows->ids;
    q.rows.h = rows->h;
    q.rows.fed = rows->fed;
    translator_decode(w, &q.encoded, &q.rows);
    beam_step(&q.search, w, &q.rows);
  }
  collect(&q);
  *results = q.results;
  return RC_OK;
}
