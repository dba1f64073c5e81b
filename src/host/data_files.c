#include "data_files.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text_buffer.h"

/* The folder, if it has the file; frees it. */
static char *look_into(text_buffer *folder, const char *name) {
  text_add(folder, "/");
  text_add(folder, name);
  if (!folder->failed && access(folder->text, R_OK) == 0) return folder->text;
  text_free(folder);
  return NULL;
}

static char *look_beside(const char *folder, size_t bytes, const char *below, const char *name) {
  text_buffer path = {0};
  text_add_bytes(&path, folder, bytes);
  text_add(&path, below);
  return look_into(&path, name);
}

/* From the program's folder upwards. */
static char *look_around_program(const char *name) {
  char program[4096];
  const ssize_t bytes = readlink("/proc/self/exe", program, sizeof program - 1);
  if (bytes <= 0) return NULL;
  program[bytes] = '\0';
  char *found = NULL;
  int up = 0;
  for (char *slash; found == NULL && (slash = strrchr(program, '/')) != NULL; up++) {
    *slash = '\0';
    found = look_beside(program, strlen(program), "/data", name);
    if (found == NULL && up == 1) {
      found = look_beside(program, strlen(program), "/share/recur", name);
    }
  }
  return found;
}

char *data_files_find(const char *name) {
  const char *told = getenv("RECUR_DATA");
  if (told != NULL && *told != '\0') {
    char *found = look_beside(told, strlen(told), "", name);
    if (found != NULL) return found;
  }
  char *found = look_around_program(name);
  return found != NULL ? found : look_beside("data", strlen("data"), "", name);
}

static bool ends_with(const char *text, const char *end) {
  const size_t bytes = strlen(text), tail = strlen(end);
  return bytes >= tail && strcmp(text + bytes - tail, end) == 0;
}

static int is_to_train_on(const struct dirent *entry) {
  return ends_with(entry->d_name, ".tsv") && !ends_with(entry->d_name, ".dev.tsv");
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static char *join(const char *folder, const char *name) {
  text_buffer path = {0};
  text_add(&path, folder);
  text_add(&path, "/");
  text_add(&path, name);
  if (path.failed) text_free(&path);
  return path.text;
}

int data_files_list(const char *name, char **paths, int most) {
  char *folder = data_files_find(name);
  struct dirent **entries = NULL;
  const int found = folder == NULL ? 0 : scandir(folder, &entries, is_to_train_on, by_name);
  int count = 0;
  for (int i = 0; i < found; i++) {
    if (count == i && count < most && (paths[count] = join(folder, entries[i]->d_name)) != NULL) {
      count++;
    }
    free(entries[i]);
  }
  free(entries);
  free(folder);
  return count;
}
