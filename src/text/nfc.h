#ifndef RECUR_NFC_H
#define RECUR_NFC_H

#include <stdbool.h>

#include "arena.h"
#include "utf8.h"

/* Unicode Normalization Form C (Unicode Standard Annex 15): canonical decomposition, canonical
 * order of the combining marks, canonical composition. Complete but for the CJK compatibility
 * ideographs (U+F900 to U+FAFF, U+2F800 to U+2FA1F), which stay as they are. */

/* True for characters of which any text is in the form already: a quick test. False tells nothing.
 */
static inline bool nfc_is_plain(uint32_t character) {
  return character < 0x300 || (character >= 0x2002 && character < 0x20D0) ||
         (character >= 0x1F000 && character < 0x1FC00);
}

/* Arena space that nfc() needs at most for that much text. */
size_t nfc_bytes(size_t bytes);

/* Writes the form of `text`, valid UTF-8, to the arena; terminated. It has at most three times the
 * bytes. Linear time, however the marks are heaped. RC_ERR_MEMORY if the arena is too small. */
rc_status nfc(const char *text, size_t bytes, rc_arena *arena, utf8_text *out, rc_error *error);

enum { NFC_PARTS_MAX = 9 };

/* The full canonical decomposition of one character: parts [NFC_PARTS_MAX], the first of which has
 * no further one. RC_ERR_MEMORY. */
rc_status nfc_decompose(uint32_t character, uint32_t *parts, int *count, rc_error *error);

#endif
