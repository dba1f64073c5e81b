#ifndef RECUR_STATUS_H
#define RECUR_STATUS_H

/* Every function that can fail returns an rc_status and takes, last, an rc_error that receives the
 * reason in words. The error may be NULL. It belongs to the caller; nothing here keeps a pointer.
 */

typedef enum rc_status {
  RC_OK = 0,
  RC_ERR_ARGUMENT, /* a call or an option makes no sense */
  RC_ERR_FORMAT,   /* bytes or text from outside are malformed */
  RC_ERR_RANGE,    /* an index or a size lies outside what is there */
  RC_ERR_MEMORY,   /* an arena or the system has no room left */
  RC_ERR_IO        /* the operating system refused a file operation */
} rc_status;

typedef struct rc_error {
  char text[256]; /* UTF-8, always terminated, cut at a character boundary */
} rc_error;

/* Formats the reason into `error` (when not NULL) and returns `status`. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
rc_status
rc_fail(rc_error *error, rc_status status, const char *format, ...);

/* clang's analyzer sees one file at a time: tell it that a failure never comes back as RC_OK. */
#ifdef __clang_analyzer__
#define rc_fail(error, status, ...) ((void)rc_fail(error, status, __VA_ARGS__), (status))
#endif

#define RC_TRY(call)                                  \
  do {                                                \
    rc_status rc_try_status = (call);                 \
    if (rc_try_status != RC_OK) return rc_try_status; \
  } while (0)

/* RC_ERR_ARGUMENT, saying what and how much, unless low <= value <= high. */
rc_status rc_check_range(const char *what, int value, int low, int high, rc_error *error);

#endif
