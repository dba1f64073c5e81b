#include "engine.h"

#include <string.h>

/* One long text must not keep its memory for good: a block of more than KEPT_BYTES is given back
 * when a smaller one will do. */
enum { KEPT_BYTES = 64 << 10, GENERATIONS_MAX = INT32_MAX / RECUR_MODELS_MAX - 1 };

_Static_assert((int)RECUR_ERROR_ARGUMENT == (int)RC_ERR_ARGUMENT &&
                   (int)RECUR_ERROR_FORMAT == (int)RC_ERR_FORMAT &&
                   (int)RECUR_ERROR_RANGE == (int)RC_ERR_RANGE &&
                   (int)RECUR_ERROR_MEMORY == (int)RC_ERR_MEMORY,
               "recur.h has the numbers of an rc_status");
_Static_assert((int)RECUR_LETTERS_MAX == (int)CLASSIFIER_LETTERS_MAX, "and the model's limit");

recur_engine *recur_engine_new(void) {
  rc_arena memory;
  if (arena_new(&memory, sizeof(recur_engine), NULL) != RC_OK) return NULL;
  recur_engine *engine = ARENA_ARRAY(&memory, recur_engine, 1);
  *engine = (recur_engine){.memory = memory};
  for (int i = 0; i < RECUR_MODELS_MAX; i++) engine->slots[i].generation = 1;
  return engine;
}

static void free_item(loaded *item) {
  rc_arena memory = item->memory;
  arena_free(&memory);
}

void recur_engine_free(recur_engine *engine) {
  if (engine == NULL) return;
  for (int i = 0; i < RECUR_MODELS_MAX; i++) {
    slot *s = &engine->slots[i];
    if (s->item == NULL) continue;
    s->kind->unload(s->item);
    free_item(s->item);
  }
  arena_free(&engine->input);
  arena_free(&engine->output);
  arena_free(&engine->inside_memory);
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

void engine_forget(recur_engine *engine) {
  engine->classified = (classification){0};
  engine->translated = (sentence_result){0};
  engine->inside = (inspection){0};
  engine->inside_sentence = (translator_inspection){0};
  engine->trained = (training_result){0};
  arena_free(&engine->inside_memory);
}

rc_status engine_renew_output(recur_engine *engine, size_t bytes) {
  engine_forget(engine);
  return renew(&engine->output, bytes, &engine->error);
}

void *recur_input(recur_engine *engine, size_t bytes) {
  if (renew(&engine->input, bytes, &engine->error) != RC_OK) return NULL;
  return arena_alloc(&engine->input, bytes, 1);
}

rc_status engine_check_input(const recur_engine *engine, size_t bytes, rc_error *error) {
  if (bytes <= engine->input.used) return RC_OK; /* nothing is always there */
  return rc_fail(error, RC_ERR_ARGUMENT, "the input has no room for %zu bytes", bytes);
}

/* ---- handles ---- */

/* The slot that a handle names, or NULL. */
static slot *find_slot(recur_engine *engine, int32_t handle) {
  if (handle <= 0) return NULL;
  slot *found = &engine->slots[handle % RECUR_MODELS_MAX];
  return found->item != NULL && found->generation == handle / RECUR_MODELS_MAX ? found : NULL;
}

/* Says why a handle names nothing of the kind. */
static void refuse(recur_engine *engine, int32_t handle, const char *kind) {
  const slot *s = handle > 0 ? &engine->slots[handle % RECUR_MODELS_MAX] : NULL;
  int32_t generation = handle / RECUR_MODELS_MAX;
  if (s != NULL && generation > 0 && generation < s->generation) {
    rc_fail(&engine->error, RC_ERR_ARGUMENT, "the %s was freed", kind);
  } else {
    rc_fail(&engine->error, RC_ERR_ARGUMENT, "there is no %s with the handle %d", kind,
            (int)handle);
  }
}

loaded *engine_find(recur_engine *engine, int32_t handle, const model_kind *kind) {
  slot *found = find_slot(engine, handle);
  if (found != NULL && (found->kind == kind || found->kind->also == kind)) return found->item;
  refuse(engine, handle, kind->name);
  return NULL;
}

/* The same of any kind. */
static slot *find_any(recur_engine *engine, int32_t handle) {
  slot *found = find_slot(engine, handle);
  if (found == NULL) refuse(engine, handle, "model");
  return found;
}

int32_t recur_free(recur_engine *engine, int32_t handle) {
  slot *found = find_any(engine, handle);
  if (found == NULL) return -RC_ERR_ARGUMENT;
  engine_forget(engine);
  found->kind->unload(found->item);
  free_item(found->item);
  found->item = NULL;
  found->generation++;
  return RC_OK;
}

/* ---- loading ---- */

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

static rc_status load_item(loaded **out, const model_kind *kind, const uint8_t *bytes, size_t size,
                           rc_error *error) {
  rc_arena tables;
  gguf_file file;
  loaded *item = NULL;
  RC_TRY(arena_new(&tables, gguf_open_bytes(bytes, size), error));
  rc_status status = gguf_open(&file, bytes, size, &tables, error);
  if (status == RC_OK) status = item_new(&item, &file, error);
  arena_free(&tables);
  if (status != RC_OK) return status;
  status = kind->load(item, bytes, size, error);
  if (status == RC_OK) {
    *out = item;
  } else {
    free_item(item);
  }
  return status;
}

static slot *find_room(recur_engine *engine) {
  for (int i = 0; i < RECUR_MODELS_MAX; i++) {
    slot *s = &engine->slots[i];
    if (s->item == NULL && s->generation <= GENERATIONS_MAX) return s;
  }
  rc_fail(&engine->error, RC_ERR_RANGE, "%d models are loaded: free one first", RECUR_MODELS_MAX);
  return NULL;
}

static int32_t keep(recur_engine *engine, slot *room, loaded *item, const model_kind *kind) {
  room->item = item;
  room->kind = kind;
  return room->generation * RECUR_MODELS_MAX + (int32_t)(room - engine->slots);
}

int32_t engine_keep(recur_engine *engine, loaded *item, const model_kind *kind) {
  slot *room = find_room(engine);
  if (room != NULL) return keep(engine, room, item, kind);
  kind->unload(item);
  free_item(item);
  return -RC_ERR_RANGE;
}

int32_t engine_load(recur_engine *engine, size_t bytes, const model_kind *kind) {
  rc_error *error = &engine->error;
  rc_status status = engine_check_input(engine, bytes, error);
  if (status != RC_OK) return -(int32_t)status;
  slot *room = find_room(engine);
  if (room == NULL) return -RC_ERR_RANGE;
  loaded *item = NULL;
  status = load_item(&item, kind, engine->input.base, bytes, error);
  arena_free(&engine->input); /* as large as the weights: not to be kept */
  return status == RC_OK ? keep(engine, room, item, kind) : -(int32_t)status;
}

/* ---- what a model is ---- */

int32_t recur_property(recur_engine *engine, int32_t handle, int32_t property) {
  const slot *found = find_any(engine, handle);
  if (found == NULL) return -RC_ERR_ARGUMENT;
  if (property == RECUR_METADATA) return found->item->metadata_count;
  int32_t value = found->kind->property(found->item, property);
  if (value >= 0) return value;
  return -(int32_t)rc_fail(&engine->error, RC_ERR_ARGUMENT, "a %s has no property %d",
                           found->kind->name, (int)property);
}

rc_status engine_check_index(const char *what, int32_t index, int count, rc_error *error) {
  if (index >= 0 && index < count) return RC_OK;
  return rc_fail(error, RC_ERR_RANGE, "there is no %s %d, but %d of them", what, (int)index, count);
}

static const metadata_entry *find_metadata(recur_engine *engine, int32_t handle, int32_t index) {
  const slot *found = find_any(engine, handle);
  if (found == NULL) return NULL;
  const loaded *item = found->item;
  rc_status status =
      engine_check_index("metadata entry", index, item->metadata_count, &engine->error);
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
