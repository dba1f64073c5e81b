#ifndef RECUR_PREDICT_H
#define RECUR_PREDICT_H

#include "classifier_file.h"

/* Answers of a classifier to texts as people type them.
 *
 * A text that the model's letters can write is answered from its letters. One in a script that they
 * do not have is answered from that script, by the labels that the file says it is at home with,
 * and one of which nothing can be read is not answered: there is no guess from unknown letters. */
typedef enum answer_basis {
  ANSWER_NONE,    /* no probabilities */
  ANSWER_LETTERS, /* at least half of them are known */
  ANSWER_SCRIPT,
} answer_basis;

typedef struct answer {
  answer_basis basis;
  int letters;        /* that the text has for the model, unknown ones included */
  script_code script; /* of the text; SCRIPT_NONE where it has none */
} answer;

/* Memory comes from a block that grows with the longest text seen. The first prediction packs the
 * network's matrices for the kernels selected by then. One thread at a time. */
typedef struct classifier_session {
  const classifier_model *model;
  real *bias;        /* [C] of the prior, or NULL for the data's */
  rc_arena prior;    /* owns it */
  rc_arena matrices; /* see classifier_pack */
  rc_arena memory;
} classifier_session;

classifier_session classifier_session_begin(const classifier_model *model);
void classifier_session_end(classifier_session *session);

/* Gives memory back that a long text needed. */
void classifier_session_shrink(classifier_session *session);

/* The prior under which predictions are made from now on. */
typedef enum prior_kind {
  PRIOR_DATA,     /* that of the data, as a session begins */
  PRIOR_EQUAL,    /* the same for each label */
  PRIOR_BALANCED, /* between the first two: like the square roots of the data's shares */
  PRIOR_GIVEN,    /* the caller's */
} prior_kind;

/* weights: [C] of PRIOR_GIVEN, none below 0, some above, of any sum. RC_ERR_ARGUMENT for weights
 * that are none, and where the file does not tell the data's prior unless that is asked for;
 * RC_ERR_MEMORY. The prior before holds then. */
rc_status classifier_session_prior(classifier_session *session, prior_kind kind,
                                   const real *weights, rc_error *error);

/* What a text of these letters and this script can be answered from. */
answer_basis classifier_session_basis(const classifier_session *session, const int *ids, int count,
                                      script_code script);

/* Calibrated probabilities of one text: [C], not written for ANSWER_NONE. RC_ERR_RANGE above
 * CLASSIFIER_LETTERS_MAX, and where the weights, finite as they are, give no numbers, here and in
 * what follows. */
rc_status classifier_predict(classifier_session *session, const char *text, size_t bytes,
                             float *probabilities, answer *out, rc_error *error);

/* The same for every prefix of the first `max_steps` letters, from the letters alone: steps
 * [max_steps, C], the letters' ids and the byte offsets that they came from, [max_steps] each.
 * *count: prefixes written. */
rc_status classifier_predict_prefixes(classifier_session *session, const char *text, size_t bytes,
                                      int max_steps, float *steps, int *ids, int *sources,
                                      int *count, rc_error *error);

/* classifier_predict of many texts, so many at a time: probabilities [count, C], answers [count]. A
 * text above CLASSIFIER_LETTERS_MAX is ANSWER_NONE, and has so many letters. */
rc_status classifier_predict_texts(classifier_session *session, int count, const utf8_text *texts,
                                   float *probabilities, answer *answers, rc_error *error);

/* Logits (not scaled) of many texts: [examples, C], in batches of like length. For evaluation. */
rc_status classifier_predict_all(const classifier *net, const real *values, int count,
                                 const int *const *ids, const int *lengths, real *logits,
                                 rc_error *error);

#endif
