#include "pair_hashes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fnv.h"

static const char FILE_NAME[] = ".hashes.XXXXXX";

static rc_status fail(const char *what, rc_error *error) {
  return rc_fail(error, RC_ERR_IO, "hashes of pairs: cannot %s: %s", what, strerror(errno));
}

rc_status pair_hashes_open(pair_hashes *out, const char *beside, rc_error *error) {
  *out = (pair_hashes){.file = NULL};
  const size_t bytes = strlen(beside) + sizeof FILE_NAME;
  char *path = malloc(bytes);
  if (path == NULL) return rc_fail(error, RC_ERR_MEMORY, "out of memory for hashes of pairs");
  snprintf(path, bytes, "%s%s", beside, FILE_NAME);
  const int file = mkstemp(path);
  if (file >= 0) unlink(path);
  free(path);
  out->file = file < 0 ? NULL : fdopen(file, "w+b");
  if (out->file != NULL) return RC_OK;
  const rc_status status = fail("make a file beside --out", error);
  if (file >= 0) close(file);
  return status;
}

void pair_hashes_close(pair_hashes *hashes) {
  if (hashes->file != NULL) (void)fclose(hashes->file);
  *hashes = (pair_hashes){.file = NULL};
}

/* FNV-1a over both sides and a tab between them, mixed as SplitMix64 does; never 0. */
static uint64_t hash_of(const text_pair *pair) {
  uint64_t hash = fnv_add_bytes(FNV_BEGIN, pair->source.text, pair->source.bytes);
  hash = fnv_add(hash, '\t');
  hash = fnv_add_bytes(hash, pair->target.text, pair->target.bytes);
  hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9u;
  hash = (hash ^ hash >> 27) * 0x94D049BB133111EBu;
  hash ^= hash >> 31;
  return hash == 0 ? 1 : hash;
}

rc_status pair_hashes_add(pair_hashes *hashes, const text_pair *pair, rc_error *error) {
  const uint64_t hash = pair == NULL ? 0 : hash_of(pair);
  hashes->count++;
  return fwrite(&hash, sizeof hash, 1, hashes->file) == 1 ? RC_OK : fail("write them", error);
}

/* ---- shares ---- */

typedef struct table {
  uint64_t *slots; /* [mask + 1] 0: empty */
  size_t mask, count;
} table;

/* Twice as large: a share may be larger than the others. */
static bool grow(table *t) {
  const size_t size = 2 * (t->mask + 1);
  table larger = {.slots = calloc(size, sizeof *larger.slots), .mask = size - 1};
  if (larger.slots == NULL) return false;
  for (size_t i = 0; i <= t->mask; i++) {
    const uint64_t hash = t->slots[i];
    if (hash == 0) continue;
    size_t at = (size_t)(hash >> 16) & larger.mask;
    while (larger.slots[at] != 0) at = (at + 1) & larger.mask;
    larger.slots[at] = hash;
  }
  free(t->slots);
  larger.count = t->count;
  *t = larger;
  return true;
}

/* Whether it is new; *room: false where there is no memory. */
static bool add(table *t, uint64_t hash, bool *room) {
  if (4 * t->count >= 3 * t->mask) *room = grow(t);
  if (!*room) return true;
  size_t at = (size_t)(hash >> 16) & t->mask;
  for (; t->slots[at] != 0; at = (at + 1) & t->mask) {
    if (t->slots[at] == hash) return false;
  }
  t->slots[at] = hash;
  t->count++;
  return true;
}

/* Those whose remainder by `shares` is `share`. */
static rc_status mark_share(pair_hashes *h, size_t shares, size_t share, table *seen, uint8_t *bits,
                            size_t *repeated, rc_error *error) {
  enum { AT_ONCE = 1 << 13 };
  uint64_t some[AT_ONCE];
  size_t count;
  bool room = true;
  memset(seen->slots, 0, (seen->mask + 1) * sizeof *seen->slots);
  seen->count = 0;
  rewind(h->file);
  for (size_t place = 0; place < h->count && room; place += count) {
    const size_t wanted = h->count - place < AT_ONCE ? h->count - place : AT_ONCE;
    count = fread(some, sizeof *some, wanted, h->file);
    if (count != wanted) return fail("read them", error);
    for (size_t i = 0; i < count && room; i++) {
      if (some[i] == 0 || some[i] % shares != share || add(seen, some[i], &room)) continue;
      bits[(place + i) >> 3] = (uint8_t)(bits[(place + i) >> 3] | 1U << ((place + i) & 7));
      ++*repeated;
    }
  }
  return room ? RC_OK : rc_fail(error, RC_ERR_MEMORY, "out of memory for hashes of pairs");
}

rc_status pair_hashes_mark(pair_hashes *hashes, size_t memory, uint8_t *bits, size_t *repeated,
                           rc_error *error) {
  table seen = {.mask = 1023};
  *repeated = 0;
  if (fflush(hashes->file) != 0) return fail("write them", error);
  /* Full to three quarters at most, and growing takes half as much again. */
  while (3 * (seen.mask + 1) * sizeof *seen.slots < memory && seen.mask / 2 < hashes->count) {
    seen.mask = 2 * seen.mask + 1;
  }
  const size_t shares = 2 * hashes->count / (seen.mask + 1) + 1;
  seen.slots = malloc((seen.mask + 1) * sizeof *seen.slots);
  rc_status status = seen.slots == NULL
                         ? rc_fail(error, RC_ERR_MEMORY, "out of memory for hashes of pairs")
                         : RC_OK;
  for (size_t share = 0; share < shares && status == RC_OK; share++) {
    status = mark_share(hashes, shares, share, &seen, bits, repeated, error);
  }
  free(seen.slots);
  return status;
}
