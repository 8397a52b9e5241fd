import Foundation
import XCTest

@testable import Formats
@testable import Session

/// Weights of other programs, against their own formulas written out plainly, with weights that nothing makes alike.
final class WeightImportTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "weights-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  private var state: UInt64 = 11

  private func random() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 33) / Double(1 << 30) - 1
  }

  /// The weights of one direction of a layer, by gate.
  private struct Layer {
    var input: [Character: [[Double]]] = [:]
    var recurrent: [Character: [[Double]]] = [:]
    var inputBias: [Character: [Double]] = [:]
    var recurrentBias: [Character: [Double]] = [:]
  }

  private func layer(_ gates: String, x: Int, h: Int) -> Layer {
    var layer = Layer()
    for gate in gates {
      layer.input[gate] = (0..<h).map { _ in (0..<x).map { _ in random() } }
      layer.recurrent[gate] = (0..<h).map { _ in (0..<h).map { _ in random() } }
      layer.inputBias[gate] = (0..<h).map { _ in random() }
      layer.recurrentBias[gate] = (0..<h).map { _ in random() }
    }
    return layer
  }

  // MARK: The other programs' formulas

  private func times(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  private func sigma(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  private enum Kind { case lstm, gruAfter, gruBefore, rnn }

  private func run(_ kind: Kind, _ w: Layer, _ xs: [[Double]]) -> [[Double]] {
    let size = w.inputBias.values.first?.count ?? 0
    var h = [Double](repeating: 0, count: size)
    var c = h
    return xs.map { x in
      func ahead(_ gate: Character) -> [Double] {
        zip(times(w.input[gate] ?? [], x), w.inputBias[gate] ?? []).map { $0 + $1 }
      }
      func back(_ gate: Character, _ state: [Double]) -> [Double] {
        zip(times(w.recurrent[gate] ?? [], state), w.recurrentBias[gate] ?? []).map { $0 + $1 }
      }
      func sum(_ gate: Character) -> [Double] { zip(ahead(gate), back(gate, h)).map { $0 + $1 } }
      switch kind {
      case .rnn: h = sum("h").map { tanh($0) }
      case .lstm:
        let (i, f, g, o) = (sum("i").map(sigma), sum("f").map(sigma), sum("g").map { tanh($0) }, sum("o").map(sigma))
        for k in 0..<size {
          c[k] = f[k] * c[k] + i[k] * g[k]
          h[k] = o[k] * tanh(c[k])
        }
      case .gruAfter, .gruBefore:
        let (r, z) = (sum("r").map(sigma), sum("z").map(sigma))
        let product = kind == .gruAfter ? zip(r, back("n", h)).map { $0 * $1 } : back("n", zip(r, h).map { $0 * $1 })
        let n = zip(ahead("n"), product).map { tanh($0 + $1) }
        for k in 0..<size { h[k] = (1 - z[k]) * n[k] + z[k] * h[k] }
      }
      return h
    }
  }

  private func both(_ kind: Kind, _ ahead: Layer, _ back: Layer, _ xs: [[Double]]) -> [[Double]] {
    zip(run(kind, ahead, xs), run(kind, back, xs.reversed()).reversed()).map { $0 + $1 }
  }

  // MARK: Their files

  private func rows(_ weights: [Character: [[Double]]], _ order: String) -> [[Double]] {
    order.flatMap { weights[$0] ?? [] }
  }

  private func biases(_ weights: [Character: [Double]], _ order: String) -> [Double] {
    order.flatMap { weights[$0] ?? [] }
  }

  private func array(_ name: String, _ rows: [[Double]]) -> NamedArray {
    NamedArray(name: name, array: .init(shape: [rows.count, rows.first?.count ?? 0], values: rows.flatMap { $0 }))
  }

  private func array(_ name: String, vector: [Double]) -> NamedArray {
    NamedArray(name: name, array: .init(shape: [vector.count], values: vector))
  }

  private func transposed(_ rows: [[Double]]) -> [[Double]] {
    (rows.first ?? []).indices.map { column in rows.map { $0[column] } }
  }

  private func pytorch(_ w: Layer, _ order: String, _ end: String, module: String = "") -> [NamedArray] {
    [
      array("\(module)bias_hh\(end)", vector: biases(w.recurrentBias, order)),
      array("\(module)weight_hh\(end)", rows(w.recurrent, order)),
      array("\(module)bias_ih\(end)", vector: biases(w.inputBias, order)),
      array("\(module)weight_ih\(end)", rows(w.input, order)),
    ]
  }

  /// Kernel, recurrent kernel, bias: of LSTM, RNN and a GRU without reset_after one, the sum of both here.
  private func keras(_ w: Layer, _ order: String, from first: Int, hasTwoBiases: Bool) -> [NamedArray] {
    let (one, two) = (biases(w.inputBias, order), biases(w.recurrentBias, order))
    return [
      array("arr_\(first)", transposed(rows(w.input, order))),
      array("arr_\(first + 1)", transposed(rows(w.recurrent, order))),
      hasTwoBiases
        ? array("arr_\(first + 2)", [one, two]) : array("arr_\(first + 2)", vector: zip(one, two).map { $0 + $1 }),
    ]
  }

  private func onnx(_ directions: [Layer], _ order: String, _ end: String = "") -> [NamedArray] {
    func named(_ name: String, _ parts: [[[Double]]]) -> NamedArray {
      NamedArray(
        name: name + end,
        array: .init(
          shape: [parts.count, parts[0].count, parts[0][0].count], values: parts.flatMap { $0.flatMap { $0 } }))
    }
    let biases = directions.map { self.biases($0.inputBias, order) + self.biases($0.recurrentBias, order) }
    return [
      named("W", directions.map { rows($0.input, order) }), named("R", directions.map { rows($0.recurrent, order) }),
      array("B" + end, biases),
    ]
  }

  // MARK: Comparing

  private func check(
    _ model: String, _ arrays: [NamedArray], _ layout: String, _ ending: String, _ xs: [[Double]],
    _ expected: [[Double]], notes: [String] = [], line: UInt = #line
  ) throws {
    let path = "\(folder)/w.\(ending)"
    try FileWriter.write(.arrays(arrays), path: path)
    func literal(_ rows: [[Double]]) -> String {
      "[" + rows.map { "[" + $0.map { "\($0)" }.joined(separator: ", ") + "]" }.joined(separator: ", ") + "]"
    }
    let lines = wideSession().printed(
      """
      net = \(model)
      load(net, "\(path)", layout: \(layout))
      y = feed(net, \(literal(xs)))
      print(max(abs(y - \(literal(expected)))) < 1e-13)
      """)
    XCTAssertEqual(
      lines.suffix(notes.count + 1), notes.map { "note: " + $0 } + ["true"], model + " " + layout, line: line)
  }

  func testPyTorch() throws {
    let xs = (0..<5).map { _ in (0..<3).map { _ in random() } }
    let (lstm, second) = (layer("ifgo", x: 3, h: 4), layer("ifgo", x: 4, h: 2))
    try check(
      "LSTM(x: 3, h: 4, dtype: f64)", pytorch(lstm, "ifgo", "_l0"), "pytorch", "safetensors", xs, run(.lstm, lstm, xs))
    try check(
      "stack(LSTM(h: 4), LSTM(h: 2))(x: 3, dtype: f64)",
      pytorch(second, "ifgo", "_l1", module: "rnn.") + pytorch(lstm, "ifgo", "_l0", module: "rnn."), "pytorch", "npz",
      xs,
      run(.lstm, second, run(.lstm, lstm, xs)))
    let gru = layer("rzn", x: 3, h: 4)
    try check(
      "GRUAfter(x: 3, h: 4, dtype: f64)", pytorch(gru, "rzn", "_l0"), "pytorch", "npz", xs, run(.gruAfter, gru, xs))
    let rnn = layer("h", x: 3, h: 4)
    try check("RNN(x: 3, h: 4, dtype: f64)", pytorch(rnn, "h", "_l0"), "pytorch", "safetensors", xs, run(.rnn, rnn, xs))

    // Two layers in both directions, and a read-out.
    let four = [("_l0", 3), ("_l0_reverse", 3), ("_l1", 8), ("_l1_reverse", 8)].map {
      ($0.0, layer("ifgo", x: $0.1, h: 4))
    }
    let one = both(.lstm, four[0].1, four[1].1, xs)
    let two = both(.lstm, four[2].1, four[3].1, one)
    let weight = (0..<2).map { _ in (0..<8).map { _ in random() } }
    let bias = [random(), random()]
    let arrays =
      four.flatMap { pytorch($0.1, "ifgo", $0.0, module: "lstm.") }
      + [array("fc.weight", weight), array("fc.bias", vector: bias), array("norm.scale", vector: [1])]
    try check(
      "stack(bidirectional(LSTM(h: 4)), bidirectional(LSTM(h: 4)), linear(2))(x: 3, dtype: f64)", arrays, "pytorch",
      "safetensors", xs, two.map { zip(times(weight, $0), bias).map { $0 + $1 } },
      notes: ["norm.scale of the file was left out"])
    // A cell of one's own, with the state and the input joined the other way.
    try check(
      """
      nothing
      cell Mine(x) -> h {
        i[t] = σ(W_i · [x[t], h[t-1]] + b_i); f[t] = σ(W_f · [x[t], h[t-1]] + b_f)
        g[t] = tanh(W_g · [x[t], h[t-1]] + b_g); o[t] = σ(W_o · [x[t], h[t-1]] + b_o)
        c[t] = f[t] * c[t-1] + i[t] * g[t]; h[t] = o[t] * tanh(c[t])
      }
      net = Mine(x: 3, h: 4, dtype: f64)
      """, pytorch(lstm, "ifgo", "_l0"), "pytorch", "safetensors", xs, run(.lstm, lstm, xs),
      notes: [])
  }

  func testKeras() throws {
    let xs = (0..<5).map { _ in (0..<3).map { _ in random() } }
    let cases: [(String, Kind, gates: String, order: String)] = [
      ("LSTM", .lstm, "ifgo", "ifgo"), ("GRUAfter", .gruAfter, "rzn", "zrn"), ("GRU", .gruBefore, "rzn", "zrn"),
      ("RNN", .rnn, "h", "h"),
    ]
    for (cell, kind, gates, order) in cases {
      let isTwo = kind == .gruAfter
      let (one, two) = (layer(gates, x: 3, h: 4), layer(gates, x: 4, h: 2))
      try check(
        "stack(\(cell)(h: 4), \(cell)(h: 2))(x: 3, dtype: f64)",
        keras(one, order, from: 0, hasTwoBiases: isTwo) + keras(two, order, from: 3, hasTwoBiases: isTwo), "keras",
        "npz",
        xs, run(kind, two, run(kind, one, xs)))
      let back = layer(gates, x: 3, h: 4)
      let weight = (0..<2).map { _ in (0..<8).map { _ in random() } }
      let bias = [random(), random()]
      try check(
        "stack(bidirectional(\(cell)(h: 4)), linear(2))(x: 3, dtype: f64)",
        keras(one, order, from: 0, hasTwoBiases: isTwo) + keras(back, order, from: 3, hasTwoBiases: isTwo)
          + [array("arr_6", transposed(weight)), array("arr_7", vector: bias)], "keras", "npz", xs,
        both(kind, one, back, xs).map { zip(times(weight, $0), bias).map { $0 + $1 } })
    }
  }

  func testONNX() throws {
    let xs = (0..<5).map { _ in (0..<3).map { _ in random() } }
    let cases: [(String, Kind, gates: String, order: String)] = [
      ("LSTM", .lstm, "ifgo", "iofg"), ("GRUAfter", .gruAfter, "rzn", "zrn"), ("GRU", .gruBefore, "rzn", "zrn"),
      ("RNN", .rnn, "h", "h"),
    ]
    for (cell, kind, gates, order) in cases {
      let (one, back, two) = (layer(gates, x: 3, h: 4), layer(gates, x: 3, h: 4), layer(gates, x: 8, h: 2))
      try check("\(cell)(x: 3, h: 4, dtype: f64)", onnx([one], order), "onnx", "npz", xs, run(kind, one, xs))
      try check(
        "stack(bidirectional(\(cell)(h: 4)), \(cell)(h: 2), linear(2))(x: 3, dtype: f64); net.layer3.W = [1, 0; 0, 1]",
        onnx([one, back], order) + onnx([two], order, "_l1"), "onnx", "npz", xs,
        run(kind, two, both(kind, one, back, xs)),
        notes: ["layer3 keeps its own numbers: the file has none for it"])
    }
  }

  /// What does not fit is said in the words of the layer, and the net stays as it was.
  func testWrongShapes() throws {
    let lstm = pytorch(layer("ifgo", x: 3, h: 4), "ifgo", "_l0")
    let gru = layer("rzn", x: 3, h: 4)
    let cases: [(String, [NamedArray], String, String, String?)] = [
      (
        "LSTM(x: 3, h: 5)", lstm, "pytorch", "its layer reads 3 and is 4 wide, and LSTM reads 3 and is 5 wide",
        "LSTM(x: 3, h: 4)"
      ),
      (
        "stack(GRUAfter(h: 4), linear(1))(x: 3)", lstm, "pytorch",
        "weight_ih_l0 has 4 gates, as an LSTM has them, and layer1, GRUAfter, has 3", nil
      ),
      (
        "GRU(x: 3, h: 4)", pytorch(gru, "rzn", "_l0"), "pytorch",
        "PyTorch's GRU has its reset gate after the product, and GRU before it", "make a GRUAfter"
      ),
      (
        "GRU(x: 3, h: 4)", keras(gru, "zrn", from: 0, hasTwoBiases: true), "keras",
        "its bias is that of a GRU with reset_after=True", "make a GRUAfter"
      ),
      (
        "GRUAfter(x: 3, h: 4)", keras(gru, "zrn", from: 0, hasTwoBiases: false), "keras",
        "its bias is that of a GRU with reset_after=False", "make a GRU"
      ),
      (
        "LSTM(x: 3, h: 4)", [array("a", [[1]])], "pytorch",
        "it has no weight_ih_l0, so it is no state dict of nn.LSTM, nn.GRU or nn.RNN", "it has a"
      ),
      ("stack(LSTM(h: 4), LSTM(h: 4))(x: 3)", lstm, "pytorch", "it has no weight_ih_l1", nil),
      (
        "LSTM(x: 3, h: 4)", [array("W", [[1]])], "onnx", "W is 1 × 1, and [directions, gates·h, width] was expected",
        nil
      ),
      ("MUT1(x: 3, h: 3)", lstm, "pytorch", "MUT1 has the parameters", nil),
      ("linear(x: 3, y: 4)", lstm, "pytorch", "linear has no recurrent layer to take weights", nil),
    ]
    for (model, arrays, layout, message, hint) in cases {
      let path = "\(folder)/w.npz"
      try FileWriter.write(.arrays(arrays), path: path)
      let lines = wideSession().printed(
        "net = \(model); load(net, \"\(path)\", layout: \(layout))")
      XCTAssertTrue(lines.first?.hasPrefix("error: \(path): \(message)") == true, "\(lines.first ?? "") — \(message)")
      if let hint { XCTAssertEqual(lines.last, "hint: " + hint, model) }
    }
  }
}
