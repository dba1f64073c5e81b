#include "dates.h"

#include <string.h>

#include "letters.h"

enum { MONTH_MAX = 10, SHORT_MIN = 3 }; /* bytes */

size_t dates_french_month(utf8_text text) {
  static const char *const months[] = {
      "janvier",   "f\u00E9vrier", "mars",    "avril",    "mai",           "juin",  "juillet",
      "ao\u00FBt", "septembre",    "octobre", "novembre", "d\u00E9cembre", "janv.", "f\u00E9vr.",
      "avr.",      "juill.",       "juil.",   "sept.",    "oct.",          "nov.",  "d\u00E9c."};
  for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
    const size_t bytes = strlen(months[i]);
    if (text.bytes < bytes || memcmp(text.text, months[i], bytes) != 0) continue;
    uint32_t next = 0;
    if (text.bytes > bytes) (void)utf8_next(text.text + bytes, text.bytes - bytes, &next);
    if (months[i][bytes - 1] == '.' || !letters_in_word(next)) return bytes;
  }
  return 0;
}

bool dates_behind_english_month(utf8_text text, size_t at) {
  static const char months[] =
      " january february march april may june july august september "
      "october november december ";
  if (at < SHORT_MIN + 1 || text.text[at - 1] != ' ') return false;
  size_t end = at - 1;
  if (text.text[end - 1] == '.') end--;
  char word[MONTH_MAX + 2] = " ";
  size_t bytes = 0;
  while (bytes < end && bytes < MONTH_MAX && (text.text[end - 1 - bytes] | 0x20) >= 'a' &&
         (text.text[end - 1 - bytes] | 0x20) <= 'z') {
    bytes++;
  }
  if (bytes < SHORT_MIN || bytes == MONTH_MAX) return false;
  for (size_t i = 0; i < bytes; i++) word[i + 1] = (char)(text.text[end - bytes + i] | 0x20);
  word[bytes + 1] = '\0';
  return strstr(months, word) != NULL;
}

int dates_day(utf8_text digits) {
  enum { LAST = 31 };
  int day = 0;
  if (digits.bytes == 0 || digits.bytes > 2) return 0;
  for (size_t i = 0; i < digits.bytes; i++) {
    if (digits.text[i] < '0' || digits.text[i] > '9') return 0;
    day = 10 * day + (digits.text[i] - '0');
  }
  return day <= LAST ? day : 0;
}
