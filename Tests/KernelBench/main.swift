import Glibc
import Kernels

func numbers<Scalar: KernelScalar>(_ count: Int, seed: UInt64 = 1) -> UnsafeMutablePointer<Scalar> {
  let raw = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Scalar>.stride, alignment: 64)
  let pointer = raw.bindMemory(to: Scalar.self, capacity: count)
  var state = seed
  for index in 0..<count {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    pointer[index] = Scalar(Double(state >> 33) / Double(1 << 30) - 1) / 16
  }
  return pointer
}

func text(_ value: Double, _ digits: Int) -> String {
  let scale = pow(10, Double(digits))
  let rounded = (value * scale).rounded() / scale
  return digits == 0 ? String(Int(rounded)) : "\(rounded)"
}

let chosen = CommandLine.arguments.dropFirst()
func wanted(_ name: String) -> Bool { chosen.isEmpty || chosen.contains(name) }

func productTable<Scalar: KernelScalar>(_: Scalar.Type) {
  print("\n### Products, \(Scalar.self): rows × inner · inner × outer\n")
  print("| rows | inner | outer | GFLOP/s | peak | of peak | median of peak |")
  print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
  for inner in [32, 128, 256, 512, 1024] {
    let outer = 4 * inner
    for rows in [1, 4, 8, 16, 32, 64, 128] {
      let left: UnsafeMutablePointer<Scalar> = numbers(rows * inner)
      let right: UnsafeMutablePointer<Scalar> = numbers(Scalar.packedCount(inner: inner, outer: outer))
      let result: UnsafeMutablePointer<Scalar> = numbers(rows * outer)
      defer {
        left.deallocate()
        right.deallocate()
        result.deallocate()
      }
      let flops = 2 * Double(rows * inner * outer)
      let times = interleave(
        rounds: 15,
        [
          { _ = fusedProducts(100_000) },
          {
            Scalar.product(
              rows: rows, inner: inner, outer: outer, left: left, leftStride: inner, packed: right, result: result,
              resultStride: outer, start: .zero)
          },
        ])
      let wide = MemoryLayout<Scalar>.size == 4 ? 1.0 : 0.5
      let peak = fusedProducts(100_000) * wide / times[0].best / 1e9
      let peakMedian = fusedProducts(100_000) * wide / times[0].median / 1e9
      let best = flops / times[1].best / 1e9
      print(
        "| \(rows) | \(inner) | \(outer) | \(text(best, 1)) | \(text(peak, 1)) | \(text(best / peak, 3)) | "
          + "\(text(flops / times[1].median / 1e9 / peakMedian, 3)) |")
    }
  }
}

if wanted("product") { productTable(Float.self) }
if wanted("product64") { productTable(Double.self) }
