/* One lane: what any processor and any WASM engine runs. */

#include "int8_scalar.h"
#include "vec_scalar.h"

#define KERNELS_TABLE kernels_scalar
#define KERNELS_NAME "scalar"

#include "fast.h"
