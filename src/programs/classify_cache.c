#include "classify_cache.h"

#include <stdlib.h>
#include <string.h>

#include "fnv.h"

enum { SLOTS = 1 << 17, NAMES_MAX = SLOTS / 2, BLOCK_BYTES = 16 << 20 };

rc_status classify_cache_new(classify_cache *cache, rc_error *error) {
  *cache = (classify_cache){.entries = calloc(SLOTS, sizeof *cache->entries),
                            .block = malloc(BLOCK_BYTES)};
  const bool room = cache->entries != NULL && cache->block != NULL;
  return room ? RC_OK : rc_fail(error, RC_ERR_MEMORY, "out of memory");
}

void classify_cache_free(classify_cache *cache) {
  free(cache->entries);
  free(cache->block);
  *cache = (classify_cache){0};
}

bool classify_cache_make_room(classify_cache *cache, int names, size_t bytes) {
  if (cache->count + names > NAMES_MAX || cache->used + bytes > BLOCK_BYTES) {
    memset(cache->entries, 0, SLOTS * sizeof *cache->entries);
    cache->used = 0;
    cache->count = 0;
  }
  return names <= NAMES_MAX && bytes <= BLOCK_BYTES;
}

static uint64_t hash(utf8_text name) {
  const uint64_t h = fnv_add_bytes(FNV_BEGIN, name.text, name.bytes);
  return h ^ h >> 32;
}

static const char *keep(classify_cache *cache, utf8_text text) {
  char *kept = cache->block + cache->used;
  memcpy(kept, text.text, text.bytes);
  cache->used += text.bytes;
  return kept;
}

cache_entry *classify_cache_find(classify_cache *cache, utf8_text name) {
  for (uint64_t slot = hash(name);; slot++) {
    cache_entry *entry = &cache->entries[slot % SLOTS];
    if (entry->name == NULL) {
      *entry = (cache_entry){.name = keep(cache, name), .name_bytes = (uint32_t)name.bytes};
      cache->count++;
      return entry;
    }
    if (entry->name_bytes == name.bytes && memcmp(entry->name, name.text, name.bytes) == 0) {
      return entry;
    }
  }
}

void classify_cache_answer(classify_cache *cache, cache_entry *entry, utf8_text beside) {
  entry->beside = keep(cache, beside);
  entry->beside_bytes = (uint32_t)beside.bytes;
}
