#include "pairs_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "clocks.h"
#include "files.h"
#include "pairs_maps.h"
#include "report.h"
#include "report_curves.h"

static double epochs_of(const void *record) {
  return ((const pairs_record *)record)->epochs;
}
static double loss_of(const void *record) {
  return ((const pairs_record *)record)->loss;
}
static double dev_loss_of(const void *record) {
  return ((const pairs_record *)record)->dev_loss;
}
static double bleu_of(const void *record) {
  return ((const pairs_record *)record)->bleu;
}
static double chrf_of(const void *record) {
  return ((const pairs_record *)record)->chrf;
}
static double lr_of(const void *record) {
  return ((const pairs_record *)record)->lr;
}
static bool is_best(const void *record) {
  return ((const pairs_record *)record)->best != 0;
}

static void add_charts(const pairs_result *result, text_buffer *out) {
  const pairs_history *history = &result->history;
  report_series run = {"GRU", history->records, sizeof *history->records, history->count};
  report_curves chart = {.series = &run,
                         .series_count = 1,
                         .x = epochs_of,
                         .best = is_best,
                         .x_name = "epoch",
                         .x_title = "Epoch",
                         .x_decimals = 2,
                         .factor = 1,
                         .unit = ""};
  text_add(out, "<h2>Learning</h2>\n<div class=\"figures\">\n");
  bool scored = result->final.sentences > 0;
  chart.title = "Loss";
  chart.caption = scored ? "Cross-entropy on the development data; dashed: while training, with "
                           "dropout and label smoothing. A dot marks the best evaluation."
                         : "Cross-entropy while training.";
  chart.axis = "nats a token";
  chart.decimals = 4;
  chart.main = scored ? dev_loss_of : loss_of;
  chart.main_name = scored ? "dev" : "training";
  chart.other = scored ? loss_of : NULL;
  chart.other_name = "training";
  report_add_curves(&chart, out);
  chart.title = "BLEU";
  chart.caption = "Greedy translations of the development data; dashed: chrF2.";
  chart.axis = "";
  chart.decimals = 2;
  chart.main = bleu_of;
  chart.main_name = "BLEU";
  chart.other = chrf_of;
  chart.other_name = "chrF2";
  report_add_curves(&chart, out);
  chart.title = "Learning rate";
  chart.caption = "At each evaluation, in thousandths.";
  chart.axis = "";
  chart.decimals = 4;
  chart.factor = 1000;
  chart.main = lr_of;
  chart.main_name = "rate";
  chart.other = NULL;
  report_add_curves(&chart, out);
  text_add(out, "</div>\n");
}

static void add_summary(const pairs_result *result, text_buffer *out) {
  char grouped[TEXT_GROUPED_BYTES], span[CLOCKS_SPAN_BYTES];
  text_add(out,
           "<h2>Results</h2>\n<div class=\"scroll\"><table><thead><tr><th "
           "scope=\"col\">BLEU</th><th scope=\"col\">chrF2</th><th "
           "scope=\"col\">Evaluations</th><th scope=\"col\">Training</th><th "
           "scope=\"col\">Parameters</th><th scope=\"col\">File</th></tr></thead>\n<tbody><tr>");
  bool scored = result->final.sentences > 0;
  report_number_cell(out, 2, scored ? result->final.bleu.score : NAN, "");
  report_number_cell(out, 2, scored ? result->final.chrf : NAN, "");
  text_addf(out, "<td>%d</td><td>%s</td><td>%s</td><td>%.1f kB</td></tr></tbody></table></div>\n",
            result->history.count, clocks_span(result->history.seconds, span),
            text_grouped(result->parameters, grouped), (double)result->file_bytes / 1000);
}

/* Of many evaluations some, the last always. */
enum { SAMPLE_ROWS = 12 };

static void add_utf8(text_buffer *out, utf8_text text) {
  text_buffer copy = {0};
  text_add_bytes(&copy, text.text, text.bytes);
  text_add_escaped(out, copy.text == NULL ? "" : copy.text);
  out->failed = out->failed || copy.failed;
  text_free(&copy);
}

static void add_sample(const pairs_corpus *corpus, const pairs_result *result, int sample,
                       text_buffer *out) {
  const text_pair *pair = result->samples[sample];
  const pairs_history *history = &result->history;
  int rows = history->count < SAMPLE_ROWS ? history->count : SAMPLE_ROWS;
  text_add(out, "<h3>");
  add_utf8(out, pair->written);
  text_add(out, "</h3>\n<dl>");
  for (int i = 0; i < rows; i++) {
    int index = rows < 2 ? 0 : (int)((long)i * (history->count - 1) / (rows - 1));
    const char *text = history->samples[index][sample];
    text_addf(out, "<dt>epoch %.2f</dt><dd>", history->records[index].epochs);
    text_add_escaped(out, text == NULL ? "" : text);
    text_add(out, "</dd>\n");
  }
  text_add(out, "<dt>reference</dt><dd>");
  add_utf8(out, pair->reference);
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
      {"SHA-256 of the training data", corpus->data[0].sha256},
      {"Settings", s->text},
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
