#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "names_report.h"
#include "utf8.h"

/* Markup is checked as XML by hand: every element closed in order, every attribute quoted, every
 * ampersand an entity. */
enum { DEPTH_MAX = 32 };

typedef struct markup {
  int elements, titles, figures;
} markup;

static const char *check_tag(const char *at, const char **open, int *depth, markup *seen) {
  bool closing = at[1] == '/';
  const char *name = at + 1 + closing;
  size_t length = strcspn(name, " \n/>");
  const char *end = name + length;
  while (*end != '>') {
    assert_true(*end != '\0' && *end != '<');
    if (*end++ != '"') continue;
    while (*end != '"') assert_true(*end != '\0' && *end++ != '<');
    end++;
  }
  if (closing) {
    assert_true(*depth > 0);
    (*depth)--;
    assert_int_equal(strncmp(open[*depth], name, length), 0);
    assert_int_equal(strcspn(open[*depth], " \n/>"), length);
  } else {
    seen->elements++;
    seen->titles += length == 5 && strncmp(name, "title", 5) == 0;
    seen->figures += length == 6 && strncmp(name, "figure", 6) == 0;
    if (end[-1] != '/') {
      assert_true(*depth < DEPTH_MAX);
      open[(*depth)++] = name;
    }
  }
  return end + 1;
}

static markup check_markup(const char *html) {
  const char *open[DEPTH_MAX];
  for (int i = 0; i < DEPTH_MAX; i++) open[i] = "";
  int depth = 0;
  markup seen = {0};
  static const char doctype[] = "<!DOCTYPE html>\n";
  assert_memory_equal(html, doctype, strlen(doctype));
  for (const char *at = html + strlen(doctype); *at != '\0';) {
    if (*at == '<') {
      at = check_tag(at, open, &depth, &seen);
      continue;
    }
    if (*at == '&') assert_in_range(strcspn(at, ";"), 2, 6);
    at++;
  }
  assert_int_equal(depth, 0);
  return seen;
}

enum { RUNS = 3, LABELS_MAX = 40, EPOCHS = 200 };

typedef struct sample {
  double rows[EPOCHS][NAMES_MEASURES + MEASURES_COMMON];
  int confusion[LABELS_MAX * LABELS_MAX];
  names_result results[RUNS];
  names_report_run runs[RUNS];
  const char *labels[LABELS_MAX];
  names_report page;
} sample;

static void fill(double *row, int epoch) {
  row[NAMES_EPOCH] = epoch;
  row[NAMES_LOSS] = 2.0 / epoch;
  row[NAMES_DEV_LOSS] = 2.5 / epoch;
  row[NAMES_DEV_TOP1] = 1 - 0.9 / epoch;
  row[NAMES_DEV_TOP3] = 1 - 0.5 / epoch;
  row[NAMES_MEASURES + MEASURES_SECONDS] = 2;
  row[NAMES_MEASURES + MEASURES_SPEED] = 1000;
  row[NAMES_MEASURES + MEASURES_BEST] = 1;
}

static names_report *make(sample *s, int runs, int labels, int epochs) {
  memset(s, 0, sizeof *s);
  for (int i = 0; i < epochs; i++) fill(s->rows[i], i + 1);
  for (int i = 0; i < labels * labels; i++) s->confusion[i] = i % 7;
  for (int i = 0; i < labels; i++) s->labels[i] = i == 0 ? "<b>&\"'\xFF\x01" : "Scottish";
  for (int r = 0; r < runs; r++) {
    names_result *result = &s->results[r];
    *result = (names_result){
        .run = {.history = {.of = &names_measures,
                            .rows = s->rows[0],
                            .count = epochs,
                            .seconds = 2.0 * epochs},
                .parameters = 123456,
                .file_bytes = 250000},
        .temperature = 1.25,
        .final = {.count = 100, .top1 = 0.5, .top3 = 0.75, .macro_f1 = 0.25, .nll = 1},
        .confusion = s->confusion};
    result->final.bin_count[7] = 100;
    result->final.bin_confidence[7] = result->final.bin_accuracy[7] = 0.5;
    for (int i = 0; i < LOSS_PARTS && r > 0; i += 3) { /* with gaps, as a short run has them */
      result->loss.sum[i] = 300.0 / (i + 1);
      result->loss.seen[i] = 100;
    }
    s->runs[r] = (names_report_run){"GRU<1>", result};
  }
  static const report_fact facts[] = {{"Data", "a & b"}};
  s->page = (names_report){.title = "Names <all>",
                           .command = "train names --out 'a&b'",
                           .date = "2026-01-01T00:00:00Z",
                           .labels = s->labels,
                           .label_count = labels,
                           .facts = facts,
                           .fact_count = 1,
                           .runs = s->runs,
                           .run_count = runs};
  return &s->page;
}

static char *html_of(const names_report *page) {
  char *html;
  size_t size;
  assert_int_equal(names_report_html(page, &html, &size, NULL), RC_OK);
  assert_int_equal(strlen(html), size);
  return html;
}

static void every_size_is_well_formed(void **state) {
  (void)state;
  static const int sizes[][3] = {{1, 2, 1}, {3, 18, 20}, {2, 40, EPOCHS}, {1, 1, 2}, {3, 2, 0}};
  sample *s = calloc(1, sizeof *s);
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    int runs = sizes[i][0], labels = sizes[i][1], epochs = sizes[i][2];
    char *html = html_of(make(s, runs, labels, epochs));
    markup seen = check_markup(html);
    assert_int_equal(utf8_check(html, strlen(html), NULL), RC_OK);
    assert_in_range(seen.titles, runs * labels * labels, 1000000);
    /* Only the runs after the first know their loss part by part. */
    assert_int_equal(seen.figures, 2 * runs + (epochs > 0 ? 3 : 0) + (runs > 1));
    assert_null(strstr(html, "nan"));
    assert_null(strstr(html, "inf"));
    free(html);
  }
  free(s);
}

static void names_are_escaped(void **state) {
  (void)state;
  sample *s = calloc(1, sizeof *s);
  char *html = html_of(make(s, 2, 3, 4));
  assert_non_null(strstr(html, "&lt;b&gt;&amp;&quot;&#39;\xEF\xBF\xBD\xEF\xBF\xBD"));
  assert_non_null(strstr(html, "<h1>Names &lt;all&gt;</h1>"));
  assert_non_null(strstr(html, "train names --out &#39;a&amp;b&#39;"));
  assert_null(strstr(html, "<b>"));
  free(html);
  free(s);
}

static void nothing_is_fetched_or_run(void **state) {
  (void)state;
  sample *s = calloc(1, sizeof *s);
  char *html = html_of(make(s, 3, 18, 20));
  static const char *const forbidden[] = {
      "http", "//", "<script", "src=", "url(", "@import", "<link"};
  for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
    assert_null(strstr(html, forbidden[i]));
  }
  free(html);
  free(s);
}

static void runs_without_dev_data_or_sense(void **state) {
  (void)state;
  sample *s = calloc(1, sizeof *s);
  names_report *page = make(s, 1, 3, 5);
  for (int i = 0; i < 5; i++) {
    s->rows[i][NAMES_DEV_LOSS] = s->rows[i][NAMES_DEV_TOP1] = s->rows[i][NAMES_DEV_TOP3] = NAN;
  }
  s->rows[2][NAMES_LOSS] = INFINITY; /* a run that diverged */
  s->rows[3][NAMES_LOSS] = s->rows[4][NAMES_LOSS] = NAN;
  s->results[0].confusion = NULL;
  char *html = html_of(page);
  markup seen = check_markup(html);
  assert_int_equal(seen.figures, 2); /* loss and time */
  assert_null(strstr(html, "nan"));
  assert_null(strstr(html, "inf"));
  free(html);
  page->run_count = 0;
  size_t size;
  assert_int_equal(names_report_html(page, &html, &size, NULL), RC_ERR_ARGUMENT);
  assert_null(html);
  free(s);
}

static void many_labels_make_no_large_page(void **state) {
  (void)state;
  enum { LABELS = 1000 };
  static const char *labels[LABELS];
  int *confusion = calloc((size_t)LABELS * LABELS, sizeof *confusion);
  assert_non_null(confusion);
  for (int i = 0; i < LABELS; i++) labels[i] = "Scottish";
  confusion[LABELS - 1] = 12345;
  sample s;
  names_report page = *make(&s, 1, 2, 3);
  s.results[0].confusion = confusion;
  page.labels = labels;
  page.label_count = LABELS;
  char *html = html_of(&page);
  check_markup(html);
  assert_true(strlen(html) < 100000);
  assert_non_null(strstr(html, "(12345)"));
  free(html);
  free(confusion);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_size_is_well_formed),
      cmocka_unit_test(names_are_escaped),
      cmocka_unit_test(nothing_is_fetched_or_run),
      cmocka_unit_test(runs_without_dev_data_or_sense),
      cmocka_unit_test(many_labels_make_no_large_page),
  };
  return cmocka_run_group_tests_name("names_report", tests, NULL, NULL);
}
