#include "recur_wasm.h"

#include <string.h>

#include "classifier_file.h"

/* One long text must not keep its memory for good. A block of more than KEPT_BYTES is given back
 * when a smaller one will do, a classifier's workspace after a text of more than KEPT_LETTERS. */
enum { KEPT_BYTES = 64 << 10, KEPT_LETTERS = 256 };

typedef struct metadata_entry {
  const char *key, *text;
  recur_metadata_kind kind;
  double number;
} metadata_entry;

typedef struct loaded {
  classifier_model model;
  classifier_session session;
  metadata_entry *metadata; /* [metadata_count] */
  int metadata_count;
  rc_arena memory; /* owns this struct and the metadata */
} loaded;

/* A handle is generation * RECUR_CLASSIFIERS_MAX + slot. The generation rises when the slot is
 * freed, so an old handle does not find its successor. */
typedef struct slot {
  loaded *item; /* NULL: free */
  int32_t generation;
} slot;

enum { GENERATIONS_MAX = INT32_MAX / RECUR_CLASSIFIERS_MAX - 1 };

/* Of the last classification, laid out in engine.output. */
typedef struct results {
  float *probabilities; /* [C] */
  uint16_t *letters;    /* [n] */
  int *ids;             /* [max(n, S)] */
  int step_count;       /* S */
  int32_t *sources;     /* [S] */
  float *steps;         /* [S, C] */
} results;

struct recur_engine {
  rc_arena memory; /* owns this struct */
  rc_arena input, output;
  results results;
  slot slots[RECUR_CLASSIFIERS_MAX];
  rc_error error;
};

recur_engine *recur_engine_new(void) {
  rc_arena memory;
  if (kernels_select(NULL, NULL) != RC_OK) return NULL;
  if (arena_new(&memory, sizeof(recur_engine), NULL) != RC_OK) return NULL;
  recur_engine *engine = ARENA_ARRAY(&memory, recur_engine, 1);
  *engine = (recur_engine){.memory = memory};
  for (int i = 0; i < RECUR_CLASSIFIERS_MAX; i++) engine->slots[i].generation = 1;
  return engine;
}

static void unload(loaded *item) {
  classifier_session_end(&item->session);
  classifier_model_free(&item->model);
  rc_arena memory = item->memory;
  arena_free(&memory);
}

void recur_engine_free(recur_engine *engine) {
  if (engine == NULL) return;
  for (int i = 0; i < RECUR_CLASSIFIERS_MAX; i++) {
    if (engine->slots[i].item != NULL) unload(engine->slots[i].item);
  }
  arena_free(&engine->input);
  arena_free(&engine->output);
  rc_arena memory = engine->memory;
  arena_free(&memory);
}

const char *recur_version(void) {
  return RECUR_VERSION;
}

const char *recur_error(const recur_engine *engine) {
  return engine->error.text;
}

/* Makes `block` at least `bytes` large and empty. */
static rc_status renew(rc_arena *block, size_t bytes, rc_error *error) {
  bool idle = block->size > KEPT_BYTES && bytes <= KEPT_BYTES;
  if (block->base != NULL && bytes <= block->size && !idle) {
    arena_reset(block);
    return RC_OK;
  }
  arena_free(block);
  return arena_new(block, bytes, error);
}

void *recur_input(recur_engine *engine, size_t bytes) {
  if (renew(&engine->input, bytes, &engine->error) != RC_OK) return NULL;
  return arena_alloc(&engine->input, bytes, 1);
}

static rc_status check_input(const recur_engine *engine, size_t bytes, rc_error *error) {
  if (engine->input.base != NULL && bytes <= engine->input.used) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "the input has no room for %zu bytes", bytes);
}

/* The slot that a handle names, or NULL with the reason. */
static slot *find_slot(recur_engine *engine, int32_t handle) {
  if (handle > 0) {
    slot *found = &engine->slots[handle % RECUR_CLASSIFIERS_MAX];
    int32_t generation = handle / RECUR_CLASSIFIERS_MAX;
    if (found->item != NULL && found->generation == generation) return found;
    if (generation > 0 && generation < found->generation) {
      rc_fail(&engine->error, RC_ERR_ARGUMENT, "the classifier was freed");
      return NULL;
    }
  }
  rc_fail(&engine->error, RC_ERR_ARGUMENT, "there is no classifier with the handle %d",
          (int)handle);
  return NULL;
}

static loaded *find(recur_engine *engine, int32_t handle) {
  slot *found = find_slot(engine, handle);
  return found == NULL ? NULL : found->item;
}

/* A terminated copy; NULL while measuring. */
static const char *copy_text(gguf_string string, rc_arena *arena) {
  char *copy = ARENA_ARRAY(arena, char, string.bytes + 1);
  if (copy == NULL) return NULL;
  memcpy(copy, string.text, string.bytes);
  copy[string.bytes] = '\0';
  return copy;
}

static metadata_entry copy_entry(const gguf_entry *entry, rc_arena *arena) {
  metadata_entry copy = {
      .key = copy_text(entry->key, arena),
      .text = "",
      .kind = RECUR_METADATA_NUMBER,
      .number = gguf_entry_number(entry),
  };
  if (entry->type == GGUF_BOOL) copy.kind = RECUR_METADATA_BOOLEAN;
  if (entry->type == GGUF_STRING) {
    copy.kind = RECUR_METADATA_STRING;
    copy.text = copy_text(gguf_entry_string(entry), arena);
  }
  return copy;
}

/* An item with the metadata of `file`, before its model; NULL while measuring. */
static loaded *lay_out_item(const gguf_file *file, rc_arena *arena) {
  loaded *item = ARENA_ARRAY(arena, loaded, 1);
  metadata_entry *metadata = ARENA_ARRAY(arena, metadata_entry, (size_t)file->entry_count);
  int count = 0;
  for (int i = 0; i < file->entry_count; i++) {
    if (file->entries[i].type == GGUF_ARRAY) continue;
    metadata_entry copy = copy_entry(&file->entries[i], arena);
    if (metadata != NULL) metadata[count] = copy;
    count++;
  }
  if (item != NULL) *item = (loaded){.metadata = metadata, .metadata_count = count};
  return item;
}

static rc_status item_new(loaded **out, const gguf_file *file, rc_error *error) {
  rc_arena need = arena_measure(), memory;
  (void)lay_out_item(file, &need);
  RC_TRY(arena_check(&need, "the metadata", error));
  RC_TRY(arena_new(&memory, need.used, error));
  *out = lay_out_item(file, &memory);
  (*out)->memory = memory;
  return RC_OK;
}

static rc_status load_item(loaded **out, const uint8_t *bytes, size_t size, rc_error *error) {
  rc_arena tables;
  gguf_file file;
  loaded *item = NULL;
  RC_TRY(arena_new(&tables, gguf_open_bytes(bytes, size), error));
  rc_status status = gguf_open(&file, bytes, size, &tables, error);
  if (status == RC_OK) status = item_new(&item, &file, error);
  arena_free(&tables);
  if (status == RC_OK) status = classifier_model_read(&item->model, bytes, size, error);
  if (status == RC_OK) {
    item->session = classifier_session_begin(&item->model);
    *out = item;
  } else if (item != NULL) {
    unload(item);
  }
  return status;
}

int32_t recur_classifier_load(recur_engine *engine, size_t bytes) {
  rc_error *error = &engine->error;
  rc_status status = check_input(engine, bytes, error);
  if (status != RC_OK) return -(int32_t)status;
  for (int32_t i = 0; i < RECUR_CLASSIFIERS_MAX; i++) {
    slot *free_slot = &engine->slots[i];
    if (free_slot->item != NULL || free_slot->generation > GENERATIONS_MAX) continue;
    status = load_item(&free_slot->item, engine->input.base, bytes, error);
    if (status != RC_OK) return -(int32_t)status;
    return free_slot->generation * RECUR_CLASSIFIERS_MAX + i;
  }
  return -(int32_t)rc_fail(error, RC_ERR_RANGE, "%d classifiers are loaded: free one first",
                           RECUR_CLASSIFIERS_MAX);
}

int32_t recur_classifier_free(recur_engine *engine, int32_t handle) {
  slot *found = find_slot(engine, handle);
  if (found == NULL) return -RC_ERR_ARGUMENT;
  unload(found->item);
  found->item = NULL;
  found->generation++;
  return RC_OK;
}

int32_t recur_classifier_property(recur_engine *engine, int32_t handle, int32_t property) {
  const loaded *item = find(engine, handle);
  if (item == NULL) return -RC_ERR_ARGUMENT;
  const classifier_config *config = &item->model.net.config;
  switch (property) {
    case RECUR_LAYERS:
      return config->layers;
    case RECUR_HIDDEN:
      return config->hidden;
    case RECUR_DIRECTIONS:
      return config->directions;
    case RECUR_PARAMETERS:
      return (int32_t)item->model.net.params.total;
    case RECUR_LABELS:
      return config->labels;
    case RECUR_METADATA:
      return item->metadata_count;
    default:
      return -(int32_t)rc_fail(&engine->error, RC_ERR_ARGUMENT, "there is no property %d",
                               (int)property);
  }
}

const char *recur_classifier_cell(recur_engine *engine, int32_t handle) {
  const loaded *item = find(engine, handle);
  return item == NULL ? NULL : recurrent_cell_name(item->model.net.config.cell);
}

static rc_status check_index(const char *what, int32_t index, int count, rc_error *error) {
  if (index >= 0 && index < count) return RC_OK;
  return rc_fail(error, RC_ERR_RANGE, "there is no %s %d, but %d of them", what, (int)index, count);
}

const char *recur_classifier_label(recur_engine *engine, int32_t handle, int32_t index) {
  const loaded *item = find(engine, handle);
  if (item == NULL) return NULL;
  int count = item->model.net.config.labels;
  if (check_index("label", index, count, &engine->error) != RC_OK) return NULL;
  return item->model.labels[index];
}

static const metadata_entry *find_metadata(recur_engine *engine, int32_t handle, int32_t index) {
  const loaded *item = find(engine, handle);
  if (item == NULL) return NULL;
  rc_status status = check_index("metadata entry", index, item->metadata_count, &engine->error);
  return status == RC_OK ? &item->metadata[index] : NULL;
}

const char *recur_metadata_key(recur_engine *engine, int32_t handle, int32_t index) {
  const metadata_entry *entry = find_metadata(engine, handle, index);
  return entry == NULL ? NULL : entry->key;
}

int32_t recur_metadata_kind_of(recur_engine *engine, int32_t handle, int32_t index) {
  const metadata_entry *entry = find_metadata(engine, handle, index);
  return entry == NULL ? -RC_ERR_ARGUMENT : (int32_t)entry->kind;
}

const char *recur_metadata_text(recur_engine *engine, int32_t handle, int32_t index) {
  const metadata_entry *entry = find_metadata(engine, handle, index);
  return entry == NULL ? NULL : entry->text;
}

double recur_metadata_number(recur_engine *engine, int32_t handle, int32_t index) {
  const metadata_entry *entry = find_metadata(engine, handle, index);
  return entry == NULL ? 0 : entry->number;
}

static results lay_out_results(size_t labels, size_t letters, size_t steps, rc_arena *arena) {
  results r = {0};
  r.probabilities = ARENA_ARRAY(arena, float, labels);
  r.letters = ARENA_ARRAY(arena, uint16_t, letters);
  r.ids = ARENA_ARRAY(arena, int, letters);
  r.sources = ARENA_ARRAY(arena, int32_t, steps);
  r.steps = ARENA_ARRAY(arena, float, steps *labels);
  return r;
}

static rc_status prepare_results(recur_engine *engine, size_t labels, size_t letters,
                                 size_t steps) {
  rc_arena need = arena_measure();
  engine->results = lay_out_results(labels, letters, steps, &need);
  RC_TRY(arena_check(&need, "the result", &engine->error));
  RC_TRY(renew(&engine->output, need.used, &engine->error));
  engine->results = lay_out_results(labels, letters, steps, &engine->output);
  return arena_check(&engine->output, "the result", &engine->error);
}

/* Everything at rest in engine.input and engine.output; *letters is n. */
static rc_status classify(recur_engine *engine, loaded *item, size_t bytes, bool steps,
                          int *letters) {
  const char *text = (const char *)engine->input.base;
  const classifier_config *config = &item->model.net.config;
  size_t count = alphabet_encode(text, bytes, config->letter_case, NULL, NULL, 0);
  if (count > CLASSIFIER_LETTERS_MAX) count = 0; /* refused below */
  size_t step_count = !steps ? 0 : count < RECUR_STEPS_MAX ? count : RECUR_STEPS_MAX;
  RC_TRY(prepare_results(engine, (size_t)config->labels, count, step_count));
  results *r = &engine->results;
  bool whole = step_count > 0 && step_count == count; /* then the last step is the answer */
  if (!whole) {
    RC_TRY(
        classifier_predict(&item->session, text, bytes, r->probabilities, letters, &engine->error));
  }
  if (step_count > 0) {
    RC_TRY(classifier_predict_prefixes(&item->session, text, bytes, (int)step_count, r->steps,
                                       r->ids, r->sources, &r->step_count, &engine->error));
  }
  if (whole) {
    size_t labels = (size_t)config->labels;
    memcpy(r->probabilities, r->steps + (count - 1) * labels, labels * sizeof *r->steps);
    *letters = (int)count;
  }
  alphabet_encode(text, bytes, config->letter_case, r->ids, NULL, count);
  for (size_t i = 0; i < count; i++) {
    r->letters[i] = r->ids[i] == ALPHABET_UNKNOWN ? 0xFFFD : (uint16_t)alphabet_letters[r->ids[i]];
  }
  return RC_OK;
}

int32_t recur_classify(recur_engine *engine, int32_t handle, size_t bytes, int32_t steps) {
  loaded *item = find(engine, handle);
  if (item == NULL) return -RC_ERR_ARGUMENT;
  int letters = 0;
  rc_status status = check_input(engine, bytes, &engine->error);
  if (status == RC_OK) status = classify(engine, item, bytes, steps != 0, &letters);
  if (letters > KEPT_LETTERS) {
    classifier_session_end(&item->session);
    item->session = classifier_session_begin(&item->model);
  }
  return status == RC_OK ? letters : -(int32_t)status;
}

const float *recur_probabilities(const recur_engine *engine) {
  return engine->results.probabilities;
}

const uint16_t *recur_letters(const recur_engine *engine) {
  return engine->results.letters;
}

int32_t recur_step_count(const recur_engine *engine) {
  return engine->results.step_count;
}

const int32_t *recur_step_sources(const recur_engine *engine) {
  return engine->results.sources;
}

const float *recur_step_probabilities(const recur_engine *engine) {
  return engine->results.steps;
}
