/* Four sums in tiles, all operands in registers. */

#include "amx_tiles.h"
#include "peak_variants.h"

double peak_amx(long rounds, float *result) {
  enum { SUMS = 4 };
  float tile[16 * 16] = {0};
  tiles_begin();
  tile_zero(0);
  tile_zero(1);
  tile_zero(2);
  tile_zero(3);
  tile_load(4, tile, 64);
  tile_load(5, tile, 64);
  tile_load(6, tile, 64);
  tile_load(7, tile, 64);
  for (long round = 0; round < rounds; round++) {
    tile_dot(0, 4, 6);
    tile_dot(1, 4, 7);
    tile_dot(2, 5, 6);
    tile_dot(3, 5, 7);
  }
  tile_store(0, tile, 64);
  tiles_end();
  *result = tile[0];
  return 2.0 * SUMS * 16 * 16 * 32 * (double)rounds;
}
