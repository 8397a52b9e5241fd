// swift-tools-version: 6.0
// Carousel: an interactive language for recurrent cells.
//
// A room (target) knows only the rooms above it in this list.

import Foundation
import PackageDescription

// The kernels alone are compiled unchecked, for the vector instructions of the machine that builds them: AVX-512 where
// it has them, else those of the last ten years. CAROUSEL_PROCESSOR=v3 (or v4) asks for others than the machine's own.
#if arch(x86_64)
  let machine = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  let hasLevel4 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"].allSatisfy { machine.contains($0) }
  let level = ProcessInfo.processInfo.environment["CAROUSEL_PROCESSOR"] ?? (hasLevel4 ? "v4" : "v3")
  // What uses the matrix unit is compiled for it and asks first whether there is one.
  let level4Flags = ["-D", "LEVEL4", "-Xcc", "-mamx-tile", "-Xcc", "-mamx-bf16"]
  let vectorFlags = ["-Xcc", "-march=x86-64-\(level)"] + (level == "v4" ? level4Flags : [])
#else
  let vectorFlags: [String] = []
#endif
let kernelFlags = ["-Ounchecked", "-wmo", "-num-threads", "1", "-disable-batch-mode"] + vectorFlags

let package = Package(
  name: "Carousel",
  products: [
    .executable(name: "carousel", targets: ["Carousel"]),
    .library(name: "Algebra", targets: ["Algebra"]),
  ],
  dependencies: [],
  targets: [
    // Glyphs and their spellings, widths on a terminal, numbers as text.
    .target(name: "Typography"),
    // Text to trees: lexer, parser, LaTeX reader, places, diagnostics.
    .target(name: "Syntax", dependencies: ["Typography"]),
    // Expressions, shapes, recurrences: usable as a library by itself.
    .target(name: "Algebra", dependencies: ["Typography"]),
    // Trees to recurrences.
    .target(name: "Elaboration", dependencies: ["Syntax", "Algebra"]),
    // csv, npy, npz, plain text; knows no nets.
    .systemLibrary(name: "CZip", path: "Sources/CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .target(name: "Formats", dependencies: ["CZip"]),
    // Packed products, activations, tapes of elementwise instructions; the only target compiled unchecked.
    .target(name: "CVector"),
    .target(name: "Kernels", dependencies: ["CVector"], swiftSettings: [.unsafeFlags(kernelFlags)]),
    // Nets, tracks, evaluation; knows no text.
    .target(name: "Runtime", dependencies: ["Algebra", "Kernels"]),
    // A picture is data before it is ink.
    // zlib is there with libzip.
    .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Figures", dependencies: ["Typography", "Algebra", "CZlib"]),
    // Values, scopes, built-in functions: one evaluate for prompt, script and tests.
    .target(name: "Session", dependencies: ["Syntax", "Algebra", "Elaboration", "Runtime", "Formats", "Figures"]),
    // Line editing on a terminal.
    .target(name: "CReadline", linkerSettings: [.linkedLibrary("readline")]),
    .target(name: "Prompt", dependencies: ["Session", "Syntax", "Formats", "Figures", "Typography", "CReadline"]),
    .executableTarget(name: "Carousel", dependencies: ["Prompt", "Session", "Syntax", "Kernels"]),

    .testTarget(name: "TypographyTests", dependencies: ["Typography"]),
    .testTarget(name: "SyntaxTests", dependencies: ["Syntax"], exclude: ["LaTeXBlocks", "Transcripts"]),
    .testTarget(name: "AlgebraTests", dependencies: ["Algebra"]),
    .testTarget(
      name: "ElaborationTests",
      dependencies: ["Elaboration", "Figures", "Runtime", "Kernels", "Syntax", "Algebra"]),
    .testTarget(name: "FormatsTests", dependencies: ["Formats"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels"]),
    // What the kernels reach, beside what the processor can (swift run -c release KernelBench).
    .executableTarget(
      name: "KernelBench", dependencies: ["Kernels", "CVector"], path: "Tests/KernelBench",
      swiftSettings: [.unsafeFlags(kernelFlags)]),
    .testTarget(name: "RuntimeTests", dependencies: ["Runtime", "Elaboration"]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "CZlib"]),
    .testTarget(name: "SessionTests", dependencies: ["Session"], exclude: ["Transcripts"]),
    // Programs on a pseudo-terminal, and a prompt over a stand-in for the language.
    .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
    .executableTarget(
      name: "PromptStandIn", dependencies: ["Prompt", "Session", "Syntax"], path: "Tests/PromptStandIn"),
    // Wrong input, in numbers (Scripts/fuzz).
    .executableTarget(
      name: "Fuzz", dependencies: ["Session", "Syntax"], path: "Tests/Fuzz", exclude: ["seeds.cell"]),
    // Times of cells, for Scripts/bench.
    .executableTarget(
      name: "Bench", dependencies: ["Runtime", "Elaboration", "Syntax", "Algebra", "Kernels"], path: "Tests/Bench",
      exclude: ["custom.cell"]),
    .testTarget(name: "FuzzTests", dependencies: ["Fuzz"]),
    .testTarget(name: "PromptTests", dependencies: ["Prompt", "Session", "CPseudoTerminal"]),
  ],
  swiftLanguageModes: [.v6]
)
