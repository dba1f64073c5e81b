#ifndef RECUR_GGUF_CASES_H
#define RECUR_GGUF_CASES_H

#include <stddef.h>
#include <stdint.h>

/* Small weight files put together byte by byte, without the writer: valid ones and one for each
 * thing that the reader must refuse. The unit tests check the messages; the fuzzer starts here. */

typedef struct gguf_bytes {
  uint8_t data[1024];
  size_t size;
} gguf_bytes;

typedef struct gguf_case {
  const char *name; /* also the seed's file name */
  void (*build)(gguf_bytes *out);
  const char *message; /* the whole message of gguf_open; NULL: it opens */
} gguf_case;

extern const gguf_case gguf_cases[];
extern const size_t gguf_case_count;

#endif
