#ifndef RECUR_RUN_FILES_H
#define RECUR_RUN_FILES_H

#include <stdbool.h>

#include "status.h"

/* The files of a training command, looked at before hours of work rather than after. */

/* A file that the command names, by what the reader knows it as ("--out"). */
typedef struct named_file {
  const char *role, *path;
  bool written;
} named_file;

/* Refuses a file that cannot be written and one that would overwrite another of the command's. */
rc_status run_files_check(const named_file *files, int count, rc_error *error);

/* Refuses an interrupted run without --resume or --restart, and --resume without one. */
rc_status run_files_check_checkpoints(char *const *paths, int count, bool resume, bool restart,
                                      rc_error *error);

/* `path` with `ending` behind it; `path` up to its extension, then `part`, then the extension or
 * `ending` in its place. malloc'd; NULL where memory is short. */
char *run_files_append(const char *path, const char *ending);
char *run_files_insert(const char *path, const char *part, const char *ending);

/* The command as a shell reads it back: as typed, or as it goes on after an interruption; malloc'd.
 */
char *run_files_command(int argc, char **argv, bool resume);

#endif
