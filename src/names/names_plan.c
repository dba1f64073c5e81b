#include "names_plan.h"

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "programs.h"
#include "run_files.h"

/* Of each network of --compare, the settings and the file: "names.gguf" makes "names-gru.gguf". */
static bool make_cells(names_plan *plan, int argc, char **argv, int *code, bool *failed) {
  static const char *const parts[NAMES_CELLS] = {"-rnn", "-lstm", "-gru"};
  plan->count = NAMES_CELLS;
  for (int cell = 0; cell < NAMES_CELLS; cell++) {
    names_settings *s = &plan->settings[cell];
    names_settings_free(s);
    if (!names_settings_parse(s, argc, argv, cell, code)) return false;
    plan->outs[cell] = run_files_insert(s->run.out, parts[cell], NULL);
    s->run.out = plan->outs[cell];
    *failed = *failed || s->run.out == NULL;
  }
  return true;
}

bool names_plan_make(names_plan *plan, int argc, char **argv, int *code) {
  *plan = (names_plan){.count = 1};
  const names_settings *first = &plan->settings[0];
  if (!names_settings_parse(&plan->settings[0], argc, argv, -1, code)) return false;
  bool failed = false;
  if (first->run.report != NULL || first->compare) {
    plan->report = first->run.report != NULL ? strdup(first->run.report)
                                             : run_files_insert(first->run.out, "", ".html");
    failed = plan->report == NULL;
  }
  if (first->compare && !make_cells(plan, argc, argv, code, &failed)) return false;
  for (int i = 0; i < plan->count && !failed; i++) {
    plan->checkpoints[i] = run_files_append(plan->settings[i].run.out, ".checkpoint");
    failed = plan->checkpoints[i] == NULL;
  }
  if (!failed) return true;
  rc_error error;
  rc_fail(&error, RC_ERR_MEMORY, "out of memory");
  *code = program_fail("train names", &error);
  return false;
}

void names_plan_free(names_plan *plan) {
  for (int i = 0; i < plan->count; i++) {
    names_result_free(&plan->results[i]);
    names_settings_free(&plan->settings[i]);
    free(plan->outs[i]);
    free(plan->checkpoints[i]);
  }
  free(plan->report);
}

enum { FILES_MAX = 5 + OPTION_TEXTS_MAX + 2 * NAMES_CELLS };

static int list_files(const names_plan *plan, named_file *files) {
  const names_settings *s = &plan->settings[0];
  int count = 0;
  files[count++] = (named_file){"--data", s->data, false};
  if (s->run.dev != NULL) files[count++] = (named_file){"--dev", s->run.dev, false};
  if (s->scripts != NULL) files[count++] = (named_file){"--scripts", s->scripts, false};
  for (int i = 0; i < s->teachers.count; i++) {
    files[count++] = (named_file){"--teacher", s->teachers.items[i], false};
  }
  for (int i = 0; i < plan->count; i++) {
    files[count++] = (named_file){"--out", plan->settings[i].run.out, true};
    files[count++] = (named_file){"the checkpoint", plan->checkpoints[i], true};
  }
  if (s->run.log != NULL) files[count++] = (named_file){"--log", s->run.log, true};
  if (plan->report != NULL) files[count++] = (named_file){"--report", plan->report, true};
  return count;
}

rc_status names_plan_check(const names_plan *plan, rc_error *error) {
  const names_settings *s = &plan->settings[0];
  named_file files[FILES_MAX];
  RC_TRY(run_files_check(files, list_files(plan, files), error));
  return run_files_check_checkpoints(plan->checkpoints, plan->count, s->run.resume, s->run.restart,
                                     error);
}

void names_plan_forget(const names_plan *plan) {
  for (int i = 0; i < plan->count; i++) files_forget(plan->checkpoints[i]);
}
