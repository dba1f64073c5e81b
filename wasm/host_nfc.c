#include "nfc.h"

/* nfc.h by the host: its tables and code would be a tenth of what a page downloads, and every
 * JavaScript engine has its own. */

enum { GROWTH = 3 };

/* What the host gives: writes `text`, valid UTF-8, in Unicode's Normalization Form C to `out` [3
 * bytes], and returns how many bytes that is. */
__attribute__((import_module("env"), import_name("recur_nfc"))) size_t recur_host_nfc(
    const char *text, size_t bytes, char *out);

size_t nfc_bytes(size_t bytes) {
  rc_arena measure = arena_measure();
  (void)arena_alloc(&measure, bytes + 1, GROWTH);
  return measure.used;
}

rc_status nfc(const char *text, size_t bytes, rc_arena *arena, utf8_text *out, rc_error *error) {
  char *written = arena_alloc(arena, bytes + 1, GROWTH);
  RC_TRY(arena_check(arena, "a normalised text", error));
  size_t length = recur_host_nfc(text, bytes, written);
  written[length] = '\0';
  *out = (utf8_text){written, length};
  return RC_OK;
}
