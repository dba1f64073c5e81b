#include "token_words.h"

#include "bpe_words.h"
#include "scan.h"

/* Passes all words that begin before `start`; returns where the next one begins. */
static int next_word(bpe_words *words, int at, int start) {
  bpe_word word;
  while (at < start && bpe_next_word(words, &word)) at = (int)(word.text - words->text);
  return at;
}

static bool splits_figures(const char *text, int at) {
  return at > 0 && scan_is_digit((uint32_t)text[at - 1]) && scan_is_digit((uint32_t)text[at]);
}

int token_words(utf8_text text, const text_range *ranges, int count, int *words) {
  bpe_words cut = {.text = text.text, .bytes = text.bytes};
  int word = -1, begin = 0, waiting = 0;
  for (int i = 0; i < count; i++) {
    const int start = ranges[i].start;
    if (start == ranges[i].end) {
      waiting++;
      continue;
    }
    begin = next_word(&cut, begin, start);
    if (word < 0 || (begin == start && !splits_figures(text.text, start))) word++;
    for (; waiting >= 0; waiting--) words[i - waiting] = word;
    waiting = 0;
  }
  if (word < 0 && waiting > 0) word = 0;
  for (; waiting > 0; waiting--) words[count - waiting] = word;
  return word + 1;
}
