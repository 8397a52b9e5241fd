// What the kernels reach: swift run -c release KernelBench [product | vector | outer | pack | tape | tiles] [float64] [widths]

import Kernels

let words = CommandLine.arguments.dropFirst()
let widths = words.compactMap { Int($0) }
let names = words.filter { Int($0) == nil && $0 != "float64" }
func wanted(_ name: String) -> Bool { names.isEmpty || names.contains(name) }

func run<Scalar: KernelScalar>(_: Scalar.Type) {
  if wanted("product") {
    productTable(
      Scalar.self, inners: widths.isEmpty ? [32, 128, 256, 512, 1024] : widths, rows: [4, 8, 16, 32, 64, 128])
  }
  if wanted("vector") { vectorTable(Scalar.self) }
  if wanted("outer") { outerTable(Scalar.self, widths: widths.isEmpty ? [32, 128, 256, 512, 1024] : widths) }
  if wanted("pack") { packTable(Scalar.self) }
  if wanted("tape") { tapeTable(Scalar.self) }
}

guard Processor.isSupported else { fatalError("this processor has no \(Processor.requirement)") }
if Float.hasMatrixUnit, !words.contains("float64") {
  let inners = widths.isEmpty ? [32, 128, 256, 512, 1024] : widths
  if wanted("tiles") {
    tiledTable(inners: inners, rows: [4, 8, 16, 32, 64, 128])
    tiledOuterTable(widths: inners)
  }
}
if words.contains("float64") { run(Double.self) } else { run(Float.self) }
