import Algebra
import Syntax

/// Finds what a matrix multiplies in the equations of a cell, so that `W_f[h]` and `W[r * h]` name columns of it.
final class BlockSearch {
  struct Match: Hashable {
    var part: NodeID
    var whole: NodeID
    var name: String
    /// The matrix multiplies this alone.
    var isWhole: Bool
  }

  private let recurrence: Recurrence
  private var notation: TextNotation
  private var known: [NodeID: [Match]] = [:]
  /// Matrices of the equations, what has a name in derivations by it.
  private var spokenOf: [NodeID: NodeID] = [:]
  /// Names that derivations give to what equations leave unnamed.
  private(set) lazy var abbreviations = recurrence.abbreviations
  private lazy var order = store.closure(of: recurrence.equations.map(\.body))

  init(_ recurrence: Recurrence) {
    self.recurrence = recurrence
    notation = TextNotation(recurrence.store)
  }

  private var store: Store { recurrence.store }

  /// The parts that an index means, and the names of all parts.
  func parts(of matrix: NodeID, named index: Expression) -> (matches: [Match], names: [String]) {
    let all = multiplied(by: matrix)
    var names: [String] = []
    for match in all where !names.contains(match.name) { names.append(match.name) }
    // As it is written, and in the spelling of the language.
    let written = [index.place.text, TreePrinter().text(index)].map(plain)
    let byName = all.filter { written.contains(plain($0.name)) }
    if !byName.isEmpty { return (distinct(byName), names) }
    let byText = all.filter { written.contains(plain(notation.text($0.part))) }
    if !byText.isEmpty { return (distinct(byText), names) }
    let byAbbreviation = all.filter { match in
      let (part, whole) = (recurrence.abbreviated(match.part), recurrence.abbreviated(match.whole))
      _ = notation.text(whole)
      return written.contains(plain(notation.blockName(part, of: whole)))
    }
    if !byAbbreviation.isEmpty { return (distinct(byAbbreviation), names) }
    // `W[h]` is the block of the operand in which h occurs.
    guard let name = index.dottedName, let symbol = store.symbol(named: name) else { return ([], names) }
    let readers = all.filter { match in
      store.closure(of: [match.part]).contains { if case .read(symbol, _) = store[$0] { true } else { false } }
    }
    return (distinct(readers), names)
  }

  /// Without blanks, the transpose in one spelling.
  private func plain(_ text: String) -> String { String(text.filter { $0 != " " }.map { $0 == "ᵀ" ? "'" : $0 }) }

  /// A matrix may be used twice on the same parts.
  private func distinct(_ matches: [Match]) -> [Match] {
    var result: [Match] = []
    for match in matches where !result.contains(where: { $0.name == match.name && position($0) == position(match) }) {
      result.append(match)
    }
    return result
  }

  private func position(_ match: Match) -> Int? {
    if case .concatenate(let parts) = store[match.whole] { parts.firstIndex(of: match.part) } else { nil }
  }

  private func multiplied(by matrix: NodeID) -> [Match] {
    if let matches = known[matrix] { return matches }
    var result: [Match] = []
    for id in order {
      // A matrix that varies with time is known at other times, too, and by what derivations call its parts.
      guard case .matrixProduct(let left, let operand) = store[id],
        let steps = store.steps(from: left, to: matrix) ?? stepsByName(from: left, to: matrix)
      else { continue }
      let right = store.shifted(operand, by: steps)
      _ = notation.text(right)
      if case .concatenate(let parts) = store[right] {
        for part in parts {
          result.append(
            Match(part: part, whole: right, name: notation.blockName(part, of: right), isWhole: false))
        }
      } else {
        result.append(
          Match(part: right, whole: right, name: notation.blockName(right, of: right), isWhole: true))
      }
    }
    known[matrix] = result
    return result
  }

  private func stepsByName(from left: NodeID, to matrix: NodeID) -> Int? {
    guard store.variation(left) == .withTime, store.variation(matrix) == .withTime else { return nil }
    let spoken = spokenOf[left] ?? recurrence.abbreviated(left)
    spokenOf[left] = spoken
    return store.steps(from: spoken, to: matrix)
  }

  /// The parts of an equation's concatenation that has such heights; nil is an open one.
  func concatenation(of shapes: [AnswerShape?], width: Dimension) -> [NodeID]? {
    let rules = AnswerShapes(recurrence: recurrence, isJacobian: false)
    for id in order {
      guard case .concatenate(let parts) = store[id], parts.count == shapes.count else { continue }
      var known: [NodeID: AnswerShape] = [:]
      for inner in store.closure(of: parts) {
        known[inner] = try? rules.shape(of: inner) { known[$0] ?? .number }
      }
      let fits = zip(parts, shapes).allSatisfy { part, shape in
        guard let shape else { return true }
        return (known[part] ?? .number).rows == (shape == .identity ? width : shape.rows)
      }
      if fits { return parts }
    }
    return nil
  }
}
