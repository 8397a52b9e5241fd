import Algebra
import Syntax
import XCTest

@testable import Elaboration
@testable import Runtime

/// A training step is one recurrence: its loss and gradients against the loss alone, in Float64.
final class TrainingGradientTests: XCTestCase {
  private static func width(_ name: String) -> Int { 2 + name.utf8.reduce(0) { $0 + Int($1) } % 3 }

  /// A loss of the user: no vector loss that is built in.
  private static func robust() throws -> Loss {
    let text = "fn robust(y, target) { d = y - target; return sqrt(1 + d^2) - 1 + 0.1 * sum(y * target)^2 }"
    guard
      case .function(let definition)? = Parser.parse(Source(name: "f", text: text), mode: .file).statements.first?.form
    else { throw RandomCellCheck.Failure.noCell }
    return .function(try LossFunctionReader.read(definition, environment: Environment()) { _ in nil })
  }

  private struct Case {
    var trainer: Trainer
    var data: TrainingData
    var net: Net
  }

  private enum Kind: CaseIterable { case meanSquare, classes, probabilities, function }

  /// A net with random parameters and learned starts, random data and sequences of different lengths.
  private func make(
    _ cell: Recurrence, _ kind: Kind, counting: Counting = .everyStep, seed: UInt64, width: (String) -> Int
  ) throws -> Case? {
    var recurrence = cell
    let later = Set(
      cell.store.closure(of: cell.equations.map(\.body)).compactMap { id -> SymbolID? in
        if case .read(let symbol, let shift) = cell.store[id], shift > 0 { symbol } else { nil }
      })
    recurrence.learnedStarts = cell.states.filter { !later.contains($0) }
    for name in recurrence.shapes.openWidths { recurrence.widths.append((name, width(name))) }
    recurrence.shapes = try recurrence.solvedShapes()
    let net = try Net(recurrence, type: .float64)
    var chance = Chance(seed)
    for symbol in recurrence.parameters + recurrence.learnedStarts {
      let sides = net.sides(symbol)
      let bound = sides.count == 2 ? 0.8 / Double(max(sides[1], 1)).squareRoot() : 0.7
      net.setParameter(symbol, (0..<net.count(symbol)).map { _ in chance.uniform(-bound, bound) })
    }
    let (count, time) = (3, 5)
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in chance.uniform(-1, 1) } }
    let outputs = recurrence.outputs.filter { net.sides($0).count < 2 && (kind == .meanSquare || net.count($0) > 1) }
    guard !outputs.isEmpty else { return nil }
    let store = recurrence.store
    let inputs = recurrence.inputs.map { symbol in
      let width = net.count(symbol)
      return TrainingData.Field(name: store[symbol].name, values: .numbers(numbers(count * time * width), width: width))
    }
    let losses = try outputs.map { output -> (output: SymbolID, loss: Loss) in
      switch kind {
      case .meanSquare: (output, .meanSquare)
      case .classes, .probabilities: (output, .crossEntropy)
      case .function: (output, try TrainingGradientTests.robust())
      }
    }
    let targets = outputs.map { output -> TrainingData.Field in
      let width = net.count(output)
      let values: TrainingData.Values =
        switch kind {
        case .classes:
          .classes((0..<count * time).map { Int32(1 + ($0 * 7 + $0 / 3) % width) }, of: width)
        case .probabilities: .numbers((0..<count * time * width).map { _ in chance.uniform(0, 1) }, width: width)
        default: .numbers(numbers(count * time * width), width: width)
        }
      return TrainingData.Field(name: store[output].name, values: values)
    }
    let data = TrainingData(count: count, time: time, inputs: inputs, targets: targets, lengths: [5, 2, 4])
    return Case(trainer: try Trainer(net, losses: losses, data: data, counting: counting), data: data, net: net)
  }

  /// The relative error of the gradient along a random direction; nil where the loss does not lend itself to
  /// differences.
  private func error(_ given: Case, seed: UInt64) throws -> Double? {
    let (loss, gradients) = try given.trainer.gradients(of: given.data)
    guard loss.isFinite, abs(loss) < 1e6 else { return nil }
    XCTAssertEqual(loss, try given.trainer.loss(of: given.data, batch: 3), accuracy: 1e-12 * max(1, abs(loss)))
    var chance = Chance(seed &+ 77)
    var claimed = 0.0
    var length = 0.0
    var directions: [SymbolID: [Double]] = [:]
    for (symbol, gradient) in gradients.sorted(by: { $0.key < $1.key }) {
      guard gradient.count == given.net.count(symbol) else { return .infinity }
      let direction = gradient.map { _ in chance.uniform(-1, 1) }
      claimed += zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      length += gradient.reduce(0) { $0 + $1 * $1 }
      directions[symbol] = direction
    }
    let start = given.net.parameters
    defer { given.net.parameters = start }
    func moved(_ step: Double) throws -> Double {
      for (symbol, direction) in directions {
        given.net.parameters[symbol] = zip(start[symbol] ?? [], direction).map { $0 + step * $1 }
      }
      return try given.trainer.loss(of: given.data, batch: 3)
    }
    func difference(_ step: Double) throws -> Double { (try moved(step) - moved(-step)) / (2 * step) }
    let (coarse, fine, finest) = (try difference(2e-3), try difference(1e-3), try difference(5e-4))
    let (first, second) = ((4 * fine - coarse) / 3, (4 * finest - fine) / 3)
    let best = (16 * second - first) / 15
    let size = max(abs(best), length.squareRoot(), 1e-3 * max(abs(loss), 1))
    // Across a kink the differences of two steps disagree.
    guard best.isFinite, abs(second - first) <= 1e-7 * size else { return nil }
    return abs(claimed - best) / size
  }

  private func check(
    _ cell: Recurrence, _ name: String, kinds: [Kind] = Kind.allCases,
    width: (String) -> Int = TrainingGradientTests.width
  ) -> Int {
    var checked = 0
    for kind in kinds {
      do {
        for seed in 0..<4 as Range<UInt64> {
          guard let made = try make(cell, kind, seed: 11 + seed, width: width) else { break }
          guard let error = try error(made, seed: seed) else { continue }
          XCTAssertLessThan(error, 1e-6, "\(name), \(kind)")
          checked += 1
          break
        }
      } catch {
        XCTFail("\(name), \(kind): \(RandomCellCheck.message(error))")
      }
    }
    return checked
  }

  func testLibrary() throws {
    // Every loss on every other cell.
    let pairs: [[Kind]] = [[.meanSquare, .classes], [.probabilities, .function]]
    for (index, entry) in try LibraryFolder.index().enumerated() {
      let cell = try LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name))
      XCTAssertEqual(check(cell, entry.name, kinds: pairs[index % 2]), 2, entry.name)
    }
  }

  func testCellsBuiltOfCells() throws {
    let lstm = try LibraryRunner.recurrence(of: LibraryFolder.cell("LSTM"))
    let gru = try LibraryRunner.recurrence(of: LibraryFolder.cell("GRU"))
    XCTAssertEqual(check(try Composition.stack([("layer1", lstm), ("layer2", gru)]), "stack"), 4)
    XCTAssertEqual(check(try Composition.bidirectional(gru), "bidirectional") { ["y": 5, "ahead.h": 3][$0] ?? 2 }, 4)
    let both = try Composition.stack([("a", Composition.bidirectional(lstm)), ("b", Composition.bidirectional(gru))])
    XCTAssertEqual(
      check(both, "on bidirectional") { ["a.y": 5, "a.ahead.c": 2, "b.y": 5, "b.ahead.h": 2][$0] ?? 3 }, 4)
    XCTAssertEqual(check(try Composition.residual(gru), "residual") { _ in 3 }, 4)
  }

  func testOddCells() throws {
    for (index, (name, text)) in AdjointTests.oddCells.enumerated() where !text.contains("total") {
      let kinds: [Kind] = index % 2 == 0 ? [.meanSquare, .classes] : [.meanSquare, .function]
      let checked = check(try LibraryRunner.recurrence(of: text), name, kinds: kinds) {
        $0 == "h" && name.contains("numbers") ? 7 : TrainingGradientTests.width($0)
      }
      XCTAssertGreaterThan(checked, 0, name)
    }
  }

  func testRandomCells() throws {
    var checked = 0
    var cells = 0
    for seed in 0..<RandomCellCount.of(debug: 24, release: 100) {
      let random = RandomCellMaker.make(seed: seed)
      let cell = try RandomCellCheck(random).recurrence()
      cells += 1
      checked += check(cell, "seed \(seed)", kinds: [seed % 2 == 0 ? .meanSquare : .classes]) {
        random.width(named: $0)
      }
    }
    XCTAssertGreaterThan(checked, cells / 2)
  }
}
