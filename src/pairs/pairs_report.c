#include "pairs_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "clocks.h"
#include "files.h"
#include "pairs_maps.h"
#include "report.h"
#include "report_curves.h"

static void add_charts(const pairs_result *result, text_buffer *out) {
  const history *past = &result->run.history;
  const report_series run = {"GRU", past->rows, past->count};
  const bool scored = result->final.sentences > 0;
  report_curves charts[] = {
      {.title = "Loss",
       .caption = scored ? "Cross-entropy on the development data; dashed: while training, with "
                           "dropout and label smoothing. A dot marks the best evaluation."
                         : "Cross-entropy while training.",
       .axis = "nats a token",
       .main = scored ? PAIRS_DEV_LOSS : PAIRS_LOSS,
       .other = scored ? PAIRS_LOSS : -1,
       .factor = 1,
       .decimals = 4},
      {.title = "BLEU",
       .caption = "Greedy translations of the development data; dashed: chrF2.",
       .axis = "",
       .main = PAIRS_BLEU,
       .other = PAIRS_CHRF,
       .factor = 1,
       .decimals = 2},
      {.title = "Learning rate",
       .caption = "At each evaluation, in thousandths.",
       .axis = "",
       .main = PAIRS_MEASURES + MEASURES_LR,
       .other = -1,
       .factor = 1000,
       .decimals = 4},
  };
  text_add(out, "<h2>Learning</h2>\n<div class=\"figures\">\n");
  for (size_t i = 0; i < sizeof charts / sizeof *charts; i++) {
    charts[i].of = past->of;
    charts[i].series = &run;
    charts[i].series_count = 1;
    report_add_curves(&charts[i], out);
  }
  text_add(out, "</div>\n");
}

static void add_summary(const pairs_result *result, text_buffer *out) {
  const run_result *run = &result->run;
  text_add(out,
           "<h2>Results</h2>\n<div class=\"scroll\"><table><thead><tr><th "
           "scope=\"col\">BLEU</th><th scope=\"col\">chrF2</th><th "
           "scope=\"col\">Evaluations</th>" REPORT_RUN_HEADINGS "</tr></thead>\n<tbody><tr>");
  bool scored = result->final.sentences > 0;
  report_number_cell(out, 2, scored ? result->final.bleu.score : NAN, "");
  report_number_cell(out, 2, scored ? result->final.chrf : NAN, "");
  report_run_cells(out, run->history.count, run->history.seconds, run->parameters, run->file_bytes);
  text_add(out, "</tbody></table></div>\n");
}

/* Of many evaluations some, the last always. */
enum { SAMPLE_ROWS = 12 };

static void add_sample(const pairs_corpus *corpus, const pairs_result *result, int sample,
                       text_buffer *out) {
  const text_pair *pair = result->samples[sample];
  const history *past = &result->run.history;
  int rows = past->count < SAMPLE_ROWS ? past->count : SAMPLE_ROWS;
  text_add(out, "<h3>");
  text_add_escaped_bytes(out, pair->written.text, pair->written.bytes);
  text_add(out, "</h3>\n<dl>");
  for (int i = 0; i < rows; i++) {
    int index = rows < 2 ? 0 : (int)((long)i * (past->count - 1) / (rows - 1));
    const char *text = past->texts[index][sample];
    text_addf(out, "<dt>epoch %.2f</dt><dd>", history_at(past, index, PAIRS_EPOCHS));
    text_add_escaped(out, text == NULL ? "" : text);
    text_add(out, "</dd>\n");
  }
  text_add(out, "<dt>reference</dt><dd>");
  text_add_escaped_bytes(out, pair->reference.text, pair->reference.bytes);
  text_add(out,
           "</dd></dl>\n<figure><figcaption><span>What each word of the last translation "
           "attended to.</span></figcaption><div class=\"scroll\">");
  pairs_maps_add(out, corpus->source_codec, corpus->target_codec, &result->attended[sample]);
  text_add(out, "</div></figure>\n");
}

static void add_facts(const pairs_settings *s, const pairs_corpus *corpus, text_buffer *out) {
  char pairs[32], dev[32], seed[32], source[32], target[32];
  snprintf(pairs, sizeof pairs, "%d", corpus->pairs);
  snprintf(dev, sizeof dev, "%d", corpus->dev.count);
  snprintf(seed, sizeof seed, "%llu", (unsigned long long)s->seed);
  snprintf(source, sizeof source, "%zu", corpus->source.count);
  snprintf(target, sizeof target, "%zu", corpus->target.count);
  report_fact facts[] = {
      {"Training pairs", pairs},
      {"Dev pairs", dev},
      {"Source tokens", source},
      {"Target tokens", target},
      {"Seed", seed},
      {"Kernels", kernels->name},
      {"SHA-256 of the training data", corpus->sha256[0]},
      {"Settings", s->run.text},
  };
  report_add_facts(out, facts, (int)(sizeof facts / sizeof *facts));
}

rc_status pairs_report_write(const char *path, const char *command, const pairs_settings *settings,
                             const pairs_corpus *corpus, const pairs_result *result,
                             rc_error *error) {
  char date[CLOCKS_UTC_BYTES], title[64], *html;
  size_t size;
  text_buffer out = {0};
  clocks_utc(date);
  snprintf(title, sizeof title, "Translating %s to %s", settings->source_language,
           settings->target_language);
  report_begin_page(&out, title, date, command);
  add_summary(result, &out);
  add_charts(result, &out);
  if (result->sample_count > 0) {
    text_add(&out, "<h2>Sample translations</h2>\n");
    for (int k = 0; k < result->sample_count; k++) add_sample(corpus, result, k, &out);
  }
  add_facts(settings, corpus, &out);
  RC_TRY(report_end_page(&out, &html, &size, error));
  rc_status status = files_write_atomically(path, html, size, error);
  free(html);
  return status;
}
