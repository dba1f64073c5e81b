#include "vec_avx512.h"

#define PEAK peak_avx512

#include "peak.h"
