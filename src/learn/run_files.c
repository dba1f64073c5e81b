#include "run_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "ranks.h"
#include "text_buffer.h"

rc_status run_files_check(const named_file *files, int count, rc_error *error) {
  for (int i = 0; i < count; i++) {
    if (files[i].written) RC_TRY(files_check_writable(files[i].path, error));
    for (int j = 0; j < i; j++) {
      if (!files[i].written || !files_same(files[i].path, files[j].path)) continue;
      return rc_fail(error, RC_ERR_ARGUMENT, "%s would overwrite %s: both are %s", files[i].role,
                     files[j].role, files[j].path);
    }
  }
  return RC_OK;
}

rc_status run_files_check_checkpoints(char *const *paths, int count, bool resume, bool restart,
                                      rc_error *error) {
  int found = 0;
  for (int i = 0; i < count; i++) {
    if (access(paths[i], F_OK) != 0) continue;
    found++;
    if (resume || restart) continue;
    return rc_fail(error, RC_ERR_ARGUMENT,
                   "%s holds an interrupted run: --resume goes on with it, --restart begins anew",
                   paths[i]);
  }
  if (!resume || found > 0) return RC_OK;
  return rc_fail(error, RC_ERR_IO, "%s: there is no checkpoint to resume from", paths[0]);
}

char *run_files_append(const char *path, const char *ending) {
  size_t size = strlen(path) + strlen(ending) + 1;
  char *text = malloc(size);
  if (text != NULL) snprintf(text, size, "%s%s", path, ending);
  return text;
}

char *run_files_insert(const char *path, const char *part, const char *ending) {
  const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
  if (dot == NULL || (slash != NULL && dot < slash)) dot = path + strlen(path);
  text_buffer buffer = {0};
  text_add_bytes(&buffer, path, (size_t)(dot - path));
  text_add(&buffer, part);
  text_add(&buffer, ending != NULL ? ending : dot);
  if (!buffer.failed) return buffer.text;
  text_free(&buffer);
  return NULL;
}

/* A word as a shell reads it back. */
static void add_word(text_buffer *buffer, const char *word) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
    text_addf(buffer, " %s", word);
    return;
  }
  text_add(buffer, " '");
  for (const char *at = word; *at != '\0'; at++) {
    if (*at == '\'') {
      text_add(buffer, "'\\''");
    } else {
      text_add_bytes(buffer, at, 1);
    }
  }
  text_add(buffer, "'");
}

char *run_files_command(int argc, char **argv, bool resume) {
  text_buffer buffer = {0};
  if (ranks_count() > 1) text_addf(&buffer, "mpirun -n %d ", ranks_count());
  text_add(&buffer, "train");
  for (int i = 0; i < argc; i++) {
    bool anew = strncmp(argv[i], "--res", 5) == 0; /* --resume or --restart, in full or not */
    if (!resume || !anew) add_word(&buffer, argv[i]);
  }
  if (resume) text_add(&buffer, " --resume");
  return buffer.text;
}
