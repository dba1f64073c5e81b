#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static rc_status system_error(rc_error *error, const char *path) {
  return rc_fail(error, RC_ERR_IO, "%s: %s", path, strerror(errno));
}

/* Reading */

static rc_status read_descriptor(int descriptor, const char *name, size_t expected, char **bytes,
                                 size_t *size, rc_error *error) {
  size_t capacity = expected + 1, used = 0;
  char *block = malloc(capacity);
  for (;;) {
    if (block == NULL) return rc_fail(error, RC_ERR_MEMORY, "%s: out of memory", name);
    /* One byte past the expected end tells a grown file from a finished one and holds the NUL. */
    ssize_t got = read(descriptor, block + used, capacity - used);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || used + (size_t)got > FILES_READ_MAX) {
      if (got == 0) break;
      rc_status status =
          got < 0 ? system_error(error, name)
                  : rc_fail(error, RC_ERR_IO, "%s: larger than %d bytes", name, FILES_READ_MAX);
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
    return read_descriptor(STDIN_FILENO, "standard input", 65535, bytes, size, error);
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
  } else if (facts.st_size > FILES_READ_MAX) {
    status = rc_fail(error, RC_ERR_IO, "%s: larger than %d bytes", path, FILES_READ_MAX);
  } else {
    size_t expected = S_ISREG(facts.st_mode) ? (size_t)facts.st_size : 65535;
    status = read_descriptor(descriptor, path, expected, bytes, size, error);
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

static rc_status write_in_place(const char *path, const void *bytes, size_t size, rc_error *error) {
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return system_error(error, path);
  rc_status status = RC_OK;
  if (write_whole(descriptor, bytes, size) != 0) status = system_error(error, path);
  if (close(descriptor) != 0 && status == RC_OK) status = system_error(error, path);
  return status;
}

/* "folder/name" -> "folder"; a bare name lies in "."; malloc'd. */
static char *folder_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return strdup(".");
  return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Opens a new file beside `path`, ".name.PID.N.tmp"; its name goes to `name` (capacity bytes). */
static int open_temporary(const char *path, const char *folder, char *name, size_t capacity) {
  const char *slash = strrchr(path, '/');
  const char *base = slash == NULL ? path : slash + 1;
  for (int n = 0; n < 100; n++) {
    snprintf(name, capacity, "%s/.%.200s.%ld.%d.tmp", folder, base, (long)getpid(), n);
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
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

/* The temporary file becomes `target` only when all of it is on the disk. path: for messages. */
static rc_status replace(const char *path, const char *target, const char *folder,
                         const struct stat *old, const void *bytes, size_t size, rc_error *error) {
  size_t capacity = strlen(folder) + 300;
  char *temporary = malloc(capacity);
  if (temporary == NULL) return rc_fail(error, RC_ERR_MEMORY, "%s: out of memory", path);
  rc_status status = RC_OK;
  int descriptor = open_temporary(target, folder, temporary, capacity);
  if (descriptor < 0) {
    status = system_error(error, path);
  } else {
    bool written = (old == NULL || fchmod(descriptor, old->st_mode & 07777) == 0) &&
                   write_whole(descriptor, bytes, size) == 0 && sync_descriptor(descriptor) == 0;
    if (!written) status = system_error(error, path);
    if (close(descriptor) != 0 && status == RC_OK) status = system_error(error, path);
    if (status == RC_OK && rename(temporary, target) != 0) status = system_error(error, path);
    if (status != RC_OK) unlink(temporary);
  }
  free(temporary);
  if (status == RC_OK && sync_folder(folder) != 0) status = system_error(error, path);
  return status;
}

rc_status files_write_atomically(const char *path, const void *bytes, size_t size,
                                 rc_error *error) {
  struct stat facts;
  bool exists = stat(path, &facts) == 0;
  if (exists && S_ISDIR(facts.st_mode)) {
    errno = EISDIR;
    return system_error(error, path);
  }
  if (exists && !S_ISREG(facts.st_mode)) return write_in_place(path, bytes, size, error);
  /* Renaming would get round a write protection that is meant. */
  if (exists && access(path, W_OK) != 0) return system_error(error, path);
  char *target = exists ? realpath(path, NULL) : strdup(path);
  char *folder = target == NULL ? NULL : folder_of(target);
  rc_status status =
      folder == NULL ? system_error(error, path)
                     : replace(path, target, folder, exists ? &facts : NULL, bytes, size, error);
  free(folder);
  free(target);
  return status;
}

static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
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
  bool exists = stat(path, &facts) == 0;
  if ((exists && S_ISDIR(facts.st_mode)) || name_of(path)[0] == '\0') {
    errno = EISDIR;
    return system_error(error, path);
  }
  if (exists && access(path, W_OK) != 0) return system_error(error, path);
  if (exists && !S_ISREG(facts.st_mode)) return RC_OK;
  char *target = exists ? realpath(path, NULL) : strdup(path);
  bool fine = target != NULL && check_folder(target) == 0;
  rc_status status = fine ? RC_OK : system_error(error, path);
  free(target);
  return status;
}

static bool same_inode(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool files_same(const char *a, const char *b) {
  struct stat one, other;
  if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0) return false;
  bool first = stat(a, &one) == 0, second = stat(b, &other) == 0;
  if (first || second) return first && second && S_ISREG(one.st_mode) && same_inode(&one, &other);
  char *folder = folder_of(a), *other_folder = folder_of(b);
  bool same = folder != NULL && other_folder != NULL && strcmp(name_of(a), name_of(b)) == 0 &&
              stat(folder, &one) == 0 && stat(other_folder, &other) == 0 &&
              same_inode(&one, &other);
  free(folder);
  free(other_folder);
  return same;
}

rc_status files_make_folder(const char *path, rc_error *error) {
  char *prefix = strdup(path);
  if (prefix == NULL) return rc_fail(error, RC_ERR_MEMORY, "%s: out of memory", path);
  rc_status status = RC_OK;
  for (char *at = prefix; status == RC_OK && *at != '\0';) {
    at += strspn(at, "/");
    at += strcspn(at, "/");
    char kept = *at;
    *at = '\0';
    struct stat facts;
    if (mkdir(prefix, 0777) != 0 && !(stat(prefix, &facts) == 0 && S_ISDIR(facts.st_mode))) {
      status = system_error(error, prefix);
    }
    *at = kept;
  }
  free(prefix);
  return status;
}
