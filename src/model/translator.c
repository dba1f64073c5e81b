#include "translator.h"

#include <math.h>

static rc_status check_dropout(const char *what, real p, rc_error *error) {
  if (p >= 0 && p < 1) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "%s %g is not in [0, 1)", what, (double)p);
}

static rc_status check_sizes(const translator_config *c, rc_error *error) {
  RC_TRY(rc_check_range("the source vocabulary", c->source_vocabulary, 1, TRANSLATOR_VOCABULARY_MAX,
                        error));
  RC_TRY(rc_check_range("the target vocabulary", c->target_vocabulary, 1, TRANSLATOR_VOCABULARY_MAX,
                        error));
  RC_TRY(rc_check_range("embedding", c->embedding, 1, TRANSLATOR_HIDDEN_MAX, error));
  RC_TRY(rc_check_range("hidden", c->hidden, 1, TRANSLATOR_HIDDEN_MAX, error));
  RC_TRY(rc_check_range("encoder_hidden", c->encoder_hidden, 1, TRANSLATOR_HIDDEN_MAX, error));
  RC_TRY(rc_check_range("attentional", c->attentional, 0, TRANSLATOR_HIDDEN_MAX, error));
  RC_TRY(
      rc_check_range("attention", (int)c->attention, TRANSLATOR_DOT, TRANSLATOR_LOCATION, error));
  RC_TRY(rc_check_range("order", (int)c->order, TRANSLATOR_STATE_FIRST, TRANSLATOR_ATTENTION_FIRST,
                        error));
  bool location = c->attention == TRANSLATOR_LOCATION;
  RC_TRY(rc_check_range("positions", c->positions, location ? 1 : 0,
                        location ? TRANSLATOR_LENGTH_MAX : 0, error));
  RC_TRY(rc_check_range("tying", (int)c->tying, TRANSLATOR_UNTIED, TRANSLATOR_TIED_ALL, error));
  RC_TRY(check_dropout("dropout_embedding", c->dropout_embedding, error));
  return check_dropout("dropout_attentional", c->dropout_attentional, error);
}

/* Inputs of the output layer. */
static int output_width(const translator_config *c, int context) {
  if (c->order == TRANSLATOR_ATTENTION_FIRST) return c->hidden;
  return c->attentional > 0 ? c->attentional : c->hidden + context;
}

static bool is_dot(translator_attention attention) {
  return attention == TRANSLATOR_DOT || attention == TRANSLATOR_SCALED_DOT;
}

/* What one option asks of another. */
static rc_status check_together(const translator_config *c, int context, rc_error *error) {
  if (context != c->hidden && (!c->bridge || is_dot(c->attention))) {
    return rc_fail(error, RC_ERR_ARGUMENT, "states of %d in the encoder, %d in the decoder take %s",
                   context, c->hidden,
                   c->bridge ? "another attention than a dot product" : "a bridge");
  }
  const bool reads_layer = c->input_feeding || c->lexical;
  if (reads_layer && c->attentional == 0) {
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "input feeding and lexical part take an attentional layer");
  }
  if (c->order == TRANSLATOR_ATTENTION_FIRST && (c->attentional == 0 || reads_layer)) {
    return rc_fail(
        error, RC_ERR_ARGUMENT,
        "attention first takes an attentional layer, and no input feeding or lexical part");
  }
  if (c->tying != TRANSLATOR_UNTIED && output_width(c, context) != c->embedding) {
    return rc_fail(
        error, RC_ERR_ARGUMENT, "a tied output takes %s as wide as the embedding, %d, not %d",
        c->order == TRANSLATOR_ATTENTION_FIRST ? "a state" : "an attentional layer", c->embedding,
        c->order == TRANSLATOR_ATTENTION_FIRST ? c->hidden : c->attentional);
  }
  if (c->tying == TRANSLATOR_TIED_ALL && c->source_vocabulary != c->target_vocabulary) {
    return rc_fail(error, RC_ERR_ARGUMENT, "tied languages take one vocabulary, not %d and %d",
                   c->source_vocabulary, c->target_vocabulary);
  }
  return RC_OK;
}

static rc_status add_embeddings(translator *net, rc_error *error) {
  const translator_config *c = &net->config;
  param_list *list = &net->params;
  if (c->tying == TRANSLATOR_TIED_ALL) {
    RC_TRY(
        embedding_add(&net->target, list, "embedding", c->target_vocabulary, c->embedding, error));
    net->source = net->target;
    return RC_OK;
  }
  RC_TRY(embedding_add(&net->source, list, "source", c->source_vocabulary, c->embedding, error));
  return embedding_add(&net->target, list, "target", c->target_vocabulary, c->embedding, error);
}

/* A linear layer without bias. */
static rc_status matrix_add(linear *layer, param_list *list, const char *prefix, int in, int out,
                            rc_error *error) {
  *layer = (linear){.in = in, .out = out};
  return params_add(list, prefix, "weight", out, in, &layer->weight, error);
}

static rc_status add_attention(translator *net, rc_error *error) {
  const translator_config *c = &net->config;
  param_list *list = &net->params;
  if (c->attention == TRANSLATOR_GENERAL || c->attention == TRANSLATOR_ADDITIVE) {
    RC_TRY(linear_add(&net->keys, list, "keys", net->context, c->hidden, error));
  }
  if (c->attention == TRANSLATOR_ADDITIVE) {
    RC_TRY(matrix_add(&net->query, list, "query", c->hidden, c->hidden, error));
    RC_TRY(params_add(list, "score", "weight", c->hidden, 0, &net->score, error));
  }
  if (c->attention == TRANSLATOR_LOCATION) {
    RC_TRY(
        linear_add(&net->query, list, "location", c->embedding + c->hidden, c->positions, error));
  }
  if (c->attentional == 0) return RC_OK;
  int beside = c->order == TRANSLATOR_ATTENTION_FIRST ? c->embedding : c->hidden;
  RC_TRY(linear_add(&net->attentional, list, "attentional", beside + net->context, c->attentional,
                    error));
  if (!c->lexical) return RC_OK;
  return linear_add(&net->lexical, list, "lexical", c->embedding, c->attentional, error);
}

static rc_status add_output(translator *net, rc_error *error) {
  const translator_config *c = &net->config;
  int in = output_width(c, net->context);
  if (c->tying == TRANSLATOR_UNTIED) {
    return linear_add(&net->output, &net->params, "output", in, c->target_vocabulary, error);
  }
  net->output = (linear){.in = in, .out = c->target_vocabulary, .weight = net->target.weight};
  return params_add(&net->params, "output", "bias", c->target_vocabulary, 0, &net->output.bias,
                    error);
}

rc_status translator_build(translator *net, const translator_config *config, rc_error *error) {
  const translator_config *c = config;
  RC_TRY(check_sizes(c, error));
  RC_TRY(rc_check_range("encoder_directions", c->encoder_directions, 1, 2, error));
  *net = (translator){.config = *c, .context = c->encoder_directions * c->encoder_hidden};
  RC_TRY(check_together(c, net->context, error));
  param_list *list = &net->params;
  RC_TRY(add_embeddings(net, error));
  RC_TRY(recurrent_add(&net->encoder, list, "encoder", &gru_cell, c->embedding, c->encoder_hidden,
                       c->encoder_layers, c->encoder_directions, c->dropout_layers, error));
  if (c->bridge) RC_TRY(linear_add(&net->bridge, list, "bridge", net->context, c->hidden, error));
  int read = c->order == TRANSLATOR_ATTENTION_FIRST ? c->attentional : c->embedding;
  RC_TRY(recurrent_add(&net->decoder, list, "decoder", &gru_cell, read, c->hidden, 1, 1, 0, error));
  if (c->input_feeding) {
    RC_TRY(matrix_add(&net->feed, list, "feed", c->attentional, 3 * c->hidden, error));
  }
  RC_TRY(add_attention(net, error));
  return add_output(net, error);
}

static void uniform(real bound, size_t count, real *values, rc_rng *rng) {
  for (size_t i = 0; i < count; i++) values[i] = (2 * rng_uniform(rng) - 1) * bound;
}

static void matrix_init(const linear *layer, real *values, rc_rng *rng) {
  uniform(1 / (real)sqrt(layer->in), (size_t)layer->in * (size_t)layer->out, values + layer->weight,
          rng);
}

static void init_embeddings(const translator *net, real *values, rc_rng *rng) {
  const embedding *target = &net->target;
  if (net->config.tying != TRANSLATOR_TIED_ALL) embedding_init(&net->source, values, rng);
  embedding_init(target, values, rng);
  if (net->config.tying == TRANSLATOR_UNTIED) return;
  real scale = 1 / (real)sqrt(target->size), *weight = values + target->weight;
  for (size_t i = 0; i < (size_t)target->count * (size_t)target->size; i++) weight[i] *= scale;
}

static void init_output(const translator *net, real *values, rc_rng *rng) {
  const linear *output = &net->output;
  if (net->config.tying == TRANSLATOR_UNTIED) {
    linear_init(output, values, rng);
  } else {
    uniform(1 / (real)sqrt(output->in), (size_t)output->out, values + output->bias, rng);
  }
}

void translator_init(const translator *net, uint64_t seed, real *values) {
  const translator_config *c = &net->config;
  rc_rng rng = rng_make(seed, 0, 0);
  init_embeddings(net, values, &rng);
  recurrent_init(&net->encoder, values, &rng);
  if (c->bridge) linear_init(&net->bridge, values, &rng);
  recurrent_init(&net->decoder, values, &rng);
  if (c->input_feeding) matrix_init(&net->feed, values, &rng);
  if (net->keys.out > 0) linear_init(&net->keys, values, &rng);
  if (c->attention == TRANSLATOR_ADDITIVE) {
    matrix_init(&net->query, values, &rng);
    uniform(1 / (real)sqrt(c->hidden), (size_t)c->hidden, values + net->score, &rng);
  }
  if (c->attention == TRANSLATOR_LOCATION) linear_init(&net->query, values, &rng);
  if (c->attentional > 0) linear_init(&net->attentional, values, &rng);
  if (c->lexical) linear_init(&net->lexical, values, &rng);
  init_output(net, values, &rng);
}

bool translator_asks_first(const translator *net) {
  return net->config.order == TRANSLATOR_ATTENTION_FIRST;
}

real translator_source_dropout(const translator *net) {
  return translator_asks_first(net) ? 0 : net->config.dropout_embedding;
}

attend translator_attend(const translator *net, const real *score) {
  const translator_config *c = &net->config;
  const bool scaled = c->attention == TRANSLATOR_SCALED_DOT || c->attention == TRANSLATOR_GENERAL;
  const bool location = c->attention == TRANSLATOR_LOCATION;
  return (attend){.size = location ? c->positions : c->hidden,
                  .width = net->context,
                  .scale = scaled ? 1 / (real)sqrt(c->hidden) : 1,
                  .score = c->attention == TRANSLATOR_ADDITIVE ? score : NULL,
                  .location = location};
}
