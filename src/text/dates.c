#include "dates.h"

#include <string.h>

#include "letters.h"

size_t dates_french_month(utf8_text text) {
  static const char months[] =
      "janvier f\u00E9vrier mars avril mai juin juillet ao\u00FBt septembre octobre "
      "novembre d\u00E9cembre janv. f\u00E9vr. avr. juill. juil. sept. oct. nov. d\u00E9c. ";
  const char *month = months;
  for (const char *end; (end = strchr(month, ' ')) != NULL; month = end + 1) {
    const size_t bytes = (size_t)(end - month);
    if (text.bytes < bytes || memcmp(text.text, month, bytes) != 0) continue;
    uint32_t next = 0;
    if (text.bytes > bytes) (void)utf8_next(text.text + bytes, text.bytes - bytes, &next);
    if (end[-1] == '.' || !letters_in_word(next)) return bytes;
  }
  return 0;
}

int dates_day(utf8_text digits) {
  enum { LAST = 31 };
  int day = 0;
  for (size_t i = 0; i < digits.bytes; i++) {
    const char c = digits.text[i];
    if (c < '0' || c > '9' || i == 2) return 0;
    day = 10 * day + (c - '0');
  }
  return day <= LAST ? day : 0;
}
