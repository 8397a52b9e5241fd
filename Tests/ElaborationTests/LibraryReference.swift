import Foundation

// A second opinion on every cell of the library: vectors and matrices as plain loops over arrays, one closure a cell,
// written from the papers' equations. It knows nothing of the language, the algebra or the evaluator.

/// A vector with elementwise arithmetic.
struct Vector: Equatable, Sendable {
  var entries: [Double]

  init(_ entries: [Double]) { self.entries = entries }

  private static func zip(_ a: Vector, _ b: Vector, _ body: (Double, Double) -> Double) -> Vector {
    precondition(a.entries.count == b.entries.count, "\(a.entries.count) against \(b.entries.count)")
    var result: [Double] = []
    for k in a.entries.indices { result.append(body(a.entries[k], b.entries[k])) }
    return Vector(result)
  }

  func map(_ body: (Double) -> Double) -> Vector {
    var result: [Double] = []
    for entry in entries { result.append(body(entry)) }
    return Vector(result)
  }

  static func + (a: Vector, b: Vector) -> Vector { zip(a, b) { $0 + $1 } }
  static func - (a: Vector, b: Vector) -> Vector { zip(a, b) { $0 - $1 } }
  static func * (a: Vector, b: Vector) -> Vector { zip(a, b) { $0 * $1 } }
  static func / (a: Vector, b: Vector) -> Vector { zip(a, b) { $0 / $1 } }
  static func larger(_ a: Vector, _ b: Vector) -> Vector { zip(a, b) { $0 > $1 ? $0 : $1 } }
  static func * (a: Double, b: Vector) -> Vector { b.map { a * $0 } }
  static func - (a: Double, b: Vector) -> Vector { b.map { a - $0 } }
  static func + (a: Vector, b: Double) -> Vector { a.map { $0 + b } }
  static func - (a: Vector, b: Double) -> Vector { a.map { $0 - b } }
  static prefix func - (a: Vector) -> Vector { a.map { -$0 } }

  var squashed: Vector { map { 1 / (1 + Foundation.exp(-$0)) } }
  var tanh: Vector { map { Foundation.tanh($0) } }
  var exp: Vector { map { Foundation.exp($0) } }
  var log: Vector { map { Foundation.log($0) } }
  var positive: Vector { map { $0 > 0 ? $0 : 0 } }
  var root: Vector { map { $0.squareRoot() } }

  /// The vector less its mean, over its standard deviation.
  var normalised: Vector {
    var mean = 0.0
    for entry in entries { mean += entry / Double(entries.count) }
    var variance = 0.0
    for entry in entries { variance += (entry - mean) * (entry - mean) / Double(entries.count) }
    return map { ($0 - mean) / (variance + 1e-5).squareRoot() }
  }

  /// The entries from `start` on, `count` of them.
  func part(_ start: Int, _ count: Int) -> Vector {
    var result: [Double] = []
    for k in start..<(start + count) { result.append(entries[k]) }
    return Vector(result)
  }
}

/// A matrix; `matrix[row][column]`.
struct Matrix: Sendable {
  var rows: [[Double]]

  static func * (matrix: Matrix, vector: Vector) -> Vector {
    var result: [Double] = []
    for row in matrix.rows {
      precondition(row.count == vector.entries.count, "\(row.count) columns against \(vector.entries.count)")
      var total = 0.0
      for k in row.indices { total += row[k] * vector.entries[k] }
      result.append(total)
    }
    return Vector(result)
  }

  /// The product with two vectors, one upon the other.
  func times(_ upper: Vector, _ lower: Vector) -> Vector { self * Vector(upper.entries + lower.entries) }
}

/// What a cell may read in one step.
struct Step: Sendable {
  var parameters: [String: [[Double]]]
  /// This input and the one before.
  var x: Vector
  var lastX: Vector
  /// The values of one step before.
  var last: [String: Vector]

  /// The old value of a variable.
  func old(_ name: String) -> Vector { last[name] ?? { preconditionFailure("\(name) has no old value") }() }
  var h: Vector { old("h") }
  var c: Vector { old("c") }

  func matrix(_ name: String) -> Matrix {
    Matrix(rows: parameters[name] ?? { preconditionFailure("no parameter \(name)") }())
  }
  func vector(_ name: String) -> Vector {
    guard let rows = parameters[name], rows.count == 1 else { preconditionFailure("no vector \(name)") }
    return Vector(rows[0])
  }
  func number(_ name: String) -> Double { vector(name).entries[0] }
}

/// One cell of the library with what it must compute.
struct LibraryCase: Sendable {
  var name: String
  /// Widths to ask for.
  var widths: [String: Int]
  /// Every parameter with its shape: [] a number, [n] a vector, [rows, columns] a matrix.
  var parameters: [String: [Int]]
  /// The variables whose old values are read, with their widths: they get a start that is not zero.
  var states: [String: Int]
  /// The values of all variables.
  var step: @Sendable (Step) -> [String: Vector]

  init(
    _ name: String, x: Int = 2, h: Int = 3, more: [String: Int] = [:], parameters: [String: [Int]],
    states: [String: Int], step: @escaping @Sendable (Step) -> [String: Vector]
  ) {
    self.name = name
    widths = ["x": x, "h": h].merging(more) { $1 }
    self.parameters = parameters
    self.states = states
    self.step = step
  }
}

extension LibraryCase {
  /// The values of all variables at times 1, 2, ...; before time 1 the inputs are 0.
  func run(parameters: [String: [[Double]]], start: [String: Vector], inputs: [[Double]]) -> [[String: Vector]] {
    var result: [[String: Vector]] = []
    var last = start
    var lastX = Vector(Array(repeating: 0, count: inputs.first?.count ?? 0))
    for input in inputs {
      let values = step(Step(parameters: parameters, x: Vector(input), lastX: lastX, last: last))
      for name in states.keys { last[name] = values[name] }
      lastX = Vector(input)
      result.append(values)
    }
    return result
  }
}

/// Numbers for a test: the same on every run, different for every name.
struct TestNumbers {
  private var state: UInt64

  init(_ name: String) {
    state = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// Uniform in -1..1.
  mutating func next() -> Double {
    state = state &+ 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    mixed ^= mixed >> 31
    return Double(mixed >> 11) / Double(1 << 52) - 1
  }

  mutating func vector(_ count: Int) -> [Double] { (0..<count).map { _ in next() } }

  /// A parameter as rows: a number or a vector is one row.
  mutating func rows(_ shape: [Int]) -> [[Double]] {
    switch shape.count {
    case 0: return [vector(1)]
    case 1: return [vector(shape[0])]
    default: return (0..<shape[0]).map { _ in vector(shape[1]) }
    }
  }
}
