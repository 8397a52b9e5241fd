/// The width of a vector or a side of a matrix: a linear form in the widths of a cell, such as `h + x` or `4·h`.
public struct Dimension: Hashable, Sendable {
  /// An unknown width. The number is an index into `ShapeInference`'s or a recurrence's list of widths.
  public typealias Width = Int

  public var constant: Int
  /// Nonzero coefficients, ordered by width.
  public private(set) var terms: [Term]

  public struct Term: Hashable, Sendable {
    public var width: Width
    public var coefficient: Int
  }

  public init(_ constant: Int) {
    self.constant = constant
    terms = []
  }

  public init(width: Width) {
    constant = 0
    terms = [Term(width: width, coefficient: 1)]
  }

  public static let one = Dimension(1)

  /// The number, if no width is left in it.
  public var number: Int? { terms.isEmpty ? constant : nil }

  public func coefficient(of width: Width) -> Int {
    terms.first { $0.width == width }?.coefficient ?? 0
  }

  public mutating func add(_ other: Dimension, times factor: Int = 1) {
    constant = constant &+ other.constant &* factor
    for term in other.terms { add(width: term.width, coefficient: term.coefficient &* factor) }
  }

  private mutating func add(width: Width, coefficient: Int) {
    guard coefficient != 0 else { return }
    let position = terms.firstIndex { $0.width >= width } ?? terms.count
    if position < terms.count, terms[position].width == width {
      terms[position].coefficient = terms[position].coefficient &+ coefficient
      if terms[position].coefficient == 0 { terms.remove(at: position) }
    } else {
      terms.insert(Term(width: width, coefficient: coefficient), at: position)
    }
  }

  public static func + (left: Dimension, right: Dimension) -> Dimension {
    var sum = left
    sum.add(right)
    return sum
  }

  public static func - (left: Dimension, right: Dimension) -> Dimension {
    var difference = left
    difference.add(right, times: -1)
    return difference
  }

  /// This form with a width replaced by another form.
  public func replacing(_ width: Width, by form: Dimension) -> Dimension {
    let factor = coefficient(of: width)
    guard factor != 0 else { return self }
    var result = self
    result.add(width: width, coefficient: 0 &- factor)
    result.add(form, times: factor)
    return result
  }

  /// `h + x`, `4·h`, `3`; widths are named by the function given.
  public func text(_ name: (Width) -> String) -> String {
    var result = ""
    for term in terms {
      let magnitude = term.coefficient.magnitude
      let body = magnitude == 1 ? name(term.width) : "\(magnitude)·\(name(term.width))"
      if result.isEmpty {
        result = term.coefficient < 0 ? "-" + body : body
      } else {
        result += (term.coefficient < 0 ? " - " : " + ") + body
      }
    }
    if result.isEmpty { return String(constant) }
    if constant != 0 { result += (constant < 0 ? " - " : " + ") + String(constant.magnitude) }
    return result
  }
}

/// The shape of a value: a number, a vector with its width, or a matrix with its rows and columns.
public enum Shape: Hashable, Sendable {
  case number
  case vector(Dimension)
  case matrix(rows: Dimension, columns: Dimension)

  public var rank: Int {
    switch self {
    case .number: 0
    case .vector: 1
    case .matrix: 2
    }
  }

  public var dimensions: [Dimension] {
    switch self {
    case .number: []
    case .vector(let width): [width]
    case .matrix(let rows, let columns): [rows, columns]
    }
  }

  public func mapDimensions(_ transform: (Dimension) -> Dimension) -> Shape {
    switch self {
    case .number: .number
    case .vector(let width): .vector(transform(width))
    case .matrix(let rows, let columns): .matrix(rows: transform(rows), columns: transform(columns))
    }
  }

  /// `1` for a number, `h`, `h × (h + x)`.
  public func text(_ name: (Dimension.Width) -> String) -> String {
    let parts = dimensions.map { dimension -> String in
      let text = dimension.text(name)
      let isSum = dimension.terms.count + (dimension.constant != 0 ? 1 : 0) > 1
      return isSum && rank == 2 ? "(\(text))" : text
    }
    return parts.isEmpty ? "1" : parts.joined(separator: " × ")
  }
}
