#include <float.h>
#include <math.h>
#include <string.h>

#include "predict_parts.h"

classifier_session classifier_session_begin(const classifier_model *model) {
  return (classifier_session){.model = model};
}

void classifier_session_end(classifier_session *session) {
  arena_free(&session->prior);
  arena_free(&session->matrices);
  arena_free(&session->memory);
  *session = (classifier_session){0};
}

void classifier_session_shrink(classifier_session *session) {
  arena_free(&session->memory);
}

static rc_status check_prior(const classifier_model *model, prior_kind kind, const real *weights,
                             rc_error *error) {
  if (model->prior == NULL) {
    return rc_fail(
        error, RC_ERR_ARGUMENT,
        "the weights do not tell the prior of their data, so that no other can be taken");
  }
  real highest = 0;
  for (int c = 0; kind == PRIOR_GIVEN && c < model->net.config.labels; c++) {
    if (!(weights[c] >= 0 && weights[c] <= FLT_MAX)) {
      return rc_fail(error, RC_ERR_ARGUMENT, "the prior of %.80s is %g", model->labels[c],
                     (double)weights[c]);
    }
    highest = weights[c] > highest ? weights[c] : highest;
  }
  if (kind != PRIOR_GIVEN || highest > 0) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "the prior leaves no label");
}

rc_status classifier_session_prior(classifier_session *session, prior_kind kind,
                                   const real *weights, rc_error *error) {
  const classifier_model *model = session->model;
  if (kind == PRIOR_DATA) {
    session->bias = NULL;
    return RC_OK;
  }
  RC_TRY(check_prior(model, kind, weights, error));
  const size_t labels = (size_t)model->net.config.labels;
  if (session->prior.base == NULL) {
    RC_TRY(arena_new(&session->prior, labels * sizeof(real), error));
  }
  arena_reset(&session->prior);
  real *bias = ARENA_ARRAY(&session->prior, real, labels);
  RC_TRY(arena_check(&session->prior, "a prior", error));
  classifier_prior_bias((int)labels, model->prior, kind == PRIOR_GIVEN ? weights : NULL, bias);
  /* log sqrt(prior) - log prior is half of - log prior */
  for (size_t c = 0; kind == PRIOR_BALANCED && c < labels; c++) bias[c] /= 2;
  session->bias = bias;
  return RC_OK;
}

/* What one prediction lays out in the session's block. */
typedef struct layout {
  int *ids, *read, *lengths;
  real *logits;
  classifier_workspace *workspace;
} layout;

static layout lay_out(const classifier *net, int texts, int letters, int length, rc_arena *arena) {
  layout l;
  l.ids = ARENA_ARRAY(arena, int, (size_t)letters);
  l.read = ARENA_ARRAY(arena, int, (size_t)texts);
  l.lengths = ARENA_ARRAY(arena, int, (size_t)texts);
  l.logits = ARENA_ARRAY(arena, real, (size_t)texts * (size_t)net->config.labels);
  l.workspace = classifier_workspace_new(net, texts, letters, length, false, arena);
  return l;
}

static rc_status pack(classifier_session *session, rc_error *error) {
  if (session->matrices.base != NULL) return RC_OK;
  const recurrent *network = &session->model->net.network;
  const size_t size = recurrent_packed_size(network);
  RC_TRY(arena_new(&session->matrices, size * sizeof(real), error));
  real *matrices = ARENA_ARRAY(&session->matrices, real, size);
  if (matrices != NULL) classifier_pack(&session->model->net, session->model->values, matrices);
  return arena_check(&session->matrices, "a network's packed matrices", error);
}

/* The block grows to the largest prediction so far and is laid out anew for each. */
static rc_status prepare(classifier_session *session, int texts, int letters, int length,
                         layout *out, rc_error *error) {
  const classifier *net = &session->model->net;
  RC_TRY(pack(session, error));
  rc_arena need = arena_measure();
  (void)lay_out(net, texts, letters, length, &need);
  RC_TRY(arena_check(&need, "a prediction", error));
  if (need.used > session->memory.size) {
    arena_free(&session->memory);
    RC_TRY(arena_new(&session->memory, need.used, error));
  }
  arena_reset(&session->memory);
  *out = lay_out(net, texts, letters, length, &session->memory);
  RC_TRY(arena_check(&session->memory, "a prediction", error));
  classifier_workspace_use(out->workspace, (const void *)session->matrices.base);
  return RC_OK;
}

/* RC_ERR_RANGE unless all are numbers: finite weights can be so large that what they give is not.
 */
rc_status classifier_check_numbers(const real *logits, size_t count, rc_error *error) {
  for (size_t i = 0; i < count; i++) {
    if (isfinite(logits[i])) continue;
    return rc_fail(error, RC_ERR_RANGE,
                   "what the network says are no numbers: its weights are damaged or too large");
  }
  return RC_OK;
}

/* Spaces, hyphens and the like: neither known nor unknown. */
static bool is_letter(const alphabet *a, int id) {
  return alphabet_character(a, id) >= 'A';
}

/* What the ids can be answered from. */
answer_basis classifier_session_basis(const classifier_session *session, const int *ids, int count,
                                      script_code script) {
  const classifier_model *model = session->model;
  const int unknown = alphabet_unknown(&model->letters);
  int known = 0, others = 0;
  for (int i = 0; i < count; i++) {
    others += ids[i] == unknown;
    known += ids[i] != unknown && is_letter(&model->letters, ids[i]);
  }
  if (known > 0 && known >= others) return ANSWER_LETTERS;
  for (int i = 0; i < model->script_count; i++) {
    if (model->scripts[i].script == script) return ANSWER_SCRIPT;
  }
  return ANSWER_NONE;
}

/* The prior among the labels of a script. */
static void answer_script(const classifier_session *session, script_code script,
                          float *probabilities) {
  const classifier_model *model = session->model;
  const int labels = model->net.config.labels;
  const float impossible = -1e30F;
  for (int c = 0; c < labels; c++) probabilities[c] = impossible;
  for (int i = 0; i < model->script_count; i++) {
    if (model->scripts[i].script != script) continue;
    const int c = model->scripts[i].label;
    probabilities[c] = model->prior == NULL ? 0 : (real)log((double)model->prior[c]);
    if (session->bias != NULL) probabilities[c] += session->bias[c];
  }
  kernels->softmax(1, labels, probabilities, probabilities);
}

/* Counts the letters of the texts, but for those of more than are read; all of them, and the
 * longest text's. */
static int count_letters(const classifier_model *model, int count, const utf8_text *texts,
                         answer *answers, int *longest) {
  int letters = 0;
  for (int i = 0; i < count; i++) {
    const int length = (int)alphabet_encode(&model->letters, texts[i].text, texts[i].bytes,
                                            model->net.config.letter_case, NULL, NULL, 0);
    answers[i] =
        (answer){.letters = length, .script = script_of_text(texts[i].text, texts[i].bytes)};
    if (length > CLASSIFIER_LETTERS_MAX) continue;
    letters += length;
    if (length > *longest) *longest = length;
  }
  return letters;
}

/* Answers from scripts, and lays out the letters of the texts that are answered from them. How many
 * those are. */
static int read_texts(const classifier_session *session, int count, const utf8_text *texts,
                      float *probabilities, answer *answers, const layout *l) {
  const classifier_model *model = session->model;
  int *next = l->ids, read = 0;
  for (int i = 0; i < count; i++) {
    answer *a = &answers[i];
    if (a->letters == 0 || a->letters > CLASSIFIER_LETTERS_MAX) continue;
    alphabet_encode(&model->letters, texts[i].text, texts[i].bytes, model->net.config.letter_case,
                    next, NULL, (size_t)a->letters);
    a->basis = classifier_session_basis(session, next, a->letters, a->script);
    if (a->basis == ANSWER_SCRIPT) {
      answer_script(session, a->script,
                    probabilities + (size_t)i * (size_t)model->net.config.labels);
    }
    if (a->basis != ANSWER_LETTERS) continue;
    l->lengths[read] = a->letters;
    l->read[read++] = i;
    next += a->letters;
  }
  return read;
}

static rc_status predict_batch(classifier_session *session, int count, const utf8_text *texts,
                               float *probabilities, answer *answers, rc_error *error) {
  const classifier_model *model = session->model;
  const size_t labels = (size_t)model->net.config.labels;
  int longest = 0;
  const int letters = count_letters(model, count, texts, answers, &longest);
  if (letters == 0) return RC_OK;
  layout l;
  RC_TRY(prepare(session, count, letters, longest, &l, error));
  const int read = read_texts(session, count, texts, probabilities, answers, &l);
  if (read == 0) return RC_OK;
  const classifier_batch batch = {.count = read, .ids = l.ids, .lengths = l.lengths};
  RC_TRY(classifier_forward(&model->net, model->values, &batch, l.logits, l.workspace, error));
  RC_TRY(classifier_check_numbers(l.logits, (size_t)read * labels, error));
  classifier_probabilities(&model->net, model->temperature, session->bias, read, l.logits,
                           l.logits);
  for (int i = 0; i < read; i++) {
    memcpy(probabilities + (size_t)l.read[i] * labels, l.logits + (size_t)i * labels,
           labels * sizeof *probabilities);
  }
  return RC_OK;
}

rc_status classifier_predict_texts(classifier_session *session, int count, const utf8_text *texts,
                                   float *probabilities, answer *answers, rc_error *error) {
  enum { BATCH = 64, BATCH_BYTES = 4096 }; /* unless one text has more */
  for (int i = 0, end; i < count; i = end) {
    size_t bytes = texts[i].bytes;
    for (end = i + 1; end < count && end < i + BATCH; end++) {
      bytes += texts[end].bytes;
      if (bytes > BATCH_BYTES) break;
    }
    RC_TRY(predict_batch(session, end - i, texts + i,
                         probabilities + (size_t)i * (size_t)session->model->net.config.labels,
                         answers + i, error));
  }
  return RC_OK;
}

rc_status classifier_predict(classifier_session *session, const char *text, size_t bytes,
                             float *probabilities, answer *out, rc_error *error) {
  const utf8_text whole = {text, bytes};
  RC_TRY(predict_batch(session, 1, &whole, probabilities, out, error));
  if (out->letters <= CLASSIFIER_LETTERS_MAX) return RC_OK;
  return rc_fail(error, RC_ERR_RANGE, "the text has %d letters, at most %d can be classified",
                 out->letters, CLASSIFIER_LETTERS_MAX);
}

rc_status classifier_predict_prefixes(classifier_session *session, const char *text, size_t bytes,
                                      int max_steps, float *steps, int *ids, int *sources,
                                      int *count, rc_error *error) {
  const classifier_model *model = session->model;
  alphabet_case letter_case = model->net.config.letter_case;
  size_t length =
      alphabet_encode(&model->letters, text, bytes, letter_case, ids, sources, (size_t)max_steps);
  int texts = length < (size_t)max_steps ? (int)length : max_steps;
  *count = 0;
  if (texts == 0) return RC_OK;
  layout l;
  RC_TRY(prepare(session, texts, texts * (texts + 1) / 2, texts, &l, error));
  int *next = l.ids;
  for (int i = 0; i < texts; i++) {
    l.lengths[i] = i + 1;
    memcpy(next, ids, (size_t)(i + 1) * sizeof *ids);
    next += i + 1;
  }
  classifier_batch batch = {.count = texts, .ids = l.ids, .lengths = l.lengths};
  RC_TRY(classifier_forward_prefixes(&model->net, model->values, &batch, l.logits, l.workspace,
                                     error));
  RC_TRY(
      classifier_check_numbers(l.logits, (size_t)texts * (size_t)model->net.config.labels, error));
  classifier_probabilities(&model->net, model->temperature, session->bias, texts, l.logits, steps);
  *count = texts;
  return RC_OK;
}
