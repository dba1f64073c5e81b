/* translate: a line in, its translation out. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "clocks.h"
#include "input_lines.h"
#include "model_files.h"
#include "normalize.h"
#include "pair_writer.h"
#include "programs.h"
#include "progress.h"
#include "search_settings.h"
#include "threads.h"
#include "translate_output.h"

static const char PROGRAM[] = "translate";

static const char *const PAIRS[] = {"no", "forward", "reversed", NULL};
enum { PAIRS_NO, PAIRS_FORWARD, PAIRS_REVERSED };
static const char *const CHOICES[] = {
    [PAIR_BEST] = "best", [PAIR_CONSENSUS] = "consensus", [PAIR_REFERENCE] = "reference", NULL};
static const char *const METRICS[] = {[SENTENCE_CHRF] = "chrf", [SENTENCE_BLEU] = "bleu", NULL};

typedef struct translate_settings {
  option_texts models;
  search_settings search;
  int nbest, batch, threads, split;
  int pairs, choice, metric, numbers;
  double ratio;
  bool attention, inspect, json, plain, typographic;
} translate_settings;

/* The n-best of lines, one after another. */
static rc_status print_lines(const line_translator *how, const output_style *style, input_lines *in,
                             bool at_once, rc_error *error) {
  for (;;) {
    RC_TRY(input_lines_next(in, error));
    if (in->count == 0) return RC_OK;
    translated_lines translations;
    rc_status status = translate_lines(how, in->lines, in->count, in->number, &translations, error);
    rc_status printed = RC_OK;
    for (int i = 0; i < translations.count && printed == RC_OK; i++) {
      printed =
          translate_output(style, in->lines[i], in->number + i, &translations.lines[i], error);
    }
    translated_lines_free(&translations, in->count);
    RC_TRY(printed);
    RC_TRY(status);
    /* Nobody reads any more: program_finish reports. */
    if (ferror(stdout) || (at_once && fflush(stdout) != 0)) return RC_OK;
  }
}

static void show_progress(progress *bar, const input_lines *in, long lines, double start) {
  const double share = in->total > 0 ? (double)in->taken / (double)in->total : 0;
  const double total = share > 0 ? round((double)lines / share) : 0;
  progress_count(bar, (double)lines, total, start, clocks_now());
}

static rc_status write_pairs(const line_translator *how, pair_writer *writer, input_lines *in,
                             progress *bar, rc_error *error) {
  double start = clocks_now();
  bool referenced = writer->choice == PAIR_REFERENCE;
  for (;;) {
    show_progress(bar, in, writer->lines, start);
    RC_TRY(input_lines_next(in, error));
    if (in->count == 0) return RC_OK;
    if (referenced) RC_TRY(input_lines_split(in, error));
    translated_lines translations;
    rc_status status = translate_lines(how, in->lines, in->count, in->number, &translations, error);
    const utf8_text *references = referenced ? in->more : NULL;
    rc_status added = pair_writer_add(writer, &translations, references, translations.count, error);
    translated_lines_free(&translations, in->count);
    RC_TRY(added);
    RC_TRY(status);
    if (ferror(stdout)) return RC_OK;
  }
}

static rc_status print_pairs(const translate_settings *s, const line_translator *how, bool french,
                             input_lines *in, rc_error *error) {
  pair_writer writer = {.reversed = s->pairs == PAIRS_REVERSED,
                        .choice = (pair_choice)s->choice,
                        .metric = (sentence_metric)s->metric,
                        .ratio = s->ratio,
                        .nbest = s->nbest,
                        .threads = s->threads,
                        .french = french};
  progress bar = progress_begin(stderr, NULL, 10);
  bar.unit = "lines";
  rc_status status = write_pairs(how, &writer, in, &bar, error);
  if (status == RC_OK) {
    text_buffer summary = {0};
    pair_writer_summary(&writer, &summary);
    if (!summary.failed) progress_message(&bar, "%s", summary.text);
    text_free(&summary);
  }
  progress_end(&bar);
  return status;
}

static rc_status translate_input(const translate_settings *s, const translator_ensemble *ensemble,
                                 rc_error *error) {
  const translator_model *model = &ensemble->models[0];
  bool french = language_is_french(model->target_language);
  bool interactive = isatty(STDIN_FILENO), at_once = interactive || isatty(STDOUT_FILENO);
  if (interactive) fprintf(stderr, "One line of text a time; Ctrl-D ends.\n");
  line_translator how = {
      .sentences = {.source = model->source,
                    .target = model->target,
                    .layer = model->layer,
                    .setting = {.elided = french,
                                .french = french && !s->plain && s->pairs == PAIRS_NO,
                                .typographic_apostrophe = s->typographic,
                                .layer = model->layer.used,
                                .french_numbers = french && s->numbers == NUMBERS_FRENCH},
                    .options = translator_options_default(),
                    .batch = s->batch,
                    .threads = s->threads},
      .split = s->split,
  };
  memcpy(how.sentences.weights, ensemble->weights, sizeof ensemble->weights);
  search_settings_apply(&s->search, &how.sentences.options);
  how.sentences.options.nbest = s->nbest;
  how.sentences.options.attention = s->attention;
  output_style style = {.json = s->json,
                        .nbest = s->nbest,
                        .attention = s->attention,
                        .inspected = s->inspect ? model : NULL,
                        .layer = model->layer.used,
                        .source = how.sentences.source,
                        .target = how.sentences.target,
                        .longest = translating_longest(&how.sentences)};
  /* Sentences that have to be short are best read one by one. */
  if (style.longest < TRANSLATOR_LENGTH_MAX && how.split == PASSAGE_WHOLE) how.split = 0;
  /* Enough to sort by length and to keep every thread at work. */
  int most = interactive ? 1 : s->batch * s->threads * (s->pairs == PAIRS_NO ? 16 : 64);
  input_lines in;
  rc_status status = input_lines_open(&in, most, error);
  if (status == RC_OK) {
    status = s->pairs == PAIRS_NO ? print_lines(&how, &style, &in, at_once, error)
                                  : print_pairs(s, &how, french, &in, error);
  }
  input_lines_free(&in);
  return status;
}

static int run(const translate_settings *s) {
  translator_ensemble ensemble;
  rc_error error;
  rc_status status = model_files_ensemble(&ensemble, s->models.items, s->models.count, &error);
  if (status == RC_OK) status = translate_input(s, &ensemble, &error);
  model_files_ensemble_free(&ensemble);
  return status == RC_OK ? PROGRAM_OK : program_fail(PROGRAM, &error);
}

/* What makes no sense together; fills in what follows from the rest. */
static const char *conflict(translate_settings *s, const program_spec *spec) {
  if (s->nbest > s->search.beam) return "--nbest is at most --beam";
  if (s->inspect && !s->json) return "--inspect needs --json";
  if (s->inspect && s->models.count > 1) return "--inspect looks inside one --model";
  s->attention = s->attention || s->inspect;
  if (s->pairs == PAIRS_NO) {
    bool stray = options_given(spec, "choose") || options_given(spec, "metric") ||
                 options_given(spec, "ratio");
    return stray ? "--choose, --metric and --ratio need --pairs" : NULL;
  }
  if (s->json || s->attention) return "--pairs prints nothing else: no --json, no --attention";
  if (s->choice == PAIR_BEST && s->nbest > 1) return "--pairs with --nbest needs --choose";
  if (s->choice != PAIR_BEST && !options_given(spec, "nbest")) s->nbest = s->search.beam;
  return NULL;
}

static translate_settings standard_settings(void) {
  return (translate_settings){.search = search_settings_default(),
                              .nbest = 1,
                              .batch = 32,
                              .split = PASSAGE_WHOLE,
                              .ratio = 2};
}

int main(int argc, char **argv) {
  int code = program_start(PROGRAM);
  if (code != PROGRAM_OK) return code;
  translate_settings s = standard_settings();
  program_option table[] = {
      OPTION_GROUP("Options"),
      OPTION_TEXTS("model", 'm', &s.models, "FILE",
                   "weight file made by train (GGUF); needed. Several with the same vocabularies "
                   "translate together, by the mean of their log-probabilities at every token"),
      SEARCH_OPTIONS(s.search),
      OPTION_INT("nbest", 'k', &s.nbest, 1, TRANSLATOR_BEAM_MAX,
                 "print so many translations, at most the beam: number of the line, score and "
                 "text, separated by tabs"),
      OPTION_FLAG("attention", 'a', &s.attention,
                  "print for each sentence a table of the attention: source tokens across, target "
                  "tokens down"),
      OPTION_FLAG("json", 'j', &s.json, "print one JSON object a line"),
      OPTION_FLAG("inspect", 0, &s.inspect,
                  "with --json: for each sentence also its words, the attention between them, and "
                  "what is inside the network, gates and states at each token"),
      OPTION_FLAG("plain", 'p', &s.plain,
                  "leave French as it was learnt: no narrow or unbreakable spaces"),
      OPTION_CHOICE("numbers", 0, &s.numbers, numbers_names,
                    "in French set as French sets them, 1,299.99 as 1 299,99 and 3:45 p.m. as "
                    "15 h 45, or left as they are; of a model with a text layer"),
      OPTION_FLAG("typographic", 0, &s.typographic, "write apostrophes as \xE2\x80\x99 in French"),
      OPTION_INT("split", 0, &s.split, 0, 1000000,
                 "lines of more bytes are cut into sentences, which are translated one by one"),
      OPTION_INT("batch", 0, &s.batch, 1, 4096, "sentences at once"),
      OPTION_INT("threads", 't', &s.threads, 0, 1024,
                 "0 for all processors; the result does not depend on it"),
      OPTION_GROUP("Pairs to train on"),
      OPTION_CHOICE("pairs", 0, &s.pairs, PAIRS,
                    "print source<TAB>translation lines as train reads them or, for "
                    "back-translation, reversed; lines without a whole translation, or whose "
                    "translation is a copy or far longer or shorter, are left out"),
      OPTION_REAL("ratio", 0, &s.ratio, 0, 1000,
                  "the longer side has at most so many times the characters of the shorter and ten "
                  "more; 0 for any lengths"),
      OPTION_CHOICE("choose", 0, &s.choice, CHOICES,
                    "which of the --nbest (unless told, all of the beam): the best by score, the "
                    "one most like the others by their probability, or the one most like a "
                    "reference, where the lines are source<TAB>reference"),
      OPTION_CHOICE("metric", 0, &s.metric, METRICS, "by which --choose finds two alike"),
  };
  program_spec spec = {
      .program = PROGRAM,
      .usage = "--model FILE [options] < TEXT",
      .summary =
          "Translates standard input, line by line. Every line, of at most 1 MiB, gives one "
          "line, in order; an empty one stays empty. Bytes that are not UTF-8 become U+FFFD.",
      .examples =
          "echo 'Good morning.' | translate --model en-fr.gguf\n"
          "translate --model en-fr.gguf --beam 1 < english.txt > french.txt\n"
          "# greedy: faster\n"
          "translate --model en-fr.gguf --nbest 4 --json < english.txt\n"
          "echo 'Good morning.' | translate --model en-fr.gguf --json --inspect\n"
          "# gates and states of encoder and decoder, attention by word\n"
          "translate --model a.gguf --model b.gguf < english.txt\n"
          "# an ensemble: better and slower\n"
          "translate --model teacher.gguf --pairs forward < english.txt > train.tsv\n"
          "# what a smaller network can learn from\n"
          "translate --model fr-en.gguf --beam 1 --pairs reversed < french.txt > back.tsv\n"
          "# back-translations for a network from English to French\n"
          "cut -f 1,2 pairs.tsv | translate --model teacher.gguf --beam 8 --pairs forward "
          "--choose reference\n"
          "# the teacher's translations nearest to known ones\n",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  if (!program_options(&spec, argc, argv, NULL, &code)) return program_finish(PROGRAM, code);
  if (s.models.count == 0) {
    return program_wrong_usage(PROGRAM, "--model FILE is needed: which weights?");
  }
  const char *wrong = conflict(&s, &spec);
  if (wrong != NULL) return program_wrong_usage(PROGRAM, "%s", wrong);
  s.threads = threads_wanted(s.threads);
  return program_finish(PROGRAM, run(&s));
}
