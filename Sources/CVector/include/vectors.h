// Vectors of the width of the machine's registers, and what Swift's own SIMD types compile badly: fused products,
// smallest and largest, selection, bits of the exponent, loads and stores of a part.
//
// Swift sees the types as SIMD8<Float> and SIMD4<Double> (SIMD16<Float> and SIMD8<Double> with AVX-512).
// Every function is inlined into its caller, which must be compiled for the instructions it needs.
#ifndef CVECTOR_VECTORS_H
#define CVECTOR_VECTORS_H

#include <stdint.h>
#include <string.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif

#ifdef __AVX512F__
enum { cvector_bytes = 64 };
typedef float float_vector __attribute__((ext_vector_type(16)));
typedef double double_vector __attribute__((ext_vector_type(8)));
typedef int32_t float_bits __attribute__((ext_vector_type(16)));
typedef int64_t double_bits __attribute__((ext_vector_type(8)));
#else
enum { cvector_bytes = 32 };
typedef float float_vector __attribute__((ext_vector_type(8)));
typedef double double_vector __attribute__((ext_vector_type(4)));
typedef int32_t float_bits __attribute__((ext_vector_type(8)));
typedef int64_t double_bits __attribute__((ext_vector_type(4)));
#endif
typedef float_vector float_vector_anywhere __attribute__((aligned(4)));
typedef double_vector double_vector_anywhere __attribute__((aligned(8)));

#define CVECTOR_INLINE static inline __attribute__((always_inline))
#define CVECTOR_APART static inline __attribute__((noinline))

#define CVECTOR_OPERATIONS(NAME, SCALAR, INTEGER, MANTISSA, SIGNIFICAND_MASK, ONE_BITS)                                \
  CVECTOR_INLINE NAME##_vector NAME##_splat(SCALAR a) { return (NAME##_vector)(a); }                                   \
  CVECTOR_INLINE NAME##_vector NAME##_load(const SCALAR *from) { return *(const NAME##_vector_anywhere *)from; }       \
  CVECTOR_INLINE void NAME##_store(NAME##_vector a, SCALAR *to) { *(NAME##_vector_anywhere *)to = a; }                 \
  CVECTOR_INLINE NAME##_vector NAME##_add(NAME##_vector a, NAME##_vector b) { return a + b; }                          \
  CVECTOR_INLINE NAME##_vector NAME##_subtract(NAME##_vector a, NAME##_vector b) { return a - b; }                     \
  CVECTOR_INLINE NAME##_vector NAME##_multiply(NAME##_vector a, NAME##_vector b) { return a * b; }                     \
  CVECTOR_INLINE NAME##_vector NAME##_divide(NAME##_vector a, NAME##_vector b) { return a / b; }                       \
  CVECTOR_INLINE NAME##_vector NAME##_negate(NAME##_vector a) { return -a; }                                           \
  /* a * b + c, rounded once. */                                                                                       \
  CVECTOR_INLINE NAME##_vector NAME##_multiply_add(NAME##_vector a, NAME##_vector b, NAME##_vector c) {                \
    return __builtin_elementwise_fma(a, b, c);                                                                         \
  }                                                                                                                    \
  /* c - a * b, rounded once. */                                                                                       \
  CVECTOR_INLINE NAME##_vector NAME##_negative_multiply_add(NAME##_vector a, NAME##_vector b, NAME##_vector c) {       \
    return __builtin_elementwise_fma(-a, b, c);                                                                        \
  }                                                                                                                    \
  CVECTOR_INLINE NAME##_vector NAME##_square_root(NAME##_vector a) { return __builtin_elementwise_sqrt(a); }           \
  CVECTOR_INLINE NAME##_vector NAME##_absolute(NAME##_vector a) { return __builtin_elementwise_abs(a); }               \
  /* Where the bits are set the first, else the second. */                                                             \
  CVECTOR_INLINE NAME##_vector NAME##_blend(NAME##_bits where, NAME##_vector a, NAME##_vector b) {                     \
    return (NAME##_vector)((where & (NAME##_bits)a) | (~where & (NAME##_bits)b));                                      \
  }                                                                                                                    \
  /* a >= b ? c : d. */                                                                                                \
  CVECTOR_INLINE NAME##_vector NAME##_where_greater_or_equal(                                                          \
      NAME##_vector a, NAME##_vector b, NAME##_vector c, NAME##_vector d) {                                            \
    return NAME##_blend(a >= b, c, d);                                                                                 \
  }                                                                                                                    \
  /* a > b ? c : d. */                                                                                                 \
  CVECTOR_INLINE NAME##_vector NAME##_where_greater(                                                                   \
      NAME##_vector a, NAME##_vector b, NAME##_vector c, NAME##_vector d) {                                            \
    return NAME##_blend(a > b, c, d);                                                                                  \
  }                                                                                                                    \
  /* a is NaN ? c : d. */                                                                                              \
  CVECTOR_INLINE NAME##_vector NAME##_where_nan(NAME##_vector a, NAME##_vector c, NAME##_vector d) {                   \
    return NAME##_blend(a != a, c, d);                                                                                 \
  }                                                                                                                    \
  /* The size of a with the sign of b. */                                                                              \
  CVECTOR_INLINE NAME##_vector NAME##_with_sign(NAME##_vector a, NAME##_vector b) {                                    \
    NAME##_bits sign = (NAME##_bits)NAME##_splat((SCALAR)-0.0);                                                        \
    return (NAME##_vector)((sign & (NAME##_bits)b) | (~sign & (NAME##_bits)a));                                        \
  }                                                                                                                    \
  /* a times 2 to the whole number that stands in the lowest bits of n; the exponent must not overflow. */             \
  CVECTOR_INLINE NAME##_vector NAME##_raise(NAME##_vector a, NAME##_vector n) {                                        \
    return (NAME##_vector)((NAME##_bits)a + ((NAME##_bits)n << MANTISSA));                                             \
  }                                                                                                                    \
  /* The exponent field of a positive normal number, as a number in the lowest bits added to those of `to`. */         \
  CVECTOR_INLINE NAME##_vector NAME##_exponent(NAME##_vector a, NAME##_vector to) {                                    \
    return (NAME##_vector)(((NAME##_bits)a >> MANTISSA) + (NAME##_bits)to);                                            \
  }                                                                                                                    \
  /* The significand of a positive normal number, between 1 and 2. */                                                  \
  CVECTOR_INLINE NAME##_vector NAME##_significand(NAME##_vector a) {                                                   \
    return (NAME##_vector)(((NAME##_bits)a & (INTEGER)SIGNIFICAND_MASK) | (INTEGER)ONE_BITS);                          \
  }                                                                                                                    \
  /* Half of the whole number in the lowest bits of n, rounded down; n without its upper bits is meant. */             \
  CVECTOR_INLINE NAME##_vector NAME##_half_exponent(NAME##_vector n) {                                                 \
    return (NAME##_vector)((((NAME##_bits)n << MANTISSA) >> (MANTISSA + 1)));                                          \
  }                                                                                                                    \
  CVECTOR_INLINE NAME##_vector NAME##_subtract_bits(NAME##_vector a, NAME##_vector b) {                                \
    return (NAME##_vector)((NAME##_bits)a - (NAME##_bits)b);                                                           \
  }

CVECTOR_OPERATIONS(float, float, int32_t, 23, 0x007FFFFF, 0x3F800000)
CVECTOR_OPERATIONS(double, double, int64_t, 52, 0x000FFFFFFFFFFFFF, 0x3FF0000000000000)

// The smaller (larger) of a and b; b where one of them is NaN: the order of the machine's own instruction, which the
// compiler did not find in σ.
#ifdef __AVX2__
#ifdef __AVX512F__
#define CVECTOR_WIDE(OPERATION) _mm512_##OPERATION
#else
#define CVECTOR_WIDE(OPERATION) _mm256_##OPERATION
#endif
#define CVECTOR_ORDER(NAME, SUFFIX)                                                                                    \
  CVECTOR_INLINE NAME##_vector NAME##_smaller(NAME##_vector a, NAME##_vector b) {                                      \
    return CVECTOR_WIDE(min_##SUFFIX)(a, b);                                                                           \
  }                                                                                                                    \
  CVECTOR_INLINE NAME##_vector NAME##_larger(NAME##_vector a, NAME##_vector b) {                                       \
    return CVECTOR_WIDE(max_##SUFFIX)(a, b);                                                                           \
  }
CVECTOR_ORDER(float, ps)
CVECTOR_ORDER(double, pd)
#else
#define CVECTOR_ORDER(NAME)                                                                                            \
  CVECTOR_INLINE NAME##_vector NAME##_smaller(NAME##_vector a, NAME##_vector b) { return NAME##_blend(a < b, a, b); }  \
  CVECTOR_INLINE NAME##_vector NAME##_larger(NAME##_vector a, NAME##_vector b) { return NAME##_blend(a > b, a, b); }
CVECTOR_ORDER(float)
CVECTOR_ORDER(double)
#endif

// a where the sign bit of `sign` is set, else b.
#if defined(__AVX2__) && !defined(__AVX512F__)
#define CVECTOR_SIGN(NAME, SUFFIX)                                                                                     \
  CVECTOR_INLINE NAME##_vector NAME##_where_negative(NAME##_vector sign, NAME##_vector a, NAME##_vector b) {           \
    return _mm256_blendv_##SUFFIX(b, a, sign);                                                                         \
  }
#else
#define CVECTOR_SIGN(NAME, SUFFIX)                                                                                     \
  CVECTOR_INLINE NAME##_vector NAME##_where_negative(NAME##_vector sign, NAME##_vector a, NAME##_vector b) {           \
    return NAME##_blend((NAME##_bits)sign < 0, a, b);                                                                  \
  }
#endif
CVECTOR_SIGN(float, ps)
CVECTOR_SIGN(double, pd)

// a / b where b and the quotient are far from the ends of the range, or NaN; within two roundings of the true quotient.
// With AVX-512 Float32 takes r, the reciprocal to 14 bits: a / b = a r / (1 - e) with e = 1 - b r, which is a r (1 + e) up
// to e² < 2^-28. Half the time of the division, whose unit is busy for as long as twenty products take.
CVECTOR_INLINE float_vector float_ratio(float_vector a, float_vector b) {
#ifdef __AVX512F__
  float_vector r = _mm512_rcp14_ps(b);
  float_vector q = a * r;
  return float_multiply_add(q, float_negative_multiply_add(b, r, float_splat(1)), q);
#else
  return a / b;
#endif
}
CVECTOR_INLINE double_vector double_ratio(double_vector a, double_vector b) { return a / b; }

// The first `count` numbers, fewer than a vector has, the others zero; and their store. No other number is touched.
#ifdef __AVX512F__
#define CVECTOR_PARTS(NAME, SCALAR, SUFFIX, MASK)                                                                      \
  CVECTOR_INLINE NAME##_vector NAME##_load_part(const SCALAR *from, long count) {                                      \
    return (NAME##_vector)_mm512_maskz_loadu_##SUFFIX((MASK)((1u << count) - 1), from);                                \
  }                                                                                                                    \
  CVECTOR_INLINE void NAME##_store_part(NAME##_vector a, SCALAR *to, long count) {                                     \
    _mm512_mask_storeu_##SUFFIX(to, (MASK)((1u << count) - 1), a);                                                     \
  }
CVECTOR_PARTS(float, float, ps, __mmask16)
CVECTOR_PARTS(double, double, pd, __mmask8)
#else
// Pieces of powers of two: masked stores are slow on some processors. Not inlined: they are at the rare ends of loops.
#define CVECTOR_PARTS(NAME, SCALAR)                                                                                    \
  CVECTOR_APART NAME##_vector NAME##_load_part(const SCALAR *from, long count) {                                       \
    NAME##_vector a = (NAME##_vector)((SCALAR)0);                                                                      \
    SCALAR *to = (SCALAR *)&a;                                                                                         \
    for (long size = (long)(sizeof a / sizeof(SCALAR)) / 2; size > 0; size /= 2) {                                     \
      if (count & size) {                                                                                              \
        memcpy(to, from, size * sizeof(SCALAR));                                                                       \
        to += size;                                                                                                    \
        from += size;                                                                                                  \
      }                                                                                                                \
    }                                                                                                                  \
    return a;                                                                                                          \
  }                                                                                                                    \
  CVECTOR_APART void NAME##_store_part(NAME##_vector a, SCALAR *to, long count) {                                      \
    const SCALAR *from = (const SCALAR *)&a;                                                                           \
    for (long size = (long)(sizeof a / sizeof(SCALAR)) / 2; size > 0; size /= 2) {                                     \
      if (count & size) {                                                                                              \
        memcpy(to, from, size * sizeof(SCALAR));                                                                       \
        to += size;                                                                                                    \
        from += size;                                                                                                  \
      }                                                                                                                \
    }                                                                                                                  \
  }

CVECTOR_PARTS(float, float)
CVECTOR_PARTS(double, double)
#endif

/// to[column][row] = from[row][column] of as many rows and columns as a vector has numbers.
#ifdef __AVX512F__
CVECTOR_INLINE void cvector_turn(const float *from, long stride, float *to, long to_stride) {
  __m512 a[16], b[16];
  for (int row = 0; row < 16; row++) a[row] = _mm512_loadu_ps(from + row * stride);
  for (int i = 0; i < 16; i += 2) {
    b[i] = _mm512_unpacklo_ps(a[i], a[i + 1]);
    b[i + 1] = _mm512_unpackhi_ps(a[i], a[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    for (int j = 0; j < 2; j++) {
      __m512d low = _mm512_castps_pd(b[i + j]), high = _mm512_castps_pd(b[i + 2 + j]);
      a[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
      a[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
    }
  }
  // a[4 q + c] holds, in lane l of 4 numbers, column 4 l + c of rows 4 q to 4 q + 3.
  for (int c = 0; c < 4; c++) {
    __m512 even = _mm512_shuffle_f32x4(a[c], a[4 + c], 0x88), odd = _mm512_shuffle_f32x4(a[c], a[4 + c], 0xDD);
    __m512 even2 = _mm512_shuffle_f32x4(a[8 + c], a[12 + c], 0x88);
    __m512 odd2 = _mm512_shuffle_f32x4(a[8 + c], a[12 + c], 0xDD);
    _mm512_storeu_ps(to + to_stride * c, _mm512_shuffle_f32x4(even, even2, 0x88));
    _mm512_storeu_ps(to + to_stride * (4 + c), _mm512_shuffle_f32x4(odd, odd2, 0x88));
    _mm512_storeu_ps(to + to_stride * (8 + c), _mm512_shuffle_f32x4(even, even2, 0xDD));
    _mm512_storeu_ps(to + to_stride * (12 + c), _mm512_shuffle_f32x4(odd, odd2, 0xDD));
  }
}
#else
CVECTOR_INLINE void cvector_turn(const float *from, long stride, float *to, long to_stride) {
  float_vector a[8], b[8];
  for (int row = 0; row < 8; row++) a[row] = float_load(from + row * stride);
  for (int i = 0; i < 8; i += 2) {
    b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int j = 0; j < 2; j++) {
      a[i + 2 * j] = __builtin_shufflevector(b[i + j], b[i + 2 + j], 0, 1, 8, 9, 4, 5, 12, 13);
      a[i + 2 * j + 1] = __builtin_shufflevector(b[i + j], b[i + 2 + j], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  // a[4 q + c] holds, in half l, column 4 l + c of rows 4 q to 4 q + 3.
  for (int c = 0; c < 4; c++) {
    float_store(__builtin_shufflevector(a[c], a[4 + c], 0, 1, 2, 3, 8, 9, 10, 11), to + to_stride * c);
    float_store(__builtin_shufflevector(a[c], a[4 + c], 4, 5, 6, 7, 12, 13, 14, 15), to + to_stride * (4 + c));
  }
}
#endif

/// Room for a packed block of the left side of a product: so many bytes on the stack for the time of one call.
enum { cvector_block_bytes = 192 * 1024 };
static inline __attribute__((noinline)) void cvector_with_block(void (*body)(void *block, void *context), void *context) {
  _Alignas(64) char block[cvector_block_bytes];
  body(block, context);
}

CVECTOR_INLINE void cvector_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#endif
