#include "pairs_risk.h"

#include <math.h>
#include <string.h>

#include "casing.h"
#include "loss.h"
#include "pairs_task.h"

enum { SEARCHED = 32 }; /* sources at once: what is searched stays in the cache */

/* A candidate whose gradient is so small a share of the risk is not worth its while. */
static const double NEGLIGIBLE = 1e-6;

rc_status pairs_risk_prepare(struct pairs_task *task, const real *values, rc_error *error) {
  pairs_risk *risk = task->risk;
  translator_weights_free(risk->weights);
  risk->weights = NULL;
  RC_TRY(translator_weights_new(&risk->weights, &task->net, values, TRANSLATOR_F32, error));
  translator_weights_mark(risk->weights, &task->marks);
  for (int i = 0; i < TRAINER_SHARDS_MAX; i++) {
    translator_session *session = &risk->workers[i].session;
    if (session->networks == 0) *session = translator_session_begin(risk->weights);
    session->weights[0] = risk->weights;
  }
  return RC_OK;
}

void pairs_risk_free(pairs_risk *risk) {
  for (int i = 0; i < TRAINER_SHARDS_MAX; i++) {
    pairs_risk_worker *w = &risk->workers[i];
    translator_session_end(&w->session);
    arena_free(&w->scratch);
    arena_free(&w->text);
  }
  translator_weights_free(risk->weights);
}

/* The part of a step that one thread works on. */
typedef struct share_work {
  const pairs_task *task;
  const real *values;
  trainer_share *share;
  trainer_result *result;
  pairs_risk_worker *me;
  pairs_batch batch; /* candidates that are still to be learnt from */
  real scale;
} share_work;

static rc_status grow(rc_arena *arena, size_t bytes, rc_error *error) {
  arena_reset(arena);
  if (bytes <= arena->size) return RC_OK;
  arena_free(arena);
  return arena_new(arena, 2 * bytes, error);
}

/* Text with its capitals, where it was marked; placeholders stay. In place: no longer. */
static utf8_text give_capitals(char *text, size_t bytes) {
  casing_reader reader = {.capitals = false};
  size_t length = 0;
  for (size_t at = 0; at < bytes;) {
    uint32_t c;
    at += (size_t)utf8_next(text + at, bytes - at, &c);
    if (casing_read(&reader, &c)) length += (size_t)utf8_encode(c, text + length);
  }
  return (utf8_text){text, length};
}

static rc_status cost_of(share_work *w, const translation *candidate, utf8_text reference,
                         double *cost, rc_error *error) {
  const pairs_task *task = w->task;
  pairs_risk_worker *me = w->me;
  sentence_metric metric = task->options.risk.metric;
  size_t count = (size_t)candidate->length;
  codec c = task->target;
  size_t bytes = c.kind->decode(c.vocabulary, candidate->ids, count, NULL, 0, NULL);
  RC_TRY(grow(&me->text, bytes + reference.bytes + (size_t)(2 * ARENA_MORE), error));
  RC_TRY(grow(&me->scratch, sentence_score_bytes(metric, bytes + reference.bytes), error));
  char *text = ARENA_ARRAY(&me->text, char, bytes);
  char *wanted = ARENA_ARRAY(&me->text, char, reference.bytes);
  c.kind->decode(c.vocabulary, candidate->ids, count, text, bytes, NULL);
  memcpy(wanted, reference.text, reference.bytes);
  const bool marked = task->marks.target != NULL;
  const utf8_text said = marked ? give_capitals(text, bytes) : (utf8_text){text, bytes};
  if (marked) reference = give_capitals(wanted, reference.bytes);
  double score;
  RC_TRY(sentence_score(metric, said, reference, &me->scratch, &score, error));
  *cost = 1 - score;
  return RC_OK;
}

static rc_status flush(share_work *w, rc_error *error) {
  if (w->batch.batch.count == 0) return RC_OK;
  double loss;
  RC_TRY(translator_train_step(&w->task->net, w->values, &w->batch.batch, 0, w->scale,
                               &w->share->rng, w->share->gradients, &loss,
                               w->task->workspaces[w->share->thread], error));
  pairs_batch_clear(&w->batch);
  return RC_OK;
}

static rc_status add_candidate(share_work *w, int member, const translation *candidate, real weight,
                               rc_error *error) {
  const pairs_task *task = w->task;
  uint16_t ids[TRANSLATOR_LENGTH_MAX + 1];
  int length = candidate->length + candidate->complete, source = task->source_lengths[member];
  for (int t = 0; t < candidate->length; t++) ids[t] = (uint16_t)candidate->ids[t];
  if (candidate->complete) ids[candidate->length] = BPE_END;
  if (!pairs_batch_fits(&w->batch, source, length)) RC_TRY(flush(w, error));
  pairs_batch_add(&w->batch, task->ids + task->starts[2 * member], source, ids, length, weight);
  return RC_OK;
}

/* One source's candidates. */
static rc_status learn_pair(share_work *w, int member, const translation *found, rc_error *error) {
  const pairs_task *task = w->task;
  const pairs_risk_options *o = &task->options.risk;
  const translation *candidates[TRANSLATOR_BEAM_MAX];
  double log_probability[TRANSLATOR_BEAM_MAX], cost[TRANSLATOR_BEAM_MAX], d[TRANSLATOR_BEAM_MAX];
  int count = 0;
  for (int k = 0; k < o->candidates; k++) {
    /* Fewer were found: the last is told again. */
    if (k > 0 && found[k].ids == found[k - 1].ids) break;
    if (found[k].length + found[k].complete > task->room.target_length) continue;
    candidates[count] = &found[k];
    log_probability[count] = found[k].log_probability;
    RC_TRY(cost_of(w, &found[k], task->member[member]->target, &cost[count], error));
    count++;
  }
  if (count == 0) return RC_OK;
  double risk = expected_risk(count, log_probability, cost, o->sharpness, d);
  int tokens = task->target_lengths[member];
  w->result->loss += risk * tokens;
  for (int k = 0; k < count; k++) {
    if (fabs(d[k]) < NEGLIGIBLE) continue;
    /* A step's loss is -log p times this. */
    RC_TRY(add_candidate(w, member, candidates[k], (real)-d[k], error));
  }
  return RC_OK;
}

static rc_status learn_pairs(share_work *w, const int *members, int count, rc_error *error) {
  const pairs_task *task = w->task;
  int ids[SEARCHED * TRANSLATOR_LENGTH_MAX], lengths[SEARCHED], used = 0;
  for (int i = 0; i < count; i++) {
    const uint16_t *source = task->ids + task->starts[2 * members[i]];
    lengths[i] = task->source_lengths[members[i]];
    for (int t = 0; t < lengths[i]; t++) ids[used++] = source[t];
  }
  translator_sources sources = {.count = count, .ids = ids, .lengths = lengths};
  translator_options options = translator_options_default();
  options.beam = options.nbest = task->options.risk.candidates;
  const translation *found;
  RC_TRY(translator_translate(&w->me->session, &sources, &options, &found, error));
  for (int i = 0; i < count; i++) {
    RC_TRY(learn_pair(w, members[i], found + (ptrdiff_t)i * options.nbest, error));
  }
  return RC_OK;
}

rc_status pairs_risk_learn(const struct pairs_task *task, const real *values, trainer_share *share,
                           trainer_result *result, rc_error *error) {
  const int *all = task->order + task->batches[share->batch];
  int pairs = task->batches[share->batch + 1] - task->batches[share->batch];
  int members[SEARCHED], count = 0;
  share_work w = {.task = task,
                  .values = values,
                  .share = share,
                  .result = result,
                  .me = &task->risk->workers[share->thread],
                  .batch = task->batch[share->thread],
                  .scale = (real)((1 - task->options.risk.likelihood) / pairs)};
  w.batch.batch.weights = w.batch.weights;
  pairs_batch_clear(&w.batch);
  for (int i = share->shard; i < pairs; i += task->shards) {
    members[count++] = all[i];
    if (count < SEARCHED && i + task->shards < pairs) continue;
    RC_TRY(learn_pairs(&w, members, count, error));
    count = 0;
  }
  return flush(&w, error);
}
