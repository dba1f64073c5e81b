/* translate: a line in, its translation out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "model_files.h"
#include "programs.h"
#include "threads.h"
#include "translate_lines.h"
#include "translate_output.h"

static const char PROGRAM[] = "translate";

typedef struct translate_settings {
  option_texts models;
  int beam, nbest, batch, threads, split;
  double alpha, coverage;
  bool attention, json, plain, typographic;
} translate_settings;

static rc_status read_line(text_buffer *lines, bool first, bool *got, rc_error *error) {
  char *line = NULL;
  size_t capacity = 0;
  ssize_t bytes = getline(&line, &capacity, stdin);
  *got = bytes >= 0;
  if (*got) {
    const char *text = line;
    size_t size = (size_t)bytes;
    if (size > 0 && text[size - 1] == '\n') size--;
    if (size > 0 && text[size - 1] == '\r') size--;
    if (first && size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
      text += 3; /* byte order mark */
      size -= 3;
    }
    text_add_bytes(lines, text, size);
  }
  free(line);
  if (lines->failed) return rc_fail(error, RC_ERR_MEMORY, "out of memory for lines");
  if (ferror(stdin)) return rc_fail(error, RC_ERR_IO, "standard input: %s", strerror(errno));
  return RC_OK;
}

/* The next lines of standard input, at most `most`; ends: [most] where each ends in the buffer. */
static rc_status read_lines(text_buffer *lines, size_t *ends, int most, long number, int *count,
                            rc_error *error) {
  lines->size = 0;
  *count = 0;
  for (bool got = true; *count < most && got;) {
    RC_TRY(read_line(lines, number + *count == 0, &got, error));
    if (got) ends[(*count)++] = lines->size;
  }
  return RC_OK;
}

/* Lines of a batch, with room for so many. */
typedef struct lines_batch {
  text_buffer bytes;
  size_t *ends;
  utf8_text *lines;
  int most, count;
} lines_batch;

static rc_status translate_all(const line_translator *how, const output_style *style,
                               lines_batch *batch, bool at_once, rc_error *error) {
  for (long number = 0;; number += batch->count) {
    RC_TRY(read_lines(&batch->bytes, batch->ends, batch->most, number, &batch->count, error));
    if (batch->count == 0) return RC_OK;
    for (int i = 0; i < batch->count; i++) {
      size_t start = i == 0 ? 0 : batch->ends[i - 1];
      const char *text = batch->bytes.text == NULL ? "" : batch->bytes.text + start;
      batch->lines[i] = (utf8_text){text, batch->ends[i] - start};
    }
    translated_lines translations;
    rc_status status =
        translate_lines(how, batch->lines, batch->count, number + 1, &translations, error);
    for (int i = 0; i < batch->count && status == RC_OK; i++) {
      status =
          translate_output(style, batch->lines[i], number + i + 1, &translations.lines[i], error);
    }
    translated_lines_free(&translations, batch->count);
    RC_TRY(status);
    /* Nobody reads any more: program_finish reports. */
    if (ferror(stdout) || (at_once && fflush(stdout) != 0)) return RC_OK;
  }
}

static rc_status translate_input(const translate_settings *s, const translator_ensemble *ensemble,
                                 rc_error *error) {
  const translator_model *model = &ensemble->models[0];
  bool french = strcmp(model->target_language, "fr") == 0;
  bool interactive = isatty(STDIN_FILENO), at_once = interactive || isatty(STDOUT_FILENO);
  if (interactive) fprintf(stderr, "One line of text a time; Ctrl-D ends.\n");
  line_translator how = {
      .sentences = {.source = codec_subwords(&model->source),
                    .target = codec_subwords(&model->target),
                    .setting = {french && !s->plain, s->typographic},
                    .options = translator_options_default(),
                    .batch = s->batch,
                    .threads = s->threads},
      .split = s->split,
  };
  memcpy(how.sentences.weights, ensemble->weights, sizeof ensemble->weights);
  how.sentences.options.beam = s->beam;
  how.sentences.options.nbest = s->nbest;
  how.sentences.options.alpha = (float)s->alpha;
  how.sentences.options.coverage = (float)s->coverage;
  how.sentences.options.attention = s->attention;
  output_style style = {.json = s->json,
                        .nbest = s->nbest,
                        .attention = s->attention,
                        .source = how.sentences.source,
                        .target = how.sentences.target};
  /* Enough to sort by length and to keep every thread at work. */
  int most = interactive ? 1 : s->batch * s->threads * 16;
  lines_batch batch = {.ends = malloc((size_t)most * sizeof(size_t)),
                       .lines = malloc((size_t)most * sizeof(utf8_text)),
                       .most = most};
  rc_status status = batch.ends == NULL || batch.lines == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory for lines")
                         : translate_all(&how, &style, &batch, at_once, error);
  free(batch.ends);
  free(batch.lines);
  text_free(&batch.bytes);
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

int main(int argc, char **argv) {
  int code = program_start(PROGRAM);
  if (code != PROGRAM_OK) return code;
  translate_settings s = {.beam = 4, .nbest = 1, .batch = 32, .split = PASSAGE_WHOLE, .alpha = 1};
  program_option table[] = {
      OPTION_GROUP("Options"),
      OPTION_TEXTS("model", 'm', &s.models, "FILE",
                   "weight file made by train (GGUF); needed. Several with the same vocabularies "
                   "translate together, by the mean of their log-probabilities at every token"),
      OPTION_INT("beam", 'b', &s.beam, 1, TRANSLATOR_BEAM_MAX, "width of the search; 1 is greedy"),
      OPTION_INT("nbest", 'k', &s.nbest, 1, TRANSLATOR_BEAM_MAX,
                 "print so many translations, at most the beam: number of the line, score and "
                 "text, separated by tabs"),
      OPTION_REAL("alpha", 0, &s.alpha, 0, 10, "weight of the length in a score; 0 for none"),
      OPTION_REAL("coverage", 0, &s.coverage, 0, 10,
                  "weight of what the attention left out; 0 for none"),
      OPTION_FLAG("attention", 'a', &s.attention,
                  "print for each sentence a table of the attention: source tokens across, target "
                  "tokens down"),
      OPTION_FLAG("json", 'j', &s.json, "print one JSON object a line"),
      OPTION_FLAG("plain", 'p', &s.plain,
                  "leave French as it was learnt: no narrow or unbreakable spaces"),
      OPTION_FLAG("typographic", 0, &s.typographic, "write apostrophes as \xE2\x80\x99 in French"),
      OPTION_INT("split", 0, &s.split, 0, 1000000,
                 "lines of more bytes are cut into sentences, which are translated one by one"),
      OPTION_INT("batch", 0, &s.batch, 1, 4096, "sentences at once"),
      OPTION_INT("threads", 't', &s.threads, 0, 1024, "0 for all processors"),
  };
  program_spec spec = {
      .program = PROGRAM,
      .usage = "--model FILE [options] < TEXT",
      .summary =
          "Translates standard input, line by line. Every line gives one line, in order; an empty "
          "one stays empty. Bytes that are not UTF-8 become U+FFFD.",
      .examples =
          "echo 'Good morning.' | translate --model en-fr.gguf\n"
          "translate --model en-fr.gguf --beam 1 < english.txt > french.txt\n"
          "# greedy: faster\n"
          "translate --model en-fr.gguf --nbest 4 --json < english.txt\n"
          "translate --model a.gguf --model b.gguf < english.txt\n"
          "# an ensemble: better and slower\n",
      .options = table,
      .option_count = OPTION_COUNT(table),
  };
  if (!program_options(&spec, argc, argv, NULL, &code)) return program_finish(PROGRAM, code);
  if (s.models.count == 0) {
    return program_wrong_usage(PROGRAM, "--model FILE is needed: which weights?");
  }
  if (s.nbest > s.beam) return program_wrong_usage(PROGRAM, "--nbest is at most --beam");
  s.threads = threads_wanted(s.threads);
  return program_finish(PROGRAM, run(&s));
}
