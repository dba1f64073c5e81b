#include <stddef.h>
#include <stdlib.h>

/* What the core asks of sorting, in the modules, smaller than the C library's: a heap. Equal
 * elements come in any order, as the standard has it. */

typedef int comparison(const void *, const void *);

static void swap(char *a, char *b, size_t size) {
  for (; size > 0; size--, a++, b++) {
    const char kept = *a;
    *a = *b;
    *b = kept;
  }
}

static void sift(char *base, size_t at, size_t count, size_t size, comparison *compare) {
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0) child++;
    if (compare(base + at * size, base + child * size) >= 0) return;
    swap(base + at * size, base + child * size, size);
  }
}

void qsort(void *base, size_t count, size_t size, comparison *compare) {
  for (size_t at = count / 2; at > 0; at--) sift(base, at - 1, count, size, compare);
  for (size_t last = count; last > 1; last--) {
    swap(base, (char *)base + (last - 1) * size, size);
    sift(base, 0, last - 1, size, compare);
  }
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, comparison *compare) {
  const char *from = base;
  while (count > 0) {
    const char *middle = from + count / 2 * size;
    const int order = compare(key, middle);
    if (order == 0) return (void *)middle;
    if (order > 0) {
      from = middle + size;
      count -= 1;
    }
    count /= 2;
  }
  return NULL;
}
