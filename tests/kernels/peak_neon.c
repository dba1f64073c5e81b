#include "vec_sse2.h"

#define PEAK peak_neon

#include "peak.h"
