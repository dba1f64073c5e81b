#ifndef RECUR_DIFFER_H
#define RECUR_DIFFER_H

#include "arena.h"
#include "classifier_file.h"
#include "rng.h"
#include "translator_search.h"

/* Random networks with their inputs, and what the kernels now in use make of them. Weights and
 * inputs depend on the seed alone: they are drawn without functions but sqrt, which is exact, so
 * that they are the same to the bit on every machine. */

typedef enum answer_part {
  PROBABILITIES, /* classifier: [B, C] */
  PREFIXES,      /* classifier: [letters of the first text, C] */
  SPOKEN,        /* translator: log-probabilities [tokens, Vt] of every next token */
  SPOKEN_INT8,   /* the same with weights in int8 */
  GRADIENTS,     /* [params.total] of a step of training, each over the largest */
  ANSWER_PARTS
} answer_part;

enum { SENTENCES_MAX = 5, SENTENCE_MAX = 40 };

/* Greedy translations in f32 and in int8, and how likely the network finds every token along them.
 */
typedef struct greedy_answer {
  int lengths[SENTENCES_MAX];           /* the end counted */
  int ids[SENTENCES_MAX][SENTENCE_MAX]; /* [B][length] */
  float *spoken;                        /* [sum of lengths, Vt] */
} greedy_answer;

typedef struct answers {
  float *values[ANSWER_PARTS]; /* [count]; NULL where the network has none such */
  size_t count[ANSWER_PARTS];
  greedy_answer greedy[2]; /* f32, int8 */
} answers;

enum { TEXTS_MAX = 6, TEXT_MAX = 60 };

typedef struct classifier_case {
  classifier_model model;
  int count;
  char texts[TEXTS_MAX][TEXT_MAX + 1];
  int ids[TEXTS_MAX * TEXT_MAX], lengths[TEXTS_MAX], targets[TEXTS_MAX];
} classifier_case;

typedef struct translator_case {
  translator net;
  real *values; /* [params.total] */
  int count;
  int sources[SENTENCES_MAX * SENTENCE_MAX], source_lengths[SENTENCES_MAX];
  int outputs[SENTENCES_MAX * SENTENCE_MAX], inputs[SENTENCES_MAX * SENTENCE_MAX];
  int output_lengths[SENTENCES_MAX];
} translator_case;

/* A whole number in [low, high]. */
int draw_between(rc_rng *rng, int low, int high);
/* Weights of the size with which networks are lively without being chaotic: matrices
 * U(-gain / sqrt(columns), gain / sqrt(columns)), vectors U(-1/2, 1/2). */
void draw_weights(const param_list *params, rc_rng *rng, float gain, real *values);

/* Room in `memory` for count floats of a part. NULL if there is none. */
float *answer_room(answers *a, answer_part part, size_t count, rc_arena *memory);
/* Gradients [count], divided by the largest of them. */
void answer_gradients(answers *a, size_t count, const real *gradients, rc_arena *memory);

/* The case's weights lie in `memory`. */
rc_status classifier_case_draw(classifier_case *c, rc_rng *rng, rc_arena *memory, rc_error *error);
rc_status classifier_case_answer(const classifier_case *c, answers *a, rc_arena *memory,
                                 rc_arena *scratch, rc_error *error);
void classifier_case_print(const classifier_case *c);

rc_status translator_case_draw(translator_case *c, rc_rng *rng, rc_arena *memory, rc_error *error);
rc_status translator_case_answer(const translator_case *c, answers *a, rc_arena *memory,
                                 rc_arena *scratch, rc_error *error);
void translator_case_print(const translator_case *c);

#endif
