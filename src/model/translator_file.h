#ifndef RECUR_TRANSLATOR_FILE_H
#define RECUR_TRANSLATOR_FILE_H

#include "gguf.h"
#include "translator_search.h"
#include "translator_vocabulary.h"
#include "weight_file.h"

/* A translator with its weights, vocabularies and record, from and to the bytes of a GGUF file.
 *
 * Keys: general.architecture "recur-translator", general.name, general.license,
 * general.attribution..., recur.embedding, recur.hidden, recur.encoder_hidden,
 * recur.encoder_layers, recur.encoder_directions, recur.bridge, recur.order ("state-first", which
 * it is without the key, or "attention-first"), recur.attention ("dot", "scaled-dot", "general",
 * "additive", "location"), recur.positions (of "location"), recur.attentional, recur.input_feeding,
 * recur.tying ("none", "output", "all"), recur.text ("subwords", which it is without the key, or
 * "words"), recur.text.layer (1 where the network learnt with the layer of text_layer.h) and with
 * it recur.text.known (an array of U8: known_words.h, or none), recur.target.tokens and, unless it
 * is the same, recur.source.tokens (see bpe.h and words.h), recur.source.language,
 * recur.target.language, those of shortlist.h, and the training record as recur.training.*. Tensors
 * carry the names of net.params; there is a lexical part where it has tensors.
 *
 * In Q8_0 all blocks of a row have the same scale, that of quantize.h in F16, so that the int8
 * kernels, which know one scale a row, compute with the very weights of the file. Q5_0 and Q4_0
 * keep a scale for each block, and are rounded to int8 once more when they are read: a tenth of the
 * error that they have made. */

enum { TRANSLATOR_LANGUAGE_MAX = 16 }; /* bytes */
#define TRANSLATOR_KNOWN_WORDS "recur.text.known"

/* By translator_attention, what the key recur.attention says. */
extern const char *const translator_attention_names[];

typedef struct translator_model {
  translator net;
  /* One and the same where the file has one vocabulary. */
  translator_vocabulary source_tokens, target_tokens;
  codec source, target;
  text_layer layer;                              /* how texts are read */
  char source_language[TRANSLATOR_LANGUAGE_MAX]; /* "en"; empty where the file does not tell */
  char target_language[TRANSLATOR_LANGUAGE_MAX];
  translator_weights *weights; /* int8 where the file's matrices are of blocks, else F32 */
  rc_arena memory;             /* the vocabularies, the shortlist and the layer's tables */
} translator_model;

/* Reads and checks everything. On success the model owns its memory (translator_model_free) and
 * `bytes` may go. On failure nothing is left to free. */
rc_status translator_model_read(translator_model *model, const uint8_t *bytes, size_t size,
                                rc_error *error);
/* The same without unpacking the network, for whom the vocabularies are enough: the shapes of its
 * tensors are checked, what stands in them is not read, and model->weights is NULL. */
rc_status translator_model_read_text(translator_model *model, const uint8_t *bytes, size_t size,
                                     rc_error *error);
void translator_model_free(translator_model *model);

/* Writes matrices as `type` (F32, F16 or Q8_0; F16 where a row is no whole blocks),
 * vectors as F32, with the record. source NULL: the same as target, which it
 * has to be of one kind with. The target's layer is the network's. buffer NULL: only the size. */
rc_status translator_model_write(const translator *net, const real *values,
                                 const translator_vocabulary *source,
                                 const translator_vocabulary *target, gguf_tensor_type type,
                                 const record_entry *record, int record_count, uint8_t *buffer,
                                 size_t capacity, size_t *size, rc_error *error);

/* The values [params.total] of a file that was written in F32 or F16, to train on. *values is the
 * caller's to free with arena_free(memory). */
rc_status translator_values_read(const uint8_t *bytes, size_t size, translator *net, real **values,
                                 rc_arena *memory, rc_error *error);

#endif
