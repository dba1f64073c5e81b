#include "inspect.h"

#include <math.h>
#include <string.h>

#include "predict_parts.h"

static const char *const gate_names[2][CLASSIFIER_GATES_MAX] = {
    {"input", "forget", "candidate", "output"}, {"reset", "update", "candidate"}};

typedef struct layout {
  int *ids;
  real *logits, *gradient, *gradients;
  classifier_trace trace;
  classifier_workspace *workspace;
} layout;

static layout lay_out(const classifier *net, int letters, bool learn, rc_arena *arena) {
  const recurrent *network = &net->network;
  const size_t slots = (size_t)network->layers * (size_t)network->directions;
  const size_t final = slots * (size_t)network->hidden, all = final * (size_t)letters;
  const bool cells = network->cell->states == 2;
  layout l = {.ids = ARENA_ARRAY(arena, int, (size_t)letters)};
  l.logits = ARENA_ARRAY(arena, real, (size_t)net->config.labels);
  for (int i = 0; i < network->cell->gates && network->cell->gates > 1; i++) {
    l.trace.gates[i] = ARENA_ARRAY(arena, real, all);
  }
  l.trace.states.h = ARENA_ARRAY(arena, real, all);
  l.trace.final.h = ARENA_ARRAY(arena, real, final);
  if (cells) {
    l.trace.states.c = ARENA_ARRAY(arena, real, all);
    l.trace.final.c = ARENA_ARRAY(arena, real, final);
  }
  if (learn) {
    l.gradient = ARENA_ARRAY(arena, real, slots * (size_t)letters);
    l.gradients = ARENA_ARRAY(arena, real, net->params.total);
    l.trace.d_states = ARENA_ARRAY(arena, real, all);
  }
  l.workspace = classifier_workspace_new(net, 1, letters, letters, true, arena);
  return l;
}

static rc_status prepare(const classifier *net, int letters, bool learn, layout *out,
                         rc_arena *memory, rc_error *error) {
  rc_arena need = arena_measure();
  (void)lay_out(net, letters, learn, &need);
  RC_TRY(arena_check(&need, "a look inside", error));
  RC_TRY(arena_new(memory, need.used, error));
  *out = lay_out(net, letters, learn, memory);
  return arena_check(memory, "a look inside", error);
}

static void tell(const classifier *net, int letters, const layout *l, inspection *out) {
  const recurrent *network = &net->network;
  const size_t hidden = (size_t)network->hidden;
  out->letters = letters;
  out->ids = l->ids;
  out->gate_count = network->cell->gates > 1 ? network->cell->gates : 0;
  for (int i = 0; i < out->gate_count; i++) {
    out->gates[i] =
        (inspection_gate){gate_names[network->cell != &lstm_cell][i], l->trace.gates[i]};
  }
  out->h = l->trace.states.h;
  out->c = l->trace.states.c;
  out->logits = l->logits;
  out->gradient = l->gradient;
  out->loss = l->trace.loss;
  const size_t norms = (size_t)(network->layers * network->directions) * (size_t)letters;
  for (size_t i = 0; l->gradient != NULL && i < norms; i++) {
    l->gradient[i] = (real)sqrt(kernels->square_sum(hidden, l->trace.d_states + i * hidden));
  }
}

/* Of a text with letters; the basis is then known. */
static rc_status look(const classifier_session *session, const char *text, size_t bytes, int label,
                      inspection *out, answer *given, rc_arena *memory, rc_error *error) {
  const classifier_model *model = session->model;
  const classifier *net = &model->net;
  const int count = given->letters;
  layout l;
  RC_TRY(prepare(net, count, label >= 0, &l, memory, error));
  alphabet_encode(&model->letters, text, bytes, net->config.letter_case, l.ids, NULL,
                  (size_t)count);
  given->basis = classifier_session_basis(session, l.ids, count, given->script);
  if (given->basis != ANSWER_LETTERS) return RC_OK;
  RC_TRY(classifier_trace_text(net, model->values, count, l.ids, label, l.gradients, l.logits,
                               &l.trace, l.workspace, error));
  RC_TRY(classifier_check_numbers(l.logits, (size_t)net->config.labels, error));
  tell(net, count, &l, out);
  return RC_OK;
}

rc_status classifier_inspect(const classifier_session *session, const char *text, size_t bytes,
                             int label, inspection *out, answer *given, rc_arena *memory,
                             rc_error *error) {
  const classifier_model *model = session->model;
  const classifier_config *config = &model->net.config;
  *out = (inspection){
      .layers = config->layers, .directions = config->directions, .hidden = config->hidden};
  *given = (answer){.script = script_of_text(text, bytes)};
  *memory = (rc_arena){0};
  if (label >= 0) RC_TRY(rc_check_range("the label", label, 0, config->labels - 1, error));
  const size_t length =
      alphabet_encode(&model->letters, text, bytes, config->letter_case, NULL, NULL, 0);
  if (length == 0) return RC_OK;
  if (length > INSPECT_LETTERS_MAX) {
    return rc_fail(error, RC_ERR_RANGE, "the text has %zu letters, into at most %d one can look",
                   length, INSPECT_LETTERS_MAX);
  }
  given->letters = (int)length;
  const rc_status status = look(session, text, bytes, label, out, given, memory, error);
  if (status != RC_OK) {
    arena_free(memory);
    *out = (inspection){0};
  }
  return status;
}
