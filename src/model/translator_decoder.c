#include "translator_decoder.h"

#include <string.h>

#include "dropout.h"
#include "recurrent_cache.h"

enum { PACKED_INPUT, PACKED_STATE, PACKED_FEED, PACKED_ATTENTIONAL, PACKED_QUERY };

/* Columns of the features: state or embedded token, and context. */
static int features_width(const translator *net) {
  const translator_config *c = &net->config;
  return (translator_asks_first(net) ? c->embedding : c->hidden) + net->context;
}

static real *layout_packed(const linear *layer, rc_arena *arena) {
  return ARENA_ARRAY(arena, real,
                     arena_larger(kernels->gemm_packed_size(layer->in, layer->out),
                                  kernels->gemm_packed_size(layer->out, layer->in)));
}

translator_decoder translator_decoder_layout(const translator *net, int count, int tokens,
                                             int source_length, rc_arena *arena) {
  const translator_config *c = &net->config;
  const linear input = recurrent_input_part(&net->decoder, 0, 0);
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  const size_t rows = (size_t)tokens, batch = (size_t)count, hidden = (size_t)c->hidden;
  const size_t gates = rows * 3 * hidden, features = rows * (size_t)features_width(net);
  const size_t attentional = rows * (size_t)c->attentional;
  const int longest = c->positions > source_length ? c->positions : source_length;
  translator_decoder d = {.count = count, .longest = longest};
  d.gates = ARENA_ARRAY(arena, real, gates);
  d.recurrent = ARENA_ARRAY(arena, real, gates);
  d.h_previous = ARENA_ARRAY(arena, real, (rows + batch) * hidden);
  d.features = ARENA_ARRAY(arena, real, features);
  d.d_features = ARENA_ARRAY(arena, real, features);
  if (translator_asks_first(net)) {
    d.states = ARENA_ARRAY(arena, real, rows * hidden);
    d.d_states = ARENA_ARRAY(arena, real, rows * hidden);
  }
  d.weights = ARENA_ARRAY(arena, real, rows * (size_t)longest);
  d.dh = ARENA_ARRAY(arena, real, batch * hidden);
  d.packed[PACKED_INPUT] = layout_packed(&input, arena);
  d.packed[PACKED_STATE] = layout_packed(&state, arena);
  size_t scratch = arena_larger(linear_scratch(&input, tokens), linear_scratch(&state, tokens));
  scratch = arena_larger(scratch,
                         attend_scratch(c->attention == TRANSLATOR_ADDITIVE, c->hidden, longest));
  if (net->query.out > 0) {
    const size_t asked = rows * (size_t)net->query.in, queries = rows * (size_t)net->query.out;
    d.asked = ARENA_ARRAY(arena, real, asked);
    d.d_asked = ARENA_ARRAY(arena, real, asked);
    d.queries = ARENA_ARRAY(arena, real, queries);
    d.d_queries = ARENA_ARRAY(arena, real, queries);
    d.packed[PACKED_QUERY] = layout_packed(&net->query, arena);
    scratch = arena_larger(scratch, linear_scratch(&net->query, tokens));
  }
  if (c->attentional > 0) {
    d.attentional = ARENA_ARRAY(arena, real, attentional);
    d.d_attentional = ARENA_ARRAY(arena, real, attentional);
    if (c->dropout_attentional > 0) d.mask = ARENA_ARRAY(arena, real, attentional);
    d.said = c->lexical ? ARENA_ARRAY(arena, real, attentional) : d.attentional;
    if (c->lexical) d.d_weights = ARENA_ARRAY(arena, real, rows * (size_t)longest);
    d.packed[PACKED_ATTENTIONAL] = layout_packed(&net->attentional, arena);
    scratch = arena_larger(scratch, linear_scratch(&net->attentional, tokens));
  }
  if (c->input_feeding) {
    d.fed = ARENA_ARRAY(arena, real, attentional);
    d.packed[PACKED_FEED] = layout_packed(&net->feed, arena);
    scratch = arena_larger(scratch, linear_scratch(&net->feed, tokens));
    scratch = arena_larger(scratch, gates);
  }
  d.scratch = ARENA_ARRAY(arena, real, scratch);
  return d;
}

/* Row `row` of a matrix [N, width]. */
static real *at(real *matrix, int row, int width) {
  return matrix + (size_t)row * (size_t)width;
}

/* The first columns of `count` rows of one matrix to those of another. */
static void copy_rows(int count, int columns, const real *from, int from_stride, real *to,
                      int to_stride) {
  for (int r = 0; r < count; r++) {
    memcpy(at(to, r, to_stride), from + (ptrdiff_t)r * from_stride, (size_t)columns * sizeof *to);
  }
}

static void add_rows(int count, int columns, const real *from, int from_stride, real *to,
                     int to_stride) {
  for (int r = 0; r < count; r++) {
    kernels->axpy((size_t)columns, 1, from + (ptrdiff_t)r * from_stride, at(to, r, to_stride));
  }
}

static void pack(const linear *layer, bool transposed, const real *values, real *out) {
  const real *weight = values + layer->weight; /* [out, in] */
  if (transposed) {
    kernels->gemm_pack(true, layer->in, layer->out, weight, layer->in, out);
  } else {
    kernels->gemm_pack(false, layer->out, layer->in, weight, layer->in, out);
  }
}

/* Transposed for x W^T, as they lie for dy W. */
static void pack_weights(const translator *net, bool transposed, const real *values,
                         translator_decoder *d) {
  if (d->alone) return;
  const translator_config *c = &net->config;
  const linear input = recurrent_input_part(&net->decoder, 0, 0);
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  if (transposed || translator_asks_first(net)) {
    pack(&input, transposed, values, d->packed[PACKED_INPUT]);
  }
  pack(&state, transposed, values, d->packed[PACKED_STATE]);
  if (c->input_feeding) pack(&net->feed, transposed, values, d->packed[PACKED_FEED]);
  if (c->attentional > 0) {
    pack(&net->attentional, transposed, values, d->packed[PACKED_ATTENTIONAL]);
  }
  if (net->query.out > 0) pack(&net->query, transposed, values, d->packed[PACKED_QUERY]);
}

/* y (+)= x W^T; `which` is where W was packed. */
static void multiply(const linear *layer, int which, const real *values, int rows, const real *x,
                     int ldx, bool accumulate, real *y, translator_decoder *d) {
  if (!d->alone) {
    kernels->gemm(rows, layer->out, layer->in, x, ldx, 1, d->packed[which], accumulate, y,
                  layer->out);
  } else if (accumulate) {
    linear_forward_few(layer, values, rows, x, ldx, d->scratch);
    kernels->axpy((size_t)rows * (size_t)layer->out, 1, d->scratch, y);
  } else {
    linear_forward_few(layer, values, rows, x, ldx, y);
  }
}

/* dx (+)= dy W */
static void multiply_back(const linear *layer, int which, const real *values, int rows,
                          const real *dy, bool accumulate, real *dx, const translator_decoder *d) {
  if (d->alone) {
    kernels->gemm_unpacked(rows, layer->in, layer->out, dy, layer->out, 1, values + layer->weight,
                           layer->in, accumulate, dx, layer->in);
  } else {
    kernels->gemm(rows, layer->in, layer->out, dy, layer->out, 1, d->packed[which], accumulate, dx,
                  layer->in);
  }
}

/* What x [rows, in] adds to the gates of `rows` rows from `first`: W_ih x + b_ih. */
static void run_input(const translator *net, const real *values, int first, int rows, const real *x,
                      translator_decoder *d) {
  const linear input = recurrent_input_part(&net->decoder, 0, 0);
  real *gates = at(d->gates, first, input.out);
  multiply(&input, PACKED_INPUT, values, rows, x, input.in, false, gates, d);
  kernels->add_bias(rows, input.out, values + input.bias, gates, input.out);
}

/* The GRU's step over `rows` rows from `first`; their states go before those of the next step, from
 * `next`, and to the features or the states. */
static void run_state(const translator *net, const real *values, int first, int rows, int next,
                      translator_decoder *d) {
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  const int hidden = state.in, gates = state.out;
  const bool asks_first = translator_asks_first(net);
  const int width = asks_first ? hidden : features_width(net);
  multiply(&state, PACKED_STATE, values, rows, at(d->h_previous, first, hidden), hidden, false,
           at(d->recurrent, first, gates), d);
  const cell_step step = {.rows = rows,
                          .hidden = hidden,
                          .gates = at(d->gates, first, gates),
                          .recurrent = at(d->recurrent, first, gates),
                          .bias = values + state.bias,
                          .h_previous = at(d->h_previous, first, hidden),
                          .h = at(d->h_previous, next, hidden),
                          .y = at(asks_first ? d->states : d->features, first, width),
                          .ldy = width};
  kernels->gru_forward(&step);
}

/* The states that `rows` rows from `first` ask with lie `stride` apart: those before the step, or
 * those after it. */
static real *asking(const translator *net, int first, const translator_decoder *d, int *stride) {
  const bool asks_first = translator_asks_first(net);
  *stride = asks_first ? net->config.hidden : features_width(net);
  return at(asks_first ? d->h_previous : d->features, first, *stride);
}

/* Their gradient: in dh, which is then that of the states before the step, or in d_features. */
static real *d_asking(const translator *net, int first, const translator_decoder *d, int *stride) {
  const bool asks_first = translator_asks_first(net);
  *stride = asks_first ? net->config.hidden : features_width(net);
  return asks_first ? d->dh : at(d->d_features, first, *stride);
}

/* Columns of what W_q reads that come from the embedded tokens. */
static int asked_embedded(const translator *net) {
  return net->config.attention == TRANSLATOR_LOCATION ? net->config.embedding : 0;
}

/* queries = W_q h, or W_q [embedded; h] + b_q */
static void run_query(const translator *net, const real *values, int first, int rows,
                      const translator_side *target, translator_decoder *d) {
  const linear *layer = &net->query;
  const int embedded = asked_embedded(net), hidden = net->config.hidden;
  int stride;
  const real *states = asking(net, first, d, &stride);
  real *asked = at(d->asked, first, layer->in), *queries = at(d->queries, first, layer->out);
  copy_rows(rows, embedded, at(target->embedded, first, embedded), embedded, asked, layer->in);
  copy_rows(rows, hidden, states, stride, asked + embedded, layer->in);
  multiply(layer, PACKED_QUERY, values, rows, asked, layer->in, false, queries, d);
  if (embedded > 0) {
    kernels->add_bias(rows, layer->out, values + layer->bias, queries, layer->out);
  }
}

/* Where a sentence's keys and states begin in the memory. */
typedef struct span {
  int count;
  ptrdiff_t keys, states;
} span;

static span span_of(const attend *layer, const translator_memory *memory, int sentence) {
  const int *start = memory->starts + sentence;
  return (span){.count = start[1] - start[0],
                .keys = layer->location ? 0 : (ptrdiff_t)start[0] * layer->size,
                .states = (ptrdiff_t)start[0] * layer->width};
}

/* From the states that ask to the contexts in the features. */
static void run_attention(const translator *net, const real *values, int first, int rows,
                          const translator_side *target, const translator_memory *memory,
                          translator_decoder *d) {
  const attend layer = translator_attend(net, values + net->score);
  const int width = features_width(net), beside = width - layer.width;
  const bool projected = net->query.out > 0;
  int stride;
  const real *states = asking(net, first, d, &stride);
  if (projected) run_query(net, values, first, rows, target, d);
  for (int r = first; r < first + rows; r++, states += stride) {
    const span at_source = span_of(&layer, memory, target->sentences[r]);
    attend_forward(&layer, at_source.count, projected ? at(d->queries, r, layer.size) : states,
                   memory->keys + at_source.keys, memory->states + at_source.states,
                   at(d->weights, r, d->longest), at(d->features, r, width) + beside, d->scratch);
  }
}

/* a = tanh(W_a [h; context] + b_a), or relu(W_a [embedded; context] + b_a), dropped out */
static void run_attentional(const translator *net, const real *values, int first, int rows,
                            rc_rng *rng, translator_decoder *d) {
  const linear *layer = &net->attentional;
  const size_t elements = (size_t)rows * (size_t)layer->out;
  real *y = at(d->attentional, first, layer->out);
  multiply(layer, PACKED_ATTENTIONAL, values, rows, at(d->features, first, layer->in), layer->in,
           false, y, d);
  kernels->add_bias(rows, layer->out, values + layer->bias, y, layer->out);
  if (translator_asks_first(net)) {
    for (size_t i = 0; i < elements; i++) y[i] = y[i] > 0 ? y[i] : 0;
  } else {
    kernels->tanh(elements, y, y);
  }
  if (rng != NULL && d->mask != NULL) {
    dropout_forward(net->config.dropout_attentional, elements, y, y, at(d->mask, first, layer->out),
                    rng);
  }
}

/* said = a + sum_j weights_j lexical_j */
static void run_lexical(const translator *net, int first, int rows, const translator_side *target,
                        const translator_memory *memory, translator_decoder *d) {
  const int width = net->config.attentional;
  memcpy(at(d->said, first, width), at(d->attentional, first, width),
         (size_t)rows * (size_t)width * sizeof(real));
  for (int r = first; r < first + rows; r++) {
    const int *start = memory->starts + target->sentences[r];
    attend_add(start[1] - start[0], width, at(d->weights, r, d->longest),
               memory->lexical + (ptrdiff_t)start[0] * width, at(d->said, r, width));
  }
}

/* From the gradient of said, which is that of a as well, to those of the weights and of lexical. */
static void run_lexical_back(const translator *net, const translator_side *target,
                             const translator_memory *memory, translator_decoder *d) {
  const int width = net->config.attentional;
  for (int r = 0; r < target->batch.rows; r++) {
    const int *start = memory->starts + target->sentences[r], count = start[1] - start[0];
    const real *dy = at(d->d_attentional, r, width), *weights = at(d->weights, r, d->longest);
    kernels->gemv(count, width, memory->lexical + (ptrdiff_t)start[0] * width, width, dy,
                  at(d->d_weights, r, d->longest));
    for (int j = 0; j < count; j++) {
      kernels->axpy((size_t)width, weights[j], dy, at(memory->d_lexical, start[0] + j, width));
    }
  }
}

/* Adds W_f a to the gates of `rows` rows from `first`, whose sequences' last step begins at
 * `before`.
 */
static void run_feed(const translator *net, const real *values, int first, int rows, int before,
                     translator_decoder *d) {
  const linear *feed = &net->feed;
  real *fed = at(d->fed, first, feed->in);
  memcpy(fed, at(d->attentional, before, feed->in), (size_t)rows * (size_t)feed->in * sizeof *fed);
  multiply(feed, PACKED_FEED, values, rows, fed, feed->in, true, at(d->gates, first, feed->out), d);
}

/* From the states that ask to what comes of the source: contexts and attentional vectors. */
static void read_source(const translator *net, const real *values, int first, int rows,
                        const translator_side *target, const translator_memory *memory, rc_rng *rng,
                        translator_decoder *d) {
  const int embedded = net->config.embedding, width = features_width(net);
  if (translator_asks_first(net)) {
    copy_rows(rows, embedded, at(target->embedded, first, embedded), embedded,
              at(d->features, first, width), width);
  }
  run_attention(net, values, first, rows, target, memory, d);
  if (net->config.attentional > 0) run_attentional(net, values, first, rows, rng, d);
  if (net->config.lexical) run_lexical(net, first, rows, target, memory, d);
}

void translator_decoder_forward(const translator *net, const real *values,
                                const translator_side *target, const translator_memory *memory,
                                const real *initial, rc_rng *rng,
                                const translator_feedback *feedback, translator_decoder *d) {
  const translator_config *c = &net->config;
  const packed *batch = &target->batch;
  const bool asks_first = translator_asks_first(net);
  /* What can be done for all rows at once: input before the first step, attention after the last.
   */
  const bool input_ahead = !asks_first && feedback == NULL;
  const bool attention_behind = input_ahead && !c->input_feeding;
  const real *inputs = asks_first ? d->attentional : target->embedded;
  const int width = net->decoder.input;
  d->alone = batch->batch == 1 && linear_reads_few(batch->rows);
  pack_weights(net, true, values, d);
  memcpy(d->h_previous, initial, (size_t)batch->batch * (size_t)c->hidden * sizeof *initial);
  if (input_ahead) run_input(net, values, 0, batch->rows, inputs, d);
  for (int t = 0; t < batch->steps; t++) {
    const int first = batch->offsets[t], rows = batch->batch_sizes[t];
    const int before = t > 0 ? batch->offsets[t - 1] : 0;
    if (feedback != NULL && t > 0) feedback->choose(feedback->self, first, rows, before);
    if (asks_first) read_source(net, values, first, rows, target, memory, rng, d);
    if (!input_ahead) {
      run_input(net, values, first, rows, inputs + (ptrdiff_t)first * width, d);
    }
    if (c->input_feeding && t > 0) run_feed(net, values, first, rows, before, d);
    run_state(net, values, first, rows, batch->offsets[t + 1], d);
    if (!asks_first && !attention_behind) {
      read_source(net, values, first, rows, target, memory, rng, d);
    }
  }
  if (attention_behind) read_source(net, values, 0, batch->rows, target, memory, rng, d);
}

real *translator_decoder_output(const translator *net, const translator_decoder *d) {
  if (translator_asks_first(net)) return d->states;
  return net->config.attentional > 0 ? d->said : d->features;
}

real *translator_decoder_d_output(const translator *net, const translator_decoder *d) {
  if (translator_asks_first(net)) return d->d_states;
  return net->config.attentional > 0 ? d->d_attentional : d->d_features;
}

/* Through dropout and tanh, y = mask tanh(z): dz = dy mask (1 - tanh(z)^2), in place of dy, then
 * d[h; context] = dz W_a. Where mask is 0, y is 0 as well, and else tanh(z) = (1 - p) y. Through
 * relu: dz = dy mask where y > 0. */
static void run_attentional_back(const translator *net, const real *values, int first, int rows,
                                 bool dropped, translator_decoder *d) {
  const linear *layer = &net->attentional;
  const size_t elements = (size_t)rows * (size_t)layer->out;
  const bool masked = dropped && d->mask != NULL;
  const real kept = masked ? 1 - net->config.dropout_attentional : 1;
  const real *y = at(d->attentional, first, layer->out);
  real *dy = at(d->d_attentional, first, layer->out);
  if (masked) dropout_backward(elements, dy, at(d->mask, first, layer->out), dy);
  const bool asks_first = translator_asks_first(net);
  for (size_t i = 0; i < elements; i++) {
    const real squashed = kept * y[i];
    dy[i] *= asks_first ? (real)(y[i] > 0) : 1 - squashed * squashed;
  }
  multiply_back(layer, PACKED_ATTENTIONAL, values, rows, dy, false,
                at(d->d_features, first, layer->in), d);
}

/* From d_queries to the states that ask and the embedded tokens. */
static void run_query_back(const translator *net, const real *values, int first, int rows,
                           translator_side *target, translator_decoder *d) {
  const linear *layer = &net->query;
  const int embedded = asked_embedded(net), hidden = net->config.hidden;
  int stride;
  real *d_states = d_asking(net, first, d, &stride);
  real *d_asked = at(d->d_asked, first, layer->in);
  multiply_back(layer, PACKED_QUERY, values, rows, at(d->d_queries, first, layer->out), false,
                d_asked, d);
  add_rows(rows, hidden, d_asked + embedded, layer->in, d_states, stride);
  add_rows(rows, embedded, d_asked, layer->in, at(target->d_embedded, first, embedded), embedded);
}

/* From d_context to the states that ask, and to the memory. */
static void run_attention_back(const translator *net, const real *values, int first, int rows,
                               translator_side *target, const translator_memory *memory,
                               real *gradients, translator_decoder *d) {
  const attend layer = translator_attend(net, values + net->score);
  const int width = features_width(net), beside = width - layer.width;
  const bool projected = net->query.out > 0;
  int stride;
  const real *states = asking(net, first, d, &stride);
  real *d_states = d_asking(net, first, d, &stride);
  if (projected) {
    memset(at(d->d_queries, first, layer.size), 0,
           (size_t)rows * (size_t)layer.size * sizeof(real));
  }
  for (int r = first; r < first + rows; r++, states += stride, d_states += stride) {
    const span at_source = span_of(&layer, memory, target->sentences[r]);
    const attend_gradients to = {.query = projected ? at(d->d_queries, r, layer.size) : d_states,
                                 .keys = memory->d_keys + at_source.keys,
                                 .values = memory->d_states + at_source.states,
                                 .score = layer.score != NULL ? gradients + net->score : NULL};
    attend_backward(&layer, at_source.count, projected ? at(d->queries, r, layer.size) : states,
                    memory->keys + at_source.keys, memory->states + at_source.states,
                    at(d->weights, r, d->longest), at(d->d_features, r, width) + beside,
                    net->config.lexical ? at(d->d_weights, r, d->longest) : NULL, &to, d->scratch);
  }
  if (projected) run_query_back(net, values, first, rows, target, d);
}

static void read_source_back(const translator *net, const real *values, int first, int rows,
                             translator_side *target, const translator_memory *memory, bool dropped,
                             real *gradients, translator_decoder *d) {
  if (net->config.attentional > 0) run_attentional_back(net, values, first, rows, dropped, d);
  run_attention_back(net, values, first, rows, target, memory, gradients, d);
}

/* The gradients of the pre-activations, and dh of the step before. */
static void run_state_back(const translator *net, const real *values, int first, int rows,
                           translator_decoder *d) {
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  const int hidden = state.in, gates = state.out;
  const bool asks_first = translator_asks_first(net);
  const int width = asks_first ? hidden : features_width(net);
  real *d_recurrent = at(d->recurrent, first, gates);
  const cell_step step = {.rows = rows,
                          .hidden = hidden,
                          .gates = at(d->gates, first, gates),
                          .recurrent = d_recurrent,
                          .bias = values + state.bias,
                          .h_previous = at(d->h_previous, first, hidden),
                          .dh = d->dh,
                          .dy = at(asks_first ? d->d_states : d->d_features, first, width),
                          .ldy = width};
  kernels->gru_backward(&step);
  multiply_back(&state, PACKED_STATE, values, rows, d_recurrent, true, d->dh, d);
}

/* With attention first, from the gates to the attentional vectors. */
static void run_input_back(const translator *net, const real *values, int first, int rows,
                           translator_decoder *d) {
  const linear input = recurrent_input_part(&net->decoder, 0, 0);
  multiply_back(&input, PACKED_INPUT, values, rows, at(d->gates, first, input.out), false,
                at(d->d_attentional, first, input.in), d);
}

static void run_feed_back(const translator *net, const real *values, int first, int rows,
                          int before, translator_decoder *d) {
  const linear *feed = &net->feed;
  multiply_back(feed, PACKED_FEED, values, rows, at(d->gates, first, feed->out), true,
                at(d->d_attentional, before, feed->in), d);
}

/* The gradients of all weights, over all rows at once. */
static void gather_weights(const translator *net, const translator_side *target, real *gradients,
                           translator_decoder *d) {
  const translator_config *c = &net->config;
  const packed *batch = &target->batch;
  const linear input = recurrent_input_part(&net->decoder, 0, 0);
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  const int rows = batch->rows, later = batch->offsets[1];
  linear_backward_weights(&input, rows,
                          translator_asks_first(net) ? d->attentional : target->embedded, d->gates,
                          gradients, d->scratch);
  linear_backward_weights(&state, rows, d->h_previous, d->recurrent, gradients, d->scratch);
  if (c->input_feeding) {
    linear_backward_matrix(&net->feed, rows - later, at(d->fed, later, c->attentional),
                           at(d->gates, later, net->feed.out), gradients, d->scratch);
  }
  if (c->attentional > 0) {
    linear_backward_weights(&net->attentional, rows, d->features, d->d_attentional, gradients,
                            d->scratch);
  }
  if (c->attention == TRANSLATOR_LOCATION) {
    linear_backward_weights(&net->query, rows, d->asked, d->d_queries, gradients, d->scratch);
  } else if (c->attention == TRANSLATOR_ADDITIVE) {
    linear_backward_matrix(&net->query, rows, d->asked, d->d_queries, gradients, d->scratch);
  }
}

/* Adds what the tokens gave to the features, or to the gates. */
static void embedded_back(const translator *net, const real *values, translator_side *target,
                          translator_decoder *d) {
  const int rows = target->batch.rows, embedded = net->config.embedding;
  if (translator_asks_first(net)) {
    add_rows(rows, embedded, d->d_features, features_width(net), target->d_embedded, embedded);
  } else {
    const linear input = recurrent_input_part(&net->decoder, 0, 0);
    linear_backward_input(&input, values, rows, d->gates, true, target->d_embedded, d->scratch);
  }
}

void translator_decoder_backward(const translator *net, const real *values, translator_side *target,
                                 const translator_memory *memory, bool dropped, real *gradients,
                                 translator_decoder *d) {
  const translator_config *c = &net->config;
  const packed *batch = &target->batch;
  const bool asks_first = translator_asks_first(net);
  const size_t embedded = (size_t)batch->rows * (size_t)c->embedding;
  pack_weights(net, false, values, d);
  if (c->lexical) run_lexical_back(net, target, memory, d);
  memset(target->d_embedded, 0, embedded * sizeof *target->d_embedded);
  memset(d->dh, 0, (size_t)batch->batch * (size_t)c->hidden * sizeof *d->dh);
  if (!asks_first && !c->input_feeding) {
    read_source_back(net, values, 0, batch->rows, target, memory, dropped, gradients, d);
  }
  for (int t = batch->steps - 1; t >= 0; t--) {
    const int first = batch->offsets[t], rows = batch->batch_sizes[t];
    if (c->input_feeding) {
      read_source_back(net, values, first, rows, target, memory, dropped, gradients, d);
    }
    run_state_back(net, values, first, rows, d);
    if (asks_first) {
      run_input_back(net, values, first, rows, d);
      read_source_back(net, values, first, rows, target, memory, dropped, gradients, d);
    }
    if (c->input_feeding && t > 0)
      run_feed_back(net, values, first, rows, batch->offsets[t - 1], d);
  }
  gather_weights(net, target, gradients, d);
  embedded_back(net, values, target, d);
}
