#include <stdio.h>
#include <string.h>

#include "bpe.h"
#include "differ.h"
#include "translator_infer.h"

/* The first letters stand for the attention in what is printed. */
static const char *const ATTENTIONS[] = {"dot", "scaled-dot", "general", "additive", "location"};

static translator_config draw_config(rc_rng *rng) {
  translator_config c = {
      .target_vocabulary = draw_between(rng, 3, 90),
      .embedding = draw_between(rng, 1, 50),
      .encoder_hidden = draw_between(rng, 1, 50),
      .hidden = draw_between(rng, 1, 80),
      .encoder_layers = draw_between(rng, 1, 3),
      .encoder_directions = draw_between(rng, 1, 2),
      .bridge = draw_between(rng, 0, 3) > 0,
      .order = draw_between(rng, 0, 3) == 0 ? TRANSLATOR_ATTENTION_FIRST : TRANSLATOR_STATE_FIRST,
      .attention = (translator_attention)draw_between(rng, TRANSLATOR_DOT, TRANSLATOR_LOCATION),
      .attentional = draw_between(rng, 0, 3) == 0 ? 0 : draw_between(rng, 1, 50),
      .tying = (translator_tying)draw_between(rng, TRANSLATOR_UNTIED, TRANSLATOR_TIED_ALL)};
  c.source_vocabulary =
      c.tying == TRANSLATOR_TIED_ALL ? c.target_vocabulary : draw_between(rng, 3, 90);
  if (c.attention == TRANSLATOR_LOCATION) c.positions = draw_between(rng, SENTENCE_MAX, 60);
  /* What one choice asks of another. */
  const bool first = c.order == TRANSLATOR_ATTENTION_FIRST;
  if (first && c.attentional == 0) c.attentional = 7;
  c.input_feeding = !first && c.attentional > 0 && draw_between(rng, 0, 1) == 0;
  c.lexical = !first && c.attentional > 0 && draw_between(rng, 0, 1) == 0;
  if (c.tying != TRANSLATOR_UNTIED && first) c.hidden = c.embedding;
  if (c.tying != TRANSLATOR_UNTIED && !first) c.attentional = c.embedding;
  const bool dot = c.attention == TRANSLATOR_DOT || c.attention == TRANSLATOR_SCALED_DOT;
  if (dot || !c.bridge) {
    if (c.hidden % 2 != 0) c.encoder_directions = 1;
    c.encoder_hidden = c.hidden / c.encoder_directions;
  }
  return c;
}

static int draw_sentences(rc_rng *rng, int count, int vocabulary, int *ids, int *lengths) {
  int total = 0;
  for (int i = 0; i < count; i++) {
    lengths[i] = draw_between(rng, 1, draw_between(rng, 1, SENTENCE_MAX));
    for (int k = 0; k < lengths[i]; k++) ids[total++] = draw_between(rng, 0, vocabulary - 1);
  }
  return total;
}

rc_status translator_case_draw(translator_case *c, rc_rng *rng, rc_arena *memory, rc_error *error) {
  const translator_config config = draw_config(rng);
  RC_TRY(translator_build(&c->net, &config, error));
  c->values = ARENA_ARRAY(memory, real, c->net.params.total);
  RC_TRY(arena_check(memory, "a network", error));
  draw_weights(&c->net.params, rng, 1 + 2.5F * rng_uniform(rng), c->values);
  c->count = draw_between(rng, 1, SENTENCES_MAX);
  (void)draw_sentences(rng, c->count, config.source_vocabulary, c->sources, c->source_lengths);
  const int tokens =
      draw_sentences(rng, c->count, config.target_vocabulary, c->outputs, c->output_lengths);
  int sentence = 0, begun = 0;
  for (int t = 0; t < tokens; t++) {
    if (t - begun == c->output_lengths[sentence]) begun += c->output_lengths[sentence++];
    c->inputs[t] = t == begun ? BPE_BEGIN : c->outputs[t - 1];
  }
  return RC_OK;
}

void translator_case_print(const translator_case *c) {
  const translator_config *n = &c->net.config;
  printf(
      "translator, %d and %d tokens, embedding %d, encoder %d x %d x %d, hidden %d, attention %s "
      "%s, attentional %d%s%s%s, tying %d; %d sentences\n",
      n->source_vocabulary, n->target_vocabulary, n->embedding, n->encoder_layers,
      n->encoder_directions, n->encoder_hidden, n->hidden, ATTENTIONS[n->attention],
      n->order == TRANSLATOR_ATTENTION_FIRST ? "first" : "after", n->attentional,
      n->input_feeding ? ", fed" : "", n->lexical ? ", lexical" : "", n->bridge ? ", bridge" : "",
      (int)n->tying, c->count);
}

/* Target sentences, one after another. */
typedef struct targets {
  const int *ids, *lengths;
} targets;

static int total_of(int count, const int *lengths) {
  int total = 0;
  for (int i = 0; i < count; i++) total += lengths[i];
  return total;
}

static int longest_of(int count, const int *lengths) {
  int longest = 0;
  for (int i = 0; i < count; i++) longest = lengths[i] > longest ? lengths[i] : longest;
  return longest;
}

/* Every sentence begins with the state that its source gives. */
static void begin_rows(const translator_weights *w, const translator_encoded *e, int count,
                       translator_rows *r) {
  const size_t hidden = (size_t)w->net.config.hidden, fed = (size_t)w->net.config.attentional;
  for (int i = 0; i < count; i++) {
    const size_t at = (size_t)e->source.rows[e->source.starts[i]];
    memcpy(r->h + (size_t)i * hidden, e->initial + at * hidden, hidden * sizeof(float));
  }
  memset(r->fed, 0, (size_t)count * fed * sizeof(float));
  translator_rows_begin(w, r);
}

/* spoken [sum of lengths, Vt]: the log-probabilities of each token of the targets and of all that
 * could stand in its place, given those before. */
static rc_status speak(const translator_case *c, const translator_weights *w, targets t,
                       float *spoken, rc_arena *scratch, rc_error *error) {
  const translator_config *n = &c->net.config;
  const size_t rows = (size_t)c->count, vocabulary = (size_t)n->target_vocabulary;
  const int tokens = total_of(c->count, c->source_lengths);
  int longest = longest_of(c->count, c->source_lengths);
  translator_encoded e = translator_encoded_layout(w, c->count, tokens, longest, scratch);
  if (n->positions > longest) longest = n->positions;
  translator_rows r = translator_rows_layout(w, c->count, longest, n->target_vocabulary, scratch);
  r.h = ARENA_ARRAY(scratch, float, rows *(size_t)n->hidden);
  r.fed = ARENA_ARRAY(scratch, float, rows *(size_t)n->attentional);
  RC_TRY(arena_check(scratch, "a translation", error));
  RC_TRY(translator_encode_begin(w, c->count, c->source_lengths, c->sources, &e, error));
  while (translator_encode_step(w, &e)) continue;
  begin_rows(w, &e, c->count, &r);
  int sentences[SENTENCES_MAX], ids[SENTENCES_MAX];
  r.rows = c->count, r.sentences = sentences, r.ids = ids;
  const int steps = longest_of(c->count, t.lengths);
  for (int step = 0; step < steps; step++) {
    for (int i = 0, start = 0; i < c->count; start += t.lengths[i++]) {
      sentences[i] = i;
      /* One that is over repeats anything, which is not read. */
      ids[i] = step == 0 || step >= t.lengths[i] ? BPE_BEGIN : t.ids[start + step - 1];
    }
    translator_decode(w, &e, &r);
    for (int i = 0, start = 0; i < c->count; start += t.lengths[i++]) {
      if (step >= t.lengths[i]) continue;
      memcpy(spoken + (size_t)(start + step) * vocabulary,
             r.log_probability + (size_t)i * vocabulary, vocabulary * sizeof(float));
    }
  }
  return RC_OK;
}

static rc_status translate_greedily(const translator_case *c, const translator_weights *w,
                                    greedy_answer *g, rc_arena *memory, rc_arena *scratch,
                                    rc_error *error) {
  translator_session session = translator_session_begin(w);
  translator_options options = translator_options_default();
  options.beam = 1;
  options.length_ratio = 0;
  options.length_extra = SENTENCE_MAX;
  const translator_sources sources = {c->count, c->sources, c->source_lengths};
  const translation *found;
  rc_status status = translator_translate(&session, &sources, &options, &found, error);
  int ids[SENTENCES_MAX * SENTENCE_MAX], total = 0;
  for (int i = 0; i < c->count && status == RC_OK; i++) {
    g->lengths[i] = found[i].length + found[i].complete;
    for (int k = 0; k < g->lengths[i]; k++) {
      g->ids[i][k] = k < found[i].length ? found[i].ids[k] : (int)BPE_END;
      ids[total++] = g->ids[i][k];
    }
  }
  translator_session_end(&session);
  RC_TRY(status);
  g->spoken = ARENA_ARRAY(memory, float, (size_t)total *(size_t)c->net.config.target_vocabulary);
  RC_TRY(arena_check(memory, "greedy translations", error));
  return speak(c, w, (targets){ids, g->lengths}, g->spoken, scratch, error);
}

static rc_status translate(const translator_case *c, translator_precision precision, answers *a,
                           rc_arena *memory, rc_arena *scratch, rc_error *error) {
  const size_t tokens = (size_t)total_of(c->count, c->output_lengths);
  translator_weights *w;
  RC_TRY(translator_weights_new(&w, &c->net, c->values, precision, error));
  const answer_part part = precision == TRANSLATOR_F32 ? SPOKEN : SPOKEN_INT8;
  float *spoken = answer_room(a, part, tokens * (size_t)c->net.config.target_vocabulary, memory);
  rc_status status = arena_check(memory, "what is spoken", error);
  if (status == RC_OK) {
    status = speak(c, w, (targets){c->outputs, c->output_lengths}, spoken, scratch, error);
  }
  if (status == RC_OK) {
    status = translate_greedily(c, w, &a->greedy[precision], memory, scratch, error);
  }
  translator_weights_free(w);
  return status;
}

static rc_status train(const translator_case *c, answers *a, rc_arena *memory, rc_arena *scratch,
                       rc_error *error) {
  const translator *net = &c->net;
  const translator_batch batch = {.count = c->count,
                                  .sources = c->sources,
                                  .source_lengths = c->source_lengths,
                                  .inputs = c->inputs,
                                  .outputs = c->outputs,
                                  .target_lengths = c->output_lengths};
  const translator_room room = {.count = SENTENCES_MAX,
                                .source_tokens = SENTENCES_MAX * SENTENCE_MAX,
                                .target_tokens = SENTENCES_MAX * SENTENCE_MAX,
                                .source_length = SENTENCE_MAX,
                                .target_length = SENTENCE_MAX};
  real *gradients = ARENA_ARRAY(scratch, real, net->params.total);
  translator_workspace *workspace = translator_workspace_new(net, &room, scratch);
  RC_TRY(arena_check(scratch, "a step of training", error));
  memset(gradients, 0, net->params.total * sizeof *gradients);
  double loss = 0;
  RC_TRY(translator_train_step(net, c->values, &batch, 0.1F, 1, NULL, gradients, &loss, workspace,
                               error));
  answer_gradients(a, net->params.total, gradients, memory);
  return arena_check(memory, "gradients", error);
}

rc_status translator_case_answer(const translator_case *c, answers *a, rc_arena *memory,
                                 rc_arena *scratch, rc_error *error) {
  arena_reset(scratch);
  *a = (answers){0};
  RC_TRY(translate(c, TRANSLATOR_F32, a, memory, scratch, error));
  RC_TRY(translate(c, TRANSLATOR_INT8, a, memory, scratch, error));
  return train(c, a, memory, scratch, error);
}
