#include <string.h>

#include "batches.h"
#include "predict_parts.h"

enum { EVALUATION_BATCH = 64 };

typedef struct evaluation {
  int *order, *starts, *scratch, *ids, *lengths;
  real *logits;
  real *matrices; /* packed */
  classifier_workspace *workspace;
} evaluation;

static evaluation evaluation_new(const classifier *net, int count, int longest, rc_arena *arena) {
  size_t examples = (size_t)count, batches = examples / EVALUATION_BATCH + 2;
  size_t letters = (size_t)longest * EVALUATION_BATCH;
  evaluation e;
  e.order = ARENA_ARRAY(arena, int, examples);
  e.starts = ARENA_ARRAY(arena, int, batches);
  e.scratch = ARENA_ARRAY(arena, int, examples + batches);
  e.ids = ARENA_ARRAY(arena, int, letters);
  e.lengths = ARENA_ARRAY(arena, int, EVALUATION_BATCH);
  e.logits = ARENA_ARRAY(arena, real, (size_t)(EVALUATION_BATCH * net->config.labels));
  e.matrices = ARENA_ARRAY(arena, real, recurrent_packed_size(&net->network));
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

rc_status classifier_predict_all(const classifier *net, const real *values, int count,
                                 const int *const *ids, const int *lengths, real *logits,
                                 rc_error *error) {
  int longest = 1;
  for (int i = 0; i < count; i++) longest = lengths[i] > longest ? lengths[i] : longest;
  rc_arena need = arena_measure(), arena;
  (void)evaluation_new(net, count, longest, &need);
  RC_TRY(arena_check(&need, "an evaluation", error));
  RC_TRY(arena_new(&arena, need.used, error));
  evaluation e = evaluation_new(net, count, longest, &arena);
  rc_status status = arena_check(&arena, "an evaluation", error);
  rc_rng rng = rng_make(0, 0, 0);
  int batches = 0;
  if (status == RC_OK) {
    classifier_pack(net, values, e.matrices);
    classifier_workspace_use(e.workspace, e.matrices);
    batches =
        batches_by_length(count, lengths, EVALUATION_BATCH, &rng, e.order, e.starts, e.scratch);
  }
  for (int i = 0; i < batches && status == RC_OK; i++) {
    status = evaluate_batch(net, values, &e, i, ids, lengths, logits, error);
  }
  arena_free(&arena);
  return status;
}
