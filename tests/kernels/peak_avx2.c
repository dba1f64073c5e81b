#include "vec_avx2.h"

#define PEAK peak_avx2

#include "peak.h"
