#include "word_list.h"

#include <string.h>

bool word_is_listed(const char *list, utf8_text word, bool any_case) {
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
