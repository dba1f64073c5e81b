#include "checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "gguf.h"

static const char ARCHITECTURE[] = "recur-checkpoint";

/* The blocks of P elements that a run consists of; absent ones are NULL. */
enum { BLOCKS = 5 };
typedef struct block {
  const char *name;
  real *values;
} block;

static void list_blocks(const trainer *t, const train_history *history, block blocks[BLOCKS]) {
  blocks[0] = (block){"values", t->values};
  blocks[1] = (block){"average", t->average};
  blocks[2] = (block){"first_moment", t->optimizer.first};
  blocks[3] = (block){"second_moment", t->optimizer.second};
  blocks[4] = (block){"best", history->best};
}

/* An epoch as text: every number reads back to the same bits. */
enum { EPOCH_TEXT = 256 };
#define EPOCH_FORMAT "%d %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %d"

static void epoch_to_text(const epoch_record *e, char text[EPOCH_TEXT]) {
  snprintf(text, EPOCH_TEXT, EPOCH_FORMAT, e->epoch, e->loss, e->train_top1, e->dev_loss,
           e->dev_top1, e->dev_top3, e->lr, e->seconds, e->names_per_s, e->best);
}

static bool epoch_from_text(const char *text, epoch_record *e) {
  double *numbers[] = {&e->loss,     &e->train_top1, &e->dev_loss, &e->dev_top1,
                       &e->dev_top3, &e->lr,         &e->seconds,  &e->names_per_s};
  char *end;
  e->epoch = (int)strtol(text, &end, 10);
  bool good = end != text;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers && good; i++) {
    text = end;
    *numbers[i] = strtod(text, &end);
    good = end != text;
  }
  text = end;
  if (good) e->best = (int)strtol(text, &end, 10);
  return good && end != text && *end == '\0';
}

/* Lays the file out; buffer NULL: only the size. */
static rc_status write_file(const trainer *t, const train_history *history, const char *settings,
                            const char *const *epochs, uint8_t *buffer, size_t capacity,
                            size_t *size, rc_error *error) {
  block blocks[BLOCKS];
  list_blocks(t, history, blocks);
  uint64_t present = 0;
  for (int i = 0; i < BLOCKS; i++) present += blocks[i].values != NULL;
  enum { KEYS = 16 };
  gguf_writer w = gguf_writer_begin(buffer, capacity, KEYS, present);
  gguf_put_string(&w, "general.architecture", ARCHITECTURE);
  gguf_put_string(&w, "checkpoint.settings", settings);
  gguf_put_string(&w, "checkpoint.kernels", kernels->name);
  gguf_put_u64(&w, "checkpoint.step", (uint64_t)t->step);
  gguf_put_u64(&w, "checkpoint.optimizer_step", (uint64_t)t->optimizer.step);
  gguf_put_u32(&w, "checkpoint.epoch", (uint32_t)t->epoch);
  gguf_put_u32(&w, "checkpoint.batch", (uint32_t)t->batch);
  gguf_put_f64(&w, "checkpoint.loss_sum", t->loss_sum);
  gguf_put_u64(&w, "checkpoint.correct", (uint64_t)t->correct);
  gguf_put_u64(&w, "checkpoint.seen", (uint64_t)t->seen);
  gguf_put_f64(&w, "checkpoint.seconds", history->seconds);
  gguf_put_f64(&w, "checkpoint.epoch_seconds", history->epoch_seconds);
  gguf_put_f64(&w, "checkpoint.best_top1", history->best_top1);
  gguf_put_numbers(&w, "checkpoint.loss_parts", GGUF_F64, history->loss.sum, LOSS_PARTS);
  gguf_put_numbers(&w, "checkpoint.loss_parts_seen", GGUF_F64, history->loss.seen, LOSS_PARTS);
  gguf_put_strings(&w, "checkpoint.epochs", epochs, (size_t)history->count);
  for (int i = 0; i < BLOCKS; i++) {
    if (blocks[i].values == NULL) continue;
    gguf_put_tensor(&w, blocks[i].name, GGUF_TENSOR_F32, 1, (uint64_t[]){t->net.params.total});
  }
  for (int i = 0; i < BLOCKS; i++) {
    if (blocks[i].values != NULL) gguf_put_data(&w, blocks[i].values);
  }
  return gguf_writer_end(&w, size, error);
}

rc_status checkpoint_save(const char *path, const trainer *run, const train_history *history,
                          const char *settings, rc_error *error) {
  size_t count = (size_t)history->count, size = 0;
  char(*texts)[EPOCH_TEXT] = calloc(count + 1, sizeof *texts);
  const char **epochs = calloc(count + 1, sizeof *epochs);
  uint8_t *buffer = NULL;
  rc_status status = RC_OK;
  if (texts == NULL || epochs == NULL) {
    status = rc_fail(error, RC_ERR_MEMORY, "out of memory for a checkpoint");
  } else {
    for (size_t i = 0; i < count; i++) {
      epoch_to_text(&history->epochs[i], texts[i]);
      epochs[i] = texts[i];
    }
    status = write_file(run, history, settings, epochs, NULL, 0, &size, error);
  }
  if (status == RC_OK && (buffer = malloc(size)) == NULL) {
    status = rc_fail(error, RC_ERR_MEMORY, "out of memory for a checkpoint of %zu bytes", size);
  }
  if (status == RC_OK) {
    status = write_file(run, history, settings, epochs, buffer, size, &size, error);
  }
  if (status == RC_OK) status = files_write_atomically(path, buffer, size, error);
  free(buffer);
  free(epochs);
  free(texts);
  return status;
}

/* Settings are lines "name=value"; names the first line that differs. */
static rc_status compare_settings(const char *path, gguf_string saved, const char *settings,
                                  rc_error *error) {
  const char *old = saved.text, *old_end = saved.text + saved.bytes, *new = settings;
  while (old < old_end || *new != '\0') {
    const char *newline = old < old_end ? memchr(old, '\n', (size_t)(old_end - old)) : NULL;
    size_t old_length = (size_t)((newline != NULL ? newline : old_end) - old);
    size_t new_length = strcspn(new, "\n");
    if (old_length != new_length || memcmp(old, new, old_length) != 0) {
      return rc_fail(error, RC_ERR_ARGUMENT,
                     "%s was made with %.*s, this run has %.*s: resume with the same settings and "
                     "data, or start anew without --resume",
                     path, (int)(old_length < 60 ? old_length : 60), old,
                     (int)(new_length < 60 ? new_length : 60), new);
    }
    old += old_length + (newline != NULL);
    new += new_length + (new[new_length] == '\n');
  }
  return RC_OK;
}

static rc_status read_epochs(const gguf_file *file, train_history *history, rc_error *error) {
  size_t count = 0;
  gguf_string *texts = calloc((size_t)history->capacity + 1, sizeof *texts);
  if (texts == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for a checkpoint");
  rc_status status =
      gguf_get_strings(file, "checkpoint.epochs", texts, (size_t)history->capacity, &count, error);
  for (size_t i = 0; i < count && status == RC_OK; i++) {
    char text[EPOCH_TEXT] = {0};
    memcpy(text, texts[i].text, texts[i].bytes < EPOCH_TEXT ? texts[i].bytes : EPOCH_TEXT - 1);
    if (!epoch_from_text(text, &history->epochs[i])) {
      status = rc_fail(error, RC_ERR_FORMAT, "checkpoint.epochs has a line that is no epoch");
    }
  }
  history->count = status == RC_OK ? (int)count : 0;
  free(texts);
  return status;
}

static rc_status read_parts(const gguf_file *file, const char *key, double *parts,
                            rc_error *error) {
  const gguf_entry *entry = gguf_find(file, key);
  bool right = entry != NULL && entry->type == GGUF_ARRAY && entry->element == GGUF_F64 &&
               entry->count == LOSS_PARTS;
  if (!right) return rc_fail(error, RC_ERR_FORMAT, "%s is not %d numbers", key, LOSS_PARTS);
  for (gguf_value v = {0}; gguf_next(entry, &v);) *parts++ = v.real;
  return RC_OK;
}

static rc_status read_position(const gguf_file *file, trainer *t, train_history *history,
                               rc_error *error) {
  int64_t step, optimizer_step, epoch, batch, correct, seen;
  int64_t steps = trainer_total_steps(&t->options, t->data);
  RC_TRY(gguf_get_int(file, "checkpoint.step", 0, steps, &step, error));
  RC_TRY(gguf_get_int(file, "checkpoint.optimizer_step", 0, steps, &optimizer_step, error));
  RC_TRY(gguf_get_int(file, "checkpoint.epoch", 0, t->options.epochs, &epoch, error));
  RC_TRY(gguf_get_int(file, "checkpoint.batch", 0, steps, &batch, error));
  RC_TRY(gguf_get_int(file, "checkpoint.correct", 0, INT32_MAX, &correct, error));
  RC_TRY(gguf_get_int(file, "checkpoint.seen", 0, INT32_MAX, &seen, error));
  RC_TRY(gguf_get_float(file, "checkpoint.loss_sum", &t->loss_sum, error));
  RC_TRY(gguf_get_float(file, "checkpoint.seconds", &history->seconds, error));
  RC_TRY(gguf_get_float(file, "checkpoint.epoch_seconds", &history->epoch_seconds, error));
  RC_TRY(gguf_get_float(file, "checkpoint.best_top1", &history->best_top1, error));
  t->step = (long)step;
  t->optimizer.step = (long)optimizer_step;
  t->epoch = (int)epoch;
  t->batch = (int)batch;
  t->correct = (long)correct;
  t->seen = (long)seen;
  return RC_OK;
}

static rc_status restore(const char *path, const gguf_file *file, trainer *t,
                         train_history *history, const char *settings, rc_error *error) {
  gguf_string text;
  RC_TRY(gguf_get_string(file, "general.architecture", &text, error));
  if (text.bytes != strlen(ARCHITECTURE) || memcmp(text.text, ARCHITECTURE, text.bytes) != 0) {
    return rc_fail(error, RC_ERR_FORMAT, "it is not a checkpoint");
  }
  RC_TRY(gguf_get_string(file, "checkpoint.settings", &text, error));
  RC_TRY(compare_settings(path, text, settings, error));
  RC_TRY(read_position(file, t, history, error));
  RC_TRY(read_epochs(file, history, error));
  RC_TRY(read_parts(file, "checkpoint.loss_parts", history->loss.sum, error));
  RC_TRY(read_parts(file, "checkpoint.loss_parts_seen", history->loss.seen, error));
  block blocks[BLOCKS];
  list_blocks(t, history, blocks);
  for (int i = 0; i < BLOCKS; i++) {
    if (blocks[i].values == NULL) continue;
    const gguf_tensor *tensor = gguf_find_tensor(file, blocks[i].name);
    if (tensor == NULL) return rc_fail(error, RC_ERR_FORMAT, "%s is missing", blocks[i].name);
    RC_TRY(gguf_decode(tensor, blocks[i].values, t->net.params.total, error));
  }
  return RC_OK;
}

rc_status checkpoint_load(const char *path, trainer *run, train_history *history,
                          const char *settings, rc_error *error) {
  char *bytes = NULL;
  size_t size = 0;
  RC_TRY(files_read_all(path, &bytes, &size, error));
  rc_arena tables = {0};
  gguf_file file;
  rc_error reason = {0};
  rc_status status = arena_new(&tables, gguf_open_bytes((uint8_t *)bytes, size), &reason);
  if (status == RC_OK) status = gguf_open(&file, (uint8_t *)bytes, size, &tables, &reason);
  if (status == RC_OK) status = restore(path, &file, run, history, settings, &reason);
  arena_free(&tables);
  free(bytes);
  if (status == RC_OK) return RC_OK;
  if (status == RC_ERR_ARGUMENT) return rc_fail(error, status, "%s", reason.text);
  return rc_fail(error, status, "%s: the checkpoint cannot be used: %s", path, reason.text);
}
