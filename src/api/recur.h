#ifndef RECUR_H
#define RECUR_H

#include <stddef.h>
#include <stdint.h>

/* recur from C: classifiers and translators behind integers, for native programs and, exported by
 * the WASM modules, for recur.js.
 *
 *   recur_engine *engine = recur_engine_new();
 *   memcpy(recur_input(engine, size), weights, size);
 *   int32_t names = recur_classifier_load(engine, size);
 *   memcpy(recur_input(engine, 9), "Kowalczyk", 9);
 *   if (recur_classify(engine, names, 9, 0) > 0) ... recur_probabilities(engine) ...
 *   recur_engine_free(engine);
 *
 * Nothing here reads a file, prints or exits.
 *
 * Failure. Unless said otherwise an int32_t result is at least 0, or minus one of RECUR_ERROR_*; a
 * NULL pointer is a failure too. recur_error then has the reason in words. Nothing is lost by a
 * failure: what was loaded stays, and any call may follow.
 *
 * Memory. An engine owns every byte that it hands out; the caller frees none but by recur_free and
 * recur_engine_free. Bytes go in through recur_input, and belong to the next call that reads them.
 * Results are pointers into the engine: they hold until the next call that takes an input, loads,
 * frees, or steps or looks at a translation. Labels, cells and metadata hold as long as their
 * model.
 *
 * Models are named by handles, positive integers that are checked at every use: one that was freed,
 * or never given out, is an error with a text like any other. All models of an engine are
 * independent of each other.
 *
 * Threads. One thread at a time for each engine; engines share nothing, so each thread may have its
 * own. The fastest instructions that the processor has are chosen when the library is loaded; the
 * environment variable RECUR_CPU (ref, scalar, sse2, avx2, ...) forces others.
 *
 * Text is UTF-8. What is invalid in it is read as U+FFFD. */

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__EMSCRIPTEN__)
#define RECUR_EXPORT __attribute__((used))
#elif defined(__GNUC__)
#define RECUR_EXPORT __attribute__((visibility("default")))
#else
#define RECUR_EXPORT
#endif

enum {
  RECUR_ERROR_ARGUMENT = 1, /* the call makes no sense: a stale handle, a beam of -1 */
  RECUR_ERROR_FORMAT = 2,   /* the weight file is damaged, or none, or of another kind of models */
  RECUR_ERROR_RANGE = 3,    /* an index, a size or what the weights give lies beyond what can be */
  RECUR_ERROR_MEMORY = 4,   /* the system has no room left */
};

enum {
  RECUR_MODELS_MAX = 64,            /* loaded at the same time in one engine */
  RECUR_LETTERS_MAX = 10000,        /* in a text to classify */
  RECUR_INSPECT_LETTERS_MAX = 1000, /* in a text to look inside of */
  RECUR_MANY_MAX = 65536,           /* texts to classify together */
  RECUR_STEPS_MAX = 64,             /* letters that recur_classify reports one by one */
  RECUR_SENTENCES_MAX = 20000,      /* in a text to translate */
};

typedef struct recur_engine recur_engine;

/* NULL when there is no memory. */
RECUR_EXPORT recur_engine *recur_engine_new(void);
/* Frees everything loaded into it as well. NULL is fine. */
RECUR_EXPORT void recur_engine_free(recur_engine *engine);

/* Version of recur, as in package.json: terminated, never freed. */
RECUR_EXPORT const char *recur_version(void);

/* Why the last call that failed did so: terminated UTF-8. */
RECUR_EXPORT const char *recur_error(const recur_engine *engine);

/* Room for the `bytes` bytes that the next call reads which says so: write them there. Not cleared;
 * what was there before is gone. */
RECUR_EXPORT void *recur_input(recur_engine *engine, size_t bytes);

/* ---- models ---- */

/* Loads the GGUF file of `bytes` bytes in the input, which is gone then; returns its handle, > 0.
 */
RECUR_EXPORT int32_t recur_classifier_load(recur_engine *engine, size_t bytes);
RECUR_EXPORT int32_t recur_translator_load(recur_engine *engine, size_t bytes);
/* 0, or minus RECUR_ERROR_ARGUMENT if there is no such model. */
RECUR_EXPORT int32_t recur_free(recur_engine *engine, int32_t handle);

typedef enum recur_model_property {
  RECUR_PARAMETERS,
  RECUR_METADATA, /* entries that recur_metadata_key knows */
  /* of a classifier */
  RECUR_LAYERS,
  RECUR_HIDDEN,
  RECUR_DIRECTIONS,
  RECUR_LABELS, /* how many */
  /* of a translator */
  RECUR_BYTES,           /* of memory that its weights and vocabularies take */
  RECUR_SENTENCE_TOKENS, /* that are read of a sentence at most, its end counted */
  RECUR_TEXT_SENTENCES,  /* that a text may have */
  RECUR_TEXT_BYTES       /* likewise, in UTF-8 */
} recur_model_property;

RECUR_EXPORT int32_t recur_property(recur_engine *engine, int32_t handle, int32_t property);

/* The file's metadata in its order: what is a string, a number or a boolean (arrays are left out).
 * Integers beyond 2^53 are rounded. */
typedef enum recur_metadata_kind {
  RECUR_METADATA_STRING,
  RECUR_METADATA_NUMBER,
  RECUR_METADATA_BOOLEAN
} recur_metadata_kind;

RECUR_EXPORT const char *recur_metadata_key(recur_engine *engine, int32_t handle, int32_t index);
RECUR_EXPORT int32_t recur_metadata_kind_of(recur_engine *engine, int32_t handle, int32_t index);
/* Terminated UTF-8, "" unless a string. */
RECUR_EXPORT const char *recur_metadata_text(recur_engine *engine, int32_t handle, int32_t index);
/* 0 or 1 for a boolean, 0 for a string and where there is no such entry. */
RECUR_EXPORT double recur_metadata_number(recur_engine *engine, int32_t handle, int32_t index);

/* ---- classifiers ---- */

/* "rnn", "lstm" or "gru". */
RECUR_EXPORT const char *recur_classifier_cell(recur_engine *engine, int32_t handle);
/* The label of column `index` of every row of probabilities: terminated UTF-8. */
RECUR_EXPORT const char *recur_classifier_label(recur_engine *engine, int32_t handle,
                                                int32_t index);

/* [labels] the share of each in the data that the classifier learnt; NULL where the file does not
 * tell. */
RECUR_EXPORT const float *recur_classifier_shares(recur_engine *engine, int32_t handle);

/* Under which shares of the labels a classifier answers from now on: those of its data, as it does
 * when it is loaded; the same for each; between these two, the square roots of those of its data;
 * or weights of any sum, none below 0 and some above, that the input holds as [labels] floats.
 * Which of these suits it best a file says as metadata, "recur.prior.default": "data", "equal" or
 * "balanced"; one that does not is best under equal shares, if it tells its own. Answers under one
 * follow from those under another by the ratio of the shares (Saerens et al. 2002).
 * RECUR_ERROR_ARGUMENT for other weights, and where the file does not tell its own shares; what
 * held before holds then. */
typedef enum recur_prior {
  RECUR_PRIOR_DATA,
  RECUR_PRIOR_EQUAL,
  RECUR_PRIOR_BALANCED,
  RECUR_PRIOR_GIVEN
} recur_prior;
RECUR_EXPORT int32_t recur_classifier_prior(recur_engine *engine, int32_t handle, int32_t prior);

/* How recur_classify takes a text; added up. */
enum {
  RECUR_CLASSIFY_STEPS = 1, /* also answers after each of the first RECUR_STEPS_MAX letters */
  RECUR_CLASSIFY_WHOLE = 2, /* all of it, instead of the surname in it */
};

/* Classifies the `bytes` bytes of UTF-8 in the input. Returns the number n of letters read, at most
 * RECUR_LETTERS_MAX (more is RECUR_ERROR_RANGE). */
RECUR_EXPORT int32_t recur_classify(recur_engine *engine, int32_t handle, size_t bytes,
                                    int32_t how);

/* Of the last recur_classify, if it succeeded and nothing was translated since; otherwise NULL and
 * 0: */
/* What the answer rests on. There are no probabilities from nothing; from a script they are those
 * of the labels that it is at home with, and there are no steps. */
typedef enum recur_basis_kind {
  RECUR_FROM_NOTHING, /* no letters, or none that can be read */
  RECUR_FROM_LETTERS,
  RECUR_FROM_SCRIPT /* letters of another script than the classifier's */
} recur_basis_kind;
RECUR_EXPORT int32_t recur_basis(const recur_engine *engine);
/* The script of what was read by its code in ISO 15924 ("Grek"), or "". */
RECUR_EXPORT const char *recur_script(const recur_engine *engine);
/* Where what was read, the surname or all, starts and ends in the text; in bytes. */
RECUR_EXPORT int32_t recur_read_start(const recur_engine *engine);
RECUR_EXPORT int32_t recur_read_end(const recur_engine *engine);
/* [labels] calibrated probabilities */
RECUR_EXPORT const float *recur_probabilities(const recur_engine *engine);
/* [n] the letters as UTF-16 code units, U+FFFD for what is none of the alphabet */
RECUR_EXPORT const uint16_t *recur_letters(const recur_engine *engine);
/* S, the number of steps: min(n, RECUR_STEPS_MAX), or 0 if there are none */
RECUR_EXPORT int32_t recur_step_count(const recur_engine *engine);
/* [S] byte offsets of the characters that the letters came from, never falling */
RECUR_EXPORT const int32_t *recur_step_sources(const recur_engine *engine);
/* [S, labels] probabilities as if the text ended after each letter */
RECUR_EXPORT const float *recur_step_probabilities(const recur_engine *engine);

/* recur_classify of many texts, about twice as fast as one by one: those in the input, each ended
 * by a zero byte, behind the last of which nothing is read. Returns their number n, at most
 * RECUR_MANY_MAX (more is RECUR_ERROR_RANGE). There are no steps. A text of more than
 * RECUR_LETTERS_MAX letters has no answer. Like recur_inspect, not in the WASM module that only
 * classifies. */
RECUR_EXPORT int32_t recur_classify_many(recur_engine *engine, int32_t handle, size_t bytes,
                                         int32_t how);
/* Of the last recur_classify_many, as long as its results hold: [n] bytes, what each answer rests
 * on (recur_basis_kind). recur_probabilities is [n, labels] then, of 0 where there is no answer. */
RECUR_EXPORT const uint8_t *recur_bases(const recur_engine *engine);

/* ---- inside a classifier ---- */

/* recur_classify that looks inside the cells as well. label: the right one, if what reaches each
 * letter of its loss is asked for, or -1. Returns the number T of letters that can be looked at:
 * all that were read, or 0 if it is not they that the answer rests on. RECUR_ERROR_RANGE for more
 * than RECUR_INSPECT_LETTERS_MAX. Too large for the WASM module that only classifies, which lacks
 * it. */
RECUR_EXPORT int32_t recur_inspect(recur_engine *engine, int32_t handle, size_t bytes, int32_t how,
                                   int32_t label);

/* Of the last recur_inspect, as long as the results of a recur_classify hold; otherwise NULL and 0:
 */
/* The gates by name, 0 <= gate < 4, NULL where there is none: input, forget, candidate and output
 * of the LSTM, reset, update and candidate of the GRU, in the words of torch.nn's equations. */
RECUR_EXPORT const char *recur_inspect_gate(const recur_engine *engine, int32_t gate);

typedef enum recur_inside {
  RECUR_INSIDE_HIDDEN, /* the state after each letter */
  RECUR_INSIDE_CELL,   /* likewise; of the LSTM alone */
  /* the norm of the gradient of the loss with respect to the hidden state after each letter; with a
   * label alone */
  RECUR_INSIDE_GRADIENT,
  RECUR_INSIDE_GATES /* the first gate; the others follow */
} recur_inside;

/* [layers, directions, T, hidden], and RECUR_INSIDE_GRADIENT [layers, directions, T]. Letters are
 * in the order of the text in both directions, of which the second reads the last one first. */
RECUR_EXPORT const float *recur_inspect_values(const recur_engine *engine, int32_t tensor);
/* -log softmax(logits)[label], nats, as in training: of the network alone, without calibration and
 * prior. 0 without a label. */
RECUR_EXPORT double recur_inspect_loss(const recur_engine *engine);

/* ---- training classifiers ---- */

/* A trainer learns from labelled names in memory, a step a call, by the labels alone. Its handle is
 * that of a classifier too, which answers with the weights as they are. For one seed and kernels
 * they are those of `train names` to the bit. */

/* What the next trainer is made with: all options of a recipe, of which each can then be set. cell:
 * 0 RNN, 1 LSTM, 2 GRU. Unless told it is the best of the GRU. */
typedef enum recur_recipe { RECUR_RECIPE_BEST, RECUR_RECIPE_TUTORIAL } recur_recipe;
RECUR_EXPORT int32_t recur_trainer_recipe(recur_engine *engine, int32_t recipe, int32_t cell);

/* `train names --help` tells what they are. */
typedef enum recur_learning {
  RECUR_LEARN_DUPLICATES, /* 0 keep, 1 drop */
  RECUR_LEARN_SEVERAL,    /* 0 each, 1 together */
  RECUR_LEARN_UNMARKED,
  RECUR_LEARN_LETTERS, /* 0 the tutorial's, 1 those of the data */
  RECUR_LEARN_RARE,
  RECUR_LEARN_LAYERS,
  RECUR_LEARN_HIDDEN,
  RECUR_LEARN_DIRECTIONS,
  RECUR_LEARN_EMBEDDING,
  RECUR_LEARN_POOLING,     /* 0 last, 1 all */
  RECUR_LEARN_LETTER_CASE, /* 0 keep, 1 title */
  RECUR_LEARN_DROPOUT,
  RECUR_LEARN_DROPOUT_EMBEDDING,
  RECUR_LEARN_OPTIMIZER, /* 0 SGD, 1 Adam, 2 AdamW */
  RECUR_LEARN_SCHEDULE,  /* 0 constant, 1 cosine, 2 inverse square root */
  RECUR_LEARN_BATCH,
  RECUR_LEARN_EPOCHS, /* that the schedule is for */
  RECUR_LEARN_RATE,
  RECUR_LEARN_BETA2,
  RECUR_LEARN_MOMENTUM,
  RECUR_LEARN_WEIGHT_DECAY,
  RECUR_LEARN_WARMUP,
  RECUR_LEARN_CLIP,
  RECUR_LEARN_SMOOTHING,
  RECUR_LEARN_UNKNOWN,
  RECUR_LEARN_AVERAGE,
  RECUR_LEARN_SEED /* a whole number up to 2^53 - 1 */
} recur_learning;
/* RECUR_ERROR_RANGE for a value that makes no sense. */
RECUR_EXPORT int32_t recur_trainer_option(recur_engine *engine, int32_t option, double value);

/* Makes one from the name<TAB>label lines in the input, which is gone then: `train_bytes` to learn
 * from, behind them `dev_bytes` to evaluate on; or, with split, about one name in ten of the former
 * is kept for that. Returns its handle, > 0. RECUR_ERROR_FORMAT "train:LINE: reason". */
RECUR_EXPORT int32_t recur_trainer_new(recur_engine *engine, size_t train_bytes, size_t dev_bytes,
                                       int32_t split);

/* One update of the weights. RECUR_ERROR_RANGE where the loss is no longer finite, and the weights
 * are as they were. */
RECUR_EXPORT int32_t recur_trainer_step(recur_engine *engine, int32_t handle);

/* Sets RECUR_LEARN_RATE, from now on the rate whatever the schedule, or RECUR_LEARN_BATCH, with
 * which the running epoch begins anew, of a trainer. */
RECUR_EXPORT int32_t recur_trainer_set(recur_engine *engine, int32_t handle, int32_t option,
                                       double value);

/* Scores the dev names, of which it returns the number. */
RECUR_EXPORT int32_t recur_trainer_evaluate(recur_engine *engine, int32_t handle);
/* Of the last evaluation, until the output is needed for something else; otherwise NULL: */
/* [labels, labels] names by label (rows) and by what is first (columns) */
RECUR_EXPORT const int32_t *recur_trainer_confusion(const recur_engine *engine);
/* [dev] the label that is first */
RECUR_EXPORT const int32_t *recur_trainer_predicted(const recur_engine *engine);

typedef enum recur_trained {
  /* of the last step, as long as it was the last call but for these */
  RECUR_TRAINED_LOSS,     /* sum over its names of the cross-entropy, nats */
  RECUR_TRAINED_EXAMPLES, /* how many they are */
  /* of the trainer */
  RECUR_TRAINED_EPOCH, /* how many there were, with the part of the running one */
  RECUR_TRAINED_STEPS,
  RECUR_TRAINED_RATE, /* of the last step */
  RECUR_TRAINED_TRAIN,
  RECUR_TRAINED_DEV,     /* names */
  RECUR_TRAINED_LETTERS, /* of the alphabet */
  /* of the last evaluation */
  RECUR_TRAINED_DEV_LOSS, /* mean, nats */
  RECUR_TRAINED_TOP1,
  RECUR_TRAINED_TOP3,
  RECUR_TRAINED_RECALL /* mean over the labels */
} recur_trained;
/* 0 where there is no such. */
RECUR_EXPORT double recur_trainer_number(recur_engine *engine, int32_t handle, int32_t number);

/* The index-th of the dev names: terminated UTF-8, and the index of its label. */
RECUR_EXPORT const char *recur_trainer_dev_text(recur_engine *engine, int32_t handle,
                                                int32_t index);
RECUR_EXPORT int32_t recur_trainer_dev_label(recur_engine *engine, int32_t handle, int32_t index);

/* [RECUR_TRAINED_LETTERS] what stands for each letter of the alphabet */
RECUR_EXPORT const uint32_t *recur_trainer_letters(recur_engine *engine, int32_t handle);

/* Makes the weight file, calibrated on the dev names; returns its size in bytes, which
 * recur_trainer_file then has. */
RECUR_EXPORT int32_t recur_trainer_save(recur_engine *engine, int32_t handle);
RECUR_EXPORT const uint8_t *recur_trainer_file(const recur_engine *engine);

/* ---- translators ---- */

/* Begins to translate the `bytes` bytes of UTF-8 in the input; a text that the translator was at is
 * given up. beam: width of the search, 1 to 64; nbest: translations of each sentence, 1 to beam;
 * attention: not 0 for the tokens and what the network looked at; numbers: not 0 to set them as
 * French does, where that is the target, instead of as they stand. Returns the number of sentences,
 * which ends of lines and, in long lines, full stops part; all are translated after as many steps
 * as it takes until recur_translate_step has completed that many. */
RECUR_EXPORT int32_t recur_translate(recur_engine *engine, int32_t handle, size_t bytes,
                                     int32_t beam, int32_t nbest, int32_t attention,
                                     int32_t numbers);

/* Goes on for some milliseconds at most, mostly far fewer. Returns how many sentences this
 * completed; they can be read until the next step of the same translator. */
RECUR_EXPORT int32_t recur_translate_step(recur_engine *engine, int32_t handle);

/* Looks at the index-th of those; returns its number in the text. */
RECUR_EXPORT int32_t recur_translate_found(recur_engine *engine, int32_t handle, int32_t index);

/* How many sentences are under way. */
RECUR_EXPORT int32_t recur_translate_open(recur_engine *engine, int32_t handle);
/* Looks at the best so far for the index-th of those; returns its number in the text. */
RECUR_EXPORT int32_t recur_translate_peek(recur_engine *engine, int32_t handle, int32_t index);

/* Of the sentence looked at last, until the next step or text of a translator, and until something
 * is classified or freed; otherwise minus RECUR_ERROR_ARGUMENT, NULL and 0: */
typedef enum recur_sentence_property {
  RECUR_START, /* its range in bytes of the text */
  RECUR_END,
  RECUR_TRUNCATED,     /* 1: it, or its translation, was longer than is possible */
  RECUR_SOURCE_TOKENS, /* the end of the sentence is the last; 0 unless attention was asked for */
  RECUR_TARGET_TOKENS, /* without the end; likewise */
  RECUR_UNKNOWN_WORDS, /* of the source, which the vocabulary lacks */
  RECUR_SPANS,         /* that were not translated: links, numbers, emoji, names, ... */
  RECUR_COPIED         /* 1: nothing in it was to be translated */
} recur_sentence_property;

RECUR_EXPORT int32_t recur_sentence(const recur_engine *engine, int32_t property);
/* The sentence as it was read: normalised but for its spans, terminated UTF-8. */
RECUR_EXPORT const char *recur_sentence_source(const recur_engine *engine);
/* Its translations, best first: 0 <= rank < nbest, terminated UTF-8 */
RECUR_EXPORT const char *recur_sentence_text(recur_engine *engine, int32_t rank);
RECUR_EXPORT double recur_sentence_score(const recur_engine *engine, int32_t rank);
/* [tokens, 2] where each begins and ends, in bytes of the source and of the best text */
RECUR_EXPORT const int32_t *recur_source_ranges(const recur_engine *engine);
RECUR_EXPORT const int32_t *recur_target_ranges(const recur_engine *engine);
/* [unknown words, 2] likewise, in the source */
RECUR_EXPORT const int32_t *recur_unknown_ranges(const recur_engine *engine);
/* [spans, 4] where each begins and ends in the source and in the best text; in the latter 0, 0
 * while it is missing in a translation that is under way */
RECUR_EXPORT const int32_t *recur_span_ranges(const recur_engine *engine);
/* [target tokens, source tokens]; each row sums to 1 */
RECUR_EXPORT const float *recur_attention(const recur_engine *engine);

/* ---- inside a translator ---- */

/* Translates the sentence in the input with that beam and looks inside the network meanwhile.
 * Returns the number T of target tokens, the end counted; 0 where nothing is to be translated. What
 * recur_translate is at work on goes on. RECUR_ERROR_RANGE for a text of more than one sentence.
 * Too large for the WASM module that only translates, which lacks it. */
RECUR_EXPORT int32_t recur_inspect_translation(recur_engine *engine, int32_t handle, size_t bytes,
                                               int32_t beam);

/* Of the last recur_inspect_translation, as long as the sentence that recur_sentence and its like
 * tell of with their texts, scores, and ranges of tokens; otherwise 0 and NULL: */
typedef enum recur_translation_size {
  RECUR_SOURCE_COUNT, /* S, source tokens, the end counted */
  RECUR_TARGET_COUNT, /* T, target tokens; the end is one more than there are ranges */
  RECUR_SOURCE_WORDS, /* Ws, of which the end is one */
  RECUR_TARGET_WORDS, /* Wt likewise */
  RECUR_ENCODER_LAYERS,
  RECUR_ENCODER_DIRECTIONS,
  RECUR_ENCODER_HIDDEN, /* of a layer and direction */
  RECUR_DECODER_HIDDEN
} recur_translation_size;
RECUR_EXPORT int32_t recur_inspect_size(const recur_engine *engine, int32_t size);

typedef enum recur_translation_inside {
  /* [layers, directions, S, encoder hidden] gates, and states after each token; tokens are in the
   * order of the sentence in both directions, of which the second reads the last one first */
  RECUR_ENCODER_RESET,
  RECUR_ENCODER_UPDATE,
  RECUR_ENCODER_CANDIDATE,
  RECUR_ENCODER_STATES,
  /* [T, decoder hidden] the same of the steps that write the target's tokens */
  RECUR_DECODER_RESET,
  RECUR_DECODER_UPDATE,
  RECUR_DECODER_CANDIDATE,
  RECUR_DECODER_STATES,
  RECUR_DECODER_INITIAL, /* [decoder hidden] its state before the first */
  RECUR_TOKEN_ATTENTION, /* [T, S] */
  /* [Wt, Ws] a word looks where its tokens look on average, and is looked at by their sum */
  RECUR_WORD_ATTENTION
} recur_translation_inside;
RECUR_EXPORT const float *recur_inspect_translation_values(const recur_engine *engine,
                                                           int32_t tensor);
/* [S], [T] in which word a token is */
RECUR_EXPORT const int32_t *recur_source_words(const recur_engine *engine);
RECUR_EXPORT const int32_t *recur_target_words(const recur_engine *engine);

#ifdef __cplusplus
}
#endif

#endif
