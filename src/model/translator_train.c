#include <string.h>

#include "bpe.h"
#include "output_sample.h"
#include "pooling.h"
#include "translator_decoder.h"

struct translator_workspace {
  translator_room room;
  translator_side source, target;
  bool dropped; /* the last forward drew masks */
  recurrent_cache *encoder;
  real *states, *d_states;   /* [Ns, C] packed */
  real *last, *d_last;       /* [B, C] states that the bridge reads, packed as the source */
  real *moved;               /* [B, C] the same, packed as the target */
  real *initial;             /* [B, H] packed as the target */
  real *values, *d_values;   /* [Ns, C] the encoder's states in the caller's order */
  real *keys, *d_keys;       /* [Ns, H] their projection */
  real *lexical, *d_lexical; /* [Ns, A] what the tokens become, in the caller's order */
  real *tokens, *d_tokens;   /* [Ns, E] those, embedded */
  translator_memory memory;
  translator_decoder decoder;
  output_sample sample; /* of the output tokens */
  int *outputs;         /* [Nt] packed, as places in the sample */
  real *weights;        /* [Nt] of their losses */
  bool weighed;         /* whether they are to be read */
  bool *free;           /* [B] packed as the target, sentences that run free */
  bool running;         /* whether there are any */
  real *logits;         /* [Nt, Vt or the sample's tokens] */
  real *scratch;
};

static size_t scratch_size(const translator *net, const translator_room *room) {
  const translator_config *c = &net->config;
  size_t size = linear_scratch(&net->output, room->target_tokens);
  if (c->bridge) size = arena_larger(size, linear_scratch(&net->bridge, room->count));
  if (net->keys.out > 0) {
    size = arena_larger(size, linear_scratch(&net->keys, room->source_tokens));
  }
  if (c->lexical) size = arena_larger(size, linear_scratch(&net->lexical, room->source_tokens));
  return size;
}

static void layout_source(const translator *net, translator_workspace *w, rc_arena *arena) {
  const translator_config *c = &net->config;
  const translator_room *room = &w->room;
  size_t count = (size_t)room->count, width = (size_t)net->context, hidden = (size_t)c->hidden;
  size_t states = (size_t)room->source_tokens * width, keys = (size_t)room->source_tokens * hidden;
  w->source = translator_side_layout(room->count, room->source_tokens, room->source_length,
                                     c->embedding, arena);
  translator_side_layout_back(&w->source, room->source_tokens, c->embedding,
                              translator_source_dropout(net), arena);
  w->encoder = recurrent_cache_new(&net->encoder, room->source_tokens, room->count, true, arena);
  w->states = ARENA_ARRAY(arena, real, states);
  w->d_states = ARENA_ARRAY(arena, real, states);
  w->values = ARENA_ARRAY(arena, real, states);
  w->d_values = ARENA_ARRAY(arena, real, states);
  w->keys = w->values;
  w->d_keys = w->d_values;
  if (net->keys.out > 0) {
    w->keys = ARENA_ARRAY(arena, real, keys);
    w->d_keys = ARENA_ARRAY(arena, real, keys);
  }
  if (c->lexical) {
    const size_t tokens = (size_t)room->source_tokens;
    w->lexical = ARENA_ARRAY(arena, real, tokens * (size_t)c->attentional);
    w->d_lexical = ARENA_ARRAY(arena, real, tokens * (size_t)c->attentional);
    w->tokens = ARENA_ARRAY(arena, real, tokens * (size_t)c->embedding);
    w->d_tokens = ARENA_ARRAY(arena, real, tokens * (size_t)c->embedding);
  }
  w->last = ARENA_ARRAY(arena, real, count * width);
  w->d_last = ARENA_ARRAY(arena, real, count * width);
  w->moved = ARENA_ARRAY(arena, real, count * width);
  w->initial = c->bridge ? ARENA_ARRAY(arena, real, count * hidden) : w->moved;
}

static void layout_target(const translator *net, translator_workspace *w, rc_arena *arena) {
  const translator_config *c = &net->config;
  const translator_room *room = &w->room;
  size_t tokens = (size_t)room->target_tokens;
  w->target = translator_side_layout(room->count, room->target_tokens, room->target_length,
                                     c->embedding, arena);
  translator_side_layout_back(&w->target, room->target_tokens, c->embedding, c->dropout_embedding,
                              arena);
  w->decoder =
      translator_decoder_layout(net, room->count, room->target_tokens, room->source_length, arena);
  w->outputs = ARENA_ARRAY(arena, int, tokens);
  w->weights = ARENA_ARRAY(arena, real, tokens);
  w->free = ARENA_ARRAY(arena, bool, (size_t)room->count);
  w->sample = output_sample_layout(&net->output, room->sampled_softmax, room->target_tokens, arena);
  w->logits = ARENA_ARRAY(arena, real, tokens * (size_t)c->target_vocabulary);
}

translator_workspace *translator_workspace_new(const translator *net, const translator_room *room,
                                               rc_arena *arena) {
  translator_workspace *workspace = ARENA_ARRAY(arena, translator_workspace, 1);
  translator_workspace w = {.room = *room};
  layout_source(net, &w, arena);
  layout_target(net, &w, arena);
  w.scratch = ARENA_ARRAY(arena, real, scratch_size(net, room));
  if (arena->failed || workspace == NULL) return NULL;
  w.memory = (translator_memory){.starts = w.source.starts,
                                 .keys = w.keys,
                                 .states = w.values,
                                 .d_keys = w.d_keys,
                                 .d_states = w.d_values,
                                 .lexical = w.lexical,
                                 .d_lexical = w.d_lexical};
  *workspace = w;
  return workspace;
}

/* h_0 = tanh(W_b last + b_b), or last itself. */
static void bridge_forward(const translator *net, const real *values, translator_workspace *w) {
  const int count = w->source.batch.batch, directions = net->config.encoder_directions;
  pooling_forward(POOLING_LAST, &w->source.batch, net->config.encoder_hidden, directions, w->states,
                  w->last, NULL);
  translator_side_reorder(&w->source, &w->target, net->context, w->last, w->moved);
  if (!net->config.bridge) return;
  linear_forward(&net->bridge, values, count, w->moved, w->initial, w->scratch);
  kernels->tanh((size_t)count * (size_t)net->config.hidden, w->initial, w->initial);
}

/* From the gradient of h_0 in the decoder's dh to d_states, which it overwrites. */
static void bridge_backward(const translator *net, const real *values, real *gradients,
                            translator_workspace *w) {
  const int count = w->source.batch.batch, directions = net->config.encoder_directions;
  const size_t elements = (size_t)count * (size_t)net->config.hidden;
  real *d_moved = w->decoder.dh;
  if (net->config.bridge) {
    real *dz = w->decoder.dh;
    for (size_t i = 0; i < elements; i++) dz[i] *= 1 - w->initial[i] * w->initial[i];
    d_moved = w->last;
    linear_backward(&net->bridge, values, count, w->moved, dz, d_moved, gradients, w->scratch);
  }
  translator_side_reorder(&w->target, &w->source, net->context, d_moved, w->d_last);
  pooling_backward(POOLING_LAST, &w->source.batch, net->config.encoder_hidden, directions,
                   w->d_last, NULL, w->d_states);
}

/* Logits of `rows` rows from `first`; the output layer is in the scratch, packed, unless there are
 * few rows in all. */
static void run_output(const translator *net, const real *values, int first, int rows,
                       translator_workspace *w) {
  const linear *output = &w->sample.layer;
  values = output_sample_values(&w->sample, values);
  const real *read = translator_decoder_output(net, &w->decoder);
  real *logits = w->logits + (ptrdiff_t)first * output->out;
  read += (ptrdiff_t)first * output->in;
  if (linear_reads_few(w->target.batch.rows)) {
    linear_forward_few(output, values, rows, read, output->in, logits);
    kernels->add_bias(rows, output->out, values + output->bias, logits, output->out);
  } else {
    linear_forward_packed(output, values, w->scratch, rows, read, logits);
  }
}

static int most_likely(const real *logits, int count) {
  int best = 0;
  for (int id = 1; id < count; id++) {
    if (logits[id] > logits[best]) best = id;
  }
  return best;
}

/* What choose needs of a step. */
typedef struct free_run {
  const translator *net;
  const real *values;
  translator_workspace *w;
} free_run;

/* The tokens of a step from the logits of the step before, see translator_feedback; the packed
 * sentence b has row first + b. Behind the end of what it says a sentence has nothing to learn. */
static void choose(void *self, int first, int rows, int before) {
  const free_run *run = self;
  translator_workspace *w = run->w;
  const int classes = w->sample.layer.out;
  run_output(run->net, run->values, before, first - before, w);
  for (int b = 0; b < rows; b++) {
    if (!w->free[b]) continue;
    const int place = most_likely(w->logits + (ptrdiff_t)(before + b) * classes, classes);
    const int id = output_sample_id(&w->sample, place);
    w->target.ids[first + b] = id;
    const bool over = id == BPE_END || w->target.ids[before + b] == BPE_END;
    if (over) {
      w->target.ids[first + b] = BPE_END;
      w->weights[first + b] = 0;
    }
  }
  translator_side_embed_again(&w->target, &run->net->target, run->values, w->dropped, first, rows);
}

static void run_decoder(const translator *net, const real *values, rc_rng *rng,
                        translator_workspace *w) {
  free_run run = {net, values, w};
  const translator_feedback feedback = {choose, &run};
  const packed *batch = &w->target.batch;
  if (!linear_reads_few(batch->rows)) {
    linear_pack(&w->sample.layer, output_sample_values(&w->sample, values), w->scratch);
  }
  translator_decoder_forward(net, values, &w->target, &w->memory, w->initial, rng,
                             w->running ? &feedback : NULL, &w->decoder);
  const int first = w->running ? batch->offsets[batch->steps - 1] : 0;
  run_output(net, values, first, batch->rows - first, w);
}

static void forward(const translator *net, const real *values, rc_rng *rng,
                    translator_workspace *w) {
  const translator_config *c = &net->config;
  const recurrent_state none = {0};
  w->dropped = rng != NULL;
  translator_side_embed(&w->source, &net->source, values, translator_source_dropout(net), rng);
  translator_side_embed(&w->target, &net->target, values, c->dropout_embedding, rng);
  recurrent_forward(&net->encoder, values, &w->source.batch,
                    (recurrent_input){.x = w->source.embedded}, none, rng, w->states, none,
                    w->encoder);
  bridge_forward(net, values, w);
  translator_side_unpack(&w->source, net->context, w->states, w->values);
  if (net->keys.out > 0) {
    linear_forward(&net->keys, values, w->source.batch.rows, w->values, w->keys, w->scratch);
  }
  if (c->lexical) {
    translator_side_unpack(&w->source, c->embedding, w->source.embedded, w->tokens);
    linear_forward(&net->lexical, values, w->source.batch.rows, w->tokens, w->lexical, w->scratch);
  }
  run_decoder(net, values, rng, w);
}

/* From the gradient of the logits, which lies in their place. */
static void backward(const translator *net, const real *values, real *gradients,
                     translator_workspace *w) {
  const translator_config *c = &net->config;
  translator_decoder *d = &w->decoder;
  const recurrent_state none = {0};
  const size_t rows = (size_t)w->source.batch.rows;
  linear_backward(&w->sample.layer, output_sample_values(&w->sample, values), w->target.batch.rows,
                  translator_decoder_output(net, d), w->logits, translator_decoder_d_output(net, d),
                  output_sample_gradients(&w->sample, gradients), w->scratch);
  output_sample_add(&w->sample, gradients);
  memset(w->d_values, 0, rows * (size_t)net->context * sizeof(real));
  if (net->keys.out > 0) {
    memset(w->d_keys, 0, rows * (size_t)c->hidden * sizeof(real));
  }
  if (c->lexical) memset(w->d_lexical, 0, rows * (size_t)c->attentional * sizeof(real));
  translator_decoder_backward(net, values, &w->target, &w->memory, w->dropped, gradients, d);
  if (net->keys.out > 0) {
    linear_backward_weights(&net->keys, (int)rows, w->values, w->d_keys, gradients, w->scratch);
    linear_backward_input(&net->keys, values, (int)rows, w->d_keys, true, w->d_values, w->scratch);
  }
  bridge_backward(net, values, gradients, w);
  translator_side_pack_add(&w->source, net->context, w->d_values, w->d_states);
  recurrent_backward(&net->encoder, values, &w->source.batch,
                     (recurrent_input){.x = w->source.embedded}, w->d_states, none,
                     w->source.d_embedded, none, gradients, w->encoder);
  if (c->lexical) {
    linear_backward(&net->lexical, values, (int)rows, w->tokens, w->d_lexical, w->d_tokens,
                    gradients, w->scratch);
    translator_side_pack_add(&w->source, c->embedding, w->d_tokens, w->source.d_embedded);
  }
  translator_side_embed_back(&w->target, &net->target, w->dropped, gradients);
  translator_side_embed_back(&w->source, &net->source, w->dropped, gradients);
}

static rc_status take(const translator *net, translator_workspace *w, const translator_batch *batch,
                      rc_error *error) {
  const translator_room *room = &w->room;
  const int positions = net->config.positions;
  const int longest =
      positions > 0 && positions < room->source_length ? positions : room->source_length;
  RC_TRY(rc_check_range("the batch", batch->count, 1, room->count, error));
  RC_TRY(translator_side_check("a source sentence's length", batch->count, batch->source_lengths,
                               longest, room->source_tokens, error));
  RC_TRY(translator_side_check("a target sentence's length", batch->count, batch->target_lengths,
                               room->target_length, room->target_tokens, error));
  RC_TRY(
      translator_side_pack(&w->source, batch->count, batch->source_lengths, batch->sources, error));
  RC_TRY(
      translator_side_pack(&w->target, batch->count, batch->target_lengths, batch->inputs, error));
  const translator_side *target = &w->target;
  for (int r = 0; r < target->batch.rows; r++) w->outputs[target->rows[r]] = batch->outputs[r];
  output_sample_all(&w->sample);
  w->running = false;
  for (int b = 0; b < target->batch.batch; b++) {
    w->free[b] = batch->free_running != NULL && batch->free_running[target->batch.order[b]];
    w->running |= w->free[b];
  }
  w->weighed = batch->weights != NULL || w->running;
  for (int r = 0; w->weighed && r < target->batch.rows; r++) {
    w->weights[r] = batch->weights == NULL ? 1 : batch->weights[target->sentences[r]];
  }
  return RC_OK;
}

rc_status translator_train_step(const translator *net, const real *values,
                                const translator_batch *batch, real smoothing, real scale,
                                rc_rng *rng, real *gradients, double *loss,
                                translator_workspace *workspace, rc_error *error) {
  translator_workspace *w = workspace;
  RC_TRY(take(net, w, batch, error));
  if (rng != NULL) {
    output_sample_draw(&w->sample, values, w->target.batch.rows, w->outputs, rng);
  }
  forward(net, values, rng, w);
  const cross_entropy_target target =
      output_sample_target(&w->sample, w->outputs, smoothing, w->weighed ? w->weights : NULL);
  *loss = cross_entropy(w->target.batch.rows, w->sample.layer.out, &target, scale, w->logits);
  backward(net, values, gradients, w);
  return RC_OK;
}

rc_status translator_score(const translator *net, const real *values, const translator_batch *batch,
                           double *log_probability, translator_workspace *workspace,
                           rc_error *error) {
  translator_workspace *w = workspace;
  RC_TRY(take(net, w, batch, error));
  forward(net, values, NULL, w);
  const size_t classes = (size_t)net->config.target_vocabulary;
  for (int i = 0; i < batch->count; i++) log_probability[i] = 0;
  for (int r = 0; r < w->target.batch.rows; r++) {
    const cross_entropy_target target = {.targets = w->outputs + r};
    log_probability[w->target.sentences[r]] -=
        cross_entropy(1, (int)classes, &target, 0, w->logits + (size_t)r * classes);
  }
  return RC_OK;
}
