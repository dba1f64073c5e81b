#include <stdlib.h>
#include <string.h>

#include "clocks.h"
#include "dev_set.h"
#include "evaluate.h"
#include "evaluate_prefixes.h"
#include "json.h"
#include "model_files.h"
#include "normalize.h"
#include "programs.h"
#include "search_settings.h"
#include "text_buffer.h"
#include "threads.h"
#include "translating.h"

static const char program[] = "evaluate translate";

typedef struct evaluate_options {
  option_texts models;
  const char *data;
  search_settings search;
  int batch, threads, numbers, examples;
  bool ensemble, multi, prefixes, json;
} evaluate_options;

typedef struct evaluation {
  const char *const *models; /* [model_count] that translated together */
  int model_count;
  size_t bytes;
  int sentences; /* translated */
  double seconds;
  dev_scores scores;
  prefix_evaluation prefixes; /* with --prefixes, in the place of the scores */
} evaluation;

static translating translating_with(const evaluate_options *options,
                                    const translator_ensemble *ensemble) {
  const translator_model *model = &ensemble->models[0];
  const bool french = language_is_french(model->target_language);
  translating how = {.source = model->source,
                     .target = model->target,
                     .layer = model->layer,
                     .setting = {.elided = french,
                                 .layer = model->layer.used,
                                 .french_numbers = french && options->numbers == NUMBERS_FRENCH},
                     .options = translator_options_default(),
                     .batch = options->batch,
                     .threads = options->threads};
  memcpy(how.weights, ensemble->weights, sizeof ensemble->weights);
  search_settings_apply(&options->search, &how.options);
  return how;
}

static rc_status evaluate_set(const evaluate_options *options, const translating *how,
                              const dev_set *set, evaluation *out, rc_error *error) {
  if (options->prefixes) {
    return evaluate_prefixes(how, set->sources, set->source_count, options->examples,
                             &out->prefixes, error);
  }
  translated *translations = calloc((size_t)set->source_count, sizeof *translations);
  if (translations == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for sentences");
  double start = clocks_now();
  rc_status status = translating_texts(how, set->sources, set->source_count, translations, error);
  out->seconds = clocks_now() - start;
  out->sentences = set->source_count;
  if (status == RC_OK)
    status = dev_set_score_best(set, translations, options->multi, &out->scores, error);
  translated_free(translations, set->source_count);
  free(translations);
  return status;
}

/* out: says which models. */
static rc_status evaluate_models(const evaluate_options *options, evaluation *out,
                                 rc_error *error) {
  translator_ensemble ensemble;
  text_pairs pairs = {0};
  dev_set set = {0};
  rc_status status = model_files_ensemble(&ensemble, out->models, out->model_count, error);
  out->bytes = ensemble.file_bytes;
  bool french = language_is_french(ensemble.models[0].target_language);
  if (status == RC_OK) status = pairs_read(&pairs, options->data, french, error);
  if (status == RC_OK) status = dev_set_make(&set, pairs.items, pairs.count, error);
  if (status == RC_OK) {
    const translating how = translating_with(options, &ensemble);
    status = evaluate_set(options, &how, &set, out, error);
  }
  dev_set_free(&set);
  pairs_free(&pairs);
  model_files_ensemble_free(&ensemble);
  return status;
}

enum { SIGNATURE = 160 };

static void signatures(const evaluation *e, char bleu[SIGNATURE], char chrf[SIGNATURE]) {
  char version[64];
  snprintf(version, sizeof version, "recur.%s", program_version());
  bleu_signature(e->scores.references, version, bleu, SIGNATURE);
  chrf_signature(e->scores.references, version, chrf, SIGNATURE);
}

static void scores_json(const evaluation *e, json *row) {
  char bleu[SIGNATURE], chrf[SIGNATURE];
  signatures(e, bleu, chrf);
  json_integer(row, "sentences", e->scores.sentences);
  json_number(row, "bleu", e->scores.bleu.score);
  json *precisions = json_member_array(row, "precisions");
  for (int n = 0; n < BLEU_ORDER; n++) json_item_number(precisions, e->scores.bleu.precisions[n]);
  json_number(row, "brevity_penalty", e->scores.bleu.brevity_penalty);
  json_text(row, "bleu_signature", bleu);
  json_number(row, "chrf", e->scores.chrf);
  json_text(row, "chrf_signature", chrf);
  json_integer(row, "translated", e->sentences);
  json_number(row, "seconds", e->seconds);
}

static rc_status print_json(const evaluate_options *options, const evaluation *e, rc_error *error) {
  json *row = json_object();
  json_text(row, "model", e->models[0]);
  if (e->model_count > 1) {
    json *models = json_member_array(row, "ensemble");
    for (int i = 0; i < e->model_count; i++) json_item_text(models, e->models[i]);
  }
  json_unsigned(row, "bytes", e->bytes);
  json_text(row, "data", options->data);
  json_integer(row, "beam", options->search.beam);
  if (options->prefixes) {
    prefix_evaluation_json(&e->prefixes, row);
  } else {
    scores_json(e, row);
  }
  return program_print_json(row, error);
}

static void print_scores(const evaluation *e) {
  char bleu[SIGNATURE], chrf[SIGNATURE];
  const bleu_score *score = &e->scores.bleu;
  signatures(e, bleu, chrf);
  printf("  BLEU  %.2f  %.1f/%.1f/%.1f/%.1f, brevity penalty %.3f  %s\n", score->score,
         score->precisions[0], score->precisions[1], score->precisions[2], score->precisions[3],
         score->brevity_penalty, bleu);
  printf("  chrF2 %.2f  %s\n", e->scores.chrf, chrf);
}

static void print_text(const evaluate_options *options, const evaluation *e) {
  const prefix_evaluation *p = &e->prefixes;
  const bool prefixes = options->prefixes;
  const long texts = prefixes ? p->scores.prefixes : e->sentences;
  const double seconds = prefixes ? p->seconds : e->seconds;
  char count[TEXT_GROUPED_BYTES], of[TEXT_GROUPED_BYTES];
  for (int i = 0; i < e->model_count; i++) printf("%s%s", i > 0 ? " + " : "", e->models[i]);
  printf(", beam %d, %s ", options->search.beam,
         text_grouped(prefixes ? texts : e->scores.sentences, count));
  if (prefixes) printf("prefixes of %s ", text_grouped(p->sources, of));
  printf("sentences of %s, %.0f %s/s\n", options->data, seconds > 0 ? (double)texts / seconds : 0,
         prefixes ? "prefixes" : "sentences");
  if (prefixes) {
    prefix_evaluation_print(p);
  } else {
    print_scores(e);
  }
}

static int run(const evaluate_options *options) {
  rc_error error;
  int together = options->ensemble ? options->models.count : 1;
  for (int i = 0; i < options->models.count; i += together) {
    evaluation e = {.models = options->models.items + i, .model_count = together};
    rc_status status = evaluate_models(options, &e, &error);
    if (status == RC_OK && options->json) {
      status = print_json(options, &e, &error);
    } else if (status == RC_OK) {
      print_text(options, &e);
    }
    prefix_evaluation_free(&e.prefixes);
    if (status != RC_OK) return program_fail(program, &error);
  }
  return PROGRAM_OK;
}

int evaluate_translate(int argc, char **argv) {
  evaluate_options options = {.search = search_settings_default(), .batch = 32, .examples = 5};
  program_option table[] = {
      OPTION_GROUP("Options"),
      OPTION_TEXTS("model", 'm', &options.models, "FILE",
                   "weight file (GGUF), needed; may be repeated"),
      OPTION_TEXT("data", 'd', &options.data, "FILE",
                  "sentences to score on, source<TAB>reference a line; needed"),
      SEARCH_OPTIONS(options.search),
      OPTION_FLAG("ensemble", 0, &options.ensemble,
                  "the models, which must have the same vocabularies, translate together, by the "
                  "mean of their log-probabilities at every token, instead of each alone"),
      OPTION_FLAG("multi", 0, &options.multi,
                  "score each source once, against all of its references, instead of each line"),
      OPTION_FLAG("prefixes", 0, &options.prefixes,
                  "instead of scores: translate each source as it is typed, word by word, and tell "
                  "how many of these translations repeat three words in a row or have more than "
                  "twice the words of what was typed, and how many of the words already shown "
                  "change with the next one"),
      OPTION_INT("examples", 0, &options.examples, 0, 10000,
                 "of the worst translations of prefixes that are shown, one of a source"),
      OPTION_CHOICE("numbers", 0, &options.numbers, numbers_names,
                    "in French set as French sets them, or left as they are"),
      OPTION_INT("batch", 0, &options.batch, 1, 4096, "sentences at once"),
      OPTION_INT("threads", 't', &options.threads, 0, 1024, "0 for all processors"),
      OPTION_FLAG("json", 'j', &options.json, "print one JSON object for each model"),
  };
  program_spec spec = {
      .program = program,
      .usage = "--model FILE [--model FILE...] --data FILE [options]",
      .summary =
          "Scores translators by BLEU (13a tokens, cased) and chrF2, each with the signature of "
          "sacreBLEU, whose scores they equal. References are taken as they stand, translations "
          "as they were learnt, with plain spaces. Of a source 1,023 tokens are read at most, of a "
          "tutorial model's 9 words.",
      .examples =
          "evaluate translate --model en-fr.gguf --data dev.tsv\n"
          "evaluate translate --model en-fr.gguf --data dev.tsv --beam 1 --multi\n"
          "evaluate translate --model en-fr.gguf --data dev.tsv --prefixes --examples 20\n"
          "# while someone types\n"
          "evaluate translate --model a.gguf --model b.gguf --data dev.tsv --ensemble\n",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  int code;
  if (!program_options(&spec, argc, argv, NULL, &code)) return code;
  if (options.models.count == 0) return program_wrong_usage(program, "--model FILE is needed");
  if (options.data == NULL) return program_wrong_usage(program, "--data FILE is needed");
  if (options.prefixes && options.multi) {
    return program_wrong_usage(program, "--multi is of scores, which --prefixes has none of");
  }
  if (!options.prefixes && options_given(&spec, "examples")) {
    return program_wrong_usage(program, "--examples is of --prefixes");
  }
  options.threads = threads_wanted(options.threads);
  return run(&options);
}
