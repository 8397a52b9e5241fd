#ifndef CVECTOR_H
#define CVECTOR_H

#include "processor.h"
#include "tiles.h"
#include "vectors.h"

#endif
