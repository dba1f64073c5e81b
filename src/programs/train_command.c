#include "train_command.h"

#include <stdio.h>
#include <stdlib.h>

#include "programs.h"
#include "ranks.h"
#include "run_files.h"
#include "signals.h"

static rc_status train(const train_command *c, const run_settings *settings, void *self,
                       bool *stopped, rc_error *error) {
  const bool writes = ranks_rank() == 0;
  json_log log = json_log_of(writes ? settings->log : NULL, settings->resume);
  if (writes) RC_TRY(c->check(self, error));
  RC_TRY(kernels_set_precision((kernel_precision)settings->precision, error));
  const rc_status status = c->train(self, &log, stopped, error);
  const rc_status closed = json_log_close(&log, status == RC_OK ? error : NULL);
  return status == RC_OK ? closed : status;
}

int train_command_run(const train_command *c, const run_settings *settings, void *self, int argc,
                      char **argv) {
  rc_error error;
  bool stopped = false;
  char *words = NULL;
  signals_catch();
  rc_status status = train(c, settings, self, &stopped, &error);
  if (status == RC_OK) words = run_files_command(argc, argv, stopped);
  if (status == RC_OK && !stopped && ranks_rank() == 0) status = c->finish(self, words, &error);
  status = ranks_agree(status, &error);
  if (status == RC_OK && stopped) {
    fprintf(stderr, "stopped and saved; the same command goes on with --resume:\n  %s\n", words);
  }
  free(words);
  if (status != RC_OK) return program_fail(c->program, &error);
  return stopped ? PROGRAM_FAILURE : PROGRAM_OK;
}
