#ifndef RECUR_UTF8_H
#define RECUR_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

/* UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF. */

/* Decodes the character at the start of `text`, of which `bytes` >= 1 are left. Returns the bytes
 * it takes, 1 to 4, or 0 where no valid character starts; *character is then not written. */
int utf8_decode(const char *text, size_t bytes, uint32_t *character);

/* RC_ERR_FORMAT with the byte offset if `text` is not valid UTF-8. */
rc_status utf8_check(const char *text, size_t bytes, rc_error *error);

#endif
