/* classify: which labels a text most likely belongs to. */
#include <stdlib.h>
#include <string.h>

#include "classify.h"
#include "model_files.h"
#include "programs.h"
#include "surname.h"

const classifier_model *classify_model(const classifier_ensemble *networks) {
  return networks->members[0].model;
}

int classify_top(const classify_options *options, const classifier_model *model) {
  const int labels = model->net.config.labels;
  return options->top < labels ? options->top : labels;
}

utf8_text classify_part(const classify_options *options, utf8_text text) {
  return options->whole ? text : surname_of(text.text, text.bytes);
}

static rc_status classify(const classify_options *options, const classifier_model *models,
                          int count, char **names, int *refused, rc_error *error) {
  classifier_ensemble networks;
  prior_choice prior = {0};
  rc_status status = classifier_ensemble_begin(&networks, models, options->models.count, error);
  if (status == RC_OK) status = prior_choice_make(&prior, options->prior, models, error);
  if (status == RC_OK) {
    status = classifier_ensemble_prior(&networks, prior.kind, prior.weights, error);
    prior_choice_free(&prior);
  }
  if (status == RC_OK) {
    status = options->column != NULL
                 ? classify_table(options, &networks, error)
                 : classify_lines(options, &networks, count, names, refused, error);
  }
  classifier_ensemble_end(&networks);
  return status;
}

static int run_classify(const classify_options *options, int count, char **names) {
  classifier_model models[OPTION_TEXTS_MAX];
  rc_error error;
  int refused = 0, read = 0;
  rc_status status = RC_OK;
  while (status == RC_OK && read < options->models.count) {
    status = model_files_classifier(&models[read], options->models.items[read], NULL, &error);
    read += status == RC_OK;
  }
  if (status == RC_OK) status = classify(options, models, count, names, &refused, &error);
  for (int i = 0; i < read; i++) classifier_model_free(&models[i]);
  if (status != RC_OK) return program_fail("classify", &error);
  return refused > 0 ? PROGRAM_FAILURE : PROGRAM_OK;
}

static const char *conflict(const classify_options *options, int operands) {
  if (options->models.count == 0) return "--model FILE is needed: which weights?";
  if (options->inspect && !options->json) return "what --inspect shows is JSON: add --json";
  if (options->inspect && options->models.count > 1) {
    return "--inspect looks inside one network: give one --model";
  }
  if (options->label != NULL && !options->inspect) return "--label is of --inspect: add it";
  const char *separator = options->separator;
  if (options->column == NULL) {
    const bool table = options->input != NULL || options->output != NULL || separator != NULL;
    return table ? "--in, --out and --separator are of a table: which --column has the names?"
                 : NULL;
  }
  if (operands > 0) return "names come from the --column, not from the command line";
  if (options->json) return "a table is no JSON: --column and --json exclude each other";
  if (separator == NULL) return NULL;
  const bool fits = strlen(separator) == 1 && (unsigned char)*separator < 0x80 &&
                    strchr("\"\r\n", *separator) == NULL;
  return fits ? NULL : "--separator is one character of ASCII, and no quote";
}

int main(int argc, char **argv) {
  int code = program_start("classify");
  if (code != PROGRAM_OK) return code;
  classify_options options = {.top = 3};
  program_option table[] = {
      OPTION_GROUP("Options"),
      OPTION_TEXTS(
          "model", 'm', &options.models, "FILE",
          "weight file made by train (GGUF); several of the same labels answer together, by "
          "the mean of the logarithms of their probabilities; needed"),
      OPTION_TEXT("prior", 'p', &options.prior, "PRIOR",
                  PRIOR_CHOICE_HELP ". Unless given, what the (first) weights say, or equal"),
      OPTION_INT("top", 'k', &options.top, 1, CLASSIFIER_LABELS_MAX,
                 "how many labels to print, likeliest first"),
      OPTION_FLAG("whole", 'w', &options.whole,
                  "read a name as it stands, instead of the surname in it"),
      OPTION_FLAG("json", 'j', &options.json,
                  "print one JSON object a line: name, letters, predictions"),
      OPTION_GROUP("Inside the cells"),
      OPTION_FLAG("inspect", 0, &options.inspect,
                  "with --json: add \"inside\", what the cells do at each letter: the gates (LSTM: "
                  "input, forget, candidate, output; GRU: reset, update, candidate), the hidden "
                  "state and, of an LSTM, the cell state, each as [layers][directions][letters]"
                  "[units]; of texts of at most 1,000 letters, where they decide"),
      OPTION_TEXT("label", 0, &options.label, "LABEL",
                  "with --inspect: add the loss if this is the right label, and \"gradient\", the "
                  "norm of its gradient with respect to the hidden state after each letter, "
                  "[layers][directions][letters]: what of the loss reaches that letter"),
      OPTION_GROUP("Tables"),
      OPTION_TEXT("column", 'c', &options.column, "NAME",
                  "read a table, CSV or TSV with a header, whose column of this name, or number "
                  "from 1, has names; write it with columns added and all else as it was"),
      OPTION_TEXT("in", 'i', &options.input, "FILE", "the table; standard input unless given"),
      OPTION_TEXT("out", 'o', &options.output, "FILE",
                  "where the new table goes; standard output unless given"),
      OPTION_TEXT("separator", 0, &options.separator, "C",
                  "what is between columns; guessed from the header unless given"),
  };
  program_spec spec = {
      .program = "classify",
      .usage = "--model FILE [--model FILE...] [options] [--] [NAME...]",
      .summary =
          "Prints which labels each name most likely belongs to. Names are arguments, or, "
          "without any, one a line on standard input. Each gives one row, in order: the "
          "name, then pairs of label and calibrated probability, all separated by tabs. Of a full "
          "name the surname is read: the last word with its particles, or what is before a "
          "comma. A name of letters that the weights do not know is answered from its script, if "
          "they tell of it, or gives a row without predictions, as does one without letters (an "
          "empty line): rows and lines stay aligned. Bytes that are not UTF-8 count as unknown "
          "letters.",
      .examples =
          "classify --model names-gru.gguf Müller Nguyễn\n"
          "classify --model names-gru.gguf --top 1 < names.txt > labels.tsv\n"
          "classify --model a.gguf --model b.gguf < names.txt   # together: better and slower\n"
          "classify --model names-gru.gguf --json --top 5 \"O'Neill\"\n"
          "classify --model names-gru.gguf --json --inspect --label Polish Kowalczyk\n"
          "classify --model names-gru.gguf --column surname --in people.csv --out labelled.csv\n",
      .options = table,
      .option_count = OPTION_COUNT(table),
      .operands = true,
  };
  int first;
  if (!program_options(&spec, argc, argv, &first, &code)) return program_finish("classify", code);
  const char *wrong = conflict(&options, argc - first);
  if (wrong != NULL) return program_wrong_usage("classify", "%s", wrong);
  return program_finish("classify", run_classify(&options, argc - first, argv + first));
}
