import XCTest

@testable import Algebra

/// What is written per unit has the value of what it is written for: every entry of every derivation of the library,
/// on a random net, the formula evaluated as it stands.
final class IndexNotationTests: XCTestCase {
  func testEveryEntry() throws {
    var entries = 0
    for entry in try LibraryFolder.index() {
      entries += try check(LibraryRunner.recurrence(of: LibraryFolder.cell(entry.name)), entry.name)
    }
    XCTAssertGreaterThan(entries, 3000)
  }

  /// softmax, LN and the rows of a split, which have entries of their own.
  func testVectorsAndSplits() throws {
    for (name, text) in [
      ("softmax", "cell A(x) -> h { h[t] = softmax(a * h[t-1]) * (V · x[t]) }"),
      ("LN", "cell A(x) -> h { h[t] = LN(a * h[t-1] + V · x[t]) * g }"),
      ("both", "cell A(x) -> h { p[t] = softmax(W · x[t] + U · h[t-1]); h[t] = LN(p[t] * h[t-1] + V · x[t]) * g }"),
      ("a split", "cell A(x) -> h { [u[t], v[t], w[t]] = W · [h[t-1], x[t]] + b; h[t] = σ(u[t]) * v[t] * w[t] }"),
      (
        "a split of a product",
        "cell A(x) -> h { [u[t], v[t]] = g * (W · h[t-1]) + V · x[t]; h[t] = tanh(u[t]) * v[t] }"
      ),
    ] {
      XCTAssertGreaterThan(try check(LibraryRunner.recurrence(of: text), name), 0, name)
    }
  }

  func testTexts() throws {
    for (cell, level, expected) in [
      (
        "cell A(x) -> h { h[t] = softmax(a * h[t-1]) * (V · x[t]) }", 1,
        "exp(a_j * h[t-1]_j) / (Σ_l exp(a_l * h[t-1]_l)) * "
          + "(a_j * δ_jk - exp(a_k * h[t-1]_k) / (Σ_l exp(a_l * h[t-1]_l)) * a_k) * Σ_l V_jl * x[t]_l"
      ),
      (
        "cell A(x) -> h { [u[t], v[t]] = W · h[t-1]; h[t] = tanh(u[t]) * v[t] }", 2,
        "v[t]_j * (1 - tanh(u[t]_j)^2) * (W)[u]_jk + tanh(u[t]_j) * (W)[v]_jk"
      ),
    ] {
      let recurrence = try LibraryRunner.recurrence(of: cell)
      let state = try XCTUnwrap(recurrence.store.symbol(named: "h"))
      var derivation = try Derivation(recurrence, of: state, shift: 0, cut: Cut(symbol: state, shift: -1))
      try derivation.expand(levels: level - 1)
      var builder = MathTreeBuilder(recurrence, isMatrixNotation: false)
      var notation = IndexNotation(recurrence)
      let sides = notation.derivative(derivation.target, derivation.expression, &builder)
      var writer = TextWriter()
      XCTAssertEqual(writer.text(sides.right, in: builder.tree), expected)
    }
  }

  private func check(_ recurrence: Recurrence, _ name: String) throws -> Int {
    let inputs = Set(recurrence.inputs.map { recurrence.store[$0].name })
    let widths = recurrence.shapes.openWidths.map { (name: $0, value: inputs.contains($0) ? 2 : 3) }
    let shapes = try recurrence.solvedShapes(widths: widths)
    var entries = 0
    for derivation in try NotationSupport.derivations(recurrence) {
      let stream = Draws()
      let point = try JudgePoint(
        recurrence, shapes: shapes, numbers: RealNumbers(), equations: AtomEquations(recurrence), time: 6, end: 6
      ) { stream.next() }
      for line in PrintedFormTests.lines(derivation) { entries += try check(line, point, recurrence, name) }
    }
    return entries
  }

  private final class Draws {
    private var stream = RandomStream(seed: 5)
    func next() -> Double { stream.uniform(-0.9, 0.9) }
  }

  private func check(
    _ line: (atom: Atom, expression: NodeID), _ point: JudgePoint<RealNumbers>, _ recurrence: Recurrence, _ name: String
  ) throws -> Int {
    var builder = MathTreeBuilder(recurrence, isMatrixNotation: false)
    var notation = IndexNotation(recurrence)
    let sides = notation.derivative(line.atom, line.expression, &builder)
    let whole = recurrence.store.insert(.atom(line.atom))
    let expected = try point.value(whole)
    var writer = TextWriter()
    let text = writer.text(sides.right, in: builder.tree)
    if text.utf8.count > 20_000 || expected.values.isEmpty { return 0 }
    let formula = EntryEvaluator(
      recurrence, builder.tree, point, nodes: [whole, line.expression], identityWidth: expected.columns)
    let extent = builder.extent(whole)
    for row in 0..<expected.rows {
      for column in 0..<expected.columns {
        let indices = (extent.contains(.rows) ? ["j": row] : [:]).merging(
          extent.contains(.columns) ? ["k": column] : [:]
        ) { first, _ in first }
        // Letters that the cell uses itself are skipped.
        let letters = ["j", "k", "l", "m", "n", "p"].filter { recurrence.store.symbol(named: $0) == nil }
        let renamed = Dictionary(
          uniqueKeysWithValues: indices.map { (letters[["j": 0, "k": 1][$0.key] ?? 0], $0.value) })
        let found = try formula.value(sides.right, renamed)
        let right = expected[row, column]
        XCTAssertEqual(found, right, accuracy: 1e-9 * max(1, abs(right)), "\(name): \(text) at \(renamed)")
      }
    }
    return expected.values.count
  }
}

/// Evaluates a formula that speaks of entries. Symbols, blocks and whatever is written without entries are looked up by
/// their text among the nodes that the formula was made of.
private struct EntryEvaluator {
  /// An index runs beyond the entries there are: its sum ends, not one within it.
  struct OutOfRange: Error { var index: String }
  struct Unknown: Error { var text: String }

  let tree: MathTree
  let point: JudgePoint<RealNumbers>
  private let numbers = RealNumbers()
  private var nodes: [String: NodeID] = [:]
  private let texts: [String]
  /// How far the indices of δ run.
  private let identityWidth: Int

  init(
    _ recurrence: Recurrence, _ tree: MathTree, _ point: JudgePoint<RealNumbers>, nodes roots: [NodeID],
    identityWidth: Int
  ) {
    self.identityWidth = identityWidth
    self.tree = tree
    self.point = point
    var notation = TextNotation(recurrence.store)
    let store = recurrence.store
    // Rows of a split's matrix are made as they are written.
    let rows = store.nodes.indices.map { NodeID(index: UInt32($0)) }.filter {
      if case .rows = store[$0] { true } else { false }
    }
    for id in store.closure(of: roots) + store.closure(of: rows) {
      let text = notation.text(id)
      if nodes[text] == nil { nodes[text] = id }
    }
    var writer = TextWriter()
    texts = tree.parts.indices.map { writer.text(MathTree.ID(index: $0), in: tree) }
  }

  private func entry(_ text: String, _ indices: String, _ letters: [String: Int], _ isIdentity: Bool) throws -> Double {
    let names = indices.contains(",") ? indices.split(separator: ",").map(String.init) : indices.map { String($0) }
    let positions = try names.map { name -> Int in
      guard let position = letters[name] else { throw Unknown(text: "index \(name) of \(text)") }
      return position
    }
    if isIdentity {
      if let beyond = positions.firstIndex(where: { $0 >= identityWidth }) { throw OutOfRange(index: names[beyond]) }
      return positions[0] == positions[1] ? 1 : 0
    }
    guard let node = nodes[text] else { throw Unknown(text: text) }
    let value = try point.value(node)
    if positions.isEmpty { return value.values.count == 1 ? value[0, 0] : .nan }
    let isRow = value.rows == 1 && positions.count == 1
    let row = isRow ? 0 : positions[0]
    let column = isRow ? positions[0] : positions.count > 1 ? positions[1] : 0
    // Zeros are as wide as what they stand beside.
    if value.columns == 1, column > 0, value.values.allSatisfy({ $0 == 0 }) { return 0 }
    if row >= value.rows || column >= value.columns {
      throw OutOfRange(index: names[row >= value.rows || isRow ? 0 : 1])
    }
    return value[row, column]
  }

  private func text(_ id: MathTree.ID) -> String {
    if case .identifier(var identifier) = tree[id] {
      identifier.entry = ""
      return TextWriter.text(identifier)
    }
    if case .fence(let inner, _) = tree[id] { return text(inner) }
    return texts[id.index]
  }

  private func indices(_ id: MathTree.ID) -> String {
    if case .identifier(let identifier) = tree[id] { identifier.entry } else { "" }
  }

  func value(_ id: MathTree.ID, _ letters: [String: Int]) throws -> Double {
    switch tree[id] {
    case .number(let numeral): return Double(numeral) ?? .nan
    case .word(let word): return try entry(word, "", letters, false)
    case .identifier(let identifier):
      let isIdentity = (identifier.name == "δ" || identifier.name == "I") && identifier.shift == nil
      return try entry(text(id), identifier.entry, letters, isIdentity && nodes[text(id)] == nil)
    case .sum(let terms):
      return try terms.reduce(0) { try $0 + ($1.isNegative ? -1 : 1) * value($1.part, letters) }
    case .product(let factors, _): return try factors.reduce(1) { try $0 * value($1, letters) }
    case .fraction(let above, let below): return try value(above, letters) / value(below, letters)
    case .power(let base, let exponent):
      return numbers.power(try value(base, letters), try value(exponent, letters))
    case .fence(let inner, _): return try value(inner, letters)
    case .derivative(let above, let below, _):
      return try entry("∂\(text(above))/∂\(text(below))", indices(above) + indices(below), letters, false)
    case .entry(let whole, let indices): return try entry(text(whole), indices, letters, false)
    case .apply(let operation, let arguments):
      let row = OperatorTable[operation]
      switch (row.shape, arguments.count) {
      case (.elementwise, 1): return numbers.apply(row, try value(arguments[0], letters))
      case (.elementwise, 2):
        return numbers.apply(row, try value(arguments[0], letters), try value(arguments[1], letters))
      default: return try entry(texts[id.index], "", letters, false)
      }
    case .summation(let name, let index, let inner):
      // It runs as far as there are entries.
      var total = 0.0
      var count = 0
      while count < 100 {
        var letters = letters
        letters[index] = count
        do { total += try value(inner, letters) } catch let end as OutOfRange where end.index == index { break }
        count += 1
      }
      return name == "mean" ? total / Double(count) : total
    default: return try entry(texts[id.index], "", letters, false)
    }
  }
}
