#include "vec_simd128.h"

#define PEAK peak_relaxed

#include "peak.h"
