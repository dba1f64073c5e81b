#include "nfc.h"

/* nfc_decompose by the host, as host_nfc.c has the rest. */

/* Writes `text`, valid UTF-8, in Unicode's Normalization Form D to `out`, and returns how many
 * bytes that is. */
__attribute__((import_module("env"), import_name("recur_nfd"))) size_t recur_host_nfd(
    const char *text, size_t bytes, char *out);

rc_status nfc_decompose(uint32_t character, uint32_t *parts, int *count, rc_error *error) {
  char text[UTF8_MAX], form[NFC_PARTS_MAX * UTF8_MAX];
  (void)error;
  const size_t bytes = recur_host_nfd(text, (size_t)utf8_encode(character, text), form);
  *count = 0;
  for (size_t at = 0; at < bytes;) {
    at += (size_t)utf8_next(form + at, bytes - at, &parts[(*count)++]);
  }
  return RC_OK;
}
