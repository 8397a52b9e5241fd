import Algebra
import Elaboration
import Runtime
import Syntax
import XCTest

/// Cells of the library as nets: from text through the parser and the elaborator to the evaluator.
enum LibraryRunner {
  struct Failure: Error { var message: String }

  static func recurrence(of text: String) throws -> Recurrence {
    let outcome = Parser.parse(Source(name: "library", text: text), mode: .file)
    if let problem = outcome.problem { throw Failure(message: "\(problem)") }
    guard outcome.statements.count == 1, case .cell(let definition) = outcome.statements[0].form,
      case .items(let items) = definition.body
    else { throw Failure(message: "not one cell") }
    return try CellElaborator.elaborate(definition, items: items, environment: Environment())
  }

  static func net(
    _ text: String, widths: [String: Int], seed: UInt64 = 0, type: NumberType = .float64
  ) throws -> Net {
    let widths = widths.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    return try Net(recurrence(of: text), widths: widths, seed: seed, type: type)
  }

  static func symbol(_ name: String, in net: Net) throws -> SymbolID {
    guard let symbol = net.recurrence.store.symbol(named: name) else { throw Failure(message: "no \(name)") }
    return symbol
  }

  static func setParameters(_ parameters: [String: [[Double]]], in net: Net) throws {
    for (name, rows) in parameters {
      let symbol = try symbol(name, in: net)
      let values = rows.flatMap { $0 }
      guard values.count == net.count(symbol) else {
        throw Failure(message: "\(name) has \(net.count(symbol)) entries, not \(values.count)")
      }
      net.setParameter(symbol, values)
    }
  }

  /// Feeds `[batch][time][width]` to the only input.
  static func feed(_ inputs: [[[Double]]], to net: Net) throws {
    let steps = inputs.first?.count ?? 0
    let together = (0..<steps).flatMap { time in inputs.flatMap { $0[time] } }
    _ = try net.feed([net.recurrence.inputs[0]: together], steps: steps, batch: inputs.count)
  }

  /// A variable's values, `[batch][time][width]`.
  static func track(_ name: String, of net: Net, batch: Int) throws -> [[[Double]]] {
    let symbol = try symbol(name, in: net)
    let width = net.count(symbol)
    let values = try net.values(symbol, times: 1...net.time)
    return (0..<batch).map { sequence in
      (0..<net.time).map { time in
        let start = (time * batch + sequence) * width
        return Array(values[start..<start + width])
      }
    }
  }
}

/// Numbers for one cell of the library: parameters, starts and inputs, and what must come of them.
struct LibraryTrial {
  static let steps = 6

  let check: LibraryCase
  let parameters: [String: [[Double]]]
  /// `[batch][name]`
  let starts: [[String: Vector]]
  /// `[batch][time][width]`
  let inputs: [[[Double]]]
  /// `[batch][time][name]`
  let expected: [[[String: Vector]]]

  init(_ check: LibraryCase, batch: Int) {
    var numbers = TestNumbers("\(check.name) \(batch)")
    let parameters = Dictionary(
      uniqueKeysWithValues: check.parameters.sorted { $0.key < $1.key }.map { ($0.key, numbers.rows($0.value)) })
    let states = check.states.sorted { $0.key < $1.key }
    let starts = (0..<batch).map { _ in
      Dictionary(uniqueKeysWithValues: states.map { ($0.key, Vector(numbers.vector($0.value))) })
    }
    let width = check.widths["x"] ?? 1
    let inputs = (0..<batch).map { _ in (0..<Self.steps).map { _ in numbers.vector(width) } }
    self.check = check
    self.parameters = parameters
    self.starts = starts
    self.inputs = inputs
    expected = (0..<batch).map { check.run(parameters: parameters, start: starts[$0], inputs: inputs[$0]) }
  }

  /// A net of the text with these numbers, fed.
  func fedNet(_ text: String, seed: UInt64 = 0) throws -> Net {
    let net = try LibraryRunner.net(text, widths: check.widths, seed: seed)
    try LibraryRunner.setParameters(parameters, in: net)
    for name in check.states.keys {
      let symbol = try LibraryRunner.symbol(name, in: net)
      try net.setState(symbol, time: 0, starts.flatMap { $0[name]?.entries ?? [] })
    }
    try LibraryRunner.feed(inputs, to: net)
    return net
  }

  /// The largest difference of any variable at any time, relative to max(1, |v|), and where.
  func largestDifference(of net: Net) throws -> (value: Double, place: String) {
    var largest = (value: 0.0, place: "")
    for name in expected[0][0].keys.sorted() {
      let track = try LibraryRunner.track(name, of: net, batch: inputs.count)
      for (sequence, values) in track.enumerated() {
        for (time, found) in values.enumerated() {
          let right = expected[sequence][time][name]?.entries ?? []
          guard found.count == right.count else {
            throw LibraryRunner.Failure(message: "\(name) is \(found.count) wide, not \(right.count)")
          }
          for (unit, value) in found.enumerated() {
            let difference = abs(value - right[unit]) / max(1, abs(right[unit]))
            if !(difference <= largest.value) {
              largest = (
                difference.isNaN ? .infinity : difference, "\(name)[\(time + 1), \(unit + 1)] of \(sequence + 1)"
              )
            }
          }
        }
      }
    }
    return largest
  }
}
