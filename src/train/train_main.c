#include "programs.h"
#include "train_names.h"

int main(int argc, char **argv) {
  static const program_command commands[] = {
      {"names", "a classifier of names, or of any short text, by label", train_names},
  };
  return program_run("train", "Trains recurrent networks on the CPU.", commands, 1, argc, argv);
}
