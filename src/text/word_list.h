#ifndef RECUR_WORD_LIST_H
#define RECUR_WORD_LIST_H

#include <string.h>

#include "utf8.h"

/* Whether a word, which has no space in it, is one of those of a list, which spaces part. any_case:
 * also with capitals of ASCII, where those of the list have none. */
static inline bool word_is_listed(const char *list, utf8_text word, bool any_case) {
  for (const char *end; *list != '\0'; list = end + (*end == ' ')) {
    end = list + strcspn(list, " ");
    if (word.bytes == 0 || (size_t)(end - list) != word.bytes) continue;
    size_t same = 0;
    for (; same < word.bytes; same++) {
      const char c = word.text[same];
      const bool lowered = any_case && c >= 'A' && c <= 'Z';
      if (list[same] != (lowered ? (char)(c + ('a' - 'A')) : c)) break;
    }
    if (same == word.bytes) return true;
  }
  return false;
}

#endif
