#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static rc_status system_error(rc_error *error, const char *path) {
  return rc_fail(error, RC_ERR_IO, "%s: %s", path, strerror(errno));
}

/* Reading */

enum { UNKNOWN_SIZE = 65535 };

static rc_status read_descriptor(int descriptor, const char *name, size_t expected, size_t most,
                                 char **bytes, size_t *size, rc_error *error) {
  size_t capacity = expected + 1, used = 0;
  char *block = malloc(capacity);
  for (;;) {
    if (block == NULL) return rc_fail(error, RC_ERR_MEMORY, "%s: out of memory", name);
    /* One byte past the expected end tells a grown file from a finished one and holds the NUL. */
    ssize_t got = read(descriptor, block + used, capacity - used);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || (size_t)got > most - used) {
      if (got == 0) break;
      rc_status status = got < 0
                             ? system_error(error, name)
                             : rc_fail(error, RC_ERR_IO, "%s: larger than %zu bytes", name, most);
      free(block);
      return status;
    }
    used += (size_t)got;
    if (used < capacity) continue;
    capacity = capacity * 2 + 4096;
    char *larger = realloc(block, capacity);
    if (larger == NULL) free(block);
    block = larger;
  }
  block[used] = '\0';
  *bytes = block;
  *size = used;
  return RC_OK;
}

rc_status files_explain(rc_status status, const char *path, const rc_error *reason,
                        rc_error *error) {
  return status == RC_OK ? RC_OK : rc_fail(error, status, "%.100s: %s", path, reason->text);
}

rc_status files_read_all(const char *path, char **bytes, size_t *size, rc_error *error) {
  *bytes = NULL;
  *size = 0;
  if (strcmp(path, "-") == 0) {
    return read_descriptor(STDIN_FILENO, "standard input", UNKNOWN_SIZE, FILES_STREAM_MAX, bytes,
                           size, error);
  }
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return system_error(error, path);
  struct stat facts;
  rc_status status;
  if (fstat(descriptor, &facts) != 0) {
    status = system_error(error, path);
  } else if (S_ISDIR(facts.st_mode)) {
    errno = EISDIR;
    status = system_error(error, path);
  } else {
    const bool regular = S_ISREG(facts.st_mode);
    const size_t expected = regular ? (size_t)facts.st_size : UNKNOWN_SIZE;
    const size_t most = regular ? SIZE_MAX / 4 : FILES_STREAM_MAX;
    status = read_descriptor(descriptor, path, expected, most, bytes, size, error);
  }
  close(descriptor);
  return status;
}

/* Writing */

static int write_whole(int descriptor, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t wrote = write(descriptor, bytes, size);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return -1;
    bytes += wrote;
    size -= (size_t)wrote;
  }
  return 0;
}

static int sync_descriptor(int descriptor) {
  int result;
  do result = fsync(descriptor);
  while (result != 0 && errno == EINTR);
  /* A pipe, a device, or a folder on a file system that has nothing to sync. */
  return result != 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP ? -1 : 0;
}

/* "folder/name" -> "folder"; a bare name lies in "."; malloc'd. */
static char *folder_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return strdup(".");
  return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

/* Where a path leads to, through symbolic links, be it there or not: malloc'd, or NULL with
 * errno. */
static char *follow(const char *path) {
  enum { LINKS_MAX = 40, TARGET_MAX = 4096 };
  char target[TARGET_MAX], *at = strdup(path);
  for (int links = 0; at != NULL; links++) {
    const ssize_t bytes = readlink(at, target, sizeof target - 1);
    if (bytes < 0) return at; /* no link */
    target[bytes] = '\0';
    const size_t folder = target[0] == '/' ? 0 : (size_t)(name_of(at) - at);
    char *next = links < LINKS_MAX ? malloc(folder + (size_t)bytes + 1) : NULL;
    if (next != NULL) snprintf(next, folder + (size_t)bytes + 1, "%.*s%s", (int)folder, at, target);
    if (links == LINKS_MAX) errno = ELOOP;
    free(at);
    at = next;
  }
  return NULL;
}

/* What is written has a name. */
static rc_status check_name(const char *path, rc_error *error) {
  if (strcmp(path, "-") != 0) return RC_OK;
  return rc_fail(error, RC_ERR_IO,
                 "-: a file is written, not standard output; ./- is a file of that name");
}

/* Whether a temporary file was left behind by a writer that is no more: its process is gone, or it
 * had the number of this one, and nobody holds it. */
static bool is_abandoned(int folder, const char *name, long writer) {
  if (writer != (long)getpid() && (kill((pid_t)writer, 0) == 0 || errno != ESRCH)) return false;
  int descriptor = openat(folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return false;
  const bool free = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  close(descriptor);
  return free;
}

/* The process of a temporary file whose name goes on "PID.N.tmp"; 0: it is none. */
static long writer_of(const char *rest) {
  char *end;
  const long writer = strtol(rest, &end, 10);
  if (end == rest || *end != '.' || writer <= 0) return 0;
  const char *number = end + 1;
  if (*number < '0' || *number > '9') return 0;
  (void)strtol(number, &end, 10);
  return strcmp(end, ".tmp") == 0 ? writer : 0;
}

/* Removes what earlier writers of `base` left behind when they were killed. */
static void remove_abandoned(const char *folder, const char *base) {
  char start[256];
  const size_t length = (size_t)snprintf(start, sizeof start, ".%.200s.", base);
  DIR *entries = opendir(folder);
  if (entries == NULL) return;
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    const char *name = entry->d_name;
    if (strncmp(name, start, length) != 0) continue;
    const long writer = writer_of(name + length);
    if (writer > 0 && is_abandoned(dirfd(entries), name, writer)) {
      unlinkat(dirfd(entries), name, 0);
    }
  }
  closedir(entries);
}

/* Opens a new file beside `path`, ".name.PID.N.tmp"; its name goes to `name` (capacity bytes). */
static int open_temporary(const char *path, const char *folder, char *name, size_t capacity) {
  const char *base = name_of(path);
  remove_abandoned(folder, base);
  for (int n = 0; n < 100; n++) {
    snprintf(name, capacity, "%s/.%.200s.%ld.%d.tmp", folder, base, (long)getpid(), n);
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) (void)flock(descriptor, LOCK_EX | LOCK_NB); /* see is_abandoned */
    if (descriptor >= 0 || errno != EEXIST) return descriptor;
  }
  return -1;
}

static int sync_folder(const char *folder) {
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno == EACCES ? 0 : -1; /* may write in it but not list it */
  int result = sync_descriptor(descriptor);
  int reason = errno;
  close(descriptor);
  errno = reason;
  return result;
}

/* Opens what `file` names, or a temporary file in its place. */
static rc_status open_pending(files_pending *file, const struct stat *old, rc_error *error) {
  if (old != NULL && !S_ISREG(old->st_mode)) {
    file->descriptor = open(file->path, O_WRONLY | O_CLOEXEC);
    return file->descriptor < 0 ? system_error(error, file->path) : RC_OK;
  }
  file->target = follow(file->path);
  file->folder = file->target == NULL ? NULL : folder_of(file->target);
  const size_t capacity = file->folder == NULL ? 0 : strlen(file->folder) + 300;
  char *temporary = capacity == 0 ? NULL : malloc(capacity);
  if (temporary == NULL) return system_error(error, file->path);
  file->descriptor = open_temporary(file->target, file->folder, temporary, capacity);
  if (file->descriptor >= 0) {
    file->temporary = temporary;
    if (old == NULL || fchmod(file->descriptor, old->st_mode & 07777) == 0) return RC_OK;
  } else {
    free(temporary);
  }
  return system_error(error, file->path);
}

rc_status files_begin(files_pending *file, const char *path, rc_error *error) {
  struct stat facts;
  *file = (files_pending){.path = path, .descriptor = -1};
  RC_TRY(check_name(path, error));
  const bool exists = stat(path, &facts) == 0;
  if (exists && S_ISDIR(facts.st_mode)) {
    errno = EISDIR;
    return system_error(error, path);
  }
  /* Renaming would get round a write protection that is meant. */
  if (exists && access(path, W_OK) != 0) return system_error(error, path);
  const rc_status status = open_pending(file, exists ? &facts : NULL, error);
  if (status != RC_OK) files_discard(file);
  return status;
}

FILE *files_stream(files_pending *file) {
  if (file->stream == NULL) file->stream = fdopen(file->descriptor, "wb");
  return file->stream;
}

/* Closes it; 0, or -1 with errno. */
static int close_pending(files_pending *file) {
  int result = 0;
  if (file->stream != NULL) {
    result = fclose(file->stream);
  } else if (file->descriptor >= 0) {
    result = close(file->descriptor);
  }
  file->stream = NULL;
  file->descriptor = -1;
  return result;
}

rc_status files_commit(files_pending *file, rc_error *error) {
  rc_status status = RC_OK;
  const bool renamed = file->temporary != NULL;
  const bool lost = file->stream != NULL && (ferror(file->stream) || fflush(file->stream) != 0);
  if (lost || (renamed && sync_descriptor(file->descriptor) != 0)) {
    status = system_error(error, file->path);
  }
  if (close_pending(file) != 0 && status == RC_OK) status = system_error(error, file->path);
  if (status == RC_OK && renamed) {
    if (rename(file->temporary, file->target) != 0) {
      status = system_error(error, file->path);
    } else {
      free(file->temporary);
      file->temporary = NULL;
      if (sync_folder(file->folder) != 0) status = system_error(error, file->path);
    }
  }
  files_discard(file);
  return status;
}

void files_discard(files_pending *file) {
  (void)close_pending(file);
  if (file->temporary != NULL) unlink(file->temporary);
  free(file->temporary);
  free(file->folder);
  free(file->target);
  *file = (files_pending){.descriptor = -1};
}

rc_status files_write_atomically(const char *path, const void *bytes, size_t size,
                                 rc_error *error) {
  files_pending file;
  RC_TRY(files_begin(&file, path, error));
  if (write_whole(file.descriptor, bytes, size) == 0) return files_commit(&file, error);
  const rc_status status = system_error(error, path);
  files_discard(&file);
  return status;
}

void files_forget(const char *path) {
  unlink(path);
  char *target = follow(path), *folder = target == NULL ? NULL : folder_of(target);
  if (folder != NULL) remove_abandoned(folder, name_of(target));
  free(folder);
  free(target);
}

/* 0 if something new can be made in the folder of `path`, which is where it really lies. */
static int check_folder(const char *path) {
  char *folder = folder_of(path);
  struct stat facts;
  if (folder == NULL) return -1;
  int result = stat(folder, &facts);
  if (result == 0 && !S_ISDIR(facts.st_mode)) {
    errno = ENOTDIR;
    result = -1;
  }
  if (result == 0) result = access(folder, W_OK | X_OK);
  int reason = errno;
  free(folder);
  errno = reason;
  return result;
}

rc_status files_check_writable(const char *path, rc_error *error) {
  struct stat facts;
  RC_TRY(check_name(path, error));
  bool exists = stat(path, &facts) == 0;
  if ((exists && S_ISDIR(facts.st_mode)) || name_of(path)[0] == '\0') {
    errno = EISDIR;
    return system_error(error, path);
  }
  if (exists && access(path, W_OK) != 0) return system_error(error, path);
  if (exists && !S_ISREG(facts.st_mode)) return RC_OK;
  char *target = follow(path);
  bool fine = target != NULL && check_folder(target) == 0;
  rc_status status = fine ? RC_OK : system_error(error, path);
  free(target);
  return status;
}

static bool same_inode(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Of "-" standard input's. */
static bool find_facts(const char *path, struct stat *facts) {
  return (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, facts) : stat(path, facts)) == 0;
}

/* Of files that are not there, by where they will be. */
static bool will_be_same(const char *a, const char *b) {
  struct stat one, other;
  char *folder = folder_of(a), *other_folder = folder_of(b);
  bool same = folder != NULL && other_folder != NULL && strcmp(name_of(a), name_of(b)) == 0 &&
              stat(folder, &one) == 0 && stat(other_folder, &other) == 0 &&
              same_inode(&one, &other);
  free(folder);
  free(other_folder);
  return same;
}

bool files_same(const char *a, const char *b) {
  struct stat one, other;
  if (strcmp(a, "-") == 0 && strcmp(b, "-") == 0) return false;
  bool first = find_facts(a, &one), second = find_facts(b, &other);
  if (first || second) return first && second && S_ISREG(one.st_mode) && same_inode(&one, &other);
  char *end = follow(a), *other_end = follow(b);
  bool same = end != NULL && other_end != NULL && will_be_same(end, other_end);
  free(end);
  free(other_end);
  return same;
}
