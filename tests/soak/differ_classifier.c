#include <math.h>
#include <stdio.h>
#include <string.h>

#include "differ.h"
#include "predict.h"

enum { LABELS_MAX = 40 };
static const char *const NO_NAMES[LABELS_MAX];

int draw_between(rc_rng *rng, int low, int high) {
  return low + (int)rng_below(rng, (uint32_t)(high - low + 1));
}

void draw_weights(const param_list *params, rc_rng *rng, float gain, real *values) {
  for (int i = 0; i < params->count; i++) {
    const param *p = &params->items[i];
    const float bound = p->dims == 1 ? 0.5F : gain / sqrtf((float)p->shape[1]);
    for (size_t k = 0; k < p->count; k++) {
      values[p->offset + k] = (2 * rng_uniform(rng) - 1) * bound;
    }
  }
}

float *answer_room(answers *a, answer_part part, size_t count, rc_arena *memory) {
  a->count[part] = count;
  return a->values[part] = ARENA_ARRAY(memory, float, count);
}

void answer_gradients(answers *a, size_t count, const real *gradients, rc_arena *memory) {
  float *to = answer_room(a, GRADIENTS, count, memory);
  float largest = 0;
  for (size_t i = 0; i < count; i++) {
    const float size = gradients[i] < 0 ? -gradients[i] : gradients[i];
    if (size > largest) largest = size;
  }
  for (size_t i = 0; i < count && to != NULL; i++) to[i] = gradients[i] / largest;
}

static void draw_texts(classifier_case *c, rc_rng *rng) {
  c->count = draw_between(rng, 1, TEXTS_MAX);
  int *ids = c->ids;
  for (int i = 0; i < c->count; i++) {
    char *text = c->texts[i];
    /* Short ones are as frequent as long ones. */
    const int length = draw_between(rng, 1, draw_between(rng, 1, TEXT_MAX));
    for (int k = 0; k < length; k++) text[k] = alphabet_letters[draw_between(rng, 0, 51)];
    text[length] = '\0';
    c->lengths[i] = (int)alphabet_encode(&c->model.letters, text, (size_t)length,
                                         c->model.net.config.letter_case, ids, NULL, TEXT_MAX);
    ids += c->lengths[i];
    c->targets[i] = draw_between(rng, 0, c->model.net.config.labels - 1);
  }
}

rc_status classifier_case_draw(classifier_case *c, rc_rng *rng, rc_arena *memory, rc_error *error) {
  static const char *const cells[] = {"rnn", "lstm", "gru"};
  const classifier_config config = {
      .cell = recurrent_cell_find(cells[draw_between(rng, 0, 2)]),
      .layers = draw_between(rng, 1, 3),
      .hidden = draw_between(rng, 1, draw_between(rng, 1, 140)),
      .directions = draw_between(rng, 1, 2),
      .embedding = draw_between(rng, 0, 2) == 0 ? 0 : draw_between(rng, 1, 70),
      .pooling = draw_between(rng, 0, 1) == 0 ? POOLING_LAST : POOLING_ALL,
      .letter_case = draw_between(rng, 0, 1) == 0 ? ALPHABET_CASE_KEEP : ALPHABET_CASE_TITLE,
      .labels = draw_between(rng, 2, LABELS_MAX),
  };
  c->model = (classifier_model){.letters = alphabet_tutorial, .labels = NO_NAMES, .temperature = 1};
  RC_TRY(classifier_build(&c->model.net, &config, error));
  const param_list *params = &c->model.net.params;
  c->model.values = ARENA_ARRAY(memory, real, params->total);
  RC_TRY(arena_check(memory, "a network", error));
  draw_weights(params, rng, 1 + 1.5F * rng_uniform(rng), c->model.values);
  draw_texts(c, rng);
  return RC_OK;
}

void classifier_case_print(const classifier_case *c) {
  const classifier_config *n = &c->model.net.config;
  printf("%s, %d layers, %d hidden, %d directions, embedding %d, pooling %s, %d labels; texts:",
         recurrent_cell_name(n->cell), n->layers, n->hidden, n->directions, n->embedding,
         n->pooling == POOLING_LAST ? "last" : "all", n->labels);
  for (int i = 0; i < c->count; i++) printf(" %s", c->texts[i]);
  printf("\n");
}

static rc_status predict(const classifier_case *c, classifier_session *session, answers *a,
                         rc_arena *memory, rc_arena *scratch, rc_error *error) {
  const size_t labels = (size_t)c->model.net.config.labels;
  utf8_text texts[TEXTS_MAX];
  answer kinds[TEXTS_MAX];
  for (int i = 0; i < c->count; i++) texts[i] = (utf8_text){c->texts[i], strlen(c->texts[i])};
  float *probabilities = answer_room(a, PROBABILITIES, (size_t)c->count * labels, memory);
  float *steps = answer_room(a, PREFIXES, TEXT_MAX * labels, memory);
  int *ids = ARENA_ARRAY(scratch, int, TEXT_MAX), *sources = ARENA_ARRAY(scratch, int, TEXT_MAX);
  int count;
  RC_TRY(arena_check(memory, "answers", error));
  RC_TRY(arena_check(scratch, "answers", error));
  RC_TRY(classifier_predict_texts(session, c->count, texts, probabilities, kinds, error));
  RC_TRY(classifier_predict_prefixes(session, texts[0].text, texts[0].bytes, TEXT_MAX, steps, ids,
                                     sources, &count, error));
  a->count[PREFIXES] = (size_t)count * labels;
  return RC_OK;
}

static rc_status train(const classifier_case *c, answers *a, rc_arena *memory, rc_arena *scratch,
                       rc_error *error) {
  const classifier *net = &c->model.net;
  const classifier_batch batch = {c->count, c->ids, c->lengths};
  const cross_entropy_target target = {.targets = c->targets, .smoothing = 0.1F};
  real *gradients = ARENA_ARRAY(scratch, real, net->params.total);
  classifier_workspace *workspace =
      classifier_workspace_new(net, TEXTS_MAX, TEXTS_MAX * TEXT_MAX, TEXT_MAX, true, scratch);
  RC_TRY(arena_check(scratch, "a step of training", error));
  memset(gradients, 0, net->params.total * sizeof *gradients);
  rc_rng rng = rng_make(1, 0, 0);
  classifier_step_result result;
  RC_TRY(classifier_train_step(net, c->model.values, &batch, &target, 1, &rng, gradients, &result,
                               workspace, error));
  answer_gradients(a, net->params.total, gradients, memory);
  return arena_check(memory, "gradients", error);
}

rc_status classifier_case_answer(const classifier_case *c, answers *a, rc_arena *memory,
                                 rc_arena *scratch, rc_error *error) {
  arena_reset(scratch);
  *a = (answers){0};
  classifier_session session = classifier_session_begin(&c->model);
  rc_status status = predict(c, &session, a, memory, scratch, error);
  classifier_session_end(&session);
  if (status == RC_OK) status = train(c, a, memory, scratch, error);
  return status;
}
