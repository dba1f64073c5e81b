#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "checks.h"

rc_status(rc_fail)(rc_error *error, rc_status status, const char *format, ...) {
  if (error == NULL) return status;
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(error->text, sizeof error->text, format, arguments);
  va_end(arguments);
  if (length >= (int)sizeof error->text) {
    size_t end = sizeof error->text - 1;
    while (end > 0 && ((unsigned char)error->text[end - 1] & 0xC0) == 0x80) end--;
    if (end > 0 && (unsigned char)error->text[end - 1] >= 0xC0) end--;
    error->text[end] = '\0';
  }
  return status;
}

rc_status rc_check_range(const char *what, int value, int low, int high, rc_error *error) {
  if (value >= low && value <= high) return RC_OK;
  return rc_fail(error, RC_ERR_ARGUMENT, "%s is %d, allowed is %d to %d", what, value, low, high);
}

#ifdef RECUR_ASSERTS
void rc_assert_failed(const char *condition, const char *file, int line) {
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
  abort();
}
#endif
