import Algebra

/// What an expression of an answer is: as in equations, and an identity matrix (or a multiple of it) that takes its size
/// from what it meets.
public enum AnswerShape: Hashable, Sendable {
  case number
  case vector(Dimension)
  case matrix(rows: Dimension, columns: Dimension)
  case identity

  init(_ shape: Shape) {
    switch shape {
    case .number: self = .number
    case .vector(let width): self = .vector(width)
    case .matrix(let rows, let columns): self = .matrix(rows: rows, columns: columns)
    }
  }

  var isMatrix: Bool {
    switch self {
    case .matrix, .identity: true
    case .number, .vector: false
    }
  }

  /// The height, if it has one.
  var rows: Dimension {
    switch self {
    case .number, .identity: .one
    case .vector(let width): width
    case .matrix(let rows, _): rows
    }
  }

  /// `a number`, `3 wide`, `h × x`.
  func words(_ solution: ShapeSolution) -> String {
    switch self {
    case .number: "a number"
    case .vector(let width): ShapeWords.wide(solution.text(width))
    case .matrix(let rows, let columns): solution.text(.matrix(rows: rows, columns: columns))
    case .identity: "an identity matrix"
    }
  }
}

/// Why an answer's operation has no shape: the message and the hint, whose place is the operation's.
struct AnswerMisfit: Error {
  var message: String
  var hint: String?
}
