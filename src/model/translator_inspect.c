#include "translator_inspect.h"

#include <string.h>

#include "token_words.h"
#include "translator_infer.h"

const char *const translator_gate_names[TRANSLATOR_GATES] = {"reset", "update", "candidate"};

/* translator_steps, to be written. */
typedef struct steps {
  float *gates[TRANSLATOR_GATES], *h;
} steps;

typedef struct layout {
  steps encoder, decoder;
  float *initial, *attention, *word_attention;
  int *source_words, *target_words;
  translator_encoded encoded;
  translator_rows rows;
  float *x;             /* [S, inputs of a layer of the encoder] */
  float *gates, *parts; /* [S, 3 He] */
  float *before;        /* [S, He] */
  float *unused;        /* [2, S, He] */
  float *scratch;
} layout;

static steps lay_out_steps(size_t count, rc_arena *arena) {
  steps s = {.h = ARENA_ARRAY(arena, float, count)};
  for (int i = 0; i < TRANSLATOR_GATES; i++) s.gates[i] = ARENA_ARRAY(arena, float, count);
  return s;
}

static layout lay_out(const translator_weights *w, int sources, int targets, rc_arena *arena) {
  const translator_config *c = &w->net.config;
  const size_t rows = (size_t)sources, written = (size_t)targets;
  const size_t hidden = (size_t)c->hidden, state = rows * (size_t)c->encoder_hidden;
  const size_t runs = (size_t)c->encoder_layers * (size_t)c->encoder_directions;
  const int widest = c->embedding > w->net.context ? c->embedding : w->net.context;
  layout l = {.encoder = lay_out_steps(runs * state, arena),
              .decoder = lay_out_steps(written * hidden, arena)};
  l.initial = ARENA_ARRAY(arena, float, hidden);
  l.attention = ARENA_ARRAY(arena, float, written *rows);
  l.word_attention = ARENA_ARRAY(arena, float, written *rows);
  l.source_words = ARENA_ARRAY(arena, int, rows);
  l.target_words = ARENA_ARRAY(arena, int, written);
  l.encoded = translator_encoded_layout(w, 1, sources, sources, arena);
  const int longest = c->positions > sources ? c->positions : sources;
  l.rows = translator_rows_layout(w, 1, longest, c->target_vocabulary, arena);
  l.rows.h = ARENA_ARRAY(arena, float, hidden);
  l.rows.fed = ARENA_ARRAY(arena, float, (size_t)c->attentional);
  l.x = ARENA_ARRAY(arena, float, rows *(size_t)widest);
  l.gates = ARENA_ARRAY(arena, float, 3 * state);
  l.parts = ARENA_ARRAY(arena, float, 3 * state);
  l.before = ARENA_ARRAY(arena, float, state);
  l.unused = ARENA_ARRAY(arena, float, 2 * state);
  size_t scratch = 0;
  for (int layer = 0; layer < c->encoder_layers; layer++) {
    scratch = arena_larger(scratch, dense_scratch(&w->encoder[layer][0].input, sources));
    scratch = arena_larger(scratch, dense_scratch(&w->encoder[layer][0].state, sources));
  }
  l.scratch = ARENA_ARRAY(arena, float, scratch);
  return l;
}

/* Some columns of rows [rows, stride], without gaps. */
static void take_columns(int rows, int columns, const float *from, int stride, float *to) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    memcpy(to + i * columns, from + i * stride, (size_t)columns * sizeof *to);
  }
}

/* Rows [rows, 3 columns] of gates to one matrix [rows, columns] for each. */
static void part_gates(int rows, int columns, const float *gates, const steps *to, size_t at) {
  for (int i = 0; i < TRANSLATOR_GATES; i++) {
    take_columns(rows, columns, gates + (ptrdiff_t)i * columns, 3 * columns, to->gates[i] + at);
  }
}

/* What the gates of all steps were. Once the states are known no step waits for another, so that
 * they are one: rows are computed alike, however many there are. x: [S, in]; h: [S, He]. */
static void find_gates(const dense_gru *gru, int direction, int tokens, const float *x,
                       const float *h, layout *l) {
  const int hidden = gru->state.in;
  const size_t row = (size_t)hidden, others = (size_t)(tokens - 1) * row;
  float *first = direction == 0 ? l->before : l->before + others;
  memset(first, 0, row * sizeof *first);
  memcpy(direction == 0 ? l->before + row : l->before, direction == 0 ? h : h + row,
         others * sizeof *h);
  dense_forward(&gru->input, tokens, x, l->gates, l->scratch);
  dense_forward(&gru->state, tokens, l->before, l->parts, l->scratch);
  const cell_step step = {.rows = tokens,
                          .hidden = hidden,
                          .gates = l->gates,
                          .recurrent = l->parts,
                          .bias = gru->bias_hh,
                          .h_previous = l->before,
                          .h = l->unused,
                          .y = l->unused + (ptrdiff_t)tokens * hidden,
                          .ldy = hidden};
  kernels->gru_forward(&step);
}

static rc_status read_source(const translator_weights *w, const int *ids, int tokens, layout *l,
                             rc_error *error) {
  const translator_config *c = &w->net.config;
  const int hidden = c->encoder_hidden, width = w->net.context;
  const size_t all = (size_t)tokens * (size_t)hidden;
  RC_TRY(translator_encode_begin(w, 1, &tokens, ids, &l->encoded, error));
  dense_table_forward(&w->source, tokens, ids, l->x);
  size_t at = 0;
  for (int layer = 0; layer < c->encoder_layers; layer++) {
    const float *states = l->encoded.states[layer % 2];
    for (int direction = 0; direction < c->encoder_directions; direction++, at += all) {
      (void)translator_encode_step(w, &l->encoded);
      float *h = l->encoder.h + at;
      take_columns(tokens, hidden, states + (ptrdiff_t)direction * hidden, width, h);
      find_gates(&w->encoder[layer][direction], direction, tokens, l->x, h, l);
      part_gates(tokens, hidden, l->gates, &l->encoder, at);
    }
    memcpy(l->x, states, (size_t)tokens * (size_t)width * sizeof *states);
  }
  memcpy(l->initial, l->encoded.initial, (size_t)c->hidden * sizeof *l->initial);
  return RC_OK;
}

/* The decoder reads the begin and then what it has written. */
static void write_target(const translator_weights *w, const int *ids, int targets, int sources,
                         layout *l) {
  static const int sentence = 0, begin = BPE_BEGIN;
  const int hidden = w->net.config.hidden;
  translator_rows *r = &l->rows;
  r->rows = 1;
  r->sentences = &sentence;
  memcpy(r->h, l->initial, (size_t)hidden * sizeof *r->h);
  memset(r->fed, 0, (size_t)w->net.config.attentional * sizeof *r->fed);
  translator_rows_begin(w, r);
  for (int t = 0; t < targets; t++) {
    const size_t at = (size_t)t * (size_t)hidden;
    r->ids = t == 0 ? &begin : ids + t - 1;
    translator_decode(w, &l->encoded, r);
    part_gates(1, hidden, r->gates, &l->decoder, at);
    memcpy(l->decoder.h + at, r->h, (size_t)hidden * sizeof *r->h);
    memcpy(l->attention + (size_t)t * (size_t)sources, r->weights, (size_t)sources * sizeof(float));
  }
}

/* The words of a text and its end; returns how many. */
static int find_words(const inspected_text *t, int *words) {
  const int count = token_words(t->text, t->ranges, t->length, words);
  if (!t->ended) return count;
  words[t->length] = count;
  return count + 1;
}

static void sum_words(translator_inspection *i, float *sums) {
  const ptrdiff_t across = i->source_word_count;
  memset(sums, 0, (size_t)(i->target_word_count * across) * sizeof *sums);
  for (int first = 0, next; first < i->targets; first = next) {
    const int word = i->target_words[first];
    for (next = first; next < i->targets && i->target_words[next] == word;) next++;
    const float share = 1 / (float)(next - first);
    for (ptrdiff_t t = first; t < next; t++) {
      for (int j = 0; j < i->sources; j++) {
        sums[word * across + i->source_words[j]] += share * i->attention[t * i->sources + j];
      }
    }
  }
}

static translator_steps told(const steps *s) {
  return (translator_steps){.gates = {s->gates[0], s->gates[1], s->gates[2]}, .h = s->h};
}

static rc_status check_ids(const char *what, int count, const int *ids, int vocabulary,
                           rc_error *error) {
  for (int i = 0; i < count; i++) RC_TRY(rc_check_range(what, ids[i], 0, vocabulary - 1, error));
  return RC_OK;
}

static rc_status check(const translator *net, const inspected_text *source, int sources,
                       const inspected_text *target, int targets, rc_error *error) {
  const translator_config *c = &net->config;
  RC_TRY(rc_check_range("the source's tokens", sources, 1, translator_longest_source(net), error));
  RC_TRY(rc_check_range("the target's tokens", targets, 1, TRANSLATOR_LENGTH_MAX, error));
  RC_TRY(check_ids("a source token", sources, source->ids, c->source_vocabulary, error));
  return check_ids("a target token", targets - 1, target->ids, c->target_vocabulary, error);
}

rc_status translator_inspect(const translator_weights *weights, const inspected_text *source,
                             const inspected_text *target, translator_inspection *out,
                             rc_arena *memory, rc_error *error) {
  const translator_config *c = &weights->net.config;
  const int sources = source->length + source->ended, targets = target->length + target->ended;
  *out = (translator_inspection){.layers = c->encoder_layers,
                                 .directions = c->encoder_directions,
                                 .encoder_hidden = c->encoder_hidden,
                                 .hidden = c->hidden};
  *memory = (rc_arena){0};
  RC_TRY(check(&weights->net, source, sources, target, targets, error));
  rc_arena need = arena_measure();
  (void)lay_out(weights, sources, targets, &need);
  RC_TRY(arena_check(&need, "a look inside", error));
  RC_TRY(arena_new(memory, need.used, error));
  layout l = lay_out(weights, sources, targets, memory);
  rc_status status = arena_check(memory, "a look inside", error);
  if (status == RC_OK) status = read_source(weights, source->ids, sources, &l, error);
  if (status != RC_OK) {
    arena_free(memory);
    return status;
  }
  write_target(weights, target->ids, targets, sources, &l);
  out->sources = sources;
  out->targets = targets;
  out->encoder = told(&l.encoder);
  out->decoder = told(&l.decoder);
  out->initial = l.initial;
  out->attention = l.attention;
  out->source_word_count = find_words(source, l.source_words);
  out->target_word_count = find_words(target, l.target_words);
  out->source_words = l.source_words;
  out->target_words = l.target_words;
  sum_words(out, l.word_attention);
  out->word_attention = l.word_attention;
  return RC_OK;
}
