#ifndef RECUR_BENCH_DECODER_STEP_H
#define RECUR_BENCH_DECODER_STEP_H

/* One step of a translator's decoder for one sentence, with int8 weights, as ours.mjs drives it:
 * the host fills the tensors, has them prepared, and takes steps that all start from the same
 * state. */

#ifdef __EMSCRIPTEN__
#define DECODER_EXPORT __attribute__((used))
#else
#define DECODER_EXPORT
#endif

enum { DECODER_WORDS = 8000, DECODER_EMBEDDING = 256, DECODER_HIDDEN = 512, DECODER_STATES = 12 };

typedef enum decoder_tensor_index {
  DECODER_EMBEDDINGS, /* [WORDS, EMBEDDING] */
  DECODER_WEIGHT_IH,  /* [3 * HIDDEN, EMBEDDING] gates r, z, n */
  DECODER_WEIGHT_HH,  /* [3 * HIDDEN, HIDDEN] */
  DECODER_BIAS_IH,    /* [3 * HIDDEN] */
  DECODER_BIAS_HH,    /* [3 * HIDDEN] */
  DECODER_OUT_WEIGHT, /* [WORDS, 2 * HIDDEN] */
  DECODER_OUT_BIAS,   /* [WORDS] */
  DECODER_STATE,      /* [HIDDEN] before the step */
  DECODER_MEMORY,     /* [STATES, HIDDEN] of the encoder */
  DECODER_TENSORS
} decoder_tensor_index;

typedef struct decoder decoder;

/* NULL when out of memory. */
DECODER_EXPORT decoder *decoder_new(void);
DECODER_EXPORT float *decoder_tensor(decoder *d, decoder_tensor_index index);
/* Quantises and packs the weights, and packs the encoder's states as once for a sentence. */
DECODER_EXPORT void decoder_prepare(decoder *d);
/* `word` in [0, WORDS) -> the most probable next word. */
DECODER_EXPORT int decoder_step(decoder *d, int word);
/* [WORDS], of the last step. */
DECODER_EXPORT const float *decoder_logits(const decoder *d);

#endif
