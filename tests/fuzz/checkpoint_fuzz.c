#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "checkpoint_toy.h"
#include "fuzz.h"

/* Any bytes may be refused; a run that they are the checkpoint of goes on, unless it stands at its
 * end, and can be saved again. */

static void go_on(checkpoint_toy *toy) {
  rc_error error = {.text = ""};
  trainer *t = &toy->trainer;
  FUZZ_CHECK(t->step >= 0 && t->step <= TOY_STEPS);
  FUZZ_CHECK(t->epoch >= 0 && t->epoch <= TOY_EPOCHS && t->batch >= 0 && t->batch <= t->batches);
  FUZZ_CHECK(t->correct >= 0 && t->correct <= t->seen);
  char numbers[MEASURES_TEXT];
  for (int i = 0; i < history_lines(&toy->past); i++) {
    FUZZ_CHECK(history_line(&toy->past, i, numbers) != NULL);
  }
  (void)history_best(&toy->past);
  (void)history_stalled(&toy->past);
  if (t->batch == t->batches) return;
  const rc_status status = checkpoint_toy_step(toy, &error);
  FUZZ_CHECK(status == RC_OK || (status == RC_ERR_RANGE && error.text[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static int file = -1;
  static char path[64];
  if (file < 0) {
    file = memfd_create("checkpoint", 0);
    FUZZ_CHECK(file >= 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  }
  FUZZ_CHECK(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
  checkpoint_toy toy;
  rc_error error = {.text = ""};
  FUZZ_CHECK(checkpoint_toy_new(&toy, &error) == RC_OK);
  if (checkpoint_load(path, &toy.trainer, TOY_STEPS, TOY_EPOCHS, &toy.extras, &error) == RC_OK) {
    go_on(&toy);
  } else {
    FUZZ_CHECK(error.text[0] != '\0');
  }
  checkpoint_toy_free(&toy);
  return 0;
}
