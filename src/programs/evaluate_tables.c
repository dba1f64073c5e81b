#include "evaluate_tables.h"

#include <math.h>
#include <stdlib.h>

#include "json.h"
#include "programs.h"
#include "terminal.h"
#include "text_buffer.h"

static const char *base_name(const char *path) {
  const char *base = path;
  for (const char *at = path; *at != '\0'; at++) {
    if (*at == '/' && at[1] != '\0') base = at + 1;
  }
  return base;
}

typedef struct score_column {
  const char *title;
  double value;
  bool share; /* shown as a percentage */
} score_column;

enum {
  SCORE_COLUMNS = 6,
  SCORE_WIDTH = 8,
  SET_WIDTH = 15,
  PRIOR_WIDTH = 6,
  COUNT_WIDTH = 6,
  NAME_WIDTH_MAX = 32
};

static void score_columns(const evaluation *row, score_column out[SCORE_COLUMNS]) {
  const scores *s = &row->scores;
  out[0] = (score_column){"top-1", s->top1, true};
  out[1] = (score_column){"top-3", s->top3, true};
  out[2] = (score_column){"recall", s->macro_recall, true};
  out[3] = (score_column){"ECE", s->calibration_error, true};
  out[4] = (score_column){"F1", row->has_f1 ? s->macro_f1 : NAN, true};
  out[5] = (score_column){"NLL", s->nll, false};
}

/* How many columns a terminal of this width has room for beside the names: the first ones count
 * most. */
static int columns_that_fit(const terminal *term, int name_width) {
  if (!term->interactive) return SCORE_COLUMNS;
  int fit =
      (terminal_width(term) - name_width - SET_WIDTH - PRIOR_WIDTH - COUNT_WIDTH) / SCORE_WIDTH;
  return fit < 2 ? 2 : fit < SCORE_COLUMNS ? fit : SCORE_COLUMNS;
}

static int widest_name(const evaluation *rows, int count) {
  int width = 5;
  for (int i = 0; i < count; i++) {
    int name = terminal_text_width(base_name(rows[i].model));
    if (name > width) width = name;
  }
  return width < NAME_WIDTH_MAX ? width : NAME_WIDTH_MAX;
}

static void print_score_row(const evaluation *row, const terminal *term, int width, int shown) {
  score_column columns[SCORE_COLUMNS];
  score_columns(row, columns);
  terminal_pad(stdout, base_name(row->model), width, false);
  printf(" %-*s%-*s%*d", SET_WIDTH, row->set, PRIOR_WIDTH, base_name(row->prior), COUNT_WIDTH,
         row->scores.count);
  for (int c = 0; c < shown; c++) {
    printf("%s", c == 0 ? terminal_style_of(term, TERMINAL_BOLD) : "");
    if (isnan(columns[c].value)) {
      printf("%*s", SCORE_WIDTH, "");
    } else if (columns[c].share) {
      printf("%*.1f %%", SCORE_WIDTH - 2, 100 * columns[c].value);
    } else {
      printf("%*.3f", SCORE_WIDTH, columns[c].value);
    }
    printf("%s", c == 0 ? terminal_style_of(term, TERMINAL_RESET) : "");
  }
  printf("\n");
}

void evaluate_print_scores(const evaluation *rows, int count) {
  terminal term = terminal_of(stdout);
  int width = widest_name(rows, count), shown = columns_that_fit(&term, width);
  score_column columns[SCORE_COLUMNS];
  score_columns(&rows[0], columns);
  printf("%s%-*s %-*s%-*s%*s", terminal_style_of(&term, TERMINAL_DIM), width, "model", SET_WIDTH,
         "over", PRIOR_WIDTH, "prior", COUNT_WIDTH, "n");
  for (int c = 0; c < shown; c++) printf("%*s", SCORE_WIDTH, columns[c].title);
  printf("%s\n", terminal_style_of(&term, TERMINAL_RESET));
  for (int i = 0; i < count; i++) print_score_row(&rows[i], &term, width, shown);
}

/* Confusion */

enum { LABEL_COLUMNS_MAX = 14, CONFUSIONS_LISTED = 20 };

typedef struct confusion_pair {
  int label, prediction, count, total;
} confusion_pair;

static int by_count(const void *a, const void *b) {
  const confusion_pair *x = a, *y = b;
  if (x->count != y->count) return x->count > y->count ? -1 : 1;
  if (x->label != y->label) return x->label - y->label;
  return x->prediction - y->prediction;
}

static int row_total(const int *confusion, int classes, int row) {
  int total = 0;
  for (int j = 0; j < classes; j++) total += confusion[row * classes + j];
  return total;
}

static void print_list(const int *confusion, const char *const *labels, int classes) {
  size_t cells = (size_t)classes * (size_t)classes;
  confusion_pair *pairs = malloc(cells * sizeof *pairs);
  int count = 0;
  for (int i = 0; pairs != NULL && i < classes; i++) {
    int total = row_total(confusion, classes, i);
    for (int j = 0; j < classes; j++) {
      int times = confusion[i * classes + j];
      if (i != j && times > 0) pairs[count++] = (confusion_pair){i, j, times, total};
    }
  }
  if (count > 0) qsort(pairs, (size_t)count, sizeof *pairs, by_count);
  printf("Too narrow for the matrix; the commonest confusions:\n");
  for (int i = 0; i < count && i < CONFUSIONS_LISTED; i++) {
    printf("%5d  ", pairs[i].count);
    terminal_pad(stdout, labels[pairs[i].label], LABEL_COLUMNS_MAX, false);
    printf(" taken for ");
    terminal_pad(stdout, labels[pairs[i].prediction], LABEL_COLUMNS_MAX, false);
    printf(" %5.1f %%\n", 100.0 * pairs[i].count / pairs[i].total);
  }
  free(pairs);
}

static int digits_of(int value) {
  return snprintf(NULL, 0, "%d", value);
}

void evaluate_print_confusion(const int *confusion, const char *const *labels, int classes) {
  terminal term = terminal_of(stdout);
  int cell = 4, width = 0;
  for (int i = 0; i < classes * classes; i++) {
    if (digits_of(confusion[i]) + 1 > cell) cell = digits_of(confusion[i]) + 1;
  }
  for (int i = 0; i < classes; i++) {
    if (terminal_text_width(labels[i]) > width) width = terminal_text_width(labels[i]);
  }
  if (width > LABEL_COLUMNS_MAX) width = LABEL_COLUMNS_MAX;
  if (term.interactive && width + 1 + classes * cell > terminal_width(&term)) {
    print_list(confusion, labels, classes);
    return;
  }
  printf("%*s", width, "");
  for (int j = 0; j < classes; j++) {
    putchar(' ');
    terminal_abbreviate(stdout, labels[j], cell - 1, true);
  }
  putchar('\n');
  for (int i = 0; i < classes; i++) {
    int total = row_total(confusion, classes, i);
    terminal_pad(stdout, labels[i], width, false);
    putchar(' ');
    for (int j = 0; j < classes; j++) {
      int times = confusion[i * classes + j];
      terminal_heat(&term, total > 0 ? (double)times / total : 0);
      if (times > 0) {
        printf("%*d ", cell - 1, times);
      } else {
        printf("%*s%s ", cell - 2, "", term.utf8 ? "\xC2\xB7" : "."); /* a middle dot */
      }
    }
    printf("%s\n", terminal_style_of(&term, TERMINAL_RESET));
  }
}

/* Sample */

static rc_status print_sample_json(const sample_prediction *shown, rc_error *error) {
  const example *sample = shown->sample;
  json *root = json_object();
  json_text(root, "model", shown->model);
  json_text_bytes(root, "name", sample->text, sample->bytes);
  json_text(root, "label", shown->labels[sample->label]);
  json_integer(root, "line", sample->line);
  json *list = json_member_array(root, "predictions");
  for (int i = 0; i < shown->top; i++) {
    json *item = json_item_object(list);
    json_text(item, "label", shown->labels[shown->best[i]]);
    json_float(item, "probability", shown->probabilities[shown->best[i]]);
  }
  return program_print_json(root, error);
}

static void print_share_bar(const terminal *term, double share) {
  enum { COLUMNS = 24 };
  int filled = (int)(share * COLUMNS + 0.5);
  printf("%s", terminal_style_of(term, TERMINAL_ACCENT));
  for (int i = 0; i < filled; i++) printf("%s", term->utf8 ? "\xE2\x94\x81" : "#");
  printf("%s\n", terminal_style_of(term, TERMINAL_RESET));
}

rc_status evaluate_print_sample(const sample_prediction *shown, bool as_json, rc_error *error) {
  if (as_json) return print_sample_json(shown, error);
  const example *sample = shown->sample;
  text_buffer name = {0};
  text_add_bytes(&name, sample->text, sample->bytes);
  if (name.failed) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  terminal term = terminal_of(stdout);
  printf("%s", terminal_style_of(&term, TERMINAL_BOLD));
  terminal_pad(stdout, name.text, terminal_text_width(name.text), false);
  const char *known = shown->labels[sample->label];
  printf("%s  line %d, ", terminal_style_of(&term, TERMINAL_RESET), sample->line);
  terminal_pad(stdout, known, terminal_text_width(known), false);
  printf("\n");
  text_free(&name);
  for (int i = 0; i < shown->top; i++) {
    int label = shown->best[i];
    bool right = label == sample->label;
    double share = (double)shown->probabilities[label];
    printf(" %s ", right ? "*" : " ");
    terminal_pad(stdout, shown->labels[label], LABEL_COLUMNS_MAX, false);
    printf(" %s%5.1f %%%s ", terminal_style_of(&term, right ? TERMINAL_GOOD : TERMINAL_RESET),
           100 * share, terminal_style_of(&term, TERMINAL_RESET));
    print_share_bar(&term, share);
  }
  return RC_OK;
}
