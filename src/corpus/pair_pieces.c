#include "pair_pieces.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clocks.h"
#include "fnv.h"
#include "signals.h"

enum { MEGABYTE = 1000000, BUFFER = 1 << 20 };

static rc_status no_memory(rc_error *error) {
  return rc_fail(error, RC_ERR_MEMORY, "out of memory for the pieces of a file");
}

static rc_status cannot_read(const char *path, rc_error *error) {
  return rc_fail(error, RC_ERR_IO, "%s: %s", path, strerror(errno));
}

size_t pair_pieces_size(const char *const *paths, int count, size_t *largest) {
  size_t all = 0;
  *largest = 0;
  for (int i = 0; i < count; i++) {
    struct stat about;
    if (stat(paths[i], &about) != 0 || !S_ISREG(about.st_mode)) return SIZE_MAX;
    const size_t size = (size_t)about.st_size;
    if (size > *largest) *largest = size;
    all += size;
  }
  return all;
}

rc_status pair_pieces_check_signals(rc_error *error) {
  if (!signals_stop_requested()) return RC_OK;
  return rc_fail(error, RC_ERR_IO,
                 "stopped while the data were read; the same command begins anew");
}

/* ---- where they are ---- */

typedef struct cutting {
  pair_pieces *out;
  size_t bytes;   /* of a piece, about */
  pair_piece now; /* so far */
  SHA2_CTX sha;
  progress *bar;
  size_t done, total;
  double since; /* when it began */
} cutting;

static rc_status end_piece(cutting *c, rc_error *error) {
  pair_pieces *out = c->out;
  if (out->count == out->room) {
    const int room = out->room < 64 ? 64 : 2 * out->room;
    pair_piece *items = realloc(out->items, (size_t)room * sizeof *items);
    if (items == NULL) return no_memory(error);
    out->items = items;
    out->room = room;
  }
  const pair_piece *now = &c->now;
  out->items[out->count++] = *now;
  c->now = (pair_piece){.file = now->file,
                        .line = now->line + now->line_count,
                        .start = now->start + now->bytes,
                        .hash = FNV_BEGIN};
  return RC_OK;
}

/* Adds bytes that follow: pieces end behind a line feed. */
static rc_status add_bytes(cutting *c, const char *bytes, size_t size, rc_error *error) {
  while (size > 0) {
    const char *feed = memchr(bytes, '\n', size);
    const size_t taken = feed == NULL ? size : (size_t)(feed - bytes) + 1;
    c->now.hash = fnv_add_bytes(c->now.hash, bytes, taken);
    c->now.bytes += taken;
    if (feed != NULL) {
      if (c->now.line + c->now.line_count == INT_MAX - 1) {
        return rc_fail(error, RC_ERR_FORMAT, "%s: more than %d lines", c->out->paths[c->now.file],
                       INT_MAX);
      }
      c->now.line_count++;
      if (c->now.bytes >= c->bytes) RC_TRY(end_piece(c, error));
    }
    bytes += taken;
    size -= taken;
  }
  return RC_OK;
}

static rc_status cut(cutting *c, int file, char *buffer, rc_error *error) {
  const char *path = c->out->paths[file];
  ssize_t size;
  c->now = (pair_piece){.file = file, .hash = FNV_BEGIN};
  SHA256Init(&c->sha);
  while ((size = read(c->out->files[file], buffer, BUFFER)) != 0) {
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return cannot_read(path, error);
    SHA256Update(&c->sha, (const uint8_t *)buffer, (size_t)size);
    RC_TRY(add_bytes(c, buffer, (size_t)size, error));
    c->done += (size_t)size;
    progress_count(c->bar, (double)c->done / MEGABYTE, (double)c->total / MEGABYTE, c->since,
                   clocks_now());
    RC_TRY(pair_pieces_check_signals(error));
  }
  if (c->now.bytes > 0) {
    c->now.line_count++; /* without an end */
    RC_TRY(end_piece(c, error));
  }
  SHA256End(&c->sha, c->out->sha256[file]);
  return RC_OK;
}

static rc_status open_all(cutting *c, char *buffer, rc_error *error) {
  pair_pieces *out = c->out;
  for (int i = 0; i < out->file_count; i++) {
    const char *path = out->paths[i];
    const int before = out->count;
    out->files[i] = open(path, O_RDONLY | O_CLOEXEC);
    if (out->files[i] < 0) return cannot_read(path, error);
    out->opened++;
    RC_TRY(cut(c, i, buffer, error));
    if (out->count == before) return rc_fail(error, RC_ERR_FORMAT, "%s: no pairs", path);
  }
  return RC_OK;
}

rc_status pair_pieces_open(pair_pieces *out, const char *const *paths, int count, size_t bytes,
                           progress *bar, rc_error *error) {
  *out = (pair_pieces){.paths = paths, .file_count = count};
  size_t largest;
  cutting c = {.out = out, .bytes = bytes, .bar = bar, .since = clocks_now()};
  c.total = pair_pieces_size(paths, count, &largest);
  out->files = calloc((size_t)count, sizeof *out->files);
  out->sha256 = calloc((size_t)count, sizeof *out->sha256);
  char *buffer = malloc(BUFFER);
  const bool room = out->files != NULL && out->sha256 != NULL && buffer != NULL;
  rc_status status = room ? open_all(&c, buffer, error) : no_memory(error);
  free(buffer);
  return status;
}

void pair_pieces_close(pair_pieces *pieces) {
  for (int i = 0; i < pieces->opened; i++) close(pieces->files[i]);
  free(pieces->files);
  free(pieces->sha256);
  free(pieces->items);
  *pieces = (pair_pieces){.paths = NULL};
}

/* ---- what is in them ---- */

static rc_status read_bytes(const pair_pieces *pieces, const pair_piece *piece, char *bytes,
                            rc_error *error) {
  const char *path = pieces->paths[piece->file];
  for (size_t at = 0; at < piece->bytes;) {
    const ssize_t size = pread(pieces->files[piece->file], bytes + at, piece->bytes - at,
                               (off_t)(piece->start + at));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return cannot_read(path, error);
    if (size == 0) break;
    at += (size_t)size;
  }
  if (fnv_add_bytes(FNV_BEGIN, bytes, piece->bytes) == piece->hash) return RC_OK;
  return rc_fail(error, RC_ERR_IO, "%s: it has changed since it was first read", path);
}

rc_status pair_pieces_read(const pair_pieces *pieces, int piece, bool french, text_pairs *out,
                           rc_error *error) {
  const pair_piece *from = &pieces->items[piece];
  *out = (text_pairs){.count = 0};
  char *bytes = calloc(from->bytes + 1, 1);
  if (bytes == NULL) return no_memory(error);
  const rc_status status = read_bytes(pieces, from, bytes, error);
  if (status != RC_OK) {
    free(bytes);
    return status;
  }
  return pairs_read_piece(out, pieces->paths[from->file], bytes, from->bytes, from->line, french,
                          error);
}
