#include "translator_infer.h"

#include <string.h>

#include "attend.h"
#include "pooling.h"

translator_encoded translator_encoded_layout(const translator_weights *w, int count, int tokens,
                                             int length, rc_arena *arena) {
  const translator_config *c = &w->net.config;
  const size_t rows = (size_t)tokens, batch = (size_t)count, hidden = (size_t)c->hidden;
  const size_t width = (size_t)w->net.context, gates = 3 * (size_t)c->encoder_hidden;
  translator_encoded e = {.source =
                              translator_side_layout(count, tokens, length, c->embedding, arena)};
  for (int i = 0; i < 2; i++) e.states[i] = ARENA_ARRAY(arena, float, rows *width);
  e.inputs = dense_memo_layout(&w->source, (int)gates, tokens, count, arena);
  e.inputs.embedded = e.source.embedded;
  e.gates = ARENA_ARRAY(arena, float, batch *gates);
  e.parts = ARENA_ARRAY(arena, float, batch *gates);
  e.h = ARENA_ARRAY(arena, float, batch *(size_t)c->encoder_hidden);
  e.last = ARENA_ARRAY(arena, float, batch *width);
  e.initial = c->bridge ? ARENA_ARRAY(arena, float, batch *hidden) : e.last;
  e.values = ARENA_ARRAY(arena, float, rows *width);
  e.keys = w->net.keys.out > 0 ? ARENA_ARRAY(arena, float, rows *hidden) : e.values;
  e.lexical = c->lexical ? ARENA_ARRAY(arena, float, rows *(size_t)c->attentional) : NULL;
  size_t scratch = arena_larger(dense_scratch(&w->bridge, count), dense_scratch(&w->keys, tokens));
  scratch = arena_larger(scratch, dense_scratch(&w->lexical, tokens));
  for (int layer = 0; layer < c->encoder_layers; layer++) {
    scratch = arena_larger(scratch, dense_scratch(&w->encoder[layer][0].input, tokens));
    scratch = arena_larger(scratch, dense_scratch(&w->encoder[layer][0].state, count));
  }
  e.scratch = e.inputs.scratch = ARENA_ARRAY(arena, float, scratch);
  return e;
}

/* One layer in one direction, x [N, in] -> its half of y [N, C]; x NULL: of the tokens. */
static void run_layer(const translator_weights *w, const dense_gru *gru, int direction,
                      const float *x, float *y, translator_encoded *e) {
  const packed *batch = &e->source.batch;
  const int hidden = gru->state.in, gates = gru->state.out, width = w->net.context;
  if (x == NULL) {
    dense_memo_begin(&e->inputs, &gru->input);
    dense_memo_forward(&e->inputs, batch->rows, e->source.ids, NULL);
  } else {
    dense_forward(&gru->input, batch->rows, x, e->inputs.made, e->scratch);
  }
  memset(e->h, 0, (size_t)batch->batch * (size_t)hidden * sizeof *e->h);
  for (int i = 0; i < batch->steps; i++) {
    const int t = direction == 0 ? i : batch->steps - 1 - i;
    const int rows = batch->batch_sizes[t];
    const ptrdiff_t first = batch->offsets[t];
    if (x == NULL) dense_memo_forward(&e->inputs, rows, e->source.ids + first, e->gates);
    dense_forward(&gru->state, rows, e->h, e->parts, e->scratch);
    const cell_step step = {.rows = rows,
                            .hidden = hidden,
                            .gates = x == NULL ? e->gates : e->inputs.made + first * gates,
                            .recurrent = e->parts,
                            .bias = gru->bias_hh,
                            .h_previous = e->h,
                            .h = e->h,
                            .y = y + first * width + (ptrdiff_t)direction * hidden,
                            .ldy = width};
    kernels->gru_forward(&step);
  }
}

rc_status translator_encode_begin(const translator_weights *w, int count, const int *lengths,
                                  const int *ids, translator_encoded *e, rc_error *error) {
  translator_side *source = &e->source;
  RC_TRY(translator_side_pack(source, count, lengths, ids, error));
  if (e->lexical != NULL) {
    dense_table_forward(&w->source, source->batch.rows, ids, source->embedded);
    dense_forward(&w->lexical, source->batch.rows, source->embedded, e->lexical, e->scratch);
  }
  e->runs = 0;
  return RC_OK;
}

/* From the last layer's states [N, C] to what the decoder reads. */
static void hand_over(const translator_weights *w, const float *states, translator_encoded *e) {
  const translator_config *c = &w->net.config;
  const packed *batch = &e->source.batch;
  pooling_forward(POOLING_LAST, batch, c->encoder_hidden, c->encoder_directions, states, e->last,
                  NULL);
  if (c->bridge) {
    dense_forward(&w->bridge, batch->batch, e->last, e->initial, e->scratch);
    kernels->tanh((size_t)batch->batch * (size_t)c->hidden, e->initial, e->initial);
  }
  translator_side_unpack(&e->source, w->net.context, states, e->values);
  if (e->keys != e->values) dense_forward(&w->keys, batch->rows, e->values, e->keys, e->scratch);
}

bool translator_encode_step(const translator_weights *w, translator_encoded *e) {
  const translator_config *c = &w->net.config;
  const int layer = e->runs / c->encoder_directions, direction = e->runs % c->encoder_directions;
  const float *x = layer == 0 ? NULL : e->states[(layer + 1) % 2];
  float *y = e->states[layer % 2];
  run_layer(w, &w->encoder[layer][direction], direction, x, y, e);
  if (++e->runs < c->encoder_layers * c->encoder_directions) return true;
  hand_over(w, y, e);
  return false;
}

/* Columns of the features: state or embedded token, and context. */
static int features_width(const translator_weights *w) {
  const translator_config *c = &w->net.config;
  return (translator_asks_first(&w->net) ? c->embedding : c->hidden) + w->net.context;
}

translator_choice translator_choice_layout(const translator_weights *w, int shared, int own,
                                           rc_arena *arena) {
  translator_choice choice = {.ids = ARENA_ARRAY(arena, int, (size_t)shared + (size_t)own),
                              .bias = ARENA_ARRAY(arena, float, (size_t)own)};
  /* no layer has no outputs */
  (void)quantized_linear_layout(&choice.output, arena, w->output.in, own + 1, NULL);
  return choice;
}

void translator_choice_set(const translator_weights *w, int shared, translator_choice *choice) {
  quantized_linear_select(&choice->output, &w->output.quantized, choice->count - shared,
                          choice->ids + shared, choice->bias);
}

enum { INPUTS_KEPT = 256 }; /* tokens beside those of a step, so that the frequent ones stay */

translator_rows translator_rows_layout(const translator_weights *w, int rows, int longest,
                                       int vocabulary, rc_arena *arena) {
  const translator_config *c = &w->net.config;
  const size_t n = (size_t)rows, hidden = (size_t)c->hidden;
  translator_rows r = {.longest = longest, .vocabulary = vocabulary};
  r.features = ARENA_ARRAY(arena, float, n *(size_t)features_width(w));
  if (translator_asks_first(&w->net)) r.states = ARENA_ARRAY(arena, float, n *hidden);
  if (c->lexical) r.said = ARENA_ARRAY(arena, float, n *(size_t)c->attentional);
  r.weights = ARENA_ARRAY(arena, float, n *(size_t)longest);
  r.log_probability = ARENA_ARRAY(arena, float, n *(size_t)vocabulary);
  r.embedded = ARENA_ARRAY(arena, float, n *(size_t)c->embedding);
  if (!translator_asks_first(&w->net)) {
    r.inputs = dense_memo_layout(&w->target, w->decoder.input.out, rows, INPUTS_KEPT, arena);
    r.inputs.embedded = r.embedded;
  }
  r.gates = ARENA_ARRAY(arena, float, n * 3 * hidden);
  r.parts = ARENA_ARRAY(arena, float, n * 3 * hidden);
  if (w->query.out > 0) {
    r.asked = ARENA_ARRAY(arena, float, n *(size_t)w->query.in);
    r.query = ARENA_ARRAY(arena, float, n *(size_t)w->query.out);
  }
  const dense *layers[] = {&w->decoder.input, &w->decoder.state, &w->feed,
                           &w->query,         &w->attentional,   &w->output};
  size_t scratch = attend_scratch(c->attention == TRANSLATOR_ADDITIVE, c->hidden, longest);
  for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
    scratch = arena_larger(scratch, dense_scratch(layers[i], rows));
  }
  r.scratch = r.inputs.scratch = ARENA_ARRAY(arena, float, scratch);
  return r;
}

void translator_rows_begin(const translator_weights *w, translator_rows *r) {
  if (!translator_asks_first(&w->net)) dense_memo_begin(&r->inputs, &w->decoder.input);
}

/* h = GRU(x, W_f fed, h), x being the tokens or, with attention first, a_t. */
static void step_state(const translator_weights *w, translator_rows *r) {
  const int hidden = w->net.config.hidden, gates = 3 * hidden;
  const bool asks_first = translator_asks_first(&w->net);
  if (asks_first) {
    dense_forward(&w->decoder.input, r->rows, r->fed, r->gates, r->scratch);
  } else {
    dense_memo_forward(&r->inputs, r->rows, r->ids, r->gates);
  }
  if (w->net.config.input_feeding) {
    dense_forward(&w->feed, r->rows, r->fed, r->parts, r->scratch);
    kernels->axpy((size_t)r->rows * (size_t)gates, 1, r->parts, r->gates);
  }
  dense_forward(&w->decoder.state, r->rows, r->h, r->parts, r->scratch);
  const cell_step step = {.rows = r->rows,
                          .hidden = hidden,
                          .gates = r->gates,
                          .recurrent = r->parts,
                          .bias = w->decoder.bias_hh,
                          .h_previous = r->h,
                          .h = r->h,
                          .y = asks_first ? r->states : r->features,
                          .ldy = asks_first ? hidden : features_width(w)};
  kernels->gru_forward(&step);
}

/* Rows [R, width] to columns of a wider matrix. */
static void put_columns(int rows, int width, const float *from, float *to, int stride) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    memcpy(to + i * stride, from + i * width, (size_t)width * sizeof *to);
  }
}

/* What attention compares with: the states, or W_q of them (and the tokens). */
static const float *make_query(const translator_weights *w, translator_rows *r) {
  const int in = w->query.in, hidden = w->net.config.hidden, embedded = in - hidden;
  const float *asked = r->h;
  if (w->query.out == 0) return r->h;
  if (embedded > 0) {
    put_columns(r->rows, embedded, r->embedded, r->asked, in);
    put_columns(r->rows, hidden, r->h, r->asked + embedded, in);
    asked = r->asked;
  }
  dense_forward(&w->query, r->rows, asked, r->query, r->scratch);
  return r->query;
}

/* The contexts, in the last columns of the features. */
static void step_attention(const translator_weights *w, const translator_encoded *e,
                           translator_rows *r) {
  const attend layer = translator_attend(&w->net, w->score);
  const int width = features_width(w), beside = width - layer.width;
  const int key = layer.location ? 0 : layer.size;
  const float *query = make_query(w, r);
  for (int i = 0; i < r->rows; i++) {
    const int *start = e->source.starts + r->sentences[i];
    const ptrdiff_t row = i;
    attend_forward(&layer, start[1] - start[0], query + row * layer.size,
                   e->keys + (ptrdiff_t)start[0] * key,
                   e->values + (ptrdiff_t)start[0] * layer.width, r->weights + row * r->longest,
                   r->features + row * width + beside, r->scratch);
  }
}

/* a_t, with attention first of the embedded tokens that it puts beside the contexts. */
static void step_attentional(const translator_weights *w, translator_rows *r) {
  const size_t count = (size_t)r->rows * (size_t)w->net.config.attentional;
  if (count == 0) return;
  if (translator_asks_first(&w->net)) {
    put_columns(r->rows, w->net.config.embedding, r->embedded, r->features, features_width(w));
    dense_forward(&w->attentional, r->rows, r->features, r->fed, r->scratch);
    for (size_t i = 0; i < count; i++) r->fed[i] = r->fed[i] > 0 ? r->fed[i] : 0;
  } else {
    dense_forward(&w->attentional, r->rows, r->features, r->fed, r->scratch);
    kernels->tanh(count, r->fed, r->fed);
  }
}

/* a_t + sum_j weights_j lexical_j */
static const float *step_lexical(const translator_weights *w, const translator_encoded *e,
                                 translator_rows *r) {
  const int width = w->net.config.attentional;
  if (e->lexical == NULL) return r->fed;
  memcpy(r->said, r->fed, (size_t)r->rows * (size_t)width * sizeof *r->said);
  for (ptrdiff_t i = 0; i < r->rows; i++) {
    const int *start = e->source.starts + r->sentences[i];
    attend_add(start[1] - start[0], width, r->weights + i * r->longest,
               e->lexical + (ptrdiff_t)start[0] * width, r->said + i * width);
  }
  return r->said;
}

/* log softmax(W x + b) of x [R, in], by the choice of each row's sentence. */
static void step_output(const translator_weights *w, const float *x, translator_rows *r) {
  float *y = r->log_probability;
  if (r->choices == NULL) {
    dense_forward(&w->output, r->rows, x, y, r->scratch);
    kernels->log_softmax(r->rows, r->vocabulary, y, y);
    return;
  }
  const translator_choice *any = r->choices;
  quantized_linear_forward(&any->output, r->rows, x, y, r->vocabulary, r->scratch);
  for (int row = 0, rows; row < r->rows; row += rows) {
    const translator_choice *choice = &any[1 + r->sentences[row]];
    for (rows = 1; row + rows < r->rows && r->sentences[row + rows] == r->sentences[row];) rows++;
    quantized_linear_forward(&choice->output, rows, x + (ptrdiff_t)row * w->output.in,
                             y + any->count, r->vocabulary, r->scratch);
    for (int i = 0; i < rows; i++, y += r->vocabulary) {
      kernels->log_softmax(1, choice->count, y, y);
    }
  }
}

void translator_decode(const translator_weights *w, const translator_encoded *e,
                       translator_rows *r) {
  const translator_config *c = &w->net.config;
  const bool asks_first = translator_asks_first(&w->net);
  if (!asks_first) step_state(w, r);
  if (asks_first || w->query.in > c->hidden) {
    dense_table_forward(&w->target, r->rows, r->ids, r->embedded);
  }
  step_attention(w, e, r);
  step_attentional(w, r);
  if (asks_first) step_state(w, r);
  const float *said = c->attentional > 0 ? step_lexical(w, e, r) : r->features;
  step_output(w, asks_first ? r->states : said, r);
}
