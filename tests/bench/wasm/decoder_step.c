#include "decoder_step.h"

#include <math.h>

#include "arena.h"
#include "kernels.h"
#include "quantize.h"
#include "quantized_linear.h"

enum { E = DECODER_EMBEDDING, H = DECODER_HIDDEN, S = DECODER_STATES, V = DECODER_WORDS };

struct decoder {
  float *tensors[DECODER_TENSORS];
  quantized_linear input, state, out; /* of the gates, and to the words */
  int8_t *quantized;                  /* [V, 2 * H] weights on their way to being packed */
  float *scales;                      /* [V] theirs */
  void *scratch;                      /* of the int8 products */
  float *keys, *values;               /* the encoder's states packed for q K^T and for weights K */
  float *gates, *recurrent;           /* [3 * H] */
  float *both;                        /* [2 * H] state | context */
  float *query, *weights, *logits;    /* [H], [S], [V] */
};

static const size_t sizes[DECODER_TENSORS] = {
    [DECODER_EMBEDDINGS] = V * E,    [DECODER_WEIGHT_IH] = 3 * H * E,
    [DECODER_WEIGHT_HH] = 3 * H * H, [DECODER_BIAS_IH] = 3 * H,
    [DECODER_BIAS_HH] = 3 * H,       [DECODER_OUT_WEIGHT] = (size_t)V * 2 * H,
    [DECODER_OUT_BIAS] = V,          [DECODER_STATE] = H,
    [DECODER_MEMORY] = S * H,
};

/* Cannot fail: the sizes are in range, and decoder_new measures the arena. */
static quantized_linear layer_new(int in, int out, rc_arena *arena) {
  quantized_linear layer;
  (void)quantized_linear_layout(&layer, arena, in, out, NULL);
  return layer;
}

static decoder *lay_out(rc_arena *arena) {
  decoder *out = ARENA_ARRAY(arena, decoder, 1);
  decoder d;
  for (int i = 0; i < DECODER_TENSORS; i++) d.tensors[i] = ARENA_ARRAY(arena, float, sizes[i]);
  d.input = layer_new(E, 3 * H, arena);
  d.state = layer_new(H, 3 * H, arena);
  d.out = layer_new(2 * H, V, arena);
  d.quantized = ARENA_ARRAY(arena, int8_t, sizes[DECODER_OUT_WEIGHT]);
  d.scales = ARENA_ARRAY(arena, float, V);
  d.scratch = ARENA_ARRAY(arena, char, quantized_linear_scratch(&d.out, 1));
  d.keys = ARENA_ARRAY(arena, float, kernels->gemm_packed_size(H, S));
  d.values = ARENA_ARRAY(arena, float, kernels->gemm_packed_size(S, H));
  d.gates = ARENA_ARRAY(arena, float, 3 * H);
  d.recurrent = ARENA_ARRAY(arena, float, 3 * H);
  d.both = ARENA_ARRAY(arena, float, 2 * H);
  d.query = ARENA_ARRAY(arena, float, H);
  d.weights = ARENA_ARRAY(arena, float, S);
  d.logits = ARENA_ARRAY(arena, float, V);
  if (out != NULL) *out = d;
  return out;
}

decoder *decoder_new(void) {
  if (kernels_select(NULL, NULL) != RC_OK) return NULL;
  rc_arena memory = arena_measure();
  (void)lay_out(&memory);
  if (arena_new(&memory, memory.used, NULL) != RC_OK) return NULL;
  return lay_out(&memory); /* as long as the module lives */
}

float *decoder_tensor(decoder *d, decoder_tensor_index index) {
  return d->tensors[index];
}

const float *decoder_logits(const decoder *d) {
  return d->logits;
}

static void set_weights(decoder *d, quantized_linear *layer, decoder_tensor_index weight,
                        const float *bias) {
  quantize_rows(layer->out, layer->in, d->tensors[weight], d->quantized, d->scales);
  quantized_linear_set(layer, d->quantized, d->scales, bias);
}

void decoder_prepare(decoder *d) {
  set_weights(d, &d->input, DECODER_WEIGHT_IH, d->tensors[DECODER_BIAS_IH]);
  set_weights(d, &d->state, DECODER_WEIGHT_HH, NULL); /* the cell adds its bias */
  set_weights(d, &d->out, DECODER_OUT_WEIGHT, d->tensors[DECODER_OUT_BIAS]);
  kernels->gemm_pack(true, H, S, d->tensors[DECODER_MEMORY], H, d->keys);
  kernels->gemm_pack(false, S, H, d->tensors[DECODER_MEMORY], H, d->values);
}

static void gru_step(decoder *d, int word, float *state) {
  const float *before = d->tensors[DECODER_STATE];
  const float *embedded = d->tensors[DECODER_EMBEDDINGS] + (size_t)word * E;
  quantized_linear_forward(&d->input, 1, embedded, d->gates, d->input.out, d->scratch);
  quantized_linear_forward(&d->state, 1, before, d->recurrent, d->state.out, d->scratch);
  const cell_step step = {.rows = 1,
                          .hidden = H,
                          .gates = d->gates,
                          .recurrent = d->recurrent,
                          .bias = d->tensors[DECODER_BIAS_HH],
                          .h_previous = before,
                          .h = state,
                          .y = d->query,
                          .ldy = H};
  kernels->gru_forward(&step);
}

/* context = sum_s softmax(h . memory[s] / sqrt(H)) memory[s]; d->query holds h. */
static void attend(decoder *d, float *context) {
  const float scale = 1 / sqrtf((float)H);
  for (int i = 0; i < H; i++) d->query[i] *= scale;
  kernels->gemm(1, S, H, d->query, H, 1, d->keys, false, d->weights, S);
  kernels->softmax(1, S, d->weights, d->weights);
  kernels->gemm(1, H, S, d->weights, S, 1, d->values, false, context, H);
}

int decoder_step(decoder *d, int word) {
  gru_step(d, word, d->both);
  attend(d, d->both + H);
  quantized_linear_forward(&d->out, 1, d->both, d->logits, d->out.out, d->scratch);
  int best = 0;
  float most = d->logits[0];
  for (int i = 1; i < V; i++) {
    if (d->logits[i] > most) most = d->logits[best = i];
  }
  return best;
}
