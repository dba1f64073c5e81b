#include "names_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "programs.h"
#include "text_buffer.h"

static char *joined(const char *path, const char *ending) {
  size_t size = strlen(path) + strlen(ending) + 1;
  char *text = malloc(size);
  if (text != NULL) snprintf(text, size, "%s%s", path, ending);
  return text;
}

/* `path` up to its extension, then `part`, then the extension or `ending` in its place; malloc'd.
 */
static char *path_with(const char *path, const char *part, const char *ending) {
  const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
  if (dot == NULL || (slash != NULL && dot < slash)) dot = path + strlen(path);
  text_buffer buffer = {0};
  text_add_bytes(&buffer, path, (size_t)(dot - path));
  text_add(&buffer, part);
  text_add(&buffer, ending != NULL ? ending : dot);
  if (!buffer.failed) return buffer.text;
  text_free(&buffer);
  return NULL;
}

/* Of each network of --compare, the settings and the file: "names.gguf" makes "names-gru.gguf". */
static bool make_cells(names_plan *plan, int argc, char **argv, int *code, bool *failed) {
  static const char *const parts[NAMES_CELLS] = {"-rnn", "-lstm", "-gru"};
  plan->count = NAMES_CELLS;
  for (int cell = 0; cell < NAMES_CELLS; cell++) {
    names_settings *s = &plan->settings[cell];
    if (!names_settings_parse(s, argc, argv, cell, code)) return false;
    plan->outs[cell] = path_with(s->out, parts[cell], NULL);
    s->out = plan->outs[cell];
    *failed = *failed || s->out == NULL;
  }
  return true;
}

bool names_plan_make(names_plan *plan, int argc, char **argv, int *code) {
  *plan = (names_plan){.count = 1};
  const names_settings *first = &plan->settings[0];
  if (!names_settings_parse(&plan->settings[0], argc, argv, -1, code)) return false;
  bool failed = false;
  if (first->report != NULL || first->compare) {
    plan->report =
        first->report != NULL ? strdup(first->report) : path_with(first->out, "", ".html");
    failed = plan->report == NULL;
  }
  if (first->compare && !make_cells(plan, argc, argv, code, &failed)) return false;
  for (int i = 0; i < plan->count && !failed; i++) {
    plan->checkpoints[i] = joined(plan->settings[i].out, ".checkpoint");
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
    free(plan->outs[i]);
    free(plan->checkpoints[i]);
  }
  free(plan->report);
}

/* A file that the command names, by what the reader knows it as. */
typedef struct named_file {
  const char *role, *path;
  bool written;
} named_file;

enum { FILES_MAX = 4 + OPTION_TEXTS_MAX + 2 * NAMES_CELLS };

static int list_files(const names_plan *plan, named_file *files) {
  const names_settings *s = &plan->settings[0];
  int count = 0;
  files[count++] = (named_file){"--data", s->data, false};
  if (s->dev != NULL) files[count++] = (named_file){"--dev", s->dev, false};
  for (int i = 0; i < s->teachers.count; i++) {
    files[count++] = (named_file){"--teacher", s->teachers.items[i], false};
  }
  for (int i = 0; i < plan->count; i++) {
    files[count++] = (named_file){"--out", plan->settings[i].out, true};
    files[count++] = (named_file){"the checkpoint", plan->checkpoints[i], true};
  }
  if (s->log != NULL) files[count++] = (named_file){"--log", s->log, true};
  if (plan->report != NULL) files[count++] = (named_file){"--report", plan->report, true};
  return count;
}

static rc_status check_files(const named_file *files, int count, rc_error *error) {
  for (int i = 0; i < count; i++) {
    if (files[i].written) RC_TRY(files_check_writable(files[i].path, error));
    for (int j = 0; j < i; j++) {
      if (!files[i].written || !files_same(files[i].path, files[j].path)) continue;
      return rc_fail(error, RC_ERR_ARGUMENT, "%s would overwrite %s: both are %s", files[i].role,
                     files[j].role, files[j].path);
    }
  }
  return RC_OK;
}

static rc_status check_checkpoints(const names_plan *plan, rc_error *error) {
  const names_settings *s = &plan->settings[0];
  int found = 0;
  for (int i = 0; i < plan->count; i++) {
    if (access(plan->checkpoints[i], F_OK) != 0) continue;
    found++;
    if (s->resume || s->restart) continue;
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "%s holds an interrupted run: --resume goes on with it, --restart begins anew",
                   plan->checkpoints[i]);
  }
  if (!s->resume || found > 0) return RC_OK;
  return rc_fail(error, RC_ERR_IO, "%s: there is no checkpoint to resume from",
                 plan->checkpoints[0]);
}

rc_status names_plan_check(const names_plan *plan, rc_error *error) {
  named_file files[FILES_MAX];
  RC_TRY(check_files(files, list_files(plan, files), error));
  return check_checkpoints(plan, error);
}

void names_plan_forget(const names_plan *plan) {
  for (int i = 0; i < plan->count; i++) unlink(plan->checkpoints[i]);
}
