import Algebra
import Typography

/// `paths(d)`: a derivative as the sum over its paths, each with its expression, or by classes if there are many.
final class Paths {
  let derivation: Derivation
  let sum: PathSum
  /// How far the parts together are from the derivative itself on random nets.
  private let error: Double

  /// - Throws: `DerivativeFailure`, `Interrupted`.
  init(_ derivation: Derivation, _ interpreter: Interpreter) throws {
    self.derivation = derivation
    sum = try PathSum(derivation)
    let isInterrupted = interpreter.isInterrupted
    guard let error = try sum.error(isInterrupted: isInterrupted) else { throw Interrupted() }
    self.error = error
  }

  func lines(width: Int, _ form: Notation = .elementwise) -> [String] {
    var notation = TextNotation(derivation.recurrence.store)
    let left = StateProduct.leftSide(derivation, &notation)
    if sum.parts.isEmpty { return ["\(left) = 0: no path leads there"] }
    var lines = Wrapping.wrap("\(left): \(title)", width: width)
    for part in sum.parts {
      let count = sum.isByClasses ? ": \(Paths.counted(part.paths))" : ""
      lines += Paths.wrapped(part.name + count, width: width - 2).map { "  " + $0 }
      guard let expression = part.expression else { continue }
      lines += Paths.rightSide(expression, derivation.recurrence, width: width - 4, form).map { "    " + $0 }
    }
    let expressions = sum.parts.compactMap(\.expression)
    var names = FormulaSheet(derivation.recurrence, notation: form)
    for id in derivation.recurrence.store.abbreviations(in: expressions) { names.addName(id) }
    lines += names.text(width: width)
    lines += Wrapping.wrap("  " + agreement, width: width, indent: 4)
    return lines
  }

  /// The derivative as one sum, a term a path; nil if there are too many.
  func sheet(_ form: Notation) -> FormulaSheet? {
    let store = derivation.recurrence.store
    let expressions = sum.parts.compactMap(\.expression)
    guard expressions.count == sum.parts.count, !sum.isByClasses else { return nil }
    let whole =
      expressions.isEmpty
      ? store.insert(.number(Decimal(0)))
      : expressions.count == 1 ? expressions[0] : store.insert(.sum(expressions.map { Term($0) }))
    var sheet = FormulaSheet(derivation.recurrence, notation: form)
    if let subject = derivation.subject {
      sheet.addDerivative(of: subject, by: derivation.target.cut, whole)
    } else {
      sheet.addDerivative(derivation.target, whole)
    }
    for id in store.abbreviations(in: expressions) { sheet.addName(id) }
    return sheet
  }

  private var title: String {
    if !sum.isByClasses { return sum.pathCount == 1 ? "one path" : "the sum over \(Paths.counted(sum.pathCount))" }
    let classes = sum.parts.count == 1 ? "one class" : "\(sum.parts.count) classes"
    return "the sum over \(Paths.counted(sum.pathCount)), in \(classes)"
  }

  /// `4 paths`, `1.2345e20 paths`.
  static func counted(_ count: Double) -> String {
    if count.isInfinite { return "more than 1e308 paths" }
    return count == 1 ? "one path" : "\(NumberText.significant(count, digits: count < 1e15 ? 15 : 5)) paths"
  }

  /// A path broken at its arrows.
  private static func wrapped(_ name: String, width: Int) -> [String] {
    var lines: [String] = []
    for (position, part) in name.split(separator: "→").enumerated() {
      let piece = (position == 0 ? "" : "→ ") + part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      if let last = lines.last, last.displayWidth + 1 + piece.displayWidth <= width {
        lines[lines.count - 1] = last + " " + piece
      } else {
        lines.append(lines.isEmpty ? piece : "  " + piece)
      }
    }
    return lines
  }

  /// An expression over several lines, without an equals sign.
  private static func rightSide(
    _ expression: NodeID, _ recurrence: Recurrence, width: Int, _ form: Notation
  ) -> [String] {
    var sheet = FormulaSheet(recurrence, notation: form)
    sheet.addNext(expression)
    var lines = sheet.text(width: width)
    guard let first = lines.first else { return [] }
    let start = first.drop { $0 == " " }.dropFirst().drop { $0 == " " }
    if start.isEmpty { lines.removeFirst() } else { lines[0] = String(start) }
    let margin = lines.dropFirst(start.isEmpty ? 0 : 1).map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.enumerated().map { number, line in
      number == 0 && !start.isEmpty ? line : (start.isEmpty || number == 0 ? "" : "  ") + line.dropFirst(margin)
    }
  }

  private var tried: String {
    derivation.stepsBack > Derivation.triedSteps ? ", tried over \(Derivation.triedSteps) steps" : ""
  }

  private var agreement: String {
    if error > 1e-9 || error.isNaN {
      return "DO NOT ADD UP to the derivative on random nets: please report it"
    }
    return sum.parts.count == 1
      ? "it is the derivative, on 3 random nets to 1e-10\(tried)"
      : "together they are the derivative, on 3 random nets to 1e-10\(tried)"
  }

  /// What each part carries in a net, the largest first, and all together. The shares ⟨part, whole⟩ / ‖whole‖² add up
  /// to 1; values do, norms do not.
  func table(_ values: [Matrix]) -> Table {
    let whole = values.dropFirst().reduce(values.first ?? Matrix(rows: 0, columns: 0, values: [])) { sum, part in
      Matrix(rows: sum.rows, columns: sum.columns, values: zip(sum.values, part.values).map(+))
    }
    let square = whole.values.reduce(0) { $0 + $1 * $1 }
    func size(_ matrix: Matrix) -> Double {
      matrix.values.count == 1 ? matrix.values[0] : matrix.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    func share(_ matrix: Matrix) -> Double {
      square == 0 ? 0 : zip(matrix.values, whole.values).reduce(0) { $0 + $1.0 * $1.1 } / square
    }
    let order = values.indices.sorted { abs(size(values[$0])) > abs(size(values[$1])) }
    let names = order.map { position in
      let part = sum.parts[position]
      return sum.isByClasses ? "\(part.name): \(Paths.counted(part.paths))" : part.name
    }
    return Table(
      headings: [whole.values.count == 1 ? "value" : "norm", "share", sum.isByClasses ? "paths" : "path"],
      columns: [
        .numbers(order.map { size(values[$0]) } + [size(whole)]),
        .numbers(order.map { share(values[$0]) } + [square == 0 ? 0 : 1]), .texts(names + ["together"]),
      ])
  }
}
