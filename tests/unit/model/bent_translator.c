#include "bent_translator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marks.h"
#include "placeholders.h"

static void add_token(bent_vocabulary *v, const char *text) {
  char *kept = v->texts[v->count];
  strcpy(kept, text);
  v->tokens[v->count++] = (utf8_text){kept, strlen(kept)};
}

static void add_character(bent_vocabulary *v, uint32_t c) {
  char text[UTF8_MAX + 1] = "";
  (void)utf8_encode(c, text);
  add_token(v, text);
}

const bent_vocabulary *bent_vocabulary_make(void) {
  static bent_vocabulary v;
  if (v.count > 0) return &v;
  add_token(&v, "<s>");
  add_token(&v, "</s>");
  for (unsigned i = 0; i < 256; i++) {
    char text[8];
    snprintf(text, sizeof text, "<0x%02X>", i & 0xFFu);
    add_token(&v, text);
  }
  add_character(&v, 0x2581);
  for (uint32_t c = 'a'; c <= 'z'; c++) add_character(&v, c);
  add_character(&v, '.');
  add_character(&v, MARK_CAPITAL);
  add_character(&v, MARK_CAPITALS);
  for (int i = 0; i < PLACEHOLDERS_MAX; i++) add_character(&v, (uint32_t)(MARK_NUMBER + i));
  for (int i = 0; i < PLACEHOLDERS_MAX; i += 3) {
    char text[8] = "\u2581";
    text[3 + utf8_encode((uint32_t)(MARK_NUMBER + i), text + 3)] = '\0';
    add_token(&v, text);
  }
  return &v;
}

static void bend(const translator *net, size_t tokens, bent to, real *values) {
  real *bias = values + net->output.bias;
  for (int i = 0; i < PLACEHOLDERS_MAX && to == NO_PLACEHOLDERS; i++) {
    bias[tokens - 1 - (size_t)i] -= 30;
    bias[tokens - 1 - (size_t)i - 11] -= 30;
  }
  if (to == ENDING) bias[BPE_END] += 30;
  if (to == ONE_PLACEHOLDER) bias[BPE_FIRST + 30 + 5] += 30;
  if (to == BYTES) bias[BPE_BYTES + 0xEE] += 30;
}

static rc_status write(const translator *net, const real *values, gguf_tensor_type type,
                       uint8_t **bytes, size_t *size, rc_error *error) {
  const bent_vocabulary *v = bent_vocabulary_make();
  const translator_vocabulary tokens = {.tokens = v->tokens, .count = v->count, .layer = true};
  RC_TRY(translator_model_write(net, values, NULL, &tokens, type, NULL, 0, NULL, 0, size, error));
  *bytes = malloc(*size);
  if (*bytes == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  return translator_model_write(net, values, NULL, &tokens, type, NULL, 0, *bytes, *size, size,
                                error);
}

rc_status bent_translator_write(uint64_t seed, bent to, gguf_tensor_type type, uint8_t **bytes,
                                size_t *size, rc_error *error) {
  const size_t tokens = bent_vocabulary_make()->count;
  const translator_config config = {.source_vocabulary = (int)tokens,
                                    .target_vocabulary = (int)tokens,
                                    .embedding = 32,
                                    .hidden = 32,
                                    .encoder_hidden = 32,
                                    .encoder_layers = 1,
                                    .encoder_directions = 2,
                                    .bridge = true,
                                    .attention = TRANSLATOR_GENERAL,
                                    .attentional = 32,
                                    .input_feeding = true,
                                    .tying = TRANSLATOR_TIED_ALL};
  translator net;
  *bytes = NULL;
  RC_TRY(translator_build(&net, &config, error));
  real *values = malloc(net.params.total * sizeof *values);
  if (values == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory");
  translator_init(&net, seed, values);
  for (size_t i = 0; i < net.params.total; i++) values[i] *= 3; /* sharper */
  bend(&net, tokens, to, values);
  rc_status status = write(&net, values, type, bytes, size, error);
  free(values);
  return status;
}
