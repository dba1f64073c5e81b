#include "translator.h"

#include <string.h>

#include "attention.h"

/* One side of a batch: its packing, and how it lies in the caller's order. */
typedef struct side {
  void *packing; /* what packed_build fills */
  size_t packing_bytes;
  packed batch;
  int *starts;                 /* [B + 1] first row of each sentence in the caller's order */
  int *rows;                   /* [N] packed row of each row in the caller's order */
  int *ids;                    /* [N] packed */
  real *embedded, *d_embedded; /* [N, E] packed */
  recurrent_cache *cache;
  real *states, *d_states; /* [N, H] packed */
} side;

struct translator_workspace {
  translator_room room;
  side source, target;
  real *final, *initial; /* [B, H] state of the encoder after, of the decoder before, packed order;
                            in backward their gradients */
  real *keys, *d_keys;   /* [Ns, H] the encoder's states in the caller's order */
  real *weights;         /* of the attention */
  real *features, *d_features; /* [Nt, 2 H] query and context, in the caller's order */
  real *logits;                /* [Nt, Vt] */
  real *scratch;
};

static side side_layout(const translator *net, const recurrent *network, int count, int tokens,
                        int length, rc_arena *arena) {
  size_t rows = (size_t)tokens;
  size_t embedded = rows * (size_t)net->config.embedding, states = rows * (size_t)network->hidden;
  side s = {.packing_bytes = packed_bytes(count, length)};
  s.packing = arena_alloc(arena, s.packing_bytes, 1);
  s.starts = ARENA_ARRAY(arena, int, (size_t)count + 1);
  s.rows = ARENA_ARRAY(arena, int, rows);
  s.ids = ARENA_ARRAY(arena, int, rows);
  s.embedded = ARENA_ARRAY(arena, real, embedded);
  s.d_embedded = ARENA_ARRAY(arena, real, embedded);
  s.cache = recurrent_cache_new(network, tokens, count, true, arena);
  s.states = ARENA_ARRAY(arena, real, states);
  s.d_states = ARENA_ARRAY(arena, real, states);
  return s;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

translator_workspace *translator_workspace_new(const translator *net, const translator_room *room,
                                               rc_arena *arena) {
  size_t hidden = (size_t)net->config.hidden, sources = (size_t)room->source_tokens;
  size_t targets = (size_t)room->target_tokens, state = (size_t)room->count * hidden;
  size_t logits = targets * (size_t)net->config.target_vocabulary;
  translator_workspace *workspace = ARENA_ARRAY(arena, translator_workspace, 1);
  translator_workspace w = {.room = *room};
  w.source =
      side_layout(net, &net->encoder, room->count, room->source_tokens, room->source_length, arena);
  w.target =
      side_layout(net, &net->decoder, room->count, room->target_tokens, room->target_length, arena);
  w.final = ARENA_ARRAY(arena, real, state);
  w.initial = ARENA_ARRAY(arena, real, state);
  w.keys = ARENA_ARRAY(arena, real, sources * hidden);
  w.d_keys = ARENA_ARRAY(arena, real, sources * hidden);
  w.weights = ARENA_ARRAY(arena, real, targets * (size_t)room->source_length);
  w.features = ARENA_ARRAY(arena, real, 2 * targets * hidden);
  w.d_features = ARENA_ARRAY(arena, real, 2 * targets * hidden);
  w.logits = ARENA_ARRAY(arena, real, logits);
  w.scratch = ARENA_ARRAY(
      arena, real,
      larger(linear_scratch(&net->output, room->target_tokens),
             attention_scratch(net->config.hidden, room->target_length, room->source_length)));
  if (arena->failed || workspace == NULL) return NULL;
  *workspace = w;
  return workspace;
}

static rc_status side_check(const char *what, int count, const int *lengths, int length, int tokens,
                            rc_error *error) {
  int total = 0;
  for (int i = 0; i < count; i++) {
    RC_TRY(rc_check_range(what, lengths[i], 1, length, error));
    if (lengths[i] > tokens - total) {
      return rc_fail(error, RC_ERR_ARGUMENT, "%s: a batch has more than %d tokens", what, tokens);
    }
    total += lengths[i];
  }
  return RC_OK;
}

/* Packs one side; `ids` in the caller's order go to the side's in packed order. */
static rc_status side_pack(side *s, int count, const int *lengths, const int *ids,
                           rc_error *error) {
  rc_arena arena = arena_over(s->packing, s->packing_bytes);
  RC_TRY(packed_build(&s->batch, lengths, count, &arena, error));
  s->starts[0] = 0;
  for (int i = 0; i < count; i++) s->starts[i + 1] = s->starts[i] + lengths[i];
  for (int b = 0; b < count; b++) {
    int *rows = s->rows + s->starts[s->batch.order[b]];
    for (int t = 0; t < s->batch.lengths[b]; t++) rows[t] = s->batch.offsets[t] + b;
  }
  for (int r = 0; r < s->batch.rows; r++) s->ids[s->rows[r]] = ids[r];
  return RC_OK;
}

/* Rows [N, H] of packed order to rows in the caller's, ld apart, and back. */
static void unpack_rows(const side *s, size_t hidden, const real *from, real *to, size_t ld) {
  for (int r = 0; r < s->batch.rows; r++) {
    memcpy(to + (size_t)r * ld, from + (size_t)s->rows[r] * hidden, hidden * sizeof *to);
  }
}

static void pack_rows(const side *s, size_t hidden, const real *from, size_t ld, real *to) {
  for (int r = 0; r < s->batch.rows; r++) {
    memcpy(to + (size_t)s->rows[r] * hidden, from + (size_t)r * ld, hidden * sizeof *to);
  }
}

/* Row 0 of a sentence says where it stands in the packed batch. */
static void reorder_states(const side *from_side, const side *to_side, size_t hidden,
                           const real *from, real *to) {
  for (int i = 0; i < from_side->batch.batch; i++) {
    const int from_row = from_side->rows[from_side->starts[i]];
    const int to_row = to_side->rows[to_side->starts[i]];
    memcpy(to + (size_t)to_row * hidden, from + (size_t)from_row * hidden, hidden * sizeof *to);
  }
}

static attention attention_of(const translator *net, const translator_workspace *w) {
  return (attention){.sequences = w->source.batch.batch,
                     .size = net->config.hidden,
                     .query_starts = w->target.starts,
                     .key_starts = w->source.starts,
                     .scale = 1};
}

/* The queries and the contexts are the two halves of the features. */
static attention_rows half(const translator *net, real *features, int index) {
  int hidden = net->config.hidden;
  return (attention_rows){features + (ptrdiff_t)index * hidden, 2 * hidden};
}

static void run_side(const recurrent *network, const embedding *table, const real *values, side *s,
                     recurrent_state initial, recurrent_state final) {
  embedding_forward(table, values, s->batch.rows, s->ids, s->embedded);
  recurrent_forward(network, values, &s->batch, (recurrent_input){.x = s->embedded}, initial, NULL,
                    s->states, final, s->cache);
}

static void run_side_back(const recurrent *network, const embedding *table, const real *values,
                          side *s, recurrent_state d_final, recurrent_state d_initial,
                          real *gradients) {
  recurrent_backward(network, values, &s->batch, (recurrent_input){.x = s->embedded}, s->d_states,
                     d_final, s->d_embedded, d_initial, gradients, s->cache);
  embedding_backward(table, s->batch.rows, s->ids, s->d_embedded, gradients);
}

static void forward(const translator *net, const real *values, translator_workspace *w) {
  size_t hidden = (size_t)net->config.hidden;
  recurrent_state none = {0};
  run_side(&net->encoder, &net->source, values, &w->source, none, (recurrent_state){.h = w->final});
  reorder_states(&w->source, &w->target, hidden, w->final, w->initial);
  run_side(&net->decoder, &net->target, values, &w->target, (recurrent_state){.h = w->initial},
           none);
  unpack_rows(&w->source, hidden, w->source.states, w->keys, hidden);
  unpack_rows(&w->target, hidden, w->target.states, w->features, 2 * hidden);
  attention layer = attention_of(net, w);
  attention_forward(&layer, half(net, w->features, 0),
                    (attention_rows){w->keys, net->config.hidden}, w->weights,
                    half(net, w->features, 1), w->scratch);
  linear_forward(&net->output, values, w->target.batch.rows, w->features, w->logits, w->scratch);
}

/* From the gradient of the logits, which lies in their place. */
static void backward(const translator *net, const real *values, real *gradients,
                     translator_workspace *w) {
  size_t hidden = (size_t)net->config.hidden, keys = (size_t)w->source.batch.rows * hidden;
  recurrent_state none = {0};
  linear_backward(&net->output, values, w->target.batch.rows, w->features, w->logits, w->d_features,
                  gradients, w->scratch);
  memset(w->d_keys, 0, keys * sizeof *w->d_keys);
  attention layer = attention_of(net, w);
  attention_backward(&layer, half(net, w->features, 0),
                     (attention_rows){w->keys, net->config.hidden}, w->weights,
                     half(net, w->d_features, 1), half(net, w->d_features, 0),
                     (attention_rows){w->d_keys, net->config.hidden}, w->scratch);
  pack_rows(&w->target, hidden, w->d_features, 2 * hidden, w->target.d_states);
  pack_rows(&w->source, hidden, w->d_keys, hidden, w->source.d_states);
  run_side_back(&net->decoder, &net->target, values, &w->target, none,
                (recurrent_state){.h = w->initial}, gradients);
  reorder_states(&w->target, &w->source, hidden, w->initial, w->final);
  run_side_back(&net->encoder, &net->source, values, &w->source, (recurrent_state){.h = w->final},
                none, gradients);
}

rc_status translator_train_step(const translator *net, const real *values,
                                const translator_batch *batch, real smoothing, real scale,
                                rc_rng *rng, real *gradients, double *loss,
                                translator_workspace *workspace, rc_error *error) {
  (void)rng;
  translator_workspace *w = workspace;
  const translator_room *room = &w->room;
  RC_TRY(rc_check_range("the batch", batch->count, 1, room->count, error));
  RC_TRY(side_check("a source sentence's length", batch->count, batch->source_lengths,
                    room->source_length, room->source_tokens, error));
  RC_TRY(side_check("a target sentence's length", batch->count, batch->target_lengths,
                    room->target_length, room->target_tokens, error));
  RC_TRY(side_pack(&w->source, batch->count, batch->source_lengths, batch->sources, error));
  RC_TRY(side_pack(&w->target, batch->count, batch->target_lengths, batch->inputs, error));
  forward(net, values, w);
  cross_entropy_target target = {.targets = batch->outputs, .smoothing = smoothing};
  *loss =
      cross_entropy(w->target.batch.rows, net->config.target_vocabulary, &target, scale, w->logits);
  backward(net, values, gradients, w);
  return RC_OK;
}

rc_status translator_score(const translator *net, const real *values, const translator_batch *batch,
                           double *log_probability, translator_workspace *workspace,
                           rc_error *error) {
  (void)net, (void)values, (void)batch, (void)log_probability, (void)workspace;
  return rc_fail(error, RC_ERR_ARGUMENT, "scoring is still to come");
}
