// The matrix unit (AMX), where a processor has one: eight registers of 16 rows of 64 bytes, and an instruction that
// multiplies tiles of bfloat16, the upper half of a Float32, and adds in Float32.
//
// A Float32 has 24 significant bits, a bfloat16 has 8: a number is the sum of three of them, its thirds, exactly,
//
//     a = a₀ + a₁ + a₂,   |a₁| ≤ 2^-8 |a|,   |a₂| ≤ 2^-16 |a|,
//
// and a b = a₀b₀ + (a₀b₁ + a₁b₀) + (a₀b₂ + a₁b₁ + a₂b₀) but for less than 2^-23 of it. Six products on the unit are
// faster than one on vectors, and as exact: the sum of two products is rounded once. Of normal numbers, sums of 128, 512
// and 2048 products have the relative error (root mean square) 0.9, 1.7 and 3.6e-7; a chain of fused products, begun anew
// every 256, has 2.2, 3.2 and 3.0e-7.
#ifndef CVECTOR_TILES_H
#define CVECTOR_TILES_H

#include "vectors.h"
#include <stdbool.h>

#if defined(__AMX_BF16__) && defined(__AVX512F__)

/// The bytes of a tile, and of the thirds of two tiles side by side.
enum { cvector_tile_bytes = 1024, cvector_pair_bytes = 6 * 1024 };

/// Tiles 0 to 3 hold sums and 4 to 6 left sides, of so many rows; with `strips` tile 6 is a left side, else a right one.
CVECTOR_INLINE void cvector_tiles_begin(int rows, bool strips) {
  _Alignas(64) struct {
    uint8_t palette, start, reserved[14];
    uint16_t bytes[16];
    uint8_t rows[16];
  } shape = {.palette = 1};
  for (int tile = 0; tile < 8; tile++) {
    shape.bytes[tile] = 64;
    shape.rows[tile] = tile == 7 || (tile == 6 && !strips) ? 16 : rows;
  }
  _tile_loadconfig(&shape);
}

CVECTOR_INLINE void cvector_tiles_end(void) { _tile_release(); }

CVECTOR_INLINE void cvector_tiles_zero(void) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
}

// A square: two tiles of rows by two of columns. Rows lie `stride` numbers apart, the second tile `below` numbers on.

CVECTOR_INLINE void cvector_square_load(const float *from, long stride, long below) {
  _tile_loadd(0, from, stride * 4);
  _tile_loadd(1, from + 16, stride * 4);
  _tile_loadd(2, from + below, stride * 4);
  _tile_loadd(3, from + below + 16, stride * 4);
}

CVECTOR_INLINE void cvector_square_store(float *to, long stride, long below) {
  _tile_stored(0, to, stride * 4);
  _tile_stored(1, to + 16, stride * 4);
  _tile_stored(2, to + below, stride * 4);
  _tile_stored(3, to + below + 16, stride * 4);
}

CVECTOR_INLINE void cvector_square_left(const void *third) {
  _tile_loadd(4, third, 64);
  _tile_loadd(5, third + cvector_tile_bytes, 64);
}

CVECTOR_INLINE void cvector_square_right(const void *third) {
  _tile_loadd(6, third, 64);
  _tile_loadd(7, third + cvector_tile_bytes, 64);
}

CVECTOR_INLINE void cvector_square_multiply(void) {
  _tile_dpbf16ps(0, 4, 6);
  _tile_dpbf16ps(1, 4, 7);
  _tile_dpbf16ps(2, 5, 6);
  _tile_dpbf16ps(3, 5, 7);
}

// A strip: one tile of rows by four of columns.

CVECTOR_INLINE void cvector_strip_load(const float *from, long stride) {
  _tile_loadd(0, from, stride * 4);
  _tile_loadd(1, from + 16, stride * 4);
  _tile_loadd(2, from + 32, stride * 4);
  _tile_loadd(3, from + 48, stride * 4);
}

CVECTOR_INLINE void cvector_strip_store(float *to, long stride) {
  _tile_stored(0, to, stride * 4);
  _tile_stored(1, to + 16, stride * 4);
  _tile_stored(2, to + 32, stride * 4);
  _tile_stored(3, to + 48, stride * 4);
}

/// Adds 32 k: the thirds of one tile of the left side, of two panels of the right. The products of an element follow
/// each other as in a square.
CVECTOR_INLINE void cvector_strip_add(const void *left, const void *right, const void *beside) {
  enum { tile = cvector_tile_bytes, third = 2 * cvector_tile_bytes };
  _tile_loadd(4, left, 64);
  _tile_loadd(5, left + third, 64);
  _tile_loadd(6, left + 2 * third, 64);
#define CVECTOR_LAST(SUM, RIGHT)   \
  _tile_loadd(7, (RIGHT), 64);     \
  _tile_dpbf16ps(SUM, 4, 7);
#define CVECTOR_MIDDLE(SUM, RIGHT) \
  _tile_loadd(7, (RIGHT), 64);     \
  _tile_dpbf16ps(SUM, 4, 7);       \
  _tile_dpbf16ps(SUM, 5, 7);
#define CVECTOR_FIRST(SUM, RIGHT)  \
  _tile_loadd(7, (RIGHT), 64);     \
  _tile_dpbf16ps(SUM, 5, 7);       \
  _tile_dpbf16ps(SUM, 6, 7);       \
  _tile_dpbf16ps(SUM, 4, 7);
  CVECTOR_LAST(0, right + 2 * third)
  CVECTOR_LAST(1, right + 2 * third + tile)
  CVECTOR_LAST(2, beside + 2 * third)
  CVECTOR_LAST(3, beside + 2 * third + tile)
  CVECTOR_MIDDLE(0, right + third)
  CVECTOR_MIDDLE(1, right + third + tile)
  CVECTOR_MIDDLE(2, beside + third)
  CVECTOR_MIDDLE(3, beside + third + tile)
  CVECTOR_FIRST(0, right)
  CVECTOR_FIRST(1, right + tile)
  CVECTOR_FIRST(2, beside)
  CVECTOR_FIRST(3, beside + tile)
#undef CVECTOR_LAST
#undef CVECTOR_MIDDLE
#undef CVECTOR_FIRST
}

// Thirds.

typedef uint32_t cvector_words __attribute__((ext_vector_type(16)));

/// Writes the thirds of 16 pairs of numbers, each pair (k, k + 16 of a sum) as one word of 32 bits, 16 words to each of
/// three tiles two tiles apart. Thirds are rounded to the nearest, or cut off, which the largest numbers need.
CVECTOR_INLINE void cvector_store_thirds(float_vector first, float_vector second, bool is_rounded, void *to) {
  const cvector_words upper = (cvector_words)(0xFFFF0000u), half = (cvector_words)(is_rounded ? 0x8000u : 0);
  cvector_words *target = (cvector_words *)to;
  enum { third = 2 * cvector_tile_bytes / sizeof(cvector_words) };
  for (int index = 0; index < 2; index++) {
    cvector_words a = ((cvector_words)first + half) & upper;
    cvector_words b = ((cvector_words)second + half) & upper;
    target[index * third] = (a >> 16) | b;
    first -= (float_vector)a;
    second -= (float_vector)b;
  }
  // What is left has eight bits.
  target[2 * third] = ((cvector_words)first >> 16) | ((cvector_words)second & upper);
}

/// Word by word the larger of a bit pattern and that of a number without its sign.
CVECTOR_INLINE cvector_words cvector_larger_pattern(cvector_words largest, float_vector a) {
  return __builtin_elementwise_max(largest, (cvector_words)a & (cvector_words)(0x7FFFFFFFu));
}

/// Whether a number of this bit pattern is not finite, or rounds to what is not.
CVECTOR_INLINE bool cvector_has_no_thirds(cvector_words largest) {
  return __builtin_reduce_max(largest) >= 0x7F7F8000u;
}

#endif
#endif
