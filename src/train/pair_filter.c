#include "pair_filter.h"

#include <string.h>

static double characters(utf8_text text) {
  size_t count = 0;
  for (size_t i = 0; i < text.bytes; i++) count += ((unsigned char)text.text[i] & 0xC0) != 0x80;
  return (double)count;
}

pair_fault pair_filter_check(utf8_text source, utf8_text target, double ratio) {
  const double slack = 10;
  if (source.bytes == 0 || target.bytes == 0) return PAIR_EMPTY;
  if (source.bytes == target.bytes && memcmp(source.text, target.text, source.bytes) == 0) {
    return PAIR_COPIED;
  }
  double a = characters(source), b = characters(target);
  double longer = a > b ? a : b, shorter = a > b ? b : a;
  return ratio > 0 && longer > ratio * shorter + slack ? PAIR_UNLIKE : PAIR_FINE;
}
