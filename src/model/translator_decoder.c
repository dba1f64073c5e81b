#include "translator_decoder.h"

#include <string.h>

#include "dropout.h"
#include "recurrent_cache.h"

enum { PACKED_STATE, PACKED_FEED, PACKED_ATTENTIONAL, PACKED_QUERY };

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
  const size_t gates = rows * 3 * hidden, features = rows * (hidden + (size_t)net->context);
  const size_t attentional = rows * (size_t)c->attentional;
  translator_decoder d = {.count = count, .source_length = source_length};
  d.gates = ARENA_ARRAY(arena, real, gates);
  d.recurrent = ARENA_ARRAY(arena, real, gates);
  d.h_previous = ARENA_ARRAY(arena, real, (rows + batch) * hidden);
  d.features = ARENA_ARRAY(arena, real, features);
  d.d_features = ARENA_ARRAY(arena, real, features);
  d.weights = ARENA_ARRAY(arena, real, rows * (size_t)source_length);
  d.dh = ARENA_ARRAY(arena, real, batch * hidden);
  d.packed[PACKED_STATE] = layout_packed(&state, arena);
  size_t scratch = arena_larger(linear_scratch(&input, tokens), linear_scratch(&state, tokens));
  scratch = arena_larger(
      scratch, attend_scratch(c->attention == TRANSLATOR_ADDITIVE, c->hidden, source_length));
  if (c->attention == TRANSLATOR_ADDITIVE) {
    d.queries = ARENA_ARRAY(arena, real, rows * hidden);
    d.d_queries = ARENA_ARRAY(arena, real, rows * hidden);
    d.packed[PACKED_QUERY] = layout_packed(&net->query, arena);
    scratch = arena_larger(scratch, linear_scratch(&net->query, tokens));
  }
  if (c->attentional > 0) {
    d.attentional = ARENA_ARRAY(arena, real, attentional);
    d.d_attentional = ARENA_ARRAY(arena, real, attentional);
    if (c->dropout_attentional > 0) d.mask = ARENA_ARRAY(arena, real, attentional);
    d.packed[PACKED_ATTENTIONAL] = layout_packed(&net->attentional, arena);
    scratch = arena_larger(scratch, linear_scratch(&net->attentional, tokens));
  }
  if (c->input_feeding) {
    d.fed = ARENA_ARRAY(arena, real, attentional);
    d.packed[PACKED_FEED] = layout_packed(&net->feed, arena);
    scratch = arena_larger(scratch, linear_scratch(&net->feed, tokens));
  }
  d.scratch = ARENA_ARRAY(arena, real, scratch);
  return d;
}

static int features_width(const translator *net) {
  return net->config.hidden + net->context;
}

/* Row `row` of a matrix [N, width]. */
static real *at(real *matrix, int row, int width) {
  return matrix + (size_t)row * (size_t)width;
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
  const translator_config *c = &net->config;
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  pack(&state, transposed, values, d->packed[PACKED_STATE]);
  if (c->input_feeding) pack(&net->feed, transposed, values, d->packed[PACKED_FEED]);
  if (c->attentional > 0) {
    pack(&net->attentional, transposed, values, d->packed[PACKED_ATTENTIONAL]);
  }
  if (c->attention == TRANSLATOR_ADDITIVE) {
    pack(&net->query, transposed, values, d->packed[PACKED_QUERY]);
  }
}

/* The GRU's step over `rows` rows from `first`; their states go before those of the next step, from
 * `next`, and to the features. */
static void run_state(const translator *net, const real *values, int first, int rows, int next,
                      translator_decoder *d) {
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  const int hidden = state.in, gates = state.out, width = features_width(net);
  kernels->gemm(rows, gates, hidden, at(d->h_previous, first, hidden), hidden, 1,
                d->packed[PACKED_STATE], false, at(d->recurrent, first, gates), gates);
  const cell_step step = {.rows = rows,
                          .hidden = hidden,
                          .gates = at(d->gates, first, gates),
                          .recurrent = at(d->recurrent, first, gates),
                          .bias = values + state.bias,
                          .h_previous = at(d->h_previous, first, hidden),
                          .h = at(d->h_previous, next, hidden),
                          .y = at(d->features, first, width),
                          .ldy = width};
  kernels->gru_forward(&step);
}

/* From the states in the features to the contexts beside them. */
static void run_attention(const translator *net, const real *values, int first, int rows,
                          const translator_side *target, const translator_memory *memory,
                          translator_decoder *d) {
  const attend layer = translator_attend(net, values + net->score);
  const int hidden = layer.size, context = layer.width, width = features_width(net);
  if (layer.score != NULL) {
    kernels->gemm(rows, hidden, hidden, at(d->features, first, width), width, 1,
                  d->packed[PACKED_QUERY], false, at(d->queries, first, hidden), hidden);
  }
  for (int r = first; r < first + rows; r++) {
    const int *start = memory->starts + target->sentences[r];
    real *features = at(d->features, r, width);
    const real *query = layer.score != NULL ? at(d->queries, r, hidden) : features;
    attend_forward(&layer, start[1] - start[0], query, memory->keys + (ptrdiff_t)start[0] * hidden,
                   memory->states + (ptrdiff_t)start[0] * context,
                   at(d->weights, r, d->source_length), features + hidden, d->scratch);
  }
}

/* a = tanh(W_a [h; context] + b_a), dropped out */
static void run_attentional(const translator *net, const real *values, int first, int rows,
                            rc_rng *rng, translator_decoder *d) {
  const linear *layer = &net->attentional;
  const size_t elements = (size_t)rows * (size_t)layer->out;
  real *y = at(d->attentional, first, layer->out);
  kernels->gemm(rows, layer->out, layer->in, at(d->features, first, layer->in), layer->in, 1,
                d->packed[PACKED_ATTENTIONAL], false, y, layer->out);
  kernels->add_bias(rows, layer->out, values + layer->bias, y, layer->out);
  kernels->tanh(elements, y, y);
  if (rng != NULL && d->mask != NULL) {
    dropout_forward(net->config.dropout_attentional, elements, y, y, at(d->mask, first, layer->out),
                    rng);
  }
}

/* Adds W_f a to the gates of `rows` rows from `first`, whose sequences' last step begins at
 * `before`.
 */
static void run_feed(const translator *net, int first, int rows, int before,
                     translator_decoder *d) {
  const linear *feed = &net->feed;
  real *fed = at(d->fed, first, feed->in);
  memcpy(fed, at(d->attentional, before, feed->in), (size_t)rows * (size_t)feed->in * sizeof *fed);
  kernels->gemm(rows, feed->out, feed->in, fed, feed->in, 1, d->packed[PACKED_FEED], true,
                at(d->gates, first, feed->out), feed->out);
}

void translator_decoder_forward(const translator *net, const real *values,
                                const translator_side *target, const translator_memory *memory,
                                const real *initial, rc_rng *rng, translator_decoder *d) {
  const translator_config *c = &net->config;
  const packed *batch = &target->batch;
  const linear input = recurrent_input_part(&net->decoder, 0, 0);
  linear_forward(&input, values, batch->rows, target->embedded, d->gates, d->scratch);
  pack_weights(net, true, values, d);
  memcpy(d->h_previous, initial, (size_t)batch->batch * (size_t)c->hidden * sizeof *initial);
  for (int t = 0; t < batch->steps; t++) {
    const int first = batch->offsets[t], rows = batch->batch_sizes[t];
    if (c->input_feeding && t > 0) run_feed(net, first, rows, batch->offsets[t - 1], d);
    run_state(net, values, first, rows, batch->offsets[t + 1], d);
    if (c->input_feeding) {
      run_attention(net, values, first, rows, target, memory, d);
      run_attentional(net, values, first, rows, rng, d);
    }
  }
  if (!c->input_feeding) {
    run_attention(net, values, 0, batch->rows, target, memory, d);
    if (c->attentional > 0) run_attentional(net, values, 0, batch->rows, rng, d);
  }
}

/* Through dropout and tanh, y = mask tanh(z): dz = dy mask (1 - tanh(z)^2), in place of dy, then
 * d[h; context] = dz W_a. Where mask is 0, y is 0 as well, and else tanh(z) = (1 - p) y. */
static void run_attentional_back(const translator *net, int first, int rows, bool dropped,
                                 translator_decoder *d) {
  const linear *layer = &net->attentional;
  const size_t elements = (size_t)rows * (size_t)layer->out;
  const bool masked = dropped && d->mask != NULL;
  const real kept = masked ? 1 - net->config.dropout_attentional : 1;
  const real *y = at(d->attentional, first, layer->out);
  real *dy = at(d->d_attentional, first, layer->out);
  if (masked) dropout_backward(elements, dy, at(d->mask, first, layer->out), dy);
  for (size_t i = 0; i < elements; i++) {
    const real squashed = kept * y[i];
    dy[i] *= 1 - squashed * squashed;
  }
  kernels->gemm(rows, layer->in, layer->out, dy, layer->out, 1, d->packed[PACKED_ATTENTIONAL],
                false, at(d->d_features, first, layer->in), layer->in);
}

/* From d_context to the state beside it, and to the memory. */
static void run_attention_back(const translator *net, const real *values, int first, int rows,
                               const translator_side *target, const translator_memory *memory,
                               real *gradients, translator_decoder *d) {
  const attend layer = translator_attend(net, values + net->score);
  const bool additive = layer.score != NULL;
  const int hidden = layer.size, context = layer.width, width = features_width(net);
  if (additive) {
    memset(at(d->d_queries, first, hidden), 0, (size_t)rows * (size_t)hidden * sizeof(real));
  }
  for (int r = first; r < first + rows; r++) {
    const int *start = memory->starts + target->sentences[r];
    const ptrdiff_t key = (ptrdiff_t)start[0] * hidden, state = (ptrdiff_t)start[0] * context;
    real *features = at(d->features, r, width), *d_features = at(d->d_features, r, width);
    const attend_gradients to = {.query = additive ? at(d->d_queries, r, hidden) : d_features,
                                 .keys = memory->d_keys + key,
                                 .values = memory->d_states + state,
                                 .score = additive ? gradients + net->score : NULL};
    attend_backward(&layer, start[1] - start[0], additive ? at(d->queries, r, hidden) : features,
                    memory->keys + key, memory->states + state, at(d->weights, r, d->source_length),
                    d_features + hidden, &to, d->scratch);
  }
  if (additive) {
    kernels->gemm(rows, hidden, hidden, at(d->d_queries, first, hidden), hidden, 1,
                  d->packed[PACKED_QUERY], true, at(d->d_features, first, width), width);
  }
}

/* The gradients of the pre-activations, and dh of the step before. */
static void run_state_back(const translator *net, const real *values, int first, int rows,
                           translator_decoder *d) {
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  const int hidden = state.in, gates = state.out, width = features_width(net);
  real *d_recurrent = at(d->recurrent, first, gates);
  const cell_step step = {.rows = rows,
                          .hidden = hidden,
                          .gates = at(d->gates, first, gates),
                          .recurrent = d_recurrent,
                          .bias = values + state.bias,
                          .h_previous = at(d->h_previous, first, hidden),
                          .dh = d->dh,
                          .dy = at(d->d_features, first, width),
                          .ldy = width};
  kernels->gru_backward(&step);
  kernels->gemm(rows, hidden, gates, d_recurrent, gates, 1, d->packed[PACKED_STATE], true, d->dh,
                hidden);
}

static void run_feed_back(const translator *net, int first, int rows, int before,
                          translator_decoder *d) {
  const linear *feed = &net->feed;
  kernels->gemm(rows, feed->in, feed->out, at(d->gates, first, feed->out), feed->out, 1,
                d->packed[PACKED_FEED], true, at(d->d_attentional, before, feed->in), feed->in);
}

/* The gradients of all weights, over all rows at once. */
static void gather_weights(const translator *net, const translator_side *target, real *gradients,
                           translator_decoder *d) {
  const translator_config *c = &net->config;
  const packed *batch = &target->batch;
  const linear input = recurrent_input_part(&net->decoder, 0, 0);
  const linear state = recurrent_hidden_part(&net->decoder, 0, 0);
  const int rows = batch->rows, hidden = c->hidden, later = batch->offsets[1];
  linear_backward_weights(&input, rows, target->embedded, d->gates, gradients, d->scratch);
  linear_backward_weights(&state, rows, d->h_previous, d->recurrent, gradients, d->scratch);
  if (c->input_feeding) {
    linear_backward_matrix(&net->feed, rows - later, at(d->fed, later, c->attentional),
                           at(d->gates, later, net->feed.out), gradients, d->scratch);
  }
  if (c->attentional > 0) {
    linear_backward_weights(&net->attentional, rows, d->features, d->d_attentional, gradients,
                            d->scratch);
  }
  if (c->attention == TRANSLATOR_ADDITIVE) {
    for (int r = 0; r < rows; r++) {
      memcpy(at(d->queries, r, hidden), at(d->features, r, features_width(net)),
             (size_t)hidden * sizeof(real));
    }
    linear_backward_matrix(&net->query, rows, d->queries, d->d_queries, gradients, d->scratch);
  }
}

void translator_decoder_backward(const translator *net, const real *values, translator_side *target,
                                 const translator_memory *memory, bool dropped, real *gradients,
                                 translator_decoder *d) {
  const translator_config *c = &net->config;
  const packed *batch = &target->batch;
  const linear input = recurrent_input_part(&net->decoder, 0, 0);
  pack_weights(net, false, values, d);
  if (!c->input_feeding) {
    if (c->attentional > 0) run_attentional_back(net, 0, batch->rows, dropped, d);
    run_attention_back(net, values, 0, batch->rows, target, memory, gradients, d);
  }
  memset(d->dh, 0, (size_t)batch->batch * (size_t)c->hidden * sizeof *d->dh);
  for (int t = batch->steps - 1; t >= 0; t--) {
    const int first = batch->offsets[t], rows = batch->batch_sizes[t];
    if (c->input_feeding) {
      run_attentional_back(net, first, rows, dropped, d);
      run_attention_back(net, values, first, rows, target, memory, gradients, d);
    }
    run_state_back(net, values, first, rows, d);
    if (c->input_feeding && t > 0) run_feed_back(net, first, rows, batch->offsets[t - 1], d);
  }
  gather_weights(net, target, gradients, d);
  linear_backward_input(&input, values, batch->rows, d->gates, false, target->d_embedded,
                        d->scratch);
}
