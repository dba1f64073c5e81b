#ifndef RECUR_FILES_H
#define RECUR_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "status.h"

/* Whole files. Every message begins with the path and ends with the system's reason. */

/* Bytes of a pipe or a device: more is refused rather than read for ever. */
enum { FILES_STREAM_MAX = 1 << 30 };

/* Returns `status`, and where it is a failure says of which file: "path: reason". */
rc_status files_explain(rc_status status, const char *path, const rc_error *reason,
                        rc_error *error);

/* Reads all of `path`, or of standard input for "-". *bytes: malloc'd by this call, the caller
 * frees; one NUL follows the size bytes, for convenience. A file may be as large as memory.
 * RC_ERR_IO; RC_ERR_MEMORY. */
rc_status files_read_all(const char *path, char **bytes, size_t *size, rc_error *error);

/* Replaces `path` by these bytes or leaves it as it was: writes a temporary file in the same
 * folder, syncs it, renames it over `path` and syncs the folder, so that a kill or a power cut at
 * any moment leaves the old file or the new one, whole; a temporary file that a kill leaves goes
 * when the same file is next written. Symbolic links are followed, also to what is not there yet.
 * Keeps the mode of an existing file. Things that are no regular files (/dev/stdout) are written in
 * place; "-" is nothing to write. RC_ERR_IO. */
rc_status files_write_atomically(const char *path, const void *bytes, size_t size, rc_error *error);

/* The same for what is written piece by piece: files_begin, then writes to files_stream, then
 * files_commit, which makes all of it the file, or files_discard, which leaves the old one. path is
 * to live as long. files_begin and files_commit: RC_ERR_IO, and nothing is left to discard then;
 * files_stream: NULL with errno. Discarding what is discarded or committed does nothing. */
typedef struct files_pending {
  const char *path;
  char *target, *folder, *temporary; /* NULL where it is written in place */
  int descriptor;
  FILE *stream;
} files_pending;

rc_status files_begin(files_pending *file, const char *path, rc_error *error);
FILE *files_stream(files_pending *file);
rc_status files_commit(files_pending *file, rc_error *error);
void files_discard(files_pending *file);

/* Removes a file that is not needed any more, if it is there, with what killed writers of it have
 * left. */
void files_forget(const char *path);

/* Whether files_write_atomically could begin now: RC_ERR_IO for a folder, a missing one before the
 * name, or what is protected. For learning before hours of work what would fail after them. */
rc_status files_check_writable(const char *path, rc_error *error);

/* Whether two paths are one regular file, through links too; of files still to be made, whether
 * they will be. "-" is standard input, and only the same as a file. Never for things like
 * /dev/null. */
bool files_same(const char *a, const char *b);

#endif
