#include "training.h"

#include <math.h>
#include <unistd.h>

#include "clocks.h"
#include "signals.h"

rc_status training_save(training *run, rc_error *error) {
  run->saved = clocks_now();
  return checkpoint_save(run->checkpoint, run->trainer, &run->extras, error);
}

rc_status training_begin(training *run, bool resume, long steps, bool *resumed, rc_error *error) {
  *resumed = resume && access(run->checkpoint, F_OK) == 0;
  if (!*resumed) return training_save(run, error);
  run->saved = clocks_now();
  return checkpoint_load(run->checkpoint, run->trainer, steps, run->epochs, &run->extras, error);
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
  if (run->stepped != NULL) run->stepped(run->self, &result);
  return RC_OK;
}

rc_status training_steps(training *run, long until, long total, rc_error *error) {
  trainer *t = run->trainer;
  double start = clocks_now();
  speedometer speed = {.since = start, .seen = t->seen};
  while (t->batch < t->batches && t->step < until && !signals_stop_requested()) {
    RC_TRY(step(run, error));
    double now = clocks_now();
    show_progress(run, total, &speed, now);
    if (now - run->saved >= run->checkpoint_every) {
      run->epoch_seconds += now - start;
      RC_TRY(training_save(run, error));
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

void training_warn(progress *bar, double before, double loss, int classes) {
  if (!ran_away(loss, classes) || ran_away(before, classes)) return;
  progress_message(
      bar,
      "warning: a loss of %.4g, where guessing has %.4g: the training runs away; try a "
      "lower learning rate (--lr) or a limit on the gradient (--clip)",
      loss, log(classes));
}

rc_status training_may_replace(const char *path, double loss, int classes, rc_error *error) {
  if (!ran_away(loss, classes) || access(path, F_OK) != 0) return RC_OK;
  return rc_fail(
      error, RC_ERR_RANGE,
      "%.100s is left as it was: the training ran away, to a loss of %.4g where guessing "
      "has %.4g",
      path, loss, log(classes));
}
