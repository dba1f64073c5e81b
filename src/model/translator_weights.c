#include "translator_weights.h"

#include <string.h>

#include "quantize.h"
#include "recurrent_cache.h"

/* Each matrix with the layer of the net that it comes from. */
typedef struct matrix {
  dense *layer;
  linear shape;
  bool biased;
} matrix;

typedef struct matrix_list {
  matrix items[PARAMS_MAX];
  int count;
} matrix_list;

static void add(matrix_list *list, dense *layer, linear shape, bool biased) {
  list->items[list->count++] = (matrix){layer, shape, biased};
}

static void add_gru(matrix_list *list, dense_gru *gru, const recurrent *network, int layer,
                    int direction) {
  add(list, &gru->input, recurrent_input_part(network, layer, direction), true);
  add(list, &gru->state, recurrent_hidden_part(network, layer, direction), false);
}

/* The one list of the matrices, for layout and reading. */
static matrix_list matrices_of(translator_weights *w) {
  const translator *net = &w->net;
  const translator_config *c = &net->config;
  matrix_list list = {.count = 0};
  for (int layer = 0; layer < c->encoder_layers; layer++) {
    for (int direction = 0; direction < c->encoder_directions; direction++) {
      add_gru(&list, &w->encoder[layer][direction], &net->encoder, layer, direction);
    }
  }
  add_gru(&list, &w->decoder, &net->decoder, 0, 0);
  if (c->bridge) add(&list, &w->bridge, net->bridge, true);
  if (net->keys.out > 0) add(&list, &w->keys, net->keys, true);
  if (net->query.out > 0) {
    add(&list, &w->query, net->query, c->attention == TRANSLATOR_LOCATION);
  }
  if (c->input_feeding) add(&list, &w->feed, net->feed, false);
  if (c->attentional > 0) add(&list, &w->attentional, net->attentional, true);
  if (c->lexical) add(&list, &w->lexical, net->lexical, true);
  add(&list, &w->output, net->output, true);
  return list;
}

static rc_status layout_dense(dense *layer, const linear *shape, translator_precision precision,
                              rc_arena *arena, rc_error *error) {
  *layer = (dense){.in = shape->in, .out = shape->out};
  if (precision == TRANSLATOR_INT8) {
    return quantized_linear_layout(&layer->quantized, arena, shape->in, shape->out, error);
  }
  layer->packed = ARENA_ARRAY(arena, float, kernels->gemm_packed_size(shape->in, shape->out));
  return RC_OK;
}

static dense_table layout_table(const embedding *shape, translator_precision precision,
                                rc_arena *arena) {
  const size_t count = (size_t)shape->count, elements = count * (size_t)shape->size;
  dense_table table = {.count = shape->count, .size = shape->size};
  if (precision == TRANSLATOR_INT8) {
    table.quantized = ARENA_ARRAY(arena, int8_t, elements);
    table.scales = ARENA_ARRAY(arena, float, count);
  } else {
    table.rows = ARENA_ARRAY(arena, float, elements);
  }
  return table;
}

static rc_status layout_all(translator_weights *w, rc_arena *arena, rc_error *error) {
  matrix_list list = matrices_of(w);
  for (int i = 0; i < list.count; i++) {
    RC_TRY(layout_dense(list.items[i].layer, &list.items[i].shape, w->precision, arena, error));
  }
  if (w->precision == TRANSLATOR_INT8 && w->net.config.tying != TRANSLATOR_UNTIED) {
    w->target = (dense_table){
        .count = w->net.target.count, .size = w->net.target.size, .tied = &w->output.quantized};
  } else {
    w->target = layout_table(&w->net.target, w->precision, arena);
  }
  w->source = w->net.config.tying == TRANSLATOR_TIED_ALL
                  ? w->target
                  : layout_table(&w->net.source, w->precision, arena);
  return RC_OK;
}

/* A vector of its own in the arena; w and its arena count bytes alike in both passes. */
static rc_status copy_vector(const translator_tensors *tensors, size_t offset, int count,
                             rc_arena *arena, const float **out, rc_error *error) {
  const float *values;
  float *copy = ARENA_ARRAY(arena, float, (size_t)count);
  if (copy == NULL) return arena_check(arena, "a vector of weights", error);
  RC_TRY(tensors->read(tensors->context, offset, &values, error));
  memcpy(copy, values, (size_t)count * sizeof *copy);
  *out = copy;
  return RC_OK;
}

static rc_status copy_vectors(translator_weights *w, const translator_tensors *tensors,
                              rc_arena *arena, rc_error *error) {
  const translator *net = &w->net;
  matrix_list list = matrices_of(w);
  for (int i = 0; i < list.count; i++) {
    const matrix *m = &list.items[i];
    if (!m->biased) continue;
    RC_TRY(copy_vector(tensors, m->shape.bias, m->shape.out, arena, &m->layer->bias, error));
  }
  const translator_config *c = &net->config;
  for (int layer = 0; layer < c->encoder_layers; layer++) {
    for (int d = 0; d < c->encoder_directions; d++) {
      RC_TRY(copy_vector(tensors, net->encoder.weights[layer][d].bias_hh, 3 * c->encoder_hidden,
                         arena, &w->encoder[layer][d].bias_hh, error));
    }
  }
  RC_TRY(copy_vector(tensors, net->decoder.weights[0][0].bias_hh, 3 * c->hidden, arena,
                     &w->decoder.bias_hh, error));
  if (c->attention != TRANSLATOR_ADDITIVE) return RC_OK;
  return copy_vector(tensors, net->score, c->hidden, arena, &w->score, error);
}

/* Room to quantise the largest matrix. */
typedef struct quantizer {
  int8_t *q;
  float *scales;
  rc_arena memory;
} quantizer;

static void layout_quantizer(quantizer *z, const translator *net, rc_arena *arena) {
  size_t elements = 0, rows = 0;
  for (int i = 0; i < net->params.count; i++) {
    const param *p = &net->params.items[i];
    if (p->count > elements) elements = p->count;
    if ((size_t)p->shape[0] > rows) rows = (size_t)p->shape[0];
  }
  z->q = ARENA_ARRAY(arena, int8_t, elements);
  z->scales = ARENA_ARRAY(arena, float, rows);
}

/* A matrix in int8: as it is there, if the kernels can take it so, or rounded. */
static rc_status read_int8(const translator_tensors *tensors, size_t offset, int rows, int columns,
                           int8_t *q, float *scales, rc_error *error) {
  const float *weight;
  if (tensors->read_int8 != NULL && tensors->read_int8(tensors->context, offset, q, scales) &&
      quantized_rows_fit(rows, columns, q)) {
    return RC_OK;
  }
  RC_TRY(tensors->read(tensors->context, offset, &weight, error));
  quantize_rows(rows, columns, weight, q, scales);
  return RC_OK;
}

static rc_status set_dense(dense *layer, size_t offset, const translator_tensors *tensors,
                           const quantizer *z, rc_error *error) {
  if (layer->packed != NULL) {
    const float *weight;
    RC_TRY(tensors->read(tensors->context, offset, &weight, error));
    kernels->gemm_pack(true, layer->in, layer->out, weight, layer->in, layer->packed);
    return RC_OK;
  }
  RC_TRY(read_int8(tensors, offset, layer->out, layer->in, z->q, z->scales, error));
  quantized_linear_set(&layer->quantized, z->q, z->scales, layer->bias);
  return RC_OK;
}

static rc_status set_table(dense_table *table, size_t offset, const translator_tensors *tensors,
                           rc_error *error) {
  if (table->tied != NULL) return RC_OK;
  if (table->rows == NULL) {
    return read_int8(tensors, offset, table->count, table->size, table->quantized, table->scales,
                     error);
  }
  const float *weight;
  RC_TRY(tensors->read(tensors->context, offset, &weight, error));
  memcpy(table->rows, weight, (size_t)table->count * (size_t)table->size * sizeof *weight);
  return RC_OK;
}

static rc_status set_all(translator_weights *w, const translator_tensors *tensors,
                         const quantizer *z, rc_error *error) {
  matrix_list list = matrices_of(w);
  for (int i = 0; i < list.count; i++) {
    const matrix *m = &list.items[i];
    RC_TRY(set_dense(m->layer, m->shape.weight, tensors, z, error));
  }
  RC_TRY(set_table(&w->target, w->net.target.weight, tensors, error));
  if (w->net.config.tying == TRANSLATOR_TIED_ALL) return RC_OK;
  return set_table(&w->source, w->net.source.weight, tensors, error);
}

static rc_status fill(translator_weights *w, const translator_tensors *tensors, rc_error *error) {
  RC_TRY(layout_all(w, &w->memory, error));
  RC_TRY(copy_vectors(w, tensors, &w->memory, error));
  quantizer z = {0};
  if (w->precision == TRANSLATOR_INT8) {
    rc_arena need = arena_measure();
    layout_quantizer(&z, &w->net, &need);
    RC_TRY(arena_new(&z.memory, need.used, error));
    layout_quantizer(&z, &w->net, &z.memory);
  }
  rc_status status = set_all(w, tensors, &z, error);
  arena_free(&z.memory);
  return status;
}

rc_status translator_weights_read(translator_weights **out, const translator *net,
                                  const translator_tensors *tensors, translator_precision precision,
                                  rc_error *error) {
  *out = NULL;
  translator_weights draft = {.net = *net, .precision = precision};
  rc_arena need = arena_measure();
  (void)ARENA_ARRAY(&need, translator_weights, 1);
  RC_TRY(layout_all(&draft, &need, error));
  RC_TRY(copy_vectors(&draft, tensors, &need, error));
  RC_TRY(arena_check(&need, "the weights", error));
  rc_arena memory;
  RC_TRY(arena_new(&memory, need.used, error));
  translator_weights *w = ARENA_ARRAY(&memory, translator_weights, 1);
  *w = (translator_weights){.net = *net, .precision = precision, .memory = memory};
  rc_status status = fill(w, tensors, error);
  if (status == RC_OK) {
    *out = w;
  } else {
    translator_weights_free(w);
  }
  return status;
}

/* context: the address of the block. */
static rc_status read_block(void *context, size_t offset, const float **values, rc_error *error) {
  (void)error;
  *values = *(const float **)context + offset;
  return RC_OK;
}

rc_status translator_weights_new(translator_weights **out, const translator *net,
                                 const real *values, translator_precision precision,
                                 rc_error *error) {
  const translator_tensors tensors = {.read = read_block, .context = &values};
  return translator_weights_read(out, net, &tensors, precision, error);
}

void translator_weights_free(translator_weights *weights) {
  if (weights == NULL) return;
  rc_arena memory = weights->memory;
  arena_free(&memory);
}

size_t translator_weights_bytes(const translator_weights *weights) {
  return weights->memory.size;
}

void translator_weights_mark(translator_weights *weights, const placeholders *marks) {
  weights->marks = *marks;
}

const translator *translator_weights_net(const translator_weights *weights) {
  return &weights->net;
}
