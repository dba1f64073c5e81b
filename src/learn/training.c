#include "training.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clocks.h"
#include "ranks.h"
#include "signals.h"

trainer_ranks training_ranks(void) {
  return (trainer_ranks){.rank = ranks_rank(),
                         .count = ranks_count(),
                         .first_of = ranks_first_of,
                         .unite = ranks_unite,
                         .sum = ranks_sum};
}

/* Signals reach the ranks at different moments. */
static bool is_to_stop(void) {
  return ranks_any(signals_stop_requested());
}

static rc_status save(training *run, rc_error *error) {
  run->saved = clocks_now();
  if (ranks_rank() > 0) return RC_OK;
  return checkpoint_save(run->checkpoint, run->trainer, &run->extras, error);
}

/* Speed over the last half second or so. */
typedef struct speedometer {
  double since, per_s;
  long seen;
} speedometer;

static void show_progress(const training *run, long total, speedometer *speed, double now) {
  const trainer *t = run->trainer;
  if (now - speed->since >= 0.5) {
    speed->per_s = (double)(t->seen - speed->seen) / (now - speed->since);
    speed->since = now;
    speed->seen = t->seen;
  }
  progress_state state = {
      .epoch = t->epoch + 1,
      .epochs = run->epochs,
      .done = t->seen,
      .total = total,
      .loss = t->seen > 0 ? t->loss_sum / (double)t->seen : 0,
      .top1 = run->accuracy && t->seen > 0 ? (double)t->correct / (double)t->seen : NAN,
      .names_per_s = speed->per_s,
  };
  progress_update(run->bar, &state, now);
}

static rc_status step(training *run, rc_error *error) {
  trainer *t = run->trainer;
  double loss_sum = t->loss_sum;
  long correct = t->correct, seen = t->seen;
  RC_TRY(trainer_step(t, error));
  trainer_result result = {
      .loss = t->loss_sum - loss_sum, .correct = t->correct - correct, .seen = t->seen - seen};
  if (run->task->stepped != NULL) run->task->stepped(run->self, &result);
  return RC_OK;
}

/* Trains until the running epoch's last batch, step `until` or a signal, saving now and then. */
static rc_status train_steps(training *run, long until, rc_error *error) {
  trainer *t = run->trainer;
  double start = clocks_now();
  speedometer speed = {.since = start, .seen = t->seen};
  while (t->batch < t->batches && t->step < until && !is_to_stop()) {
    RC_TRY(step(run, error));
    double now = clocks_now();
    show_progress(run, run->task->epoch_size(run->self), &speed, now);
    if (now - run->saved >= run->settings->checkpoint_every) {
      run->epoch_seconds += now - start;
      RC_TRY(save(run, error));
      start = clocks_now();
    }
  }
  run->epoch_seconds += clocks_now() - start;
  return RC_OK;
}

static bool ran_away(double loss, int classes) {
  enum { FAR = 2 };
  return classes > 1 && loss > FAR * log(classes);
}

/* That of the last row, unless that before it was so as well. */
static void warn(const training *run) {
  const history *past = &run->result->history;
  const int column = past->of->loss, last = past->count - 1;
  const double loss = history_at(past, last, column);
  const double before = last > 0 ? history_at(past, last - 1, column) : NAN;
  if (!ran_away(loss, run->classes) || ran_away(before, run->classes)) return;
  progress_message(
      run->bar,
      "warning: a loss of %.4g, where guessing has %.4g: the training runs away; try a "
      "lower learning rate (--lr) or a limit on the gradient (--clip)",
      loss, log(run->classes));
}

rc_status training_may_replace(const char *path, double loss, int classes, rc_error *error) {
  bool is_there = access(path, F_OK) == 0;
  ranks_broadcast(&is_there, sizeof is_there);
  if (!ran_away(loss, classes) || !is_there) return RC_OK;
  return rc_fail(
      error, RC_ERR_RANGE,
      "%.100s is left as it was: the training ran away, to a loss of %.4g where guessing "
      "has %.4g",
      path, loss, log(classes));
}

static json *record_of(const training *run, const char *event) {
  json *record = json_object();
  json_text(record, "event", event);
  if (run->bar->label != NULL) json_text(record, "cell", run->bar->label);
  return record;
}

static rc_status log_start(training *run, bool resumed, rc_error *error) {
  json *record = record_of(run, resumed ? "resume" : "start");
  run->task->log_data(run->self, record);
  json_text(record, "out", run->settings->out);
  json_text(record, "kernels", kernels->name);
  json_integer(record, "parameters", run->result->parameters);
  run->task->log_counts(run->self, record);
  json_integer(record, "epochs", run->epochs);
  json_integer(record, "epoch", run->trainer->epoch);
  json_integer(record, "step", run->trainer->step);
  json_integer(record, "threads", run->trainer->options.threads);
  json_integer(record, "ranks", ranks_count());
  json_text(record, "settings", run->settings->text);
  return json_log_write(run->log, record, error);
}

static rc_status log_end(training *run, rc_error *error) {
  const run_result *result = run->result;
  json *record = record_of(run, result->stopped ? "stop" : "end");
  json_text(record, "out", run->settings->out);
  json_integer(record, "epoch", run->trainer->epoch);
  json_integer(record, "step", run->trainer->step);
  json_number(record, "seconds", result->history.seconds);
  if (ranks_count() > 1) {
    const ranks_traffic sums = ranks_sums();
    json_number(record, "sums_seconds", sums.seconds);
    json_integer(record, "sums_bytes", (int64_t)sums.bytes);
  }
  if (!result->stopped) {
    json_integer(record, "bytes", (int64_t)result->file_bytes);
    run->task->log_result(run->self, record);
  }
  return json_log_write(run->log, record, error);
}

static rc_status append_row(training *run, rc_error *error) {
  history *past = &run->result->history;
  const double seconds = run->epoch_seconds;
  double row[MEASURES_MAX], *common = row + past->of->count, seen = 0;
  for (int i = 0; i < past->of->count; i++) row[i] = NAN;
  RC_TRY(run->task->evaluate(run->self, row, &seen, error));
  common[MEASURES_LR] = trainer_rate(run->trainer);
  common[MEASURES_SECONDS] = seconds;
  common[MEASURES_SPEED] = seconds > 0 ? seen / seconds : 0;
  common[MEASURES_BEST] = history_would_be_best(past, row);
  RC_TRY(history_add(past, row, error));
  RC_TRY(run->task->keep(run->self, error));
  past->seconds += seconds;
  run->epoch_seconds = 0;
  return RC_OK;
}

static rc_status evaluate(training *run, rc_error *error) {
  const history *past = &run->result->history;
  RC_TRY(append_row(run, error));
  if (past->of->whole) trainer_end_epoch(run->trainer);
  if (ranks_rank() > 0) return RC_OK;
  const double *row = history_row(past, past->count - 1);
  measures_show(past->of, row, run->epochs, run->bar);
  warn(run);
  if (run->task->show != NULL) run->task->show(run->self);
  json *record = record_of(run, run->task->event);
  measures_log(past->of, row, record);
  if (run->task->log_row != NULL) run->task->log_row(run->self, record);
  /* First, so that a kill in between leaves a record to be repeated rather than none. */
  const rc_status logged = json_log_write(run->log, record, error);
  const rc_status saved = save(run, logged == RC_OK ? error : NULL);
  return logged == RC_OK ? saved : logged;
}

/* Whether the weights as they are have still to be evaluated: also after a checkpoint that was
 * written just before. */
static bool is_due(const training *run) {
  const trainer *t = run->trainer;
  const int every = run->settings->evaluate_every;
  const history *past = &run->result->history;
  const bool known = !past->of->whole && past->count > 0 &&
                     lround(history_at(past, past->count - 1, past->of->step)) == t->step;
  if (t->step == 0 || known) return false;
  const bool over = t->batch == t->batches && !trainer_has_more(t);
  const bool last = over && t->epoch + 1 == run->epochs;
  return last || (every > 0 ? t->step % every == 0 : over);
}

static bool is_done(const training *run) {
  const bool patient = run->settings->patience == 0 ||
                       history_stalled(&run->result->history) < run->settings->patience;
  return run->trainer->epoch >= run->epochs || !patient;
}

/* The batches of the running epoch that are left, with the evaluations that fall due. */
static rc_status train_epoch(training *run, rc_error *error) {
  trainer *t = run->trainer;
  const int epoch = t->epoch, every = run->settings->evaluate_every;
  RC_TRY(trainer_begin_part(t, error));
  while (t->epoch == epoch && !is_done(run)) {
    if (is_due(run)) {
      RC_TRY(evaluate(run, error));
    } else if (t->batch == t->batches && trainer_has_more(t)) {
      RC_TRY(trainer_next_part(t, error));
    } else if (t->batch == t->batches) {
      trainer_end_epoch(t);
    } else if (is_to_stop()) {
      return RC_OK;
    } else {
      RC_TRY(train_steps(run, every > 0 ? t->step - t->step % every + every : LONG_MAX, error));
    }
  }
  return RC_OK;
}

/* Whether a run can stand there: after so many updates an epoch, and with a row of each where they
 * are of whole ones. */
static rc_status check_resumed(const training *run, rc_error *error) {
  const trainer *t = run->trainer;
  const history *past = &run->result->history;
  const long running = t->part > 0 ? run->most : t->batch; /* steps of this epoch at most */
  const bool steps = t->step >= t->epoch * run->least + t->part + t->batch &&
                     t->step <= t->epoch * run->most + running;
  if (steps && (!past->of->whole || past->count == t->epoch)) return RC_OK;
  return rc_fail(error, RC_ERR_FORMAT,
                 "%s: the checkpoint cannot be used: it stands at step %ld of epoch %d and has %d "
                 "evaluations",
                 run->checkpoint, t->step, t->epoch + 1, past->count);
}

/* Without a checkpoint to resume from it saves a first one, so that a full disk shows at once. */
static rc_status begin(training *run, bool *resumed, rc_error *error) {
  const trainer *t = run->trainer;
  const history *past = &run->result->history;
  char span[CLOCKS_SPAN_BYTES];
  *resumed = run->settings->resume && access(run->checkpoint, F_OK) == 0;
  ranks_broadcast(resumed, sizeof *resumed);
  if (!*resumed) return save(run, error);
  run->saved = clocks_now();
  RC_TRY(checkpoint_load(run->checkpoint, run->trainer, run->epochs * run->most, run->epochs,
                         &run->extras, error));
  RC_TRY(check_resumed(run, error));
  progress_message(run->bar, "resuming after epoch %d, step %ld, %s of training", t->epoch, t->step,
                   clocks_span(past->seconds + run->epoch_seconds, span));
  return RC_OK;
}

/* Of how much there is to do. Epochs that are not of equal length can also be fewer. */
static rc_status announce(const training *run, rc_error *error) {
  const trainer *t = run->trainer;
  const bool equal = run->least == run->most;
  const int shards = t->task.shards, threads = t->options.threads, ranks = ranks_count();
  const long parts = t->task.parts > 1 ? t->task.parts : 1;
  const long steps = equal ? run->most : parts * t->batches;
  char grouped[TEXT_GROUPED_BYTES];
  text_buffer words = {0};
  if (run->bar->label != NULL) text_addf(&words, "%s: ", run->bar->label);
  text_addf(&words, "%s parameters, ", text_grouped(run->result->parameters, grouped));
  run->task->announce(run->self, &words);
  text_addf(&words, ", %s%d epoch%s of %s%ld step%s, %s kernels%s, %d shard%s, %d thread%s",
            equal ? "" : "at most ", run->epochs, text_plural(run->epochs), equal ? "" : "about ",
            steps, text_plural(steps), kernels->name,
            run->settings->precision == PRECISION_BF16 ? " in bf16" : "", shards,
            text_plural(shards), threads, text_plural(threads));
  if (ranks > 1) text_addf(&words, " in each of %d ranks", ranks);
  if (words.failed) return rc_fail(error, RC_ERR_MEMORY, "out of memory for a training run");
  progress_message(run->bar, "%s", words.text);
  text_free(&words);
  if (ranks > shards) {
    progress_message(run->bar, "warning: %d of %d ranks have nothing to do: a batch has %d shard%s",
                     ranks - shards, ranks, shards, text_plural(shards));
  }
  return RC_OK;
}

/* The line of the settings, "data=...", in which this rank has something else than rank 0. */
static rc_status compare_with_first(const char *mine, const char *first, rc_error *error) {
  size_t line = 0;
  for (size_t i = 0; mine[i] == first[i] && mine[i] != '\0'; i++) {
    if (mine[i] == '\n') line = i + 1;
  }
  if (strcmp(mine + line, first + line) == 0) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT,
                 "it has %.*s, rank 0 has %.*s: all ranks need the same settings and data, and "
                 "kernels, which the environment variable RECUR_CPU names",
                 (int)strcspn(mine + line, "\n"), mine + line, (int)strcspn(first + line, "\n"),
                 first + line);
}

/* Whether all ranks are about to train the same. */
static rc_status check_ranks(const training *run, rc_error *error) {
  const char *mine = run->extras.settings;
  size_t size = strlen(mine) + 1;
  ranks_broadcast(&size, sizeof size);
  char *first = malloc(size);
  if (first == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for a training run");
  memcpy(first, mine, ranks_rank() == 0 ? size : 0);
  ranks_broadcast(first, size);
  rc_status status = compare_with_first(mine, first, error);
  free(first);
  return status;
}

rc_status training_run(training *run, rc_error *error) {
  bool resumed;
  RC_TRY(ranks_agree(RC_OK, error));
  RC_TRY(ranks_agree(check_ranks(run, error), error));
  RC_TRY(ranks_agree(begin(run, &resumed, error), error));
  RC_TRY(announce(run, error));
  RC_TRY(log_start(run, resumed, error));
  while (!is_done(run) && !is_to_stop()) RC_TRY(train_epoch(run, error));
  run->result->stopped = !is_done(run);
  RC_TRY(run->result->stopped ? save(run, error) : run->task->finish(run->self, error));
  return log_end(run, error);
}
