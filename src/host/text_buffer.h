#ifndef RECUR_TEXT_BUFFER_H
#define RECUR_TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Text that grows (by malloc). After a failed allocation it stays as it is and `failed` is set:
 * asked once at the end instead of after each append. */

typedef struct text_buffer {
  char *text; /* NUL-terminated once anything was added */
  size_t size, capacity;
  bool failed;
} text_buffer;

void text_add(text_buffer *buffer, const char *text);
void text_add_bytes(text_buffer *buffer, const char *text, size_t bytes);
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void text_addf(text_buffer *buffer, const char *format, ...);

/* The text with & < > " ' as entities, control characters that XML forbids and invalid UTF-8 as
 * U+FFFD: fit for content and for quoted attributes of HTML and XML. */
void text_add_escaped(text_buffer *buffer, const char *text);
void text_add_escaped_bytes(text_buffer *buffer, const char *text, size_t bytes);

/* Bytes as valid UTF-8: each byte that begins no valid sequence becomes U+FFFD. */
void text_add_utf8(text_buffer *buffer, const char *text, size_t bytes);

/* 1234567 as "1,234,567". */
enum { TEXT_GROUPED_BYTES = 32 };
const char *text_grouped(long value, char out[TEXT_GROUPED_BYTES]);

/* What a word for so many things ends with: "" or "s". */
const char *text_plural(long count);

void text_free(text_buffer *buffer);

#endif
