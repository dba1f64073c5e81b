#include "vec_scalar.h"

#define PEAK peak_scalar

#include "peak.h"
