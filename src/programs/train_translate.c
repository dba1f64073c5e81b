#include "train_translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clocks.h"
#include "pairs_maps.h"
#include "pairs_recipes.h"
#include "pairs_report.h"
#include "pairs_run.h"
#include "programs.h"
#include "run_files.h"
#include "signals.h"
#include "text_buffer.h"

static const char PROGRAM[] = "train translate";

static rc_status check_files(const pairs_settings *s, char *checkpoint, char *const *maps,
                             rc_error *error) {
  named_file files[OPTION_TEXTS_MAX + 7 + PAIRS_SAMPLES];
  int count = 0;
  for (int i = 0; i < s->data.count; i++)
    files[count++] = (named_file){"--data", s->paths[i], false};
  if (s->dev != NULL) files[count++] = (named_file){"--dev", s->dev, false};
  if (s->init != NULL) files[count++] = (named_file){"--init", s->init, false};
  if (s->vocabularies_of != NULL) {
    files[count++] = (named_file){"--vocabularies-of", s->vocabularies_of, false};
  }
  files[count++] = (named_file){"--out", s->out, true};
  files[count++] = (named_file){"the checkpoint", checkpoint, true};
  if (s->log != NULL) files[count++] = (named_file){"--log", s->log, true};
  if (s->report != NULL) files[count++] = (named_file){"--report", s->report, true};
  for (int i = 0; i < PAIRS_SAMPLES && s->attention_maps == 1; i++) {
    if (maps[i] == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
    files[count++] = (named_file){"a map of attention", maps[i], true};
  }
  RC_TRY(run_files_check(files, count, error));
  return run_files_check_checkpoints(&checkpoint, 1, s->resume, s->restart, error);
}

static rc_status check(const pairs_settings *s, char *checkpoint, rc_error *error) {
  char *maps[PAIRS_SAMPLES];
  for (int i = 0; i < PAIRS_SAMPLES; i++) maps[i] = pairs_maps_path(s->out, i + 1);
  rc_status status = check_files(s, checkpoint, maps, error);
  for (int i = 0; i < PAIRS_SAMPLES; i++) free(maps[i]);
  return status;
}

static void print_result(progress *bar, const pairs_settings *s, const pairs_result *result) {
  char span[CLOCKS_SPAN_BYTES];
  clocks_span(result->run.history.seconds, span);
  if (result->final.sentences == 0) {
    progress_message(bar, "wrote %s: %zu bytes, trained in %s", s->out, result->run.file_bytes,
                     span);
    return;
  }
  progress_message(bar,
                   "wrote %s: %zu bytes, the mean of %d snapshot%s, trained in %s; on %d pair%s of "
                   "%s, greedy: BLEU %.2f, chrF2 %.2f",
                   s->out, result->run.file_bytes, result->averaged, text_plural(result->averaged),
                   span, result->final.sentences, text_plural(result->final.sentences), s->dev,
                   result->final.bleu.score, result->final.chrf);
}

static rc_status train_with(const pairs_settings *s, const char *checkpoint, const char *command,
                            json_log *log, pairs_result *result, rc_error *error) {
  progress bar = progress_begin(stderr, NULL, 10);
  pairs_corpus corpus;
  rc_status status = pairs_corpus_open(&corpus, s, error);
  if (status == RC_OK) status = pairs_run(s, checkpoint, &corpus, log, &bar, result, error);
  if (status == RC_OK && !result->run.stopped) {
    print_result(&bar, s, result);
    if (s->attention_maps == 1) {
      status = pairs_maps_write(s->out, &corpus, result, error);
    }
    if (status == RC_OK && s->report != NULL) {
      status = pairs_report_write(s->report, command, s, &corpus, result, error);
      if (status == RC_OK) fprintf(stderr, "wrote %s\n", s->report);
    }
    if (status == RC_OK) unlink(checkpoint);
  }
  pairs_corpus_close(&corpus);
  return status;
}

static rc_status run(const pairs_settings *s, const char *command, bool *stopped, rc_error *error) {
  char *checkpoint = run_files_append(s->out, ".checkpoint");
  if (checkpoint == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  json_log log = json_log_of(s->log, s->resume);
  pairs_result result = {0};
  signals_catch();
  rc_status status = check(s, checkpoint, error);
  if (status == RC_OK) {
    status = kernels_set_precision((kernel_precision)s->precision, error);
  }
  if (status == RC_OK) {
    status = train_with(s, checkpoint, command, &log, &result, error);
    rc_status closed = json_log_close(&log, status == RC_OK ? error : NULL);
    if (status == RC_OK) status = closed;
  }
  *stopped = result.run.stopped;
  pairs_result_free(&result);
  free(checkpoint);
  return status;
}

/* What nobody named. */
static void announce_own(const pairs_settings *s) {
  const char *first = s->data.items[0];
  fprintf(stderr, "without --data: training on the pairs that come along, %.*s/",
          (int)(strrchr(first, '/') - first), first);
  for (int i = 0; i < s->data.count; i++) {
    fprintf(stderr, "%s%s", i == 0 ? "" : ", ", strrchr(s->data.items[i], '/') + 1);
  }
  fputs(s->recipe == PAIRS_BEST ? "; about an hour on two cores\n" : "\n", stderr);
}

int train_translate(int argc, char **argv) {
  pairs_settings settings;
  int code = PROGRAM_OK;
  rc_error error;
  bool stopped = false;
  char *command = run_files_command(argc, argv, false);
  char *resume = run_files_command(argc, argv, true);
  if (pairs_settings_parse(&settings, argc, argv, &code)) {
    if (settings.own) announce_own(&settings);
    if (run(&settings, command, &stopped, &error) != RC_OK) {
      code = program_fail(PROGRAM, &error);
    } else if (stopped) {
      fprintf(stderr, "stopped and saved; the same command goes on with --resume:\n  %s\n", resume);
      code = PROGRAM_FAILURE;
    }
  }
  pairs_settings_free(&settings);
  free(command);
  free(resume);
  return code;
}
