import Syntax
import Typography

/// The words for what values cannot do.
extension ValueProblem {
  /// Of an operator: both sides are underlined with what they are.
  func diagnostic(_ operation: String, _ left: Operand, _ right: Operand, _ place: Place?) -> Diagnostic {
    let (message, hint) = words(operation, left, right)
    var diagnostic = Diagnostic(message, at: place, hint: hint)
    if let a = left.place, let b = right.place {
      diagnostic.marks = [(a, left.value.mark), (b, right.value.mark)]
    }
    return diagnostic
  }

  func diagnostic(_ place: Place?) -> Diagnostic {
    let (message, hint) = words
    return Diagnostic(message, at: place, hint: hint)
  }

  /// A text as it can stand beside an operator.
  private static func asOperand(_ text: String) -> String {
    var depth = 0
    for character in text {
      switch character {
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      case " " where depth == 0: return "(\(text))"
      default: break
      }
    }
    return text
  }

  private func words(_ operation: String, _ left: Operand, _ right: Operand) -> (String, String?) {
    let a = Self.asOperand(left.place?.text ?? "a")
    let b = Self.asOperand(right.place?.text ?? "b")
    switch self {
    case .shapes(let first, let second):
      return (
        "the shapes do not fit: \(first.description) \(operation) \(second.description)",
        shapeHint(operation, first, second, a, b)
      )
    case .matrixAndVector(let first, let second):
      let (matrix, vector) = first.rank == 1 ? (b, a) : (a, b)
      return (
        "a matrix \(operation) a vector can be read in several ways",
        additionHint(operation, first.rank == 1 ? second : first, first.rank == 1 ? first : second, matrix, vector)
      )
    case .vectorLeftOfMatrix:
      return (
        "a vector is a column, and does not stand left of a matrix",
        "rows by the matrix: \(b)ᵀ · \(a); a scale of its rows: \(a) * \(b)"
      )
    case .productRank: return ("· takes vectors and matrices, not a batch", "a step of it: X[1]")
    case .matrixPower:
      return (
        "the power of a matrix can be read in two ways",
        "\(a) · \(a) or \(a) * \(a); of each element: power(\(a), \(b))"
      )
    case .matrixExponent: return ("an exponent is a number or a vector", "of each element: power(\(a), \(b))")
    case .equalityOfNumberAndTensor:
      return (
        "== is one truth for the whole, and a number is never \(left.value.shape == nil ? right.value.kind : left.value.kind)",
        "of each element: all(abs(\(a) - \(b)) < 1e-9)"
      )
    case .textPlus(let other):
      return (
        "text is joined with text, and this is \(other.kind)",
        operation == "+" ? "\"{\(left.value.typeName == "text" ? b : a)}\" makes a text of it" : nil
      )
    case .kinds(let first, let second) where operation == "..":
      return (".. stands between two numbers, not \(first.kind) and \(second.kind)", nil)
    case .kinds(let first, let second):
      return ("\(operation) takes numbers and tensors, not \(first.kind) and \(second.kind)", kindHint(first, second))
    default: return words
    }
  }

  private var words: (String, String?) {
    switch self {
    case .rank(let rank): return ("a tensor has 1, 2 or 3 axes, not \(rank)", nil)
    case .tooLarge(let sizes):
      let text = sizes.map(String.init).joined(separator: " × ")
      return sizes.contains { $0 < 0 }
        ? ("a size is not negative, and this is \(text)", nil)
        : ("\(text) numbers are more than the \(Shape.bound) that one tensor may hold", nil)
    case .noRoom(let count, let held):
      return (
        "there is no room for \(count) numbers more: the values of this session hold \(held) of \(TensorBudget.bound)",
        "a value that is not needed is let go by another: name = nothing"
      )
    case .listTooLong(let count): return ("\(count) items are more than the \(List.bound) that one list may hold", nil)
    case .textTooLong(let count): return ("\(count) bytes are more than the \(Texts.bound) that one text may have", nil)
    case .nestedTooDeeply: return ("values are nested more than \(Nesting.bound) deep", nil)
    case .shapes(let a, let b): return ("the shapes do not fit: \(a.description) and \(b.description)", nil)
    case .transposeRank(let shape): return ("a batch of \(shape.text) has no transpose", "of a step: X[1]ᵀ")
    case .kind(let value): return ("numbers and tensors can stand here, and this is \(value.kind)", nil)
    case .kinds(let a, let b): return ("numbers and tensors can stand here, not \(a.kind) and \(b.kind)", nil)
    case .matrixPower, .matrixExponent:
      return ("the power of a matrix can be read in two ways", "power(x, p) of each element")
    case .matrixAndVector(let a, let b):
      return (
        "a matrix and a vector do not go together element by element: \(a.description) and \(b.description)",
        "vᵀ is a row, column(v) a column"
      )
    case .vectorLeftOfMatrix(let a, let b), .productRank(let a, let b):
      return ("the shapes do not fit in a product: \(a.description) and \(b.description)", nil)
    case .partNeedsNumber(let shape): return ("one element is a number, and this is \(shape.description)", nil)
    case .partShape(let part, let shape):
      return ("the part is \(part.description), and this is \(shape.description)", "a number fills it")
    case .partNeedsNumbers(let kind): return ("a tensor holds numbers, and this is \(kind)", nil)
    case .equalityOfNumberAndTensor(let shape): return ("a number is never \(shape.description)", nil)
    case .textPlus(let other): return ("text is joined with text, and this is \(other.kind)", nil)
    }
  }
}

extension Described {
  /// A few words under the value: its shape if it has one.
  var mark: String {
    guard let shape else { return kind }
    return shape.rank == 1 ? "\(shape[0])" : shape.text
  }
}

/// What would fit.
private func shapeHint(_ operation: String, _ left: Shape, _ right: Shape, _ a: String, _ b: String) -> String? {
  switch (operation, left.rank, right.rank) {
  case ("·", 2, 2), ("·", 2, 1):
    if left[0] == right[0] { return "\(a)ᵀ · \(b) would fit" }
    if left.rank == 2, right.rank == 2, left[1] == right[1] { return "\(a) · \(b)ᵀ would fit" }
    return "the columns of the left are as many as the rows of the right"
  case ("·", 1, 1): return "\(a) · \(b)ᵀ is the outer product"
  case ("*", 1, 2) where left[0] == right[1]: return "the columns are scaled by \(b) * \(a)ᵀ"
  case ("*", 2, 1) where left[1] == right[0]: return "the columns are scaled by \(a) * \(b)ᵀ"
  case ("*", 2, 2) where left[1] == right[0]: return "the matrix product is \(a) · \(b)"
  default: return nil
  }
}

/// The readings of a matrix plus a vector that fit.
private func additionHint(
  _ operation: String, _ matrix: Shape, _ vector: Shape, _ matrixText: String, _ vectorText: String
) -> String {
  var readings: [String] = []
  if vector[0] == matrix[1] { readings.append("on every row: \(matrixText) \(operation) \(vectorText)ᵀ") }
  if vector[0] == matrix[0] { readings.append("on every column: \(matrixText) \(operation) column(\(vectorText))") }
  if vector[0] == matrix[0], vector[0] == matrix[1] {
    readings.append("on the diagonal: \(matrixText) \(operation) diag(\(vectorText))")
  }
  return readings.isEmpty
    ? "neither its \(matrix[0]) rows nor its \(matrix[1]) columns are \(vector[0])" : readings.joined(separator: "; ")
}

private func kindHint(_ left: Described, _ right: Described) -> String? { left.useHint ?? right.useHint }

extension Described {
  /// What to write so that numbers come of it.
  var useHint: String? {
    switch typeName {
    case "list": "[a, b] is a vector that can be computed with; (a, b) is a list"
    case "function": "a function is called: f(x)"
    case "range": "linspace gives numbers between two ends"
    case "truth": "if … { 1 } else { 0 } makes a number of a truth"
    case "table", "record": "a field of it: r.name"
    case "net": "a track of it: net.h; a parameter: net.W"
    case "cell": "a cell with widths is a net: Name(x: 2, h: 3)"
    case "nothing": "a fn in braces answers what it returns: return …"
    default: nil
    }
  }
}
