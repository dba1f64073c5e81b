#include "translator_grow.h"

#include <math.h>
#include <string.h>

/* What the rows or the columns of a matrix are, one section after another: gates, or what is read
 * beside each other. Units of a section keep their number, new ones follow. */
enum { SECTIONS_MAX = 3 };
typedef struct sections {
  int count;
  int from[SECTIONS_MAX], to[SECTIONS_MAX]; /* how many units each has and gets */
} sections;

/* What new rows are. */
typedef enum new_rows {
  AS_INITIAL,
  ZERO, /* of what is multiplied with new units that are not 0 */
} new_rows;

typedef struct growth {
  const translator *from, *to;
  const real *old;
  real *values;
} growth;

static int total(int count, const int *sizes) {
  int sum = 0;
  for (int i = 0; i < count; i++) sum += sizes[i];
  return sum;
}

/* Where unit i of the grown one was: -1 if it is new. */
static int origin(const sections *s, int i) {
  int before = 0;
  for (int k = 0; k < s->count; k++) {
    if (i < s->to[k]) return i < s->from[k] ? before + i : -1;
    i -= s->to[k];
    before += s->from[k];
  }
  return -1;
}

static sections repeated(int times, int from, int to) {
  sections s = {.count = times};
  for (int i = 0; i < times; i++) {
    s.from[i] = from;
    s.to[i] = to;
  }
  return s;
}

static sections beside(sections a, sections b) {
  for (int i = 0; i < b.count; i++) {
    a.from[a.count] = b.from[i];
    a.to[a.count++] = b.to[i];
  }
  return a;
}

static const sections ONE = {1, {1}, {1}};

/* A matrix [rows, columns] (a vector: columns ONE) whose old part is multiplied by `factor`. */
static void grow(const growth *g, size_t from, size_t to, sections rows, sections columns,
                 new_rows more, real factor) {
  const int width = total(columns.count, columns.to), old = total(columns.count, columns.from);
  const int height = total(rows.count, rows.to);
  for (int r = 0; r < height; r++) {
    real *row = g->values + to + (size_t)r * (size_t)width;
    const int was = origin(&rows, r);
    if (was < 0 && more == ZERO) memset(row, 0, (size_t)width * sizeof *row);
    if (was < 0) continue;
    for (int c = 0; c < width; c++) {
      const int column = origin(&columns, c);
      row[c] = column < 0 ? 0 : factor * g->old[from + (size_t)was * (size_t)old + (size_t)column];
    }
  }
}

static void grow_linear(const growth *g, const linear *from, const linear *to, sections rows,
                        sections columns) {
  grow(g, from->weight, to->weight, rows, columns, AS_INITIAL, 1);
  grow(g, from->bias, to->bias, rows, ONE, AS_INITIAL, 1);
}

static void grow_cell(const growth *g, const recurrent_weights *from, const recurrent_weights *to,
                      sections input, sections state) {
  const sections gates = beside(beside(state, state), state);
  grow(g, from->weight_ih, to->weight_ih, gates, input, AS_INITIAL, 1);
  grow(g, from->weight_hh, to->weight_hh, gates, state, AS_INITIAL, 1);
  grow(g, from->bias_ih, to->bias_ih, gates, ONE, AS_INITIAL, 1);
  grow(g, from->bias_hh, to->bias_hh, gates, ONE, AS_INITIAL, 1);
}

/* The sizes by name. */
typedef struct widths {
  sections embedding, state, context, attentional;
} widths;

static widths widths_of(const growth *g) {
  const translator_config *a = &g->from->config, *b = &g->to->config;
  return (widths){
      .embedding = repeated(1, a->embedding, b->embedding),
      .state = repeated(1, a->hidden, b->hidden),
      .context = repeated(a->encoder_directions, a->encoder_hidden, b->encoder_hidden),
      .attentional = repeated(1, a->attentional, b->attentional),
  };
}

static void grow_encoder(const growth *g, const widths *w) {
  const translator_config *a = &g->from->config, *b = &g->to->config;
  const sections state = repeated(1, a->encoder_hidden, b->encoder_hidden);
  for (int layer = 0; layer < a->encoder_layers; layer++) {
    for (int d = 0; d < a->encoder_directions; d++) {
      grow_cell(g, &g->from->encoder.weights[layer][d], &g->to->encoder.weights[layer][d],
                layer == 0 ? w->embedding : w->context, state);
    }
  }
}

/* The product with the state is divided by the root of its width, see translator_attend. */
static void grow_attention(const growth *g, const widths *w) {
  const translator *from = g->from, *to = g->to;
  const translator_attention attention = to->config.attention;
  const bool scaled = attention == TRANSLATOR_GENERAL;
  const real factor =
      scaled ? (real)sqrt((double)to->config.hidden / (double)from->config.hidden) : 1;
  const sections positions = repeated(1, to->config.positions, to->config.positions);
  if (to->keys.out > 0) {
    const new_rows more = scaled ? ZERO : AS_INITIAL;
    grow(g, from->keys.weight, to->keys.weight, w->state, w->context, more, factor);
    grow(g, from->keys.bias, to->keys.bias, w->state, ONE, more, factor);
  }
  if (attention == TRANSLATOR_ADDITIVE) {
    grow(g, from->query.weight, to->query.weight, w->state, w->state, AS_INITIAL, 1);
    grow(g, from->score, to->score, w->state, ONE, ZERO, 1);
  }
  if (attention == TRANSLATOR_LOCATION) {
    grow_linear(g, &from->query, &to->query, positions, beside(w->embedding, w->state));
  }
}

static void grow_output(const growth *g, const widths *w) {
  const translator *from = g->from, *to = g->to;
  const translator_config *c = &to->config;
  const sections words = repeated(1, c->target_vocabulary, c->target_vocabulary);
  if (c->tying == TRANSLATOR_UNTIED) {
    const sections read = translator_asks_first(to) ? w->state
                          : c->attentional > 0      ? w->attentional
                                                    : beside(w->state, w->context);
    grow(g, from->output.weight, to->output.weight, words, read, AS_INITIAL, 1);
  }
  grow(g, from->output.bias, to->output.bias, words, ONE, AS_INITIAL, 1);
}

/* New columns of embeddings that are not the output's too may be anything: nobody reads them. */
static void grow_embedding(const growth *g, const embedding *from, const embedding *to,
                           bool output) {
  const size_t all = (size_t)to->size, kept = (size_t)from->size;
  for (int i = 0; i < to->count; i++) {
    real *row = g->values + to->weight + (size_t)i * all;
    if (output) memset(row + kept, 0, (all - kept) * sizeof *row);
    memcpy(row, g->old + from->weight + (size_t)i * kept, kept * sizeof *row);
  }
}

static void grow_embeddings(const growth *g) {
  const translator_tying tying = g->to->config.tying;
  grow_embedding(g, &g->from->target, &g->to->target, tying != TRANSLATOR_UNTIED);
  if (tying != TRANSLATOR_TIED_ALL) grow_embedding(g, &g->from->source, &g->to->source, false);
}

static void grow_lexical(const growth *g, const widths *w) {
  const linear *to = &g->to->lexical;
  if (!g->to->config.lexical) return;
  if (g->from->config.lexical) {
    grow_linear(g, &g->from->lexical, to, w->attentional, w->embedding);
    return;
  }
  memset(g->values + to->weight, 0, (size_t)to->in * (size_t)to->out * sizeof(real));
  memset(g->values + to->bias, 0, (size_t)to->out * sizeof(real));
}

static rc_status check_size(const char *what, int from, int to, rc_error *error) {
  if (to >= from) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "%s of %d cannot shrink to %d", what, from, to);
}

static rc_status check(const translator_config *a, const translator_config *b, rc_error *error) {
  RC_TRY(check_size("embeddings", a->embedding, b->embedding, error));
  RC_TRY(check_size("a decoder's state", a->hidden, b->hidden, error));
  RC_TRY(check_size("an encoder's state", a->encoder_hidden, b->encoder_hidden, error));
  RC_TRY(check_size("an attentional layer", a->attentional, b->attentional, error));
  const bool dot = b->attention == TRANSLATOR_DOT || b->attention == TRANSLATOR_SCALED_DOT;
  if ((dot || !b->bridge) && (a->hidden != b->hidden || a->encoder_hidden != b->encoder_hidden)) {
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "states that are compared with, or handed on to the decoder's, keep their size");
  }
  const bool same =
      a->source_vocabulary == b->source_vocabulary &&
      a->target_vocabulary == b->target_vocabulary && a->encoder_layers == b->encoder_layers &&
      a->encoder_directions == b->encoder_directions && a->bridge == b->bridge &&
      a->order == b->order && a->attention == b->attention && a->positions == b->positions &&
      (a->attentional > 0) == (b->attentional > 0) && a->input_feeding == b->input_feeding &&
      a->tying == b->tying && (b->lexical || !a->lexical);
  return same ? RC_OK
              : rc_fail(error, RC_ERR_ARGUMENT, "networks of another kind do not grow out of it");
}

rc_status translator_grow(const translator *from, const real *old, const translator *to,
                          uint64_t seed, real *values, rc_error *error) {
  RC_TRY(check(&from->config, &to->config, error));
  const growth g = {from, to, old, values};
  const widths w = widths_of(&g);
  const translator_config *c = &to->config;
  translator_init(to, seed, values);
  grow_embeddings(&g);
  grow_encoder(&g, &w);
  if (c->bridge) grow_linear(&g, &from->bridge, &to->bridge, w.state, w.context);
  grow_cell(&g, &from->decoder.weights[0][0], &to->decoder.weights[0][0],
            translator_asks_first(to) ? w.attentional : w.embedding, w.state);
  if (c->input_feeding) {
    const sections gates = beside(beside(w.state, w.state), w.state);
    grow(&g, from->feed.weight, to->feed.weight, gates, w.attentional, AS_INITIAL, 1);
  }
  grow_attention(&g, &w);
  if (c->attentional > 0) {
    grow_linear(&g, &from->attentional, &to->attentional, w.attentional,
                beside(translator_asks_first(to) ? w.embedding : w.state, w.context));
  }
  grow_lexical(&g, &w);
  grow_output(&g, &w);
  return RC_OK;
}
