#include "decoder_step.h"

#include <math.h>

#include "arena.h"
#include "kernels.h"

enum { E = DECODER_EMBEDDING, H = DECODER_HIDDEN, S = DECODER_STATES, V = DECODER_WORDS };

struct decoder {
  float *tensors[DECODER_TENSORS];
  float *packed_ih, *packed_hh, *packed_out; /* W^T for products x W^T */
  float *packed_keys, *packed_values;        /* the encoder's states, [S, H], and transposed */
  float *gates, *recurrent;                  /* [3 * H] */
  float *both;                               /* [2 * H] state | context */
  float *query, *weights, *logits;           /* [H], [S], [V] */
};

static const size_t sizes[DECODER_TENSORS] = {
    [DECODER_EMBEDDINGS] = V * E,    [DECODER_WEIGHT_IH] = 3 * H * E,
    [DECODER_WEIGHT_HH] = 3 * H * H, [DECODER_BIAS_IH] = 3 * H,
    [DECODER_BIAS_HH] = 3 * H,       [DECODER_OUT_WEIGHT] = (size_t)V * 2 * H,
    [DECODER_OUT_BIAS] = V,          [DECODER_STATE] = H,
    [DECODER_MEMORY] = S * H,
};

static decoder *lay_out(rc_arena *arena) {
  decoder d;
  decoder *out = ARENA_ARRAY(arena, decoder, 1);
  for (int i = 0; i < DECODER_TENSORS; i++) d.tensors[i] = ARENA_ARRAY(arena, float, sizes[i]);
  d.packed_ih = ARENA_ARRAY(arena, float, kernels->gemm_packed_size(E, 3 * H));
  d.packed_hh = ARENA_ARRAY(arena, float, kernels->gemm_packed_size(H, 3 * H));
  d.packed_out = ARENA_ARRAY(arena, float, kernels->gemm_packed_size(2 * H, V));
  d.packed_keys = ARENA_ARRAY(arena, float, kernels->gemm_packed_size(H, S));
  d.packed_values = ARENA_ARRAY(arena, float, kernels->gemm_packed_size(S, H));
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

void decoder_prepare(decoder *d) {
  kernels->gemm_pack(true, E, 3 * H, d->tensors[DECODER_WEIGHT_IH], E, d->packed_ih);
  kernels->gemm_pack(true, H, 3 * H, d->tensors[DECODER_WEIGHT_HH], H, d->packed_hh);
  kernels->gemm_pack(true, 2 * H, V, d->tensors[DECODER_OUT_WEIGHT], 2 * H, d->packed_out);
  kernels->gemm_pack(true, H, S, d->tensors[DECODER_MEMORY], H, d->packed_keys);
  kernels->gemm_pack(false, S, H, d->tensors[DECODER_MEMORY], H, d->packed_values);
}

/* y [n] = x [k] W^T + b */
static void affine(int n, int k, const float *x, const float *packed, const float *bias, float *y) {
  kernels->gemm(1, n, k, x, k, 1, packed, false, y, n);
  if (bias != NULL) kernels->add_bias(1, n, bias, y, n);
}

static void recurrent_step(decoder *d, int word, float *state) {
  const float *x = d->tensors[DECODER_EMBEDDINGS] + (size_t)word * E;
  const float *before = d->tensors[DECODER_STATE];
  affine(3 * H, E, x, d->packed_ih, d->tensors[DECODER_BIAS_IH], d->gates);
  affine(3 * H, H, before, d->packed_hh, NULL, d->recurrent);
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

/* context = sum_s softmax(state . memory[s] / sqrt(H)) memory[s] */
static void attend(decoder *d, const float *state, float *context) {
  const float scale = 1 / sqrtf((float)H);
  for (int i = 0; i < H; i++) d->query[i] = state[i] * scale;
  affine(S, H, d->query, d->packed_keys, NULL, d->weights);
  kernels->softmax(1, S, d->weights, d->weights);
  affine(H, S, d->weights, d->packed_values, NULL, context);
}

int decoder_step(decoder *d, int word) {
  float *state = d->both, *context = d->both + H;
  recurrent_step(d, word, state);
  attend(d, state, context);
  affine(V, 2 * H, d->both, d->packed_out, d->tensors[DECODER_OUT_BIAS], d->logits);
  int best = 0;
  for (int i = 1; i < V; i++) {
    if (d->logits[i] > d->logits[best]) best = i;
  }
  return best;
}
