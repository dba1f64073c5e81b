#include <string.h>

/* What the core asks of <string.h>, in the modules: the C library's own are made for long texts,
 * and would be a fiftieth of what a page downloads. */

size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length] != '\0') length++;
  return length;
}

int memcmp(const void *a, const void *b, size_t bytes) {
  const unsigned char *x = a, *y = b;
  for (; bytes > 0; bytes--, x++, y++) {
    if (*x != *y) return *x - *y;
  }
  return 0;
}

int strcmp(const char *a, const char *b) {
  return memcmp(a, b, strlen(a) + 1);
}

void *memchr(const void *memory, int byte, size_t bytes) {
  const unsigned char *at = memory;
  for (; bytes > 0; bytes--, at++) {
    if (*at == (unsigned char)byte) return (void *)at;
  }
  return NULL;
}

char *strchr(const char *text, int c) {
  return memchr(text, c, strlen(text) + 1);
}

char *strstr(const char *text, const char *part) {
  for (;; text++) {
    size_t same = 0;
    while (part[same] != '\0' && text[same] == part[same]) same++;
    if (part[same] == '\0') return (char *)text;
    if (*text == '\0') return NULL;
  }
}

/* For what is not the core's: its own copies are instructions. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
  unsigned char *at = to;
  const unsigned char *next = from;
  while (bytes-- > 0) *at++ = *next++;
  return to;
}
