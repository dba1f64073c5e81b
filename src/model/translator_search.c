#include "translator_search.h"

#include <math.h>
#include <string.h>

#include "bpe.h"
#include "translator_beam.h"
#include "translator_infer.h"

translator_options translator_options_default(void) {
  return (translator_options){.beam = 4,
                              .nbest = 1,
                              .alpha = 1,
                              .no_repeat = 5,
                              .shortlist = true,
                              .length_ratio = 1.5f,
                              .length_extra = 8};
}

translator_session translator_session_begin(const translator_weights *weights) {
  return (translator_session){.weights = {weights}, .networks = 1};
}

rc_status translator_session_join(translator_session *session, const translator_weights *weights,
                                  rc_error *error) {
  const translator_config *first = &session->weights[0]->net.config, *c = &weights->net.config;
  RC_TRY(rc_check_range("networks that translate together", session->networks + 1, 1,
                        TRANSLATOR_ENSEMBLE_MAX, error));
  if (c->source_vocabulary != first->source_vocabulary ||
      c->target_vocabulary != first->target_vocabulary) {
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "networks that translate together have the same vocabularies, not %d and %d "
                   "tokens beside %d and %d",
                   c->source_vocabulary, c->target_vocabulary, first->source_vocabulary,
                   first->target_vocabulary);
  }
  session->weights[session->networks++] = weights;
  return RC_OK;
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
  RC_TRY(rc_check_range("no_repeat", o->no_repeat, 0, TRANSLATOR_LENGTH_MAX, error));
  RC_TRY(rc_check_range("length_extra", o->length_extra, 0, TRANSLATOR_LENGTH_MAX, error));
  const float numbers[] = {o->alpha, o->coverage, o->length_ratio};
  for (int i = 0; i < 3; i++) {
    if (!(numbers[i] >= 0 && numbers[i] <= TRANSLATOR_LENGTH_MAX)) {
      return rc_fail(error, RC_ERR_ARGUMENT, "%s is %g",
                     (const char *const[]){"alpha", "coverage", "length_ratio"}[i],
                     (double)numbers[i]);
    }
  }
  return RC_OK;
}

enum { TOKENS_MAX = 1 << 22 }; /* so that sizes and sums stay within int */

int translator_longest_source(const translator *net) {
  return net->config.positions > 0 ? net->config.positions : TRANSLATOR_LENGTH_MAX;
}

/* The longest source that all networks can read. */
static int most_tokens(const translator_session *session) {
  int most = TRANSLATOR_LENGTH_MAX;
  for (int i = 0; i < session->networks; i++) {
    const int longest = translator_longest_source(&session->weights[i]->net);
    if (longest < most) most = longest;
  }
  return most;
}

static rc_status check_sources(const translator_session *session, const translator_sources *sources,
                               int *total, rc_error *error) {
  const translator *net = &session->weights[0]->net;
  RC_TRY(rc_check_range("the sentences", sources->count, 0, TOKENS_MAX, error));
  RC_TRY(rc_check_range("the target vocabulary", net->config.target_vocabulary, BPE_END + 1,
                        TRANSLATOR_VOCABULARY_MAX, error));
  RC_TRY(translator_side_check("a sentence's length", sources->count, sources->lengths,
                               most_tokens(session), TOKENS_MAX, error));
  *total = 0;
  for (int i = 0; i < sources->count; i++) *total += sources->lengths[i];
  for (int i = 0; i < *total; i++) {
    RC_TRY(rc_check_range("a source token", sources->ids[i], 0, net->config.source_vocabulary - 1,
                          error));
  }
  return RC_OK;
}

/* A network at work on a request. */
typedef struct voice {
  const translator_weights *w;
  translator_encoded encoded;
  translator_rows rows;
  translator_choice
      *choices;   /* [1 + count], the first of any sentence; or NULL without shortlist */
  float *h, *fed; /* [R, H], [R, A] where the state of the next rows goes */
} voice;

/* What one request lays out in the session's block. */
typedef struct translator_request {
  beam_search search;
  voice voices[TRANSLATOR_ENSEMBLE_MAX]; /* [networks] */
  int networks, encoded;                 /* how many networks have read the sources */
  const shortlist *list;                 /* or NULL */
  unsigned char *marks;                  /* [Vt] scratch of the list */
  translation *results;                  /* [count * nbest] */
  int *ids;                              /* of all results */
  float *attention;                      /* of all results, or NULL */
} translator_request;

/* The first network's shortlist, if all can keep to it. */
static const shortlist *find_shortlist(const translator_session *session,
                                       const translator_options *options) {
  const shortlist *list = &session->weights[0]->choices;
  if (!options->shortlist || list->starts == NULL) return NULL;
  for (int i = 0; i < session->networks; i++) {
    if (session->weights[i]->precision != TRANSLATOR_INT8) return NULL;
  }
  return list;
}

/* Room for what any sentence may become, and for each sentence's choice; returns the most tokens
 * that one may have. */
static int lay_out_choices(voice *v, const shortlist *list, const translator_sources *sources,
                           rc_arena *arena) {
  const int vocabulary = v->w->net.config.target_vocabulary, *ids = sources->ids;
  const int shared = list->common_count + 1;
  int most = 0;
  v->choices = ARENA_ARRAY(arena, translator_choice, 1 + (size_t)sources->count);
  for (int i = 0; i <= sources->count; i++) {
    int own = shared;
    if (i > 0) {
      const int tokens = sources->lengths[i - 1];
      own = shortlist_room(list, &v->w->marks, vocabulary, ids, tokens);
      if (own > most) most = own;
      ids += tokens;
    }
    const translator_choice choice = translator_choice_layout(v->w, shared, own, arena);
    if (v->choices != NULL) v->choices[i] = choice;
  }
  return shared + most;
}

static voice lay_out_voice(const translator_weights *w, const shortlist *list,
                           const translator_sources *sources, int total, int rows, int longest,
                           rc_arena *arena) {
  const size_t hidden = (size_t)w->net.config.hidden, fed = (size_t)w->net.config.attentional;
  int vocabulary = w->net.config.target_vocabulary;
  voice v = {.w = w};
  if (list != NULL) vocabulary = lay_out_choices(&v, list, sources, arena);
  v.encoded = translator_encoded_layout(w, sources->count, total, longest, arena);
  v.rows = translator_rows_layout(w, rows, longest, vocabulary, arena);
  v.rows.choices = v.choices;
  v.rows.h = ARENA_ARRAY(arena, float, (size_t)rows *hidden);
  v.rows.fed = ARENA_ARRAY(arena, float, (size_t)rows *fed);
  v.h = ARENA_ARRAY(arena, float, (size_t)rows *hidden);
  v.fed = ARENA_ARRAY(arena, float, (size_t)rows *fed);
  return v;
}

static translator_request lay_out(const translator_session *session,
                                  const translator_sources *sources, int total,
                                  const translator_options *options, rc_arena *arena) {
  const translator_options *o = options;
  translator_request q = {.networks = session->networks, .list = find_shortlist(session, options)};
  int longest = 1;
  for (int i = 0; i < sources->count; i++) {
    if (sources->lengths[i] > longest) longest = sources->lengths[i];
  }
  for (int i = 0; i < q.networks; i++) {
    const int positions = session->weights[i]->net.config.positions;
    if (positions > longest) longest = positions;
  }
  const placeholders *marks = &session->weights[0]->marks;
  beam_layout(&q.search, sources, o, marks, arena);
  for (int i = 0; i < q.networks; i++) {
    q.voices[i] = lay_out_voice(session->weights[i], q.list, sources, total,
                                sources->count * o->beam, longest, arena);
  }
  if (q.list != NULL) {
    const int vocabulary = session->weights[0]->net.config.target_vocabulary;
    q.marks = ARENA_ARRAY(arena, unsigned char, (size_t)vocabulary);
  }
  q.results = ARENA_ARRAY(arena, translation, (size_t)sources->count * (size_t)o->nbest);
  size_t ids = 0, attention = 0;
  const int *source = sources->ids;
  for (int i = 0; i < sources->count; source += sources->lengths[i++]) {
    const int limit = beam_limit(o, marks, source, sources->lengths[i]);
    const size_t tokens = (size_t)o->nbest * (size_t)limit;
    ids += tokens;
    attention += tokens * (size_t)sources->lengths[i];
  }
  q.ids = ARENA_ARRAY(arena, int, ids);
  q.attention = o->attention ? ARENA_ARRAY(arena, float, attention) : NULL;
  return q;
}

/* The block grows to the largest request so far and is laid out anew for each. */
static rc_status prepare(translator_session *session, const translator_sources *sources, int total,
                         const translator_options *options, rc_error *error) {
  rc_arena need = arena_measure();
  (void)ARENA_ARRAY(&need, translator_request, 1);
  (void)lay_out(session, sources, total, options, &need);
  RC_TRY(arena_check(&need, "a translation", error));
  if (need.used > session->memory.size) {
    arena_free(&session->memory);
    RC_TRY(arena_new(&session->memory, need.used, error));
  }
  arena_reset(&session->memory);
  translator_request *q = ARENA_ARRAY(&session->memory, translator_request, 1);
  if (q != NULL) *q = lay_out(session, sources, total, options, &session->memory);
  session->request = q;
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

/* Whatever the weights, a sentence can end: without a hypothesis of some probability, what the
 * network said were no numbers. */
static rc_status check_ends(const beam_search *search, int sentence, rc_error *error) {
  const beam_end *best = search->ends + (ptrdiff_t)sentence * search->options.beam;
  if (search->sentences[sentence].ends > 0 && isfinite(best->log_probability)) return RC_OK;
  return rc_fail(error, RC_ERR_RANGE,
                 "what the network says are no numbers: its weights are damaged or too large");
}

static rc_status collect(translator_request *q, rc_error *error) {
  const int nbest = q->search.options.nbest;
  int *ids = q->ids;
  float *attention = q->attention;
  for (int i = 0; i < q->search.count; i++) {
    const beam_sentence *s = &q->search.sentences[i];
    const beam_end *ends = q->search.ends + (ptrdiff_t)i * q->search.options.beam;
    beam_rank(&q->search, i);
    RC_TRY(check_ends(&q->search, i, error));
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
  return RC_OK;
}

/* The states from which the rows begin. */
static void begin_voice(voice *v, int count) {
  const size_t hidden = (size_t)v->w->net.config.hidden;
  const size_t attentional = (size_t)v->w->net.config.attentional;
  const translator_side *source = &v->encoded.source;
  for (int i = 0; i < count; i++) {
    const size_t at = (size_t)source->rows[source->starts[i]];
    memcpy(v->rows.h + (size_t)i * hidden, v->encoded.initial + at * hidden,
           hidden * sizeof(float));
  }
  memset(v->rows.fed, 0, (size_t)count * attentional * sizeof(float));
  translator_rows_begin(v->w, &v->rows);
}

/* The states that go with the rows, which continue others. */
static void follow(voice *v, const int *from, int count) {
  const size_t hidden = (size_t)v->w->net.config.hidden;
  const size_t attentional = (size_t)v->w->net.config.attentional;
  for (size_t row = 0; row < (size_t)count; row++) {
    const size_t before = (size_t)from[row];
    memcpy(v->h + row * hidden, v->rows.h + before * hidden, hidden * sizeof(float));
    memcpy(v->fed + row * attentional, v->rows.fed + before * attentional,
           attentional * sizeof(float));
  }
  float *h = v->rows.h, *fed = v->rows.fed;
  v->rows.h = v->h;
  v->rows.fed = v->fed;
  v->h = h;
  v->fed = fed;
}

/* x = factor (x + y) */
static void mix(size_t n, float factor, const float *y, float *x) {
  kernels->axpy(n, 1, y, x);
  for (size_t i = 0; factor < 1 && i < n; i++) x[i] *= factor;
}

/* One step of every network; the mean of what they say takes the place of what the first says. */
static void decode(translator_request *q) {
  const beam_rows *rows = &q->search.rows;
  translator_rows *mixed = &q->voices[0].rows;
  for (int i = 0; i < q->networks; i++) {
    voice *v = &q->voices[i];
    v->rows.rows = q->search.row_count;
    v->rows.sentences = rows->sentences;
    v->rows.ids = rows->ids;
    translator_decode(v->w, &v->encoded, &v->rows);
    if (i == 0) continue;
    const size_t n = (size_t)v->rows.rows;
    /* The sum becomes the mean with the last. */
    const float factor = i + 1 == q->networks ? 1 / (float)q->networks : 1;
    mix(n * (size_t)mixed->vocabulary, factor, v->rows.log_probability, mixed->log_probability);
    mix(n * (size_t)mixed->longest, factor, v->rows.weights, mixed->weights);
  }
}

/* The same tokens for every network, each with an output layer of its own. */
static void choose(translator_request *q, const translator_sources *sources) {
  const int vocabulary = q->voices[0].w->net.config.target_vocabulary, *ids = sources->ids;
  int shared = 0;
  for (int i = 0; i <= sources->count; i++) {
    translator_choice first = q->voices[0].choices[i];
    if (i == 0) {
      first.count = shortlist_shared(q->list, vocabulary, q->marks, first.ids);
    } else {
      const int tokens = sources->lengths[i - 1];
      first.count = shortlist_choose(q->list, &q->voices[0].w->marks, vocabulary, ids, tokens,
                                     q->marks, first.ids);
      ids += tokens;
    }
    for (int k = 0; k < q->networks; k++) {
      translator_choice *choice = &q->voices[k].choices[i];
      choice->count = first.count;
      choice->ids = first.ids;
      translator_choice_set(q->voices[k].w, shared, choice);
    }
    if (i == 0) shared = first.count;
  }
}

static rc_status begin(translator_session *session, const translator_sources *sources,
                       const translator_options *options, rc_error *error) {
  int total;
  RC_TRY(check_options(options, error));
  RC_TRY(check_sources(session, sources, &total, error));
  if (sources->count == 0) return RC_OK;
  RC_TRY(prepare(session, sources, total, options, error));
  translator_request *q = session->request;
  for (int i = 0; i < q->networks; i++) {
    voice *v = &q->voices[i];
    RC_TRY(translator_encode_begin(v->w, sources->count, sources->lengths, sources->ids,
                                   &v->encoded, error));
  }
  if (q->list != NULL) choose(q, sources);
  beam_begin(&q->search);
  return RC_OK;
}

rc_status translator_begin(translator_session *session, const translator_sources *sources,
                           const translator_options *options, rc_error *error) {
  session->request = NULL;
  rc_status status = begin(session, sources, options, error);
  if (status != RC_OK) session->request = NULL;
  return status;
}

static void encode(translator_request *q) {
  voice *v = &q->voices[q->encoded];
  if (translator_encode_step(v->w, &v->encoded)) return;
  begin_voice(v, q->search.count);
  q->encoded++;
}

bool translator_step(translator_session *session) {
  translator_request *q = session->request;
  if (q == NULL || q->search.row_count == 0) return false;
  if (q->encoded < q->networks) {
    encode(q);
    return true;
  }
  decode(q);
  const translator_rows *mixed = &q->voices[0].rows;
  const beam_outlook outlook = {.vocabulary = mixed->vocabulary,
                                .longest = mixed->longest,
                                .log_probability = mixed->log_probability,
                                .attention = mixed->weights,
                                .choices = mixed->choices};
  beam_step(&q->search, &outlook);
  for (int i = 0; i < q->networks; i++) {
    follow(&q->voices[i], q->search.rows.from, q->search.row_count);
  }
  return q->search.row_count > 0;
}

translation translator_peek(translator_session *session, int sentence) {
  translator_request *q = session->request;
  const beam_end best = beam_best(&q->search, sentence);
  return unwind(&q->search, sentence, &best, q->ids, NULL);
}

rc_status translator_finish(translator_session *session, const translation **results,
                            rc_error *error) {
  translator_request *q = session->request;
  *results = NULL;
  if (q == NULL) return RC_OK;
  session->request = NULL;
  beam_stop(&q->search);
  RC_TRY(collect(q, error));
  *results = q->results;
  return RC_OK;
}

rc_status translator_translate(translator_session *session, const translator_sources *sources,
                               const translator_options *options, const translation **results,
                               rc_error *error) {
  *results = NULL;
  RC_TRY(translator_begin(session, sources, options, error));
  while (translator_step(session)) continue;
  return translator_finish(session, results, error);
}
