#include "translator_file.h"

rc_status translator_model_read(translator_model *model, const uint8_t *bytes, size_t size,
                                rc_error *error) {
  (void)bytes, (void)size;
  *model = (translator_model){0};
  return rc_fail(error, RC_ERR_ARGUMENT, "the translator's file is still to come");
}

void translator_model_free(translator_model *model) {
  arena_free(&model->memory);
  *model = (translator_model){0};
}

rc_status translator_model_write(const translator *net, const real *values,
                                 const translator_vocabulary *source,
                                 const translator_vocabulary *target, gguf_tensor_type type,
                                 const record_entry *record, int record_count, uint8_t *buffer,
                                 size_t capacity, size_t *size, rc_error *error) {
  (void)net, (void)values, (void)source, (void)target, (void)type, (void)record, (void)record_count;
  (void)buffer, (void)capacity, (void)size;
  return rc_fail(error, RC_ERR_ARGUMENT, "the translator's file is still to come");
}

rc_status translator_values_read(const uint8_t *bytes, size_t size, translator *net, real **values,
                                 rc_arena *memory, rc_error *error) {
  (void)bytes, (void)size, (void)net, (void)values, (void)memory;
  return rc_fail(error, RC_ERR_ARGUMENT, "the translator's file is still to come");
}
