#include "vec_sse2.h"

#define PEAK peak_sse2

#include "peak.h"
