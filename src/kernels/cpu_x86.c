#include <cpuid.h>
#include <immintrin.h>

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "variants.h"

/* The compiler's own tests also ask whether the operating system saves the wide registers. */
bool cpu_runs_avx2(void) {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
}

bool cpu_runs_avx512(void) {
  return __builtin_cpu_supports("avx512f") != 0 && cpu_runs_avx2();
}

/* Intel's manual, volume 2, CPUID: bit `bit` of a register of leaf 7. */
static bool leaf7_bit(unsigned subleaf, bool in_edx, unsigned bit) {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, subleaf, &eax, &ebx, &ecx, &edx) == 0) return false;
  return ((in_edx ? edx : eax) >> bit & 1u) != 0;
}

bool cpu_runs_avx512_vnni(void) {
  return cpu_runs_avx512() && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vnni") != 0;
}

bool cpu_runs_bf16_pairs(void) {
  return cpu_runs_avx512_vnni() && leaf7_bit(1, false, 5);
}

/* AMD's processors multiply twice as fast with them as floats, Intel's half as fast (89 GFLOP/s to
 * 179 on a core of Emerald Rapids at 2.8 GHz), as they have AMX for it. */
bool cpu_runs_slow_bf16_pairs(void) {
  return cpu_runs_bf16_pairs() && __builtin_cpu_is("intel") != 0;
}

bool cpu_runs_fast_bf16_pairs(void) {
  return cpu_runs_bf16_pairs() && !cpu_runs_slow_bf16_pairs();
}

/* Linux keeps the tile registers of a process that asked for them: arch_prctl(2). */
static bool system_grants_tiles(void) {
#if defined(__linux__) && defined(SYS_arch_prctl)
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
#else
  return false;
#endif
}

bool cpu_runs_amx(void) {
  const bool tiles = leaf7_bit(0, true, 24), tiles_bf16 = leaf7_bit(0, true, 22);
  return tiles && tiles_bf16 && cpu_runs_bf16_pairs() && system_grants_tiles();
}
