#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Loaded before a program's libraries (LD_PRELOAD), lets what it asks of the system go wrong:
 *
 *   FAULTS_KILL=n          the n-th operation on files kills it; a write half done
 *   FAULTS_FAIL=CALL:n     every CALL (write, fsync, rename or open for writing) fails with errno n
 *   FAULTS_ALLOCATION=n    the n-th allocation finds no memory
 *   FAULTS_REPORT=FILE     at its end writes "allocations operations" there
 *
 * Operations are the calls that change files, in the order of the program. */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static long kill_at, allocation_at;
static const char *failing, *report;
static int reason;
static bool counting;
static atomic_long operations, allocations;

static long number_of(const char *name) {
  const char *value = getenv(name);
  return value == NULL ? 0 : strtol(value, NULL, 10);
}

__attribute__((constructor)) static void begin(void) {
  kill_at = number_of("FAULTS_KILL");
  allocation_at = number_of("FAULTS_ALLOCATION");
  report = getenv("FAULTS_REPORT");
  failing = getenv("FAULTS_FAIL");
  const char *colon = failing == NULL ? NULL : strchr(failing, ':');
  if (colon != NULL) reason = (int)strtol(colon + 1, NULL, 10);
  counting = true;
}

__attribute__((destructor)) static void end(void) {
  char text[64];
  if (report == NULL) return;
  counting = false;
  const int size = snprintf(text, sizeof text, "%ld %ld\n", allocations, operations);
  const int descriptor = (int)syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT, 0666);
  if (syscall(SYS_write, descriptor, text, (size_t)size) != size) abort();
  syscall(SYS_close, descriptor);
}

/* ---- memory ---- */

static bool is_refused(void) {
  if (!counting || ++allocations != allocation_at) return false;
  errno = ENOMEM;
  return true;
}

void *malloc(size_t size) {
  return is_refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  return is_refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  return is_refused() ? NULL : __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  return is_refused() ? NULL : __libc_memalign(alignment, size);
}

/* ---- files ---- */

static bool dies(void) {
  return counting && ++operations == kill_at;
}

static void die(void) {
  (void)raise(SIGKILL);
}

/* Whether this call is one of those that fail. */
static bool fails(const char *call) {
  const size_t length = strlen(call);
  if (!counting || failing == NULL || strncmp(failing, call, length) != 0) return false;
  if (failing[length] != ':') return false;
  errno = reason;
  return true;
}

ssize_t write(int descriptor, const void *bytes, size_t size) {
  const bool last = descriptor > 2 && dies();
  if (descriptor > 2 && fails("write")) return -1;
  const ssize_t wrote = syscall(SYS_write, descriptor, bytes, last ? size / 2 : size);
  if (last) die();
  return wrote;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  if (writes && fails("open")) return -1;
  const int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (writes && dies()) die();
  return descriptor;
}

int fsync(int descriptor) {
  if (dies()) die();
  return fails("fsync") ? -1 : (int)syscall(SYS_fsync, descriptor);
}

int rename(const char *from, const char *to) {
  if (dies()) die();
  if (fails("rename")) return -1;
  const int result = (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  if (dies()) die();
  return result;
}

int unlink(const char *path) {
  if (dies()) die();
  const int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  if (dies()) die();
  return result;
}

/* Streams write by calls of the C library's own; these are seen. */

int fflush(FILE *stream) {
  static int (*real)(FILE *);
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fflush");
  const int result = real(stream);
  if (dies()) die();
  return result;
}

int fclose(FILE *stream) {
  static int (*real)(FILE *);
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fclose");
  if (dies()) die();
  return real(stream);
}
