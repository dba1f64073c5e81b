#ifndef RECUR_KERNELS_AMX_TILES_H
#define RECUR_KERNELS_AMX_TILES_H

/* The few tile operations that amx.h needs, by the names of the hardware's intrinsics. A tile has
 * 16 rows of 64 bytes; tile registers are named by constants. */

#include <immintrin.h>
#include <stdint.h>

/* gcc's intrinsics do not say what memory they read: everything written must be there before. */
static inline void tiles_see(const void *memory) {
  __asm__ volatile("" : : "r"(memory) : "memory");
}

/* Intel's manual, volume 1, 18.1: all eight tiles, 16 rows of 64 bytes each. */
typedef struct tile_config {
  uint8_t palette, start_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_config;

static inline void tiles_begin(void) {
  tile_config config = {.palette = 1};
  for (int tile = 0; tile < 8; tile++) {
    config.row_bytes[tile] = 64;
    config.rows[tile] = 16;
  }
  tiles_see(&config);
  _tile_loadconfig(&config);
}

static inline void tiles_end(void) {
  _tile_release();
}

#define tile_zero(tile) _tile_zero(tile)
#define tile_load(tile, from, stride) _tile_loadd(tile, from, stride)
#define tile_store(tile, to, stride) _tile_stored(tile, to, stride)
/* sums[i, j] += a[i, 2 q] b[q, 2 j] + a[i, 2 q + 1] b[q, 2 j + 1] over all q */
#define tile_dot(sums, a, b) _tile_dpbf16ps(sums, a, b)

#endif
