/* The AMX kernels over tiles in plain memory, so that all of them but the tile instructions is
 * checked on every processor with AVX512_BF16. */

#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "int8_vnni.h"
#include "vec_avx512.h"

typedef struct emulated_tile {
  _Alignas(64) uint32_t rows[16][16];
} emulated_tile;

static _Thread_local emulated_tile registers[8];
static _Thread_local bool begun;

static void tiles_begin(void) {
  memset(registers, 0xff, sizeof registers); /* NaN: nobody may count on zeros */
  begun = true;
}
static void tiles_end(void) {
  begun = false;
}

static void tiles_see(const void *memory) {
  (void)memory;
}
static void tile_zero(int to) {
  memset(&registers[to], 0, sizeof(emulated_tile));
}
static void tile_load(int to, const void *from, size_t stride) {
  for (size_t i = 0; i < 16 && begun; i++) {
    memcpy(registers[to].rows[i], (const char *)from + i * stride, 64);
  }
}
static void tile_store(int from, void *to, size_t stride) {
  for (size_t i = 0; i < 16 && begun; i++) {
    memcpy((char *)to + i * stride, registers[from].rows[i], 64);
  }
}

/* The bf16 in the upper half of the bits. */
static float upper(uint32_t bits) {
  bits &= 0xffff0000u;
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* sums[i, j] += a[i, 2 q] b[q, 2 j] + a[i, 2 q + 1] b[q, 2 j + 1] */
static void tile_dot(int sums, int a, int b) {
  for (int i = 0; i < 16; i++) {
    float *row = (float *)(void *)registers[sums].rows[i];
    for (int q = 0; q < 16; q++) {
      const uint32_t left = registers[a].rows[i][q];
      for (int j = 0; j < 16; j++) {
        const uint32_t right = registers[b].rows[q][j];
        row[j] += upper(left << 16) * upper(right << 16) + upper(left) * upper(right);
      }
    }
  }
}

#define KERNELS_TABLE kernels_amx_emulated
#define KERNELS_NAME "amx (tiles emulated)"

#include "amx.h"
