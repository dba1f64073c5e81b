#include "vec_simd128.h"

#define PEAK peak_simd128

#include "peak.h"
