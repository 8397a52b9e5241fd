import CVector

/// As many fused products as the processor can start: twelve chains that wait for nothing. Answers their FLOPs.
@inline(never)
func fusedProducts(_ rounds: Int) -> Double {
  var a0 = float_splat(1), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0
  var a6 = a0, a7 = a0, a8 = a0, a9 = a0, a10 = a0, a11 = a0
  let factor = float_splat(0.999)
  for _ in 0..<rounds {
    a0 = float_multiply_add(a0, factor, factor)
    a1 = float_multiply_add(a1, factor, factor)
    a2 = float_multiply_add(a2, factor, factor)
    a3 = float_multiply_add(a3, factor, factor)
    a4 = float_multiply_add(a4, factor, factor)
    a5 = float_multiply_add(a5, factor, factor)
    a6 = float_multiply_add(a6, factor, factor)
    a7 = float_multiply_add(a7, factor, factor)
    a8 = float_multiply_add(a8, factor, factor)
    a9 = float_multiply_add(a9, factor, factor)
    a10 = float_multiply_add(a10, factor, factor)
    a11 = float_multiply_add(a11, factor, factor)
  }
  let sum = a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11
  return sum[0] > 0 ? Double(rounds) * Double(12 * 2 * MemoryLayout<float_vector>.size / 4) : 0
}
