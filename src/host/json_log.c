#include "json_log.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static rc_status log_error(const json_log *log, rc_error *error) {
  return rc_fail(error, RC_ERR_IO, "%s: %s", log->path, strerror(errno));
}

/* Where the last whole line of the file ends: 0 without one, -1 on failure. */
static off_t whole_lines_end(FILE *file) {
  off_t end = 0, at = 0;
  for (int byte; (byte = getc(file)) != EOF;) {
    at++;
    if (byte == '\n') end = at;
  }
  return ferror(file) ? -1 : end;
}

json_log json_log_of(const char *path, bool resume) {
  return (json_log){.path = path, .resume = resume};
}

static rc_status open_file(json_log *log, rc_error *error) {
  struct stat facts;
  bool go_on = log->resume && stat(log->path, &facts) == 0 && S_ISREG(facts.st_mode);
  log->file = fopen(log->path, go_on ? "r+" : "w");
  if (log->file == NULL) return log_error(log, error);
  if (!go_on) return RC_OK;
  off_t end = whole_lines_end(log->file);
  if (end >= 0 && ftruncate(fileno(log->file), end) == 0 && fseeko(log->file, end, SEEK_SET) == 0) {
    return RC_OK;
  }
  rc_status status = log_error(log, error);
  fclose(log->file);
  log->file = NULL;
  return status;
}

rc_status json_log_write(json_log *log, json *record, rc_error *error) {
  rc_status status = log->path != NULL && log->file == NULL ? open_file(log, error) : RC_OK;
  if (log->file == NULL) {
    json_free(record);
    return status;
  }
  rc_error reason;
  status = json_print_line(record, log->file, &reason);
  if (status != RC_OK) return rc_fail(error, status, "%s: %s", log->path, reason.text);
  return fflush(log->file) == 0 ? RC_OK : log_error(log, error);
}

rc_status json_log_close(json_log *log, rc_error *error) {
  if (log->file == NULL) return RC_OK;
  int failed = fclose(log->file);
  log->file = NULL;
  return failed ? log_error(log, error) : RC_OK;
}
