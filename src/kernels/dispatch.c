#include <stdio.h>
#include <string.h>

#include "variants.h"

/* Slowest first. CMakeLists.txt says which the build has; a condition of NULL holds everywhere. */
static const struct {
  const rc_kernels *table;
  bool (*runs_here)(void);
} variants[] = {
#ifdef KERNELS_REF
    {&kernels_ref, NULL},
#endif
#ifdef KERNELS_SCALAR
    {&kernels_scalar, NULL},
#endif
#ifdef KERNELS_X86
    {&kernels_sse2, NULL},
    {&kernels_avx2, cpu_runs_avx2},
    {&kernels_avx512, cpu_runs_avx512},
    {&kernels_avx512_bf16, cpu_runs_slow_bf16_pairs},
    {&kernels_avx512_vnni, cpu_runs_avx512_vnni},
    {&kernels_avx512_bf16, cpu_runs_fast_bf16_pairs},
    {&kernels_amx, cpu_runs_amx},
#endif
#ifdef KERNELS_NEON
    {&kernels_neon, NULL},
#endif
#ifdef KERNELS_SIMD128
    {&kernels_simd128, NULL},
#endif
#ifdef KERNELS_RELAXED
    {&kernels_relaxed, NULL},
#endif
};

enum { VARIANTS = sizeof variants / sizeof variants[0] };

#if defined(KERNELS_REF)
const rc_kernels *kernels = &kernels_ref;
#elif defined(KERNELS_SIMD128)
const rc_kernels *kernels = &kernels_simd128;
#elif defined(KERNELS_RELAXED)
const rc_kernels *kernels = &kernels_relaxed;
#else
const rc_kernels *kernels = &kernels_scalar;
#endif

const rc_kernels *kernels_available(int index) {
  for (int i = 0; i < VARIANTS; i++) {
    if (variants[i].runs_here != NULL && !variants[i].runs_here()) continue;
    if (index-- == 0) return variants[i].table;
  }
  return NULL;
}

static rc_status unknown_name(const char *name, rc_error *error) {
  char names[128] = "";
  size_t length = 0;
  const rc_kernels *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL && length < sizeof names; i++) {
    int written =
        snprintf(names + length, sizeof names - length, i == 0 ? "%s" : ", %s", variant->name);
    if (written > 0) length += (size_t)written;
  }
  return rc_fail(error, RC_ERR_ARGUMENT, "no kernels named \"%s\" run here; there are: %s", name,
                 names);
}

rc_status kernels_select(const char *name, rc_error *error) {
  const rc_kernels *chosen = NULL, *variant;
  for (int i = 0; (variant = kernels_available(i)) != NULL; i++) {
    if (name == NULL || strcmp(name, variant->name) == 0) chosen = variant;
  }
  if (chosen == NULL) return unknown_name(name, error);
  kernels = chosen;
  return RC_OK;
}

rc_kernels kernels_in_bf16(const rc_kernels *variant) {
  rc_kernels table = *variant;
  table.gemm_packed_size = variant->gemm_bf16_packed_size;
  table.gemm_pack = variant->gemm_bf16_pack;
  table.gemm = variant->gemm_bf16;
  table.gemm_unpacked = NULL;
  return table;
}

rc_status kernels_set_precision(kernel_precision precision, rc_error *error) {
  static rc_kernels in_bf16;
  if (precision == PRECISION_F32) return kernels_select(kernels->name, error);
  if (kernels->gemm_bf16 == NULL) {
    return rc_fail(error, RC_ERR_ARGUMENT, "the kernels \"%s\" have no products in bf16",
                   kernels->name);
  }
  in_bf16 = kernels_in_bf16(kernels);
  kernels = &in_bf16;
  return RC_OK;
}
