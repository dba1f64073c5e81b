#include "programs.h"
#include "ranks.h"
#include "train_convert.h"
#include "train_names.h"
#include "train_translate.h"

int main(int argc, char **argv) {
  static const program_command commands[] = {
      {"names", "a classifier of names, or of any short text, by label", train_names},
      {"translate", "a translator of sentences, from pairs of them", train_translate},
      {"convert", "weights to another type of numbers, or several files to their mean",
       train_convert},
  };
  ranks_start("train");
  return ranks_end(
      program_run("train", "Trains recurrent networks on the CPU.", commands, 3, argc, argv));
}
