// What the processor can do, asked before any code is run that needs it.
#ifndef CVECTOR_PROCESSOR_H
#define CVECTOR_PROCESSOR_H

#include <stdbool.h>

/// Whether this processor has the instructions that the kernels are compiled for: on x86-64 AVX2, FMA, BMI2 and F16C
/// (x86-64-v3), and for `level` 4 also AVX-512 F, BW, CD, DQ and VL. Elsewhere always true.
bool cvector_processor_has_level(int level);

/// Asks the system for the matrix unit (AMX with bfloat16), for all threads of the process; answers whether there is one
/// that may be used. CAROUSEL_TILES=off in the environment says no.
bool cvector_enable_tiles(void);

#endif
