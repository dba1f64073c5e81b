#include "run_settings.h"

#include <string.h>

#include "json.h"
#include "programs.h"
#include "utf8.h"

const char *const run_optimizers[] = {
    [OPTIMIZER_SGD] = "sgd", [OPTIMIZER_ADAM] = "adam", [OPTIMIZER_ADAMW] = "adamw", NULL};
const char *const run_precisions[] = {[PRECISION_F32] = "f32", [PRECISION_BF16] = "bf16", NULL};
const char *const run_keeps[] = {[RUN_KEEP_LAST] = "last", [RUN_KEEP_BEST] = "best", NULL};
const char *const run_schedules[] = {[SCHEDULE_CONSTANT] = "constant",
                                     [SCHEDULE_COSINE] = "cosine",
                                     [SCHEDULE_INVERSE_SQRT] = "inverse-sqrt",
                                     NULL};
const char *const run_schedules_plateau[] = {[SCHEDULE_CONSTANT] = "constant",
                                             [SCHEDULE_COSINE] = "cosine",
                                             [SCHEDULE_INVERSE_SQRT] = "inverse-sqrt",
                                             [RUN_PLATEAU] = "plateau",
                                             NULL};

/* Of the shared options those that do not decide the weights. */
static const char *const OTHERS[] = {"recipe", "threads", "keep", "type", "checkpoint-every", NULL};

static bool is_listed(const char *const *names, const char *name) {
  for (; *names != NULL; names++) {
    if (strcmp(*names, name) == 0) return true;
  }
  return false;
}

/* "name=value\n" for every number and choice that decides the weights: compared when a run is
 * resumed. What does not fit is left out. */
static void write_text(const option_table *table, const char *const *others, char *out) {
  size_t used = 0;
  for (int i = 0; i < table->count; i++) {
    const program_option *o = &table->options[i];
    if (o->kind == OPTION_KIND_GROUP || is_listed(OTHERS, o->name) || is_listed(others, o->name)) {
      continue;
    }
    char *end = out + used, number[JSON_NUMBER_BYTES];
    const size_t room = RUN_SETTINGS_TEXT - used;
    int length = 0;
    switch (o->kind) {
      case OPTION_KIND_INT:
        length = snprintf(end, room, "%s=%d\n", o->name, *o->target.integer);
        break;
      case OPTION_KIND_SEED:
        length = snprintf(end, room, "%s=%llu\n", o->name, (unsigned long long)*o->target.seed);
        break;
      case OPTION_KIND_REAL:
        json_format_number(*o->target.real, number);
        length = snprintf(end, room, "%s=%s\n", o->name, number);
        break;
      case OPTION_KIND_CHOICE:
        length = snprintf(end, room, "%s=%s\n", o->name, o->choices[*o->target.choice]);
        break;
      default:
        break;
    }
    if (length > 0 && (size_t)length < room) used += (size_t)length;
  }
  out[used] = '\0';
}

static bool is_utf8(const char *text) {
  return text == NULL || utf8_check(text, strlen(text), NULL) == RC_OK;
}

/* Options that say nothing without others, or something else than others. */
static const char *conflict(const run_settings *r, const program_spec *spec) {
  const program_option *rule = spec->options;
  while (rule->kind == OPTION_KIND_GROUP || strcmp(rule->name, "optimizer") != 0) rule++;
  if (r->resume && r->restart) return "--resume and --restart exclude each other";
  if (r->keep == RUN_KEEP_BEST && r->dev == NULL) {
    return "--keep best needs --dev to know the best by";
  }
  if (*rule->target.choice == OPTIMIZER_SGD && options_given(spec, "beta2")) {
    return "--beta2 is of --optimizer adam and adamw";
  }
  const bool readable = is_utf8(r->name) && is_utf8(r->license) && is_utf8(r->attribution);
  return readable ? NULL : "--name, --license and --attribution must be UTF-8";
}

bool run_settings_read(const run_command *command, option_table *table, void *settings,
                       run_settings *run, int argc, char **argv, int *code) {
  program_spec spec = command->spec;
  spec.options = table->options;
  spec.option_count = table->count;
  if (code == NULL) {
    options_peek(&spec, argc, argv);
    return true;
  }
  int operands;
  rc_error reason;
  if (!program_options(&spec, argc, argv, &operands, code)) return false;
  const rc_status status = command->settle(settings, &spec, &reason);
  if (status == RC_ERR_MEMORY) {
    *code = program_fail(spec.program, &reason);
    return false;
  }
  const char *wrong = status != RC_OK ? reason.text : conflict(run, &spec);
  if (wrong != NULL) {
    *code = program_wrong_usage(spec.program, "%s", wrong);
    return false;
  }
  write_text(table, command->others, run->text);
  return true;
}

static bool is_input(const char *path) {
  return path != NULL && strcmp(path, "-") == 0;
}

rc_status run_settings_check_input(const run_settings *run, const char *const *data, int count,
                                   rc_error *error) {
  int inputs = is_input(run->dev);
  for (int i = 0; i < count; i++) inputs += is_input(data[i]);
  if (inputs <= 1) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "only one of --data and --dev can be standard input");
}

int run_settings_record(const run_settings *run, const char *title, record_entry *record) {
  int n = 0;
  record[n++] =
      (record_entry){.key = "general.name", .text = run->name != NULL ? run->name : title};
  if (run->license != NULL) {
    record[n++] = (record_entry){.key = "general.license", .text = run->license};
  }
  if (run->attribution != NULL) {
    record[n++] = (record_entry){.key = "general.attribution", .text = run->attribution};
  }
  return n;
}
