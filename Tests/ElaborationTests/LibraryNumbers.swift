// Results that other programs give for parameters and inputs that can be written down in a line: Keras (LSTM, GRU with
// reset after and before) and the C++ example of libtorch.

/// One comparison: parameters as rows, a sequence for each element of the batch.
struct KnownResult: Sendable {
  var title: String
  var cell: String
  var widths: [String: Int]
  var parameters: [String: [[Double]]]
  /// [batch][time][width]
  var inputs: [[[Double]]]
  /// For a variable at a time (from 1): the values of each sequence, to the digits given.
  var expected: [(variable: String, time: Int, values: [[Double]])]
  /// What the digits given allow.
  var accuracy: Double
}

enum LibraryNumbers {
  static let all = [kerasLSTM, kerasGRUAfter, kerasGRUBefore, libtorch]

  private static func matrix(_ rows: Int, _ columns: Int, _ entry: (Int, Int) -> Double) -> [[Double]] {
    (0..<rows).map { row in (0..<columns).map { entry(row, $0) } }
  }

  private static func row(_ value: Double) -> [[Double]] { [[value, value, value]] }

  /// x = 0..71 as 3 sequences of 6 steps, 4 wide.
  private static let kerasInputs: [[[Double]]] = (0..<3).map { batch in
    (0..<6).map { time in
      let first = (batch * 6 + time) * 4
      return (first..<first + 4).map { Double($0) }
    }
  }

  /// Kernel 0.01, recurrent kernel 0.02; h stands before x.
  private static let kerasMatrix = matrix(3, 7) { _, column in column < 3 ? 0.02 : 0.01 }

  /// Keras computes in Float32: what it prints is exact only to two units of the last place, 6e-8 each.
  private static let kerasAccuracy = 1.2e-7

  private static func columns(_ values: [Double]) -> [[Double]] { values.map { [$0, $0, $0] } }

  static let kerasLSTM: KnownResult = {
    var parameters: [String: [[Double]]] = [:]
    for gate in ["f", "i", "g", "o"] {
      parameters["W_" + gate] = kerasMatrix
      parameters["b_" + gate] = row(gate == "f" ? 1 : 0.03)
    }
    return KnownResult(
      title: "Keras LSTM", cell: "LSTM", widths: ["x": 4, "h": 3], parameters: parameters, inputs: kerasInputs,
      expected: [("h", 6, columns([0.6288687, 0.86899155, 0.9460773]))], accuracy: kerasAccuracy)
  }()

  static let kerasGRUAfter: KnownResult = {
    var parameters: [String: [[Double]]] = [
      "W": matrix(3, 4) { _, _ in 0.01 }, "U": matrix(3, 3) { _, _ in 0.02 }, "b": row(0.03), "b_n": row(0.03),
    ]
    for gate in ["z", "r"] {
      parameters["W_" + gate] = matrix(3, 4) { _, _ in 0.01 }
      parameters["U_" + gate] = matrix(3, 3) { _, _ in 0.02 }
      parameters["b_" + gate] = row(0.06)
    }
    return KnownResult(
      title: "Keras GRU, reset after", cell: "GRUAfter", widths: ["x": 4, "h": 3], parameters: parameters,
      inputs: kerasInputs, expected: [("h", 6, columns([0.5217289, 0.6371659, 0.39384964]))], accuracy: kerasAccuracy)
  }()

  /// Keras has z for the old state: its z is our 1 - z = σ(-a), so the parameters of z change sign.
  static let kerasGRUBefore = KnownResult(
    title: "Keras GRU, reset before", cell: "GRU", widths: ["x": 4, "h": 3],
    parameters: [
      "W_z": kerasMatrix.map { $0.map { -$0 } }, "W_r": kerasMatrix, "W": kerasMatrix, "b_z": row(-0.03),
      "b_r": row(0.03), "b": row(0.03),
    ],
    inputs: kerasInputs, expected: [("h", 6, columns([0.51447755, 0.6426879, 0.40208298]))], accuracy: kerasAccuracy)

  /// LSTM(2, 2): entry i of a parameter is i / size; gates in the order i, f, g, o; two biases.
  static let libtorch: KnownResult = {
    var parameters: [String: [[Double]]] = [:]
    for (index, gate) in ["i", "f", "g", "o"].enumerated() {
      parameters["W_" + gate] = matrix(2, 4) { row, column in Double((index * 2 + row) * 2 + column % 2) / 16 }
      parameters["b_" + gate] = [(0..<2).map { Double(index * 2 + $0) / 8 * 2 }]
    }
    func input(_ time: Int, _ batch: Int, _ unit: Int) -> Double { Double(24 - (time * 4 + batch) * 2 - unit) / 24 }
    let inputs: [[[Double]]] = (0..<4).map { batch in
      (0..<3).map { time in [input(time, batch, 0), input(time, batch, 1)] }
    }
    return KnownResult(
      title: "libtorch LSTM(2, 2)", cell: "LSTM", widths: ["x": 2, "h": 2], parameters: parameters, inputs: inputs,
      expected: [
        ("h", 1, [[0.4391, 0.5402], [0.4330, 0.5324]]),
        ("h", 3, [[], [], [], [0.7484, 0.8666]]),
        ("c", 3, [[1.1647, 1.6106], [1.1425, 1.5726], [1.1187, 1.5329], [1.0931, 1.4911]]),
      ], accuracy: 0.5e-4)
  }()
}
