#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "json_log.h"

/* Every test works in a fresh folder, which it enters. */
static int enter_folder(void **state) {
  char *path = strdup("/tmp/recur-files-XXXXXX");
  *state = path;
  return path == NULL || mkdtemp(path) == NULL || chdir(path) != 0 ? -1 : 0;
}

static int leave_folder(void **state) {
  char *path = *state;
  DIR *folder = opendir(".");
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (unlink(entry->d_name) != 0) rmdir(entry->d_name);
  }
  closedir(folder);
  int failed = chdir("/") != 0 || rmdir(path) != 0;
  free(path);
  return failed;
}

static int entries_here(void) {
  int count = 0;
  DIR *folder = opendir(".");
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) count += entry->d_name[0] != '.';
  rewinddir(folder);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    count += strstr(entry->d_name, ".tmp") != NULL;
  }
  closedir(folder);
  return count;
}

static void assert_holds(const char *path, const char *text) {
  char *bytes;
  size_t size;
  rc_error error = {""};
  if (files_read_all(path, &bytes, &size, &error) != RC_OK) fail_msg("%s", error.text);
  assert_int_equal(size, strlen(text));
  assert_string_equal(bytes, text);
  free(bytes);
}

static void what_is_written_is_read(void **state) {
  (void)state;
  assert_int_equal(files_write_atomically("a", "one", 3, NULL), RC_OK);
  assert_holds("a", "one");
  assert_int_equal(files_write_atomically("a", "", 0, NULL), RC_OK);
  assert_holds("a", "");
  size_t size = 3000000;
  char *block = malloc(size), *back;
  for (size_t i = 0; i < size; i++) block[i] = (char)(i * 7 % 251);
  assert_int_equal(files_write_atomically("a", block, size, NULL), RC_OK);
  size_t got;
  assert_int_equal(files_read_all("a", &back, &got, NULL), RC_OK);
  assert_int_equal(got, size);
  assert_memory_equal(back, block, size);
  assert_int_equal(back[size], 0);
  free(back);
  free(block);
  assert_int_equal(entries_here(), 1);
}

static void a_pipe_is_read_to_its_end(void **state) {
  (void)state;
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    char block[1000];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 200; i++) {
      if (write(ends[1], block, sizeof block) != sizeof block) _exit(1);
    }
    _exit(0);
  }
  close(ends[1]);
  char path[32], *bytes;
  size_t size;
  snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
  assert_int_equal(files_read_all(path, &bytes, &size, NULL), RC_OK);
  assert_int_equal(size, 200000);
  free(bytes);
  close(ends[0]);
  assert_int_equal(waitpid(child, NULL, 0), child);
}

static void unreadable_things_are_named(void **state) {
  (void)state;
  char *bytes;
  size_t size;
  rc_error error;
  assert_int_equal(files_read_all("missing", &bytes, &size, &error), RC_ERR_IO);
  assert_string_equal(error.text, "missing: No such file or directory");
  assert_null(bytes);
  assert_int_equal(files_read_all(".", &bytes, &size, &error), RC_ERR_IO);
  assert_string_equal(error.text, ".: Is a directory");
}

static void unwritable_things_are_named(void **state) {
  (void)state;
  rc_error error;
  assert_int_equal(files_write_atomically("no/file", "x", 1, &error), RC_ERR_IO);
  assert_string_equal(error.text, "no/file: No such file or directory");
  assert_int_equal(files_write_atomically(".", "x", 1, &error), RC_ERR_IO);
  assert_string_equal(error.text, ".: Is a directory");
  assert_int_equal(files_write_atomically("/dev/full", "x", 1, &error), RC_ERR_IO);
  assert_string_equal(error.text, "/dev/full: No space left on device");
  assert_int_equal(files_write_atomically("/dev/null", "x", 1, &error), RC_OK);
}

/* Root may write anywhere: the child gives that up. */
static void a_read_only_folder_refuses(void **state) {
  (void)state;
  assert_int_equal(files_write_atomically("a", "old", 3, NULL), RC_OK);
  assert_int_equal(chmod("a", 0644), 0);
  assert_int_equal(chmod(".", 0555), 0);
  pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(9);
    rc_error error;
    if (files_write_atomically("b", "new", 3, &error) != RC_ERR_IO) _exit(1);
    if (strcmp(error.text, "b: Permission denied") != 0) _exit(2);
    _exit(0);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(chmod(".", 0755), 0);
  assert_int_equal(WEXITSTATUS(status), 0);
  assert_holds("a", "old");
  assert_int_equal(entries_here(), 1);
}

/* A disk that fills up in the middle, by a limit on the size of files. */
static void a_failed_write_leaves_the_old_file(void **state) {
  (void)state;
  assert_int_equal(files_write_atomically("a", "old", 3, NULL), RC_OK);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {.rlim_cur = 50000, .rlim_max = 50000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(9);
    static char block[100000];
    rc_error error;
    if (files_write_atomically("a", block, sizeof block, &error) != RC_ERR_IO) _exit(1);
    if (strcmp(error.text, "a: File too large") != 0) _exit(2);
    _exit(0);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(WEXITSTATUS(status), 0);
  assert_holds("a", "old");
  assert_int_equal(entries_here(), 1);
}

static void mode_and_link_are_kept(void **state) {
  (void)state;
  assert_int_equal(files_write_atomically("real", "one", 3, NULL), RC_OK);
  assert_int_equal(chmod("real", 0640), 0);
  assert_int_equal(symlink("real", "link"), 0);
  assert_int_equal(files_write_atomically("link", "two", 3, NULL), RC_OK);
  assert_holds("real", "two");
  struct stat facts;
  assert_int_equal(lstat("link", &facts), 0);
  assert_true(S_ISLNK(facts.st_mode));
  assert_int_equal(stat("real", &facts), 0);
  assert_int_equal(facts.st_mode & 07777, 0640);
}

static void links_lead_to_what_is_not_there_yet(void **state) {
  const char *here = *state;
  char whole[100];
  snprintf(whole, sizeof whole, "%s/folder/second", here);
  assert_int_equal(mkdir("folder", 0700), 0);
  assert_int_equal(symlink("folder/first", "link"), 0);
  assert_int_equal(symlink(whole, "folder/first"), 0);
  assert_true(files_same("link", "folder/second"));
  assert_true(files_same("folder/first", "./link"));
  assert_false(files_same("link", "second"));
  assert_int_equal(files_check_writable("link", NULL), RC_OK);
  assert_int_equal(files_write_atomically("link", "one", 3, NULL), RC_OK);
  assert_holds("folder/second", "one");
  struct stat facts;
  assert_int_equal(lstat("link", &facts), 0);
  assert_true(S_ISLNK(facts.st_mode));
  assert_int_equal(lstat("folder/first", &facts), 0);
  assert_true(S_ISLNK(facts.st_mode));
  assert_int_equal(unlink("folder/second"), 0);
  assert_int_equal(unlink("folder/first"), 0);
  assert_int_equal(symlink("circle", "circle"), 0);
  rc_error error;
  assert_int_equal(files_write_atomically("circle", "one", 3, &error), RC_ERR_IO);
  assert_string_equal(error.text, "circle: Too many levels of symbolic links");
}

static void a_dash_is_nothing_to_write(void **state) {
  (void)state;
  rc_error error;
  assert_int_equal(files_write_atomically("-", "x", 1, &error), RC_ERR_IO);
  assert_memory_equal(error.text, "-: ", 3);
  assert_int_equal(files_check_writable("-", &error), RC_ERR_IO);
  assert_int_equal(files_write_atomically("./-", "x", 1, &error), RC_OK);
  assert_holds("./-", "x");
}

static void what_killed_writers_left_is_removed(void **state) {
  (void)state;
  pid_t gone = fork();
  if (gone == 0) _exit(0);
  assert_int_equal(waitpid(gone, NULL, 0), gone);
  char name[64];
  static const char *const mine[] = {".a.%ld.0.tmp", ".a.%ld.17.tmp"};
  static const char *const others[] = {".ab.%ld.0.tmp", ".a.%ld.0.tmpx", ".a.%ld.tmp",
                                       "a.%ld.0.tmp"};
  for (int i = 0; i < 2; i++) {
    snprintf(name, sizeof name, mine[i], (long)gone);
    fclose(fopen(name, "w"));
  }
  for (int i = 0; i < 4; i++) {
    snprintf(name, sizeof name, others[i], (long)gone);
    fclose(fopen(name, "w"));
  }
  snprintf(name, sizeof name, mine[0], (long)getppid()); /* still at it */
  fclose(fopen(name, "w"));
  snprintf(name, sizeof name, mine[0], (long)getpid()); /* its number has come round */
  fclose(fopen(name, "w"));
  assert_int_equal(files_write_atomically("a", "new", 3, NULL), RC_OK);
  assert_holds("a", "new");
  assert_int_equal(access(name, F_OK), -1);
  for (int i = 0; i < 2; i++) {
    snprintf(name, sizeof name, mine[i], (long)gone);
    assert_int_equal(access(name, F_OK), -1);
  }
  snprintf(name, sizeof name, mine[0], (long)getppid());
  assert_int_equal(unlink(name), 0);
  for (int i = 0; i < 4; i++) {
    snprintf(name, sizeof name, others[i], (long)gone);
    assert_int_equal(unlink(name), 0);
  }
}

static void what_is_written_piece_by_piece_comes_whole_or_not(void **state) {
  (void)state;
  files_pending file;
  for (int whole = 0; whole < 2; whole++) {
    assert_int_equal(files_write_atomically("a", "old", 3, NULL), RC_OK);
    assert_int_equal(files_begin(&file, "a", NULL), RC_OK);
    assert_true(fputs("new ", files_stream(&file)) >= 0);
    assert_true(fputs("one", files_stream(&file)) >= 0);
    assert_holds("a", "old");
    if (whole == 1) assert_int_equal(files_commit(&file, NULL), RC_OK);
    files_discard(&file);
    assert_holds("a", whole == 1 ? "new one" : "old");
    assert_int_equal(entries_here(), 1);
  }
  rc_error error;
  assert_int_equal(files_begin(&file, "no/a", &error), RC_ERR_IO);
  files_discard(&file);
  assert_int_equal(files_begin(&file, "/dev/full", NULL), RC_OK);
  assert_true(fputs("x", files_stream(&file)) >= 0);
  assert_int_equal(files_commit(&file, &error), RC_ERR_IO);
  assert_string_equal(error.text, "/dev/full: No space left on device");
}

static void a_forgotten_file_goes_with_what_killed_writers_left(void **state) {
  (void)state;
  const pid_t gone = fork();
  if (gone == 0) {
    files_pending file;
    (void)files_begin(&file, "a", NULL);
    _exit(0);
  }
  assert_int_equal(waitpid(gone, NULL, 0), gone);
  assert_int_equal(files_write_atomically("b", "kept", 4, NULL), RC_OK);
  assert_int_equal(entries_here(), 2);
  files_forget("a");
  assert_int_equal(entries_here(), 1);
  files_forget("a");
  assert_holds("b", "kept");
}

/* What is written can be read: a checkpoint may have some GiB. */
static void a_file_has_any_size(void **state) {
  (void)state;
  const off_t large = ((off_t)1 << 30) + 3;
  FILE *file = fopen("large", "w");
  assert_int_equal(ftruncate(fileno(file), large), 0);
  fclose(file);
  char *bytes;
  size_t size;
  assert_int_equal(files_read_all("large", &bytes, &size, NULL), RC_OK);
  assert_int_equal(size, large);
  free(bytes);
}

static json *record(int epoch) {
  json *object = json_object();
  json_integer(object, "epoch", epoch);
  return object;
}

static void a_log_grows_by_whole_lines(void **state) {
  (void)state;
  json_log log = json_log_of("log", false);
  assert_int_equal(json_log_write(&log, record(1), NULL), RC_OK);
  assert_holds("log", "{\"epoch\":1}\n"); /* there before the log is closed */
  assert_int_equal(json_log_close(&log, NULL), RC_OK);
  FILE *torn = fopen("log", "a");
  fputs("{\"epo", torn);
  fclose(torn);
  log = json_log_of("log", true);
  assert_int_equal(json_log_write(&log, record(2), NULL), RC_OK);
  assert_int_equal(json_log_close(&log, NULL), RC_OK);
  assert_holds("log", "{\"epoch\":1}\n{\"epoch\":2}\n");
  /* Without a record the file stays as it is. */
  log = json_log_of("log", false);
  assert_int_equal(json_log_close(&log, NULL), RC_OK);
  assert_holds("log", "{\"epoch\":1}\n{\"epoch\":2}\n");
  assert_int_equal(json_log_write(&log, record(3), NULL), RC_OK);
  assert_int_equal(json_log_close(&log, NULL), RC_OK);
  assert_holds("log", "{\"epoch\":3}\n");
  log = json_log_of("new", true);
  assert_int_equal(json_log_write(&log, record(4), NULL), RC_OK);
  assert_int_equal(json_log_close(&log, NULL), RC_OK);
  assert_holds("new", "{\"epoch\":4}\n");
}

static void a_log_says_what_failed(void **state) {
  (void)state;
  rc_error error;
  json_log log = json_log_of("no/log", false);
  assert_int_equal(json_log_write(&log, record(1), &error), RC_ERR_IO);
  assert_string_equal(error.text, "no/log: No such file or directory");
  log = json_log_of("/dev/full", false);
  assert_int_equal(json_log_write(&log, record(1), &error), RC_ERR_IO);
  assert_string_equal(error.text, "/dev/full: No space left on device");
  (void)json_log_close(&log, NULL);
  log = json_log_of(NULL, false);
  assert_int_equal(json_log_write(&log, record(1), NULL), RC_OK);
  assert_int_equal(json_log_close(&log, NULL), RC_OK);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

static void make_file(const char *path) {
  assert_int_equal(files_write_atomically(path, "x", 1, NULL), RC_OK);
}

static void one_file_by_two_paths_is_seen(void **state) {
  const char *here = *state;
  char whole[100];
  snprintf(whole, sizeof whole, "%s/file", here);
  for (int made = 0; made < 2; made++) {
    if (made) make_file("file");
    assert_true(files_same("file", "file"));
    assert_true(files_same("file", "./file"));
    assert_true(files_same(whole, "file"));
    assert_false(files_same("file", "other"));
    assert_false(files_same("file", "missing/file"));
  }
  assert_int_equal(symlink("file", "link"), 0);
  assert_int_equal(link("file", "hard"), 0);
  assert_true(files_same("link", "file"));
  assert_true(files_same("hard", "link"));
  make_file("other");
  assert_false(files_same("file", "other"));
  assert_false(files_same("/dev/null", "/dev/null"));
  assert_false(files_same("-", "-"));
}

static void what_cannot_be_written_is_known_before(void **state) {
  (void)state;
  static const char *const bad[] = {".", "new/", "missing/new", "file/new", "folder"};
  make_file("file");
  assert_int_equal(mkdir("folder", 0700), 0);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    rc_error error = {""};
    assert_int_equal(files_check_writable(bad[i], &error), RC_ERR_IO);
    assert_memory_equal(error.text, bad[i], strlen(bad[i]));
  }
  static const char *const good[] = {"file", "new", "folder/new", "/dev/null"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_int_equal(files_check_writable(good[i], NULL), RC_OK);
  }
  assert_int_equal(access("new", F_OK), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(what_is_written_is_read),
      IN_FOLDER(a_pipe_is_read_to_its_end),
      IN_FOLDER(unreadable_things_are_named),
      IN_FOLDER(unwritable_things_are_named),
      IN_FOLDER(a_read_only_folder_refuses),
      IN_FOLDER(a_failed_write_leaves_the_old_file),
      IN_FOLDER(mode_and_link_are_kept),
      IN_FOLDER(a_log_grows_by_whole_lines),
      IN_FOLDER(a_log_says_what_failed),
      IN_FOLDER(links_lead_to_what_is_not_there_yet),
      IN_FOLDER(a_dash_is_nothing_to_write),
      IN_FOLDER(what_killed_writers_left_is_removed),
      IN_FOLDER(what_is_written_piece_by_piece_comes_whole_or_not),
      IN_FOLDER(a_forgotten_file_goes_with_what_killed_writers_left),
      IN_FOLDER(a_file_has_any_size),
      IN_FOLDER(one_file_by_two_paths_is_seen),
      IN_FOLDER(what_cannot_be_written_is_known_before),
  };
  return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
