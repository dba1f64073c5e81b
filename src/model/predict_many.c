#include <string.h>

#include "batches.h"
#include "predict_parts.h"

enum { EVALUATION_BATCH = 64 };

typedef struct evaluation {
  int *order, *starts, *scratch, *ids, *lengths;
  real *logits;
  real *matrices; /* packed; of a session's they are its own */
  classifier_workspace *workspace;
} evaluation;

static evaluation evaluation_new(const classifier *net, int count, int longest, bool packs,
                                 rc_arena *arena) {
  size_t examples = (size_t)count, batches = examples / EVALUATION_BATCH + 2;
  size_t letters = (size_t)longest * EVALUATION_BATCH;
  evaluation e;
  e.order = ARENA_ARRAY(arena, int, examples);
  e.starts = ARENA_ARRAY(arena, int, batches);
  e.scratch = ARENA_ARRAY(arena, int, examples + batches);
  e.ids = ARENA_ARRAY(arena, int, letters);
  e.lengths = ARENA_ARRAY(arena, int, EVALUATION_BATCH);
  e.logits = ARENA_ARRAY(arena, real, (size_t)(EVALUATION_BATCH * net->config.labels));
  e.matrices = packs ? ARENA_ARRAY(arena, real, recurrent_packed_size(&net->network)) : NULL;
  e.workspace =
      classifier_workspace_new(net, EVALUATION_BATCH, (int)letters, longest, false, arena);
  return e;
}

static rc_status evaluate_batch(const classifier *net, const real *values, const evaluation *e,
                                int batch, const int *const *ids, const int *lengths, real *logits,
                                rc_error *error) {
  const int *members = e->order + e->starts[batch];
  int count = e->starts[batch + 1] - e->starts[batch];
  int *next = e->ids;
  for (int i = 0; i < count; i++) {
    e->lengths[i] = lengths[members[i]];
    memcpy(next, ids[members[i]], (size_t)e->lengths[i] * sizeof *next);
    next += e->lengths[i];
  }
  classifier_batch texts = {.count = count, .ids = e->ids, .lengths = e->lengths};
  RC_TRY(classifier_forward(net, values, &texts, e->logits, e->workspace, error));
  size_t classes = (size_t)net->config.labels;
  RC_TRY(classifier_check_numbers(e->logits, (size_t)count * classes, error));
  for (int i = 0; i < count; i++) {
    memcpy(logits + (size_t)members[i] * classes, e->logits + (size_t)i * classes,
           classes * sizeof *logits);
  }
  return RC_OK;
}

/* matrices NULL: packs them itself. */
static rc_status evaluate(const classifier *net, const real *values, const real *matrices,
                          int count, const int *const *ids, const int *lengths, real *logits,
                          rc_error *error) {
  int longest = 1;
  for (int i = 0; i < count; i++) longest = lengths[i] > longest ? lengths[i] : longest;
  rc_arena need = arena_measure(), arena;
  (void)evaluation_new(net, count, longest, matrices == NULL, &need);
  RC_TRY(arena_check(&need, "an evaluation", error));
  RC_TRY(arena_new(&arena, need.used, error));
  evaluation e = evaluation_new(net, count, longest, matrices == NULL, &arena);
  rc_status status = arena_check(&arena, "an evaluation", error);
  rc_rng rng = rng_make(0, 0, 0);
  int batches = 0;
  if (status == RC_OK) {
    if (matrices == NULL) recurrent_pack(&net->network, values, e.matrices);
    classifier_workspace_use(e.workspace, matrices == NULL ? e.matrices : matrices);
    batches =
        batches_by_length(count, lengths, EVALUATION_BATCH, &rng, e.order, e.starts, e.scratch);
  }
  for (int i = 0; i < batches && status == RC_OK; i++) {
    status = evaluate_batch(net, values, &e, i, ids, lengths, logits, error);
  }
  arena_free(&arena);
  return status;
}

rc_status classifier_predict_all(const classifier *net, const real *values, int count,
                                 const int *const *ids, const int *lengths, real *logits,
                                 rc_error *error) {
  return evaluate(net, values, NULL, count, ids, lengths, logits, error);
}

/* Texts as letters; those that are answered from them come first in `read`. */
typedef struct encoded {
  int *block;      /* all letters, one text after another */
  const int **ids; /* [count] of read */
  int *lengths;    /* [count] of read */
  int *read;       /* [count] which text each is */
  int read_count;
  real *logits; /* [count, C] of read */
} encoded;

static encoded encoded_new(const classifier *net, int count, size_t letters, rc_arena *arena) {
  encoded e = {0};
  const size_t n = (size_t)count;
  e.block = ARENA_ARRAY(arena, int, letters);
  e.ids = ARENA_ARRAY(arena, const int *, n);
  e.lengths = ARENA_ARRAY(arena, int, n);
  e.read = ARENA_ARRAY(arena, int, n);
  e.logits = ARENA_ARRAY(arena, real, n * (size_t)net->config.labels);
  return e;
}

static void encode(const classifier_session *session, int count, const utf8_text *texts,
                   float *probabilities, answer *answers, encoded *e) {
  const classifier_model *model = session->model;
  int *next = e->block;
  for (int i = 0; i < count; i++) {
    answer *a = &answers[i];
    if (a->letters == 0 || a->letters > CLASSIFIER_LETTERS_MAX) continue;
    alphabet_encode(&model->letters, texts[i].text, texts[i].bytes, model->net.config.letter_case,
                    next, NULL, (size_t)a->letters);
    a->basis = classifier_session_basis(session, next, a->letters, a->script);
    if (a->basis == ANSWER_SCRIPT) {
      classifier_session_script(session, a->script,
                                probabilities + (size_t)i * (size_t)model->net.config.labels);
    }
    if (a->basis != ANSWER_LETTERS) continue;
    e->ids[e->read_count] = next;
    e->lengths[e->read_count] = a->letters;
    e->read[e->read_count++] = i;
    next += a->letters;
  }
}

/* The letters of all texts that are not too long. */
static size_t count_letters(const classifier_model *model, int count, const utf8_text *texts,
                            answer *answers) {
  size_t letters = 0;
  for (int i = 0; i < count; i++) {
    const size_t length = alphabet_encode(&model->letters, texts[i].text, texts[i].bytes,
                                          model->net.config.letter_case, NULL, NULL, 0);
    answers[i] =
        (answer){.letters = (int)length, .script = script_of_text(texts[i].text, texts[i].bytes)};
    if (length <= CLASSIFIER_LETTERS_MAX) letters += length;
  }
  return letters;
}

rc_status classifier_predict_texts(classifier_session *session, int count, const utf8_text *texts,
                                   float *probabilities, answer *answers, rc_error *error) {
  const classifier_model *model = session->model;
  const classifier *net = &model->net;
  const size_t classes = (size_t)net->config.labels;
  RC_TRY(classifier_session_pack(session, error));
  const size_t letters = count_letters(model, count, texts, answers);
  rc_arena need = arena_measure(), arena;
  (void)encoded_new(net, count, letters, &need);
  RC_TRY(arena_check(&need, "the texts", error));
  RC_TRY(arena_new(&arena, need.used, error));
  encoded e = encoded_new(net, count, letters, &arena);
  rc_status status = arena_check(&arena, "the texts", error);
  if (status == RC_OK) {
    encode(session, count, texts, probabilities, answers, &e);
    status = evaluate(net, model->values, (const real *)(void *)session->matrices.base,
                      e.read_count, e.ids, e.lengths, e.logits, error);
  }
  if (status == RC_OK) {
    classifier_probabilities(net, model->temperature, session->bias, e.read_count, e.logits,
                             e.logits);
  }
  for (int i = 0; i < e.read_count && status == RC_OK; i++) {
    memcpy(probabilities + (size_t)e.read[i] * classes, e.logits + (size_t)i * classes,
           classes * sizeof *probabilities);
  }
  arena_free(&arena);
  return status;
}
