#include "utf8.h"

#include "checks.h"

int utf8_decode(const char *text, size_t bytes, uint32_t *character) {
  static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000}; /* by length */
  RC_ASSERT(bytes > 0);
  unsigned lead = (unsigned char)text[0];
  if (lead < 0x80) {
    *character = lead;
    return 1;
  }
  int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes < (size_t)length) return 0;
  uint32_t value = lead & (0x7Fu >> length);
  for (int i = 1; i < length; i++) {
    unsigned next = (unsigned char)text[i];
    if ((next & 0xC0) != 0x80) return 0;
    value = value << 6 | (next & 0x3F);
  }
  if (value < smallest[length] || value > 0x10FFFF) return 0;
  if (value >= 0xD800 && value <= 0xDFFF) return 0;
  *character = value;
  return length;
}

/* Bytes of the longest run at the start of `text`, which starts no valid character, that could. */
static int maximal_subpart(const char *text, size_t bytes) {
  unsigned lead = (unsigned char)text[0], second = bytes > 1 ? (unsigned char)text[1] : 0;
  if (lead < 0xE0 || lead > 0xF4) return 1;
  unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < low || second > high) return 1;
  return lead >= 0xF0 && bytes > 2 && ((unsigned char)text[2] & 0xC0) == 0x80 ? 3 : 2;
}

int utf8_next(const char *text, size_t bytes, uint32_t *character) {
  int length = utf8_decode(text, bytes, character);
  if (length > 0) return length;
  *character = UTF8_REPLACEMENT;
  return maximal_subpart(text, bytes);
}

int utf8_encode(uint32_t character, char *out) {
  RC_ASSERT(character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF));
  if (character < 0x80) {
    out[0] = (char)character;
    return 1;
  }
  int length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  for (int i = length - 1; i > 0; i--) {
    out[i] = (char)(0x80 | (character & 0x3F));
    character >>= 6;
  }
  out[0] = (char)(0xF00u >> length | character);
  return length;
}

bool utf8_is_space(uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

rc_status utf8_check(const char *text, size_t bytes, rc_error *error) {
  for (size_t at = 0; at < bytes;) {
    uint32_t character;
    int length = utf8_decode(text + at, bytes - at, &character);
    if (length == 0) {
      return rc_fail(error, RC_ERR_FORMAT, "invalid UTF-8 at byte %zu (0x%02X)", at,
                     (unsigned)(unsigned char)text[at]);
    }
    at += (size_t)length;
  }
  return RC_OK;
}
