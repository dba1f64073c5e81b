#ifndef RECUR_FORMAT_H
#define RECUR_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* As vsnprintf, as far as the core's messages go: %d %u %X %s %g %%, a width filled with 0 (%02X),
 * a precision of %s (%.3s, %.*s), and the lengths l, ll and z. Anything else is copied as it
 * stands.
 *
 * In the WASM module this is snprintf: the C library's own would be a sixth of what a page
 * downloads. %g prints 6 digits, of which the last may be off by one where the C library rounds a
 * tie. */
int format_text(char *text, size_t size, const char *format, va_list arguments);

#endif
