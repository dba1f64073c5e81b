#include "text_buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* Room for `bytes` more and the NUL. */
static bool reserve(text_buffer *buffer, size_t bytes) {
  if (buffer->failed) return false;
  if (bytes < buffer->capacity - buffer->size) return true;
  size_t capacity = buffer->capacity * 2 + bytes + 256;
  char *text = capacity > bytes ? realloc(buffer->text, capacity) : NULL;
  if (text == NULL) {
    buffer->failed = true;
    return false;
  }
  buffer->text = text;
  buffer->capacity = capacity;
  return true;
}

void text_add_bytes(text_buffer *buffer, const char *text, size_t bytes) {
  if (!reserve(buffer, bytes)) return;
  if (bytes > 0) memcpy(buffer->text + buffer->size, text, bytes);
  buffer->size += bytes;
  buffer->text[buffer->size] = '\0';
}

void text_add(text_buffer *buffer, const char *text) {
  text_add_bytes(buffer, text, strlen(text));
}

void text_addf(text_buffer *buffer, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) {
    buffer->failed = true;
  } else if (reserve(buffer, (size_t)length)) {
    vsnprintf(buffer->text + buffer->size, (size_t)length + 1, format, again);
    buffer->size += (size_t)length;
  }
  va_end(again);
}

void text_add_utf8(text_buffer *buffer, const char *text, size_t bytes) {
  for (size_t i = 0; i < bytes;) {
    uint32_t code;
    size_t length = (size_t)utf8_decode(text + i, bytes - i, &code);
    text_add_bytes(buffer, length > 0 ? text + i : replacement, length > 0 ? length : 3);
    i += length > 0 ? length : 1;
  }
}

/* What XML 1.0 lets stand in a document (section 2.2, Char). */
static bool is_xml_character(uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code != 0xFFFE && code != 0xFFFF;
}

void text_add_escaped(text_buffer *buffer, const char *text) {
  text_add_escaped_bytes(buffer, text, strlen(text));
}

void text_add_escaped_bytes(text_buffer *buffer, const char *text, size_t bytes) {
  for (size_t i = 0; i < bytes;) {
    uint32_t code = 0;
    size_t length = (size_t)utf8_decode(text + i, bytes - i, &code);
    switch (code) {
      case '&':
        text_add(buffer, "&amp;");
        break;
      case '<':
        text_add(buffer, "&lt;");
        break;
      case '>':
        text_add(buffer, "&gt;");
        break;
      case '"':
        text_add(buffer, "&quot;");
        break;
      case '\'':
        text_add(buffer, "&#39;");
        break;
      default:
        if (length > 0 && is_xml_character(code)) {
          text_add_bytes(buffer, text + i, length);
        } else {
          text_add(buffer, replacement);
        }
    }
    i += length > 0 ? length : 1;
  }
}

const char *text_grouped(long value, char out[TEXT_GROUPED_BYTES]) {
  char digits[TEXT_GROUPED_BYTES];
  int length = snprintf(digits, sizeof digits, "%ld", value);
  int sign = value < 0, at = 0;
  for (int i = 0; i < length; i++) {
    if (i > sign && (length - i) % 3 == 0) out[at++] = ',';
    out[at++] = digits[i];
  }
  out[at] = '\0';
  return out;
}

const char *text_plural(long count) {
  return count == 1 ? "" : "s";
}

void text_free(text_buffer *buffer) {
  free(buffer->text);
  *buffer = (text_buffer){0};
}
