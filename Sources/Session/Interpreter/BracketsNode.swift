import Syntax

/// `[1, 2, 3]`, `[u, v]`, `[1, 2; 3, 4]`, `[[1, 2], [3, 4]]`.
///
/// What it makes is told by its form: elements that are all written in brackets are the rows (or, if they are
/// matrices, the steps) of a larger tensor; else a row's elements are joined, and rows are stacked.
final class BracketsNode: Node {
  private let rows: [[Node]]
  private let isRowOfBrackets: Bool

  init(_ rows: [[Node]], isRowOfBrackets: Bool, _ place: Place) {
    self.rows = rows
    self.isRowOfBrackets = isRowOfBrackets
    super.init(place)
  }

  override func evaluate(_ frame: Frame) throws -> Value {
    if rows.count <= 1, !isRowOfBrackets { return .tensor(try joined(rows.first ?? [], frame)) }
    let parts =
      try isRowOfBrackets ? (rows.first ?? []).map { try tensor($0, frame) } : rows.map { try joined($0, frame) }
    let places = isRowOfBrackets ? (rows.first ?? []).map(\.place) : rows.map(Self.place)
    return .tensor(try stacked(parts, places))
  }

  private static func place(of row: [Node]) -> Place? {
    guard let first = row.first?.place, let last = row.last?.place else { return nil }
    return first.through(last)
  }

  private func tensor(_ node: Node, _ frame: Frame) throws -> Tensor {
    let value = try node.evaluate(frame)
    if case .number(let number) = value { return Tensor(vector: [number]) }
    do {
      guard let tensor = try value.tensorOrProblem() else {
        throw SessionError.notInBrackets(value.described, node.place)
      }
      return tensor
    } catch let found as ValueProblem { throw SessionError.value(found, node.place) }
  }

  /// The elements of one row, side by side: a vector, or with matrices among them a matrix.
  private func joined(_ row: [Node], _ frame: Frame) throws -> Tensor {
    var numbers: [Double] = []
    numbers.reserveCapacity(row.count)
    var parts: [(tensor: Tensor, place: Place?)] = []
    var hasMatrix = false
    for node in row {
      let value = try node.evaluate(frame)
      if case .number(let number) = value, parts.isEmpty {
        numbers.append(number)
        continue
      }
      if parts.isEmpty { parts = numbers.map { (Tensor(vector: [$0]), nil) } }
      var part: Tensor
      if case .number(let number) = value {
        part = Tensor(vector: [number])
      } else {
        do {
          guard let tensor = try value.tensorOrProblem() else {
            throw SessionError.notInBrackets(value.described, node.place)
          }
          part = tensor
        } catch let found as ValueProblem { throw SessionError.value(found, node.place) }
      }
      hasMatrix = hasMatrix || part.rank > 1
      parts.append((part, node.place))
    }
    if parts.isEmpty { return Tensor(vector: numbers) }
    return hasMatrix ? try beside(parts) : try chained(parts)
  }

  private func chained(_ parts: [(tensor: Tensor, place: Place?)]) throws -> Tensor {
    let count = parts.reduce(0) { $0 + $1.tensor.count }
    do {
      return Tensor(try Shape([count]), parts.flatMap { $0.tensor.numbers })
    } catch let found { throw problem(found) }
  }

  /// Matrices, and vectors as columns, with as many rows each.
  private func beside(_ parts: [(tensor: Tensor, place: Place?)]) throws -> Tensor {
    let first = parts[0].tensor
    for part in parts where part.tensor.rank > 2 || part.tensor.rows != first.rows {
      throw SessionError.bracketShapes(
        .init(.tensor(first), parts[0].place), .init(.tensor(part.tensor), part.place), isBeside: true, place)
    }
    var numbers: [Double] = []
    for row in 0..<first.rows {
      for part in parts {
        let width = part.tensor.columns
        numbers += part.tensor.numbers[(row * width)..<((row + 1) * width)]
      }
    }
    do {
      return Tensor(try Shape([first.rows, parts.reduce(0) { $0 + $1.tensor.columns }]), numbers)
    } catch let found { throw problem(found) }
  }

  /// Vectors become rows; matrices follow each other, or in brackets of brackets become the steps of a batch.
  private func stacked(_ parts: [Tensor], _ places: [Place?]) throws -> Tensor {
    guard let first = parts.first else { return Tensor(vector: []) }
    let isBatch = isRowOfBrackets && first.rank == 2
    func width(_ tensor: Tensor) -> Int { tensor.isVector ? tensor.count : tensor.columns }
    for (part, place) in zip(parts, places) {
      let fits =
        isRowOfBrackets ? part.shape == first.shape && part.rank < 3 : part.rank < 3 && width(part) == width(first)
      guard fits else {
        throw SessionError.bracketShapes(
          .init(.tensor(first), places.first ?? nil), .init(.tensor(part), place), isBeside: false, self.place)
      }
    }
    do {
      let sizes =
        isBatch
        ? [parts.count, first.rows, first.columns]
        : [parts.reduce(0) { $0 + ($1.isVector ? 1 : $1.rows) }, width(first)]
      return Tensor(try Shape(sizes), parts.flatMap(\.numbers))
    } catch let found { throw problem(found) }
  }
}
