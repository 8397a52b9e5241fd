import Algebra
import Runtime
import Syntax

@testable import Elaboration

/// The backward pass of a cell, read back from its own text, against central differences in Float64.
struct AdjointCheck {
  struct Failure: Error { var message: String }

  let recurrence: Recurrence
  let net: Net
  let adjoint: Adjoint
  private var chance: Chance
  private let steps: Int
  private let batch: Int
  private var inputs: [SymbolID: [Double]] = [:]
  private var cotangents: [SymbolID: [Double]] = [:]

  /// - Parameter width: a number for each open width.
  init(_ cell: Recurrence, steps: Int, batch: Int, seed: UInt64, width: (String) -> Int) throws {
    // Every start is learned, so that there is a gradient by each; those of matrices and numbers too.
    var recurrence = cell
    let reversed = Set(try AdjointCheck.reversedStates(cell))
    recurrence.learnedStarts = cell.states.filter { !reversed.contains($0) }
    let open = recurrence.shapes.openWidths
    for name in open { recurrence.widths.append((name, width(name))) }
    recurrence.shapes = try recurrence.solvedShapes()
    self.recurrence = recurrence
    self.steps = steps
    self.batch = batch
    chance = Chance(seed)
    net = try Net(recurrence, type: .float64)
    adjoint = try net.adjoint()
    draw()
  }

  /// States that are read ahead of their time have no start.
  private static func reversedStates(_ cell: Recurrence) throws -> [SymbolID] {
    cell.store.closure(of: cell.equations.map(\.body)).compactMap {
      if case .read(let symbol, let shift) = cell.store[$0], shift > 0 { symbol } else { nil }
    }
  }

  mutating func draw() {
    for symbol in recurrence.parameters + recurrence.learnedStarts {
      let sides = net.sides(symbol)
      let bound = sides.count == 2 ? 0.8 / Double(max(sides[1], 1)).squareRoot() : 0.7
      net.setParameter(symbol, numbers(net.count(symbol), bound))
    }
    for symbol in recurrence.inputs { inputs[symbol] = numbers(steps * batch * net.count(symbol), 1) }
    for symbol in recurrence.outputs { cotangents[symbol] = numbers(steps * batch * net.count(symbol), 1) }
  }

  private mutating func numbers(_ count: Int, _ bound: Double) -> [Double] {
    (0..<count).map { _ in chance.uniform(-bound, bound) }
  }

  private func loss(_ net: Net, _ inputs: [SymbolID: [Double]]) throws -> Double {
    let run = net.copy()
    run.reset()
    let outputs = try run.feed(inputs, steps: steps, batch: batch)
    if let loss = lossSymbol { return run.parameter(loss).first ?? .nan }
    return recurrence.outputs.reduce(0) { total, output in
      total + zip(outputs[output] ?? [], cotangents[output] ?? []).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  private var lossSymbol: SymbolID? {
    recurrence.equations.last { equation in
      recurrence.store.closure(of: [equation.body]).contains {
        if case .total = recurrence.store[$0] { true } else { false }
      }
    }?.targets.first
  }

  /// The largest relative error of any gradient; nil if this point does not lend itself to differences.
  mutating func worst() throws -> (error: Double, of: String)? {
    let run = net.copy()
    run.reset()
    _ = try run.feed(inputs, steps: steps, batch: batch)
    let gradients = try run.gradients(cotangents)
    var worst = (error: 0.0, of: "")
    let scale = abs(try loss(net, inputs))
    guard scale.isFinite, scale < 1e6 else { return nil }
    for (symbol, gradient) in gradients.inputs + gradients.parameters + gradients.starts where !gradient.isEmpty {
      let isInput = recurrence.store[symbol].kind == .input
      let direction = numbers(gradient.count, 1)
      let point = isInput ? inputs[symbol] ?? [] : net.parameter(symbol)
      guard point.count == gradient.count else {
        throw Failure(message: "\(recurrence.store[symbol].name): \(gradient.count) for \(point.count)")
      }
      func moved(_ step: Double) throws -> Double {
        let there = zip(point, direction).map { $0 + step * $1 }
        if isInput { return try loss(net, inputs.merging([symbol: there]) { $1 }) }
        let other = net.copy()
        other.setParameter(symbol, there)
        return try loss(other, inputs)
      }
      func difference(_ step: Double) throws -> Double { (try moved(step) - moved(-step)) / (2 * step) }
      let (coarse, fine, finest) = (try difference(2e-3), try difference(1e-3), try difference(5e-4))
      let first = (4 * fine - coarse) / 3
      let second = (4 * finest - fine) / 3
      let best = (16 * second - first) / 15
      let claimed = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let size = max(abs(best), length, 1e-3 * max(scale, 1))
      guard best.isFinite else { return nil }
      // Across a kink the differences of two steps disagree.
      if abs(second - first) > 1e-7 * size { return nil }
      let error = claimed.isNaN ? .infinity : abs(claimed - best) / size
      if error > worst.error { worst = (error, recurrence.store[symbol].name) }
    }
    return worst
  }

  /// Draws until a point lends itself; nil if none of some does.
  mutating func checked(attempts: Int = 6) throws -> (error: Double, of: String)? {
    for _ in 0..<attempts {
      if let found = try worst() { return found }
      draw()
    }
    return nil
  }

  /// The text of the backward pass reads back as the same recurrence.
  static func readBack(_ recurrence: Recurrence) throws -> Failure? {
    let adjoint = try recurrence.adjoint().recurrence
    var writer = CellText(adjoint)
    let text = writer.lines().joined(separator: "\n")
    let outcome = Parser.parse(Source(name: "adjoint", text: text), mode: .file)
    if let problem = outcome.problem { return Failure(message: "\(problem)\n\(text)") }
    guard case .cell(let definition)? = outcome.statements.first?.form, case .items(let items) = definition.body else {
      return Failure(message: "no cell\n\(text)")
    }
    let read: Recurrence
    do {
      read = try CellElaborator.elaborate(definition, items: items, environment: Environment())
    } catch {
      return Failure(message: RandomCellCheck.message(error) + "\n" + text)
    }
    var wanted = adjoint
    wanted.widths = []
    wanted.shapes = try wanted.solvedShapes()
    let (a, b) = (RecurrenceDump.text(wanted), RecurrenceDump.text(read))
    if a == b { return nil }
    let lines = zip(a.split(separator: "\n"), b.split(separator: "\n")).first { $0 != $1 }
    return Failure(message: "reads back otherwise: \(lines.map { "\($0)\n\($1)" } ?? "")\n\(text)")
  }
}
