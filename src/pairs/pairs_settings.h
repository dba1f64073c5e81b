#ifndef RECUR_PAIRS_SETTINGS_H
#define RECUR_PAIRS_SETTINGS_H

#include "pairs_task.h"
#include "run_settings.h"

/* What `train translate` can be told. */

enum { PAIRS_SNAPSHOTS_MAX = 16 };

/* Whether there is a text layer (text_layer.h). */
typedef enum pairs_layer {
  PAIRS_LAYER_NO,
  PAIRS_LAYER_YES,
  PAIRS_LAYER_INHERIT /* as the file whose vocabularies are taken; without one, yes */
} pairs_layer;

typedef struct pairs_settings {
  run_settings run;
  int recipe; /* pairs_recipe */
  /* Data. */
  option_texts data; /* "FILE" or "FILE:WEIGHT" */
  const char *languages;
  int text_kind;                               /* translator_text */
  int text_layer;                              /* pairs_layer */
  int vocabulary, character_min, vocabularies; /* tokens; 0 joint, 1 separate */
  double bpe_dropout, noise, ratio, memory;    /* MiB */
  int longest, unique;
  /* Network. */
  int embedding, hidden, encoder_hidden, layers, directions, bridge, order, attention, attentional,
      input_feeding, lexical, tying;
  double dropout, dropout_embedding;
  /* Training. */
  const char *init;
  int objective, candidates, metric; /* 0 likelihood, 1 risk */
  double sharpness, likelihood;
  const char *vocabularies_of;
  int epochs, iterations, tokens, sampled_softmax, round; /* round: of weight_rounding_names */
  int optimizer, schedule, warmup; /* an optimizer_kind; a schedule_kind or RUN_PLATEAU; steps */
  double teacher_forcing, lr, beta2, weight_decay, clip, smoothing, average, decay;
  uint64_t seed;
  int decay_after, snapshots;
  /* Files. */
  int attention_maps; /* 0 no, 1 yes */
  /* Where what comes along is used in the place of --data: those files, and that of --dev. */
  bool own;
  char *found[OPTION_TEXTS_MAX + 1];
  /* Of --data, filled from it. */
  char *paths[OPTION_TEXTS_MAX];
  double weights[OPTION_TEXTS_MAX];
  char source_language[16], target_language[16];
} pairs_settings;

/* False: end with *code, everything has been printed. Freed with pairs_settings_free either
 * way. */
bool pairs_settings_parse(pairs_settings *settings, int argc, char **argv, int *code);
void pairs_settings_free(pairs_settings *settings);

/* The file whose vocabularies are taken, or NULL where they are learnt. */
const char *pairs_settings_base(const pairs_settings *settings);
bool pairs_settings_french(const pairs_settings *settings);

/* Whether --data is read in parts: it may need more than --memory. */
bool pairs_settings_streams(const pairs_settings *settings);
translator_config pairs_settings_network(const pairs_settings *settings, int source_tokens,
                                         int target_tokens);
pairs_task_options pairs_settings_task(const pairs_settings *settings);
/* The steps of the whole run are not known yet: schedule.total is 0. */
trainer_options pairs_settings_training(const pairs_settings *settings);

#endif
