#include "vec_avx512.h"

/* chain + a[0] b[0] + a[1] b[1] of the pairs in every lane */
#define PEAK peak_avx512_bf16
#define PEAK_STEP(chain, a, b) _mm512_dpbf16_ps(chain, (__m512bh)(a), (__m512bh)(b))
#define PEAK_OPERATIONS 4

#include "peak.h"
