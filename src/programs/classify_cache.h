#ifndef RECUR_CLASSIFY_CACHE_H
#define RECUR_CLASSIFY_CACHE_H

#include "arena.h"
#include "utf8.h"

/* Names that were met, each with what stands beside it in the output, as most names of a long table
 * come more than once. When it is full it is emptied. */

typedef struct cache_entry {
  const char *name, *beside; /* of the block; beside NULL: not answered yet */
  uint32_t name_bytes, beside_bytes;
} cache_entry;

typedef struct classify_cache {
  cache_entry *entries; /* [CLASSIFY_CACHE_SLOTS] open addressing; name NULL: free */
  char *block;
  size_t used;
  int count;
} classify_cache;

/* RC_ERR_MEMORY. Freed with classify_cache_free, on failure too. */
rc_status classify_cache_new(classify_cache *cache, rc_error *error);
void classify_cache_free(classify_cache *cache);

/* Empties it, unless there is room for so many names more, of so many bytes with what stands beside
 * them. False: there never is. */
bool classify_cache_make_room(classify_cache *cache, int names, size_t bytes);

/* The name's entry, new or not. There must be room. It stays where it is until the cache is
 * emptied. */
cache_entry *classify_cache_find(classify_cache *cache, utf8_text name);

void classify_cache_answer(classify_cache *cache, cache_entry *entry, utf8_text beside);

#endif
