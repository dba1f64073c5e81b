#include <stdio.h>

#include "checkpoint_toy.h"

/* Writes checkpoints into the corpus: checkpoint_seeds corpus/checkpoint */

static rc_status write_seed(const char *path, int steps, rc_error *error) {
  checkpoint_toy toy;
  rc_status status = checkpoint_toy_new(&toy, error);
  for (int i = 0; i < steps && status == RC_OK; i++) status = checkpoint_toy_step(&toy, error);
  if (status == RC_OK) status = checkpoint_save(path, &toy.trainer, &toy.extras, error);
  checkpoint_toy_free(&toy);
  return status;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  for (int steps = 0; steps <= 1; steps++) {
    char path[1000];
    rc_error error;
    snprintf(path, sizeof path, "%s/step%d", argv[1], steps);
    if (write_seed(path, steps, &error) != RC_OK) {
      fprintf(stderr, "%s: %s\n", path, error.text);
      return 1;
    }
  }
  return 0;
}
