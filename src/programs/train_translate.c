#include "train_translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "files.h"
#include "pairs_maps.h"
#include "pairs_recipes.h"
#include "pairs_report.h"
#include "pairs_run.h"
#include "run_files.h"
#include "text_buffer.h"
#include "train_command.h"

typedef struct command {
  pairs_settings settings;
  char *checkpoint; /* path */
  pairs_corpus corpus;
  pairs_result result;
} command;

static rc_status check_files(const pairs_settings *s, char *checkpoint, char *const *maps,
                             rc_error *error) {
  named_file files[OPTION_TEXTS_MAX + 7 + PAIRS_SAMPLES];
  int count = 0;
  if (checkpoint == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  for (int i = 0; i < s->data.count; i++)
    files[count++] = (named_file){"--data", s->paths[i], false};
  if (s->run.dev != NULL) files[count++] = (named_file){"--dev", s->run.dev, false};
  if (s->init != NULL) files[count++] = (named_file){"--init", s->init, false};
  if (s->vocabularies_of != NULL) {
    files[count++] = (named_file){"--vocabularies-of", s->vocabularies_of, false};
  }
  files[count++] = (named_file){"--out", s->run.out, true};
  files[count++] = (named_file){"the checkpoint", checkpoint, true};
  if (s->run.log != NULL) files[count++] = (named_file){"--log", s->run.log, true};
  if (s->run.report != NULL) files[count++] = (named_file){"--report", s->run.report, true};
  for (int i = 0; i < PAIRS_SAMPLES && s->attention_maps == 1; i++) {
    if (maps[i] == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
    files[count++] = (named_file){"a map of attention", maps[i], true};
  }
  RC_TRY(run_files_check(files, count, error));
  return run_files_check_checkpoints(&checkpoint, 1, s->run.resume, s->run.restart, error);
}

static rc_status check(const void *self, rc_error *error) {
  const command *c = self;
  const pairs_settings *s = &c->settings;
  char *maps[PAIRS_SAMPLES];
  for (int i = 0; i < PAIRS_SAMPLES; i++) maps[i] = pairs_maps_path(s->run.out, i + 1);
  rc_status status = check_files(s, c->checkpoint, maps, error);
  for (int i = 0; i < PAIRS_SAMPLES; i++) free(maps[i]);
  return status;
}

static void print_result(progress *bar, const pairs_settings *s, const pairs_result *result) {
  char span[CLOCKS_SPAN_BYTES];
  clocks_span(result->run.history.seconds, span);
  if (result->final.sentences == 0) {
    progress_message(bar, "wrote %s: %zu bytes, trained in %s", s->run.out, result->run.file_bytes,
                     span);
    return;
  }
  progress_message(bar,
                   "wrote %s: %zu bytes, the mean of %d snapshot%s, trained in %s; on %d pair%s of "
                   "%s, greedy: BLEU %.2f, chrF2 %.2f",
                   s->run.out, result->run.file_bytes, result->averaged,
                   text_plural(result->averaged), span, result->final.sentences,
                   text_plural(result->final.sentences), s->run.dev, result->final.bleu.score,
                   result->final.chrf);
}

static rc_status train(void *self, json_log *log, bool *stopped, rc_error *error) {
  command *c = self;
  const pairs_settings *s = &c->settings;
  progress bar = progress_begin(stderr, NULL, 10);
  RC_TRY(pairs_corpus_open(&c->corpus, s, &bar, error));
  RC_TRY(pairs_run(s, c->checkpoint, &c->corpus, log, &bar, &c->result, error));
  *stopped = c->result.run.stopped;
  if (!*stopped) print_result(&bar, s, &c->result);
  return RC_OK;
}

static rc_status finish(void *self, const char *words, rc_error *error) {
  const command *c = self;
  const pairs_settings *s = &c->settings;
  if (s->attention_maps == 1) {
    RC_TRY(pairs_maps_write(s->run.out, &c->corpus, &c->result, error));
  }
  if (s->run.report != NULL) {
    RC_TRY(pairs_report_write(s->run.report, words, s, &c->corpus, &c->result, error));
    fprintf(stderr, "wrote %s\n", s->run.report);
  }
  files_forget(c->checkpoint);
  return RC_OK;
}

/* What nobody named. */
static void announce_own(const pairs_settings *s) {
  const char *first = s->data.items[0];
  fprintf(stderr, "without --data: training on the pairs that come along, %.*s/",
          (int)(strrchr(first, '/') - first), first);
  for (int i = 0; i < s->data.count; i++) {
    fprintf(stderr, "%s%s", i == 0 ? "" : ", ", strrchr(s->data.items[i], '/') + 1);
  }
  fputs(s->recipe == PAIRS_BEST ? "; about five hours on two cores\n" : "\n", stderr);
}

int train_translate(int argc, char **argv) {
  static const train_command translate = {"train translate", check, train, finish};
  command c = {.checkpoint = NULL};
  int code;
  if (pairs_settings_parse(&c.settings, argc, argv, &code)) {
    if (c.settings.own) announce_own(&c.settings);
    c.checkpoint = run_files_append(c.settings.run.out, ".checkpoint");
    code = train_command_run(&translate, &c.settings.run, &c, argc, argv);
  }
  pairs_corpus_close(&c.corpus);
  pairs_result_free(&c.result);
  pairs_settings_free(&c.settings);
  free(c.checkpoint);
  return code;
}
