/* evaluate: how good a weight file is, and what is in it. */
#include "evaluate.h"

#include "programs.h"

int main(int argc, char **argv) {
  static const program_command commands[] = {
      {"names", "scores of classifiers on labelled names", evaluate_names},
      {"translate", "BLEU and chrF2 of translators on sentences with references",
       evaluate_translate},
      {"inspect", "metadata and tensors of a weight file", evaluate_inspect},
  };
  return program_run("evaluate", "Measures trained weights and shows what a weight file holds.",
                     commands, 3, argc, argv);
}
