#include "checkpoint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "files.h"
#include "gguf.h"
#include "ranks.h"

static const char ARCHITECTURE[] = "recur-checkpoint";

/* The blocks of P elements that a run consists of; absent ones are NULL. */
static int list_blocks(const trainer *t, const checkpoint_extras *extras,
                       checkpoint_block blocks[CHECKPOINT_BLOCKS_MAX]) {
  int count = 0;
  blocks[count++] = (checkpoint_block){"values", t->values};
  blocks[count++] = (checkpoint_block){"average", t->average};
  blocks[count++] = (checkpoint_block){"first_moment", t->optimizer.first};
  blocks[count++] = (checkpoint_block){"second_moment", t->optimizer.second};
  RC_ASSERT(extras->block_count <= CHECKPOINT_BLOCKS_MAX - count);
  for (int i = 0; i < extras->block_count; i++) blocks[count++] = extras->blocks[i];
  return count;
}

/* The history, as lines. */
typedef struct text_lines {
  char (*numbers)[MEASURES_TEXT]; /* [count] for those that are written */
  const char **lines;             /* [count + 1] */
} text_lines;

static rc_status list_lines(const history *past, text_lines *out, rc_error *error) {
  const size_t count = (size_t)history_lines(past) + 1;
  *out = (text_lines){calloc(count, sizeof *out->numbers), calloc(count, sizeof *out->lines)};
  if (out->numbers == NULL || out->lines == NULL) {
    return rc_fail(error, RC_ERR_MEMORY, "out of memory for a checkpoint");
  }
  for (int i = 0; i < history_lines(past); i++) {
    out->lines[i] = history_line(past, i, out->numbers[i]);
  }
  return RC_OK;
}

static void put_numbers(gguf_writer *w, const checkpoint_numbers *numbers) {
  if (numbers->count == 1) {
    gguf_put_f64(w, numbers->key, numbers->values[0]);
  } else {
    gguf_put_numbers(w, numbers->key, GGUF_F64, numbers->values, (size_t)numbers->count);
  }
}

/* Lays the file out; buffer NULL: only the size. */
static rc_status write_file(const trainer *t, const checkpoint_extras *extras,
                            const char *const *lines, uint8_t *buffer, size_t capacity,
                            size_t *size, rc_error *error) {
  checkpoint_block blocks[CHECKPOINT_BLOCKS_MAX];
  int count = list_blocks(t, extras, blocks);
  uint64_t present = 0;
  for (int i = 0; i < count; i++) present += blocks[i].values != NULL;
  enum { KEYS = 12 };
  gguf_writer w =
      gguf_writer_begin(buffer, capacity, KEYS + (uint64_t)extras->number_count, present);
  gguf_put_string(&w, "general.architecture", ARCHITECTURE);
  gguf_put_string(&w, "checkpoint.settings", extras->settings);
  gguf_put_string(&w, "checkpoint.kernels", kernels->name);
  gguf_put_u64(&w, "checkpoint.step", (uint64_t)t->step);
  gguf_put_u64(&w, "checkpoint.optimizer_step", (uint64_t)t->optimizer.step);
  gguf_put_u32(&w, "checkpoint.epoch", (uint32_t)t->epoch);
  gguf_put_u32(&w, "checkpoint.part", (uint32_t)t->part);
  gguf_put_u32(&w, "checkpoint.batch", (uint32_t)t->batch);
  gguf_put_f64(&w, "checkpoint.loss_sum", t->loss_sum);
  gguf_put_u64(&w, "checkpoint.correct", (uint64_t)t->correct);
  gguf_put_u64(&w, "checkpoint.seen", (uint64_t)t->seen);
  for (int i = 0; i < extras->number_count; i++) put_numbers(&w, &extras->numbers[i]);
  gguf_put_strings(&w, "checkpoint.epochs", lines, (size_t)history_lines(extras->past));
  for (int i = 0; i < count; i++) {
    if (blocks[i].values == NULL) continue;
    gguf_put_tensor(&w, blocks[i].name, GGUF_TENSOR_F32, 1, (uint64_t[]){t->total});
  }
  for (int i = 0; i < count; i++) {
    if (blocks[i].values != NULL) gguf_put_data(&w, blocks[i].values);
  }
  return gguf_writer_end(&w, size, error);
}

rc_status checkpoint_save(const char *path, const trainer *run, const checkpoint_extras *extras,
                          rc_error *error) {
  text_lines texts;
  size_t size = 0;
  uint8_t *buffer = NULL;
  rc_status status = list_lines(extras->past, &texts, error);
  if (status == RC_OK) status = write_file(run, extras, texts.lines, NULL, 0, &size, error);
  if (status == RC_OK && (buffer = malloc(size)) == NULL) {
    status = rc_fail(error, RC_ERR_MEMORY, "out of memory for a checkpoint of %zu bytes", size);
  }
  if (status == RC_OK) status = write_file(run, extras, texts.lines, buffer, size, &size, error);
  if (status == RC_OK) status = files_write_atomically(path, buffer, size, error);
  free(buffer);
  free(texts.lines);
  free(texts.numbers);
  if (status != RC_ERR_RANGE) return status;
  return rc_fail(error, status,
                 "the weights are no longer finite after step %ld; try a lower learning rate "
                 "(--lr) or a limit on the gradient (--clip)",
                 run->step);
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
                     "data, or begin anew with --restart",
                     path, (int)(old_length < 60 ? old_length : 60), old,
                     (int)(new_length < 60 ? new_length : 60), new);
    }
    old += old_length + (newline != NULL);
    new += new_length + (new[new_length] == '\n');
  }
  return RC_OK;
}

static rc_status read_line(history *past, int index, gguf_string from, rc_error *error) {
  char *text = strndup(from.text, from.bytes);
  if (text == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for a checkpoint");
  rc_status status = history_read_line(past, index, text, error);
  free(text);
  return status;
}

static rc_status read_lines(const gguf_file *file, history *past, rc_error *error) {
  size_t count = 0;
  const gguf_entry *entry = gguf_find(file, "checkpoint.epochs");
  const size_t most = entry == NULL ? 0 : (size_t)entry->count; /* each takes bytes of the file */
  gguf_string *lines = calloc(most + 1, sizeof *lines);
  if (lines == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for a checkpoint");
  rc_status status = gguf_get_strings(file, "checkpoint.epochs", lines, most, &count, error);
  for (size_t i = 0; i < count && status == RC_OK; i++) {
    status = read_line(past, (int)i, lines[i], error);
  }
  free(lines);
  return status;
}

static rc_status read_numbers(const gguf_file *file, const checkpoint_numbers *numbers,
                              rc_error *error) {
  if (numbers->count == 1) return gguf_get_float(file, numbers->key, numbers->values, error);
  const gguf_entry *entry = gguf_find(file, numbers->key);
  bool right = entry != NULL && entry->type == GGUF_ARRAY && entry->element == GGUF_F64 &&
               entry->count == (uint64_t)numbers->count;
  if (!right) {
    return rc_fail(error, RC_ERR_FORMAT, "%s is not %d numbers", numbers->key, numbers->count);
  }
  double *next = numbers->values;
  for (gguf_value v = {0}; gguf_next(entry, &v);) {
    if (!isfinite(v.real)) {
      return rc_fail(error, RC_ERR_FORMAT, "%s holds what is no number", numbers->key);
    }
    *next++ = v.real;
  }
  return RC_OK;
}

static rc_status read_position(const gguf_file *file, trainer *t, long steps, int epochs,
                               rc_error *error) {
  int64_t step, optimizer_step, epoch, part = 0, batch, correct, seen;
  RC_TRY(gguf_get_int(file, "checkpoint.step", 0, steps, &step, error));
  RC_TRY(gguf_get_int(file, "checkpoint.optimizer_step", 0, steps, &optimizer_step, error));
  RC_TRY(gguf_get_int(file, "checkpoint.epoch", 0, epochs, &epoch, error));
  if (gguf_find(file, "checkpoint.part") != NULL) { /* absent in older ones */
    RC_TRY(gguf_get_int(file, "checkpoint.part", 0, t->task.parts > 1 ? t->task.parts - 1 : 0,
                        &part, error));
  }
  RC_TRY(gguf_get_int(file, "checkpoint.batch", 0, INT32_MAX, &batch, error));
  RC_TRY(gguf_get_int(file, "checkpoint.correct", 0, INT64_MAX, &correct, error));
  RC_TRY(gguf_get_int(file, "checkpoint.seen", 0, INT64_MAX, &seen, error));
  RC_TRY(gguf_get_float(file, "checkpoint.loss_sum", &t->loss_sum, error));
  /* Sums that only ever grow by what was seen, with room to go on. */
  if (optimizer_step != step || seen > INT64_MAX / 4 || correct > seen ||
      (seen > 0) != (part > 0 || batch > 0)) {
    return rc_fail(error, RC_ERR_FORMAT, "it counts what cannot be");
  }
  t->step = (long)step;
  t->optimizer.step = (long)optimizer_step;
  t->epoch = (int)epoch;
  t->part = (int)part;
  t->batch = (int)batch;
  t->correct = (long)correct;
  t->seen = (long)seen;
  return RC_OK;
}

static rc_status read_blocks(const gguf_file *file, const trainer *t,
                             const checkpoint_extras *extras, rc_error *error) {
  checkpoint_block blocks[CHECKPOINT_BLOCKS_MAX];
  int count = list_blocks(t, extras, blocks);
  for (int i = 0; i < count; i++) {
    if (blocks[i].values == NULL) continue;
    const gguf_tensor *tensor = gguf_find_tensor(file, blocks[i].name);
    if (tensor == NULL) return rc_fail(error, RC_ERR_FORMAT, "%s is missing", blocks[i].name);
    RC_TRY(gguf_decode(tensor, blocks[i].values, t->total, error));
  }
  return RC_OK;
}

/* Lays out the part of an epoch that the run stands in, which has only so many batches. */
static rc_status check_position(trainer *t, rc_error *error) {
  RC_TRY(trainer_begin_part(t, error));
  if (t->batch > t->batches) {
    return rc_fail(error, RC_ERR_FORMAT, "it stands at batch %d of %d", t->batch, t->batches);
  }
  if (t->step < (long)t->epoch + t->part + t->batch) {
    return rc_fail(error, RC_ERR_FORMAT, "it stands at step %ld in epoch %d", t->step, t->epoch);
  }
  return RC_OK;
}

/* Where a run may stand at the latest. */
typedef struct run_limits {
  long steps;
  int epochs;
} run_limits;

static rc_status restore(const char *path, const gguf_file *file, trainer *t, run_limits limits,
                         const checkpoint_extras *extras, rc_error *error) {
  gguf_string text;
  RC_TRY(gguf_get_string(file, "general.architecture", &text, error));
  if (text.bytes != strlen(ARCHITECTURE) || memcmp(text.text, ARCHITECTURE, text.bytes) != 0) {
    return rc_fail(error, RC_ERR_FORMAT, "it is not a checkpoint");
  }
  RC_TRY(gguf_get_string(file, "checkpoint.settings", &text, error));
  RC_TRY(compare_settings(path, text, extras->settings, error));
  RC_TRY(read_position(file, t, limits.steps, limits.epochs, error));
  for (int i = 0; i < extras->number_count; i++) {
    RC_TRY(read_numbers(file, &extras->numbers[i], error));
  }
  RC_TRY(read_lines(file, extras->past, error));
  RC_TRY(read_blocks(file, t, extras, error));
  return check_position(t, error);
}

typedef struct read_result {
  rc_status status;
  rc_error error;
  size_t size;
} read_result;

/* *bytes is malloc'd. */
static rc_status read_for_all(const char *path, char **bytes, size_t *size, rc_error *error) {
  read_result result = {0};
  if (ranks_rank() == 0) {
    result.status = files_read_all(path, bytes, &result.size, &result.error);
  }
  ranks_broadcast(&result, sizeof result);
  if (result.status != RC_OK) return rc_fail(error, result.status, "%s", result.error.text);
  *size = result.size;
  if (ranks_rank() > 0 && (*bytes = malloc(*size + 1)) == NULL) {
    return rc_fail(error, RC_ERR_MEMORY, "out of memory for a checkpoint of %zu bytes", *size);
  }
  ranks_broadcast(*bytes, *size);
  return RC_OK;
}

rc_status checkpoint_load(const char *path, trainer *run, long steps, int epochs,
                          const checkpoint_extras *extras, rc_error *error) {
  char *bytes = NULL;
  size_t size = 0;
  RC_TRY(read_for_all(path, &bytes, &size, error));
  rc_arena tables = {0};
  gguf_file file;
  rc_error reason = {0};
  run_limits limits = {.steps = steps, .epochs = epochs};
  rc_status status = arena_new(&tables, gguf_open_bytes((uint8_t *)bytes, size), &reason);
  if (status == RC_OK) status = gguf_open(&file, (uint8_t *)bytes, size, &tables, &reason);
  if (status == RC_OK) status = restore(path, &file, run, limits, extras, &reason);
  arena_free(&tables);
  free(bytes);
  if (status == RC_OK) return RC_OK;
  if (status == RC_ERR_ARGUMENT) return rc_fail(error, status, "%s", reason.text);
  return rc_fail(error, status, "%s: the checkpoint cannot be used: %s", path, reason.text);
}
