#ifndef RECUR_ENGINE_H
#define RECUR_ENGINE_H

#include "inspect.h"
#include "names_fit.h"
#include "recur.h"
#include "translator_inspect.h"
#include "translator_job.h"

/* What the parts of the module share: the engine, and the models that its handles name. */

typedef struct metadata_entry {
  const char *key, *text;
  recur_metadata_kind kind;
  double number;
} metadata_entry;

typedef struct loaded_classifier {
  classifier_model model;
  classifier_session session;
  names_fit *fit; /* of one that learns, whose weights the model's are */
} loaded_classifier;

typedef struct loaded_translator {
  translator_model model;
  translator_job job;
  bool french_numbers; /* of the text under way */
} loaded_translator;

typedef struct loaded {
  union {
    loaded_classifier classifier;
    loaded_translator translator;
  };
  metadata_entry *metadata; /* [metadata_count] */
  int metadata_count;
  rc_arena memory; /* owns this struct and the metadata */
} loaded;

/* What the engine asks of one kind of models. It knows them only by what it is given, so a module
 * has the kinds that are linked into it. */
typedef struct model_kind {
  const char *name;
  const struct model_kind *also; /* its models are of that kind as well, or NULL */
  rc_status (*load)(loaded *item, const uint8_t *bytes, size_t size, rc_error *error);
  void (*unload)(loaded *item);
  int32_t (*property)(const loaded *item, int32_t property); /* -1: it has no such */
} model_kind;

/* A handle is generation * RECUR_MODELS_MAX + slot. The generation rises when the slot is freed, so
 * an old handle does not find its successor. */
typedef struct slot {
  loaded *item;           /* NULL: free */
  const model_kind *kind; /* of the item, or of the last */
  int32_t generation;
} slot;

/* Of the last classification, laid out in engine.output. */
typedef struct classification {
  answer_basis basis;
  char script[5];
  int32_t start, end;   /* of what was read */
  float *probabilities; /* [C], or of many [n, C] */
  uint8_t *bases;       /* [n] of many */
  uint16_t *letters;    /* [n] */
  int *ids;             /* [max(n, S)] */
  int step_count;       /* S */
  int32_t *sources;     /* [S] */
  float *steps;         /* [S, C] */
} classification;

/* Of the last sentence that was asked for, in engine.output. */
typedef struct sentence_result {
  int32_t start, end; /* bytes of the text */
  const char *source;
  int texts;        /* nbest, or 1 while it is under way */
  hypothesis *best; /* [texts] */
  bool truncated;
  int source_tokens, target_tokens; /* 0 unless the attention was asked for */
  text_range *source_ranges;        /* [source_tokens] */
  bool copied;
  int spans;
  text_range *span_ranges; /* [spans, 2] in the source and in the best text */
  int unknown_words;
  text_range *unknown; /* [unknown_words] */
} sentence_result;

/* Of the trainer that was asked last; the arrays lie in engine.output. */
typedef struct training_result {
  trainer_result step;
  scores dev;
  int *confusion;    /* [C, C] */
  int *predicted;    /* [dev] */
  uint32_t *letters; /* of the alphabet */
  char *text;        /* terminated */
  uint8_t *file;
} training_result;

struct recur_engine {
  rc_arena memory; /* owns this struct */
  rc_arena input, output;
  classification classified;
  sentence_result translated;
  inspection inside;                     /* of the last classification, if it was asked for */
  translator_inspection inside_sentence; /* likewise of the last sentence */
  rc_arena inside_memory;
  names_learning learning; /* what the next trainer is made with */
  training_result trained;
  slot slots[RECUR_MODELS_MAX];
  rc_error error;
};

/* Makes the output at least `bytes` large and empty, and forgets the results that lay in it. */
rc_status engine_renew_output(recur_engine *engine, size_t bytes);

/* Forgets them: what they point to may be gone. */
void engine_forget(recur_engine *engine);

rc_status engine_check_input(const recur_engine *engine, size_t bytes, rc_error *error);

/* Loads the file in the input; returns its handle or minus an rc_status. */
int32_t engine_load(recur_engine *engine, size_t bytes, const model_kind *kind);

/* Gives the item a handle and returns it, or minus an rc_status and the item is gone. */
int32_t engine_keep(recur_engine *engine, loaded *item, const model_kind *kind);

/* The model that a handle names, or NULL with the reason. */
loaded *engine_find(recur_engine *engine, int32_t handle, const model_kind *kind);

extern const model_kind engine_classifier_kind, engine_translator_kind;

/* Begins with the text of `bytes` bytes in the input. */
rc_status engine_begin_translation(recur_engine *engine, translator_job *job, size_t bytes,
                                   const translator_options *options);

/* Makes the index-th of the sentences that the job of `from` found last the one that recur_sentence
 * and its like tell of; returns its number, or minus an rc_status. */
int32_t engine_look(recur_engine *engine, const loaded_translator *from, int32_t index);

/* RC_ERR_RANGE unless 0 <= index < count. */
rc_status engine_check_index(const char *what, int32_t index, int count, rc_error *error);

#endif
