/// `U · r * h`: a `*` directly after a `·` product without parentheses.
///
/// Left to right it is (U · r) * h, but papers also mean U · (r * h). Whether the two agree depends on shapes, which
/// the reader of a tree knows and the parser does not: it asks here for the readings, and reports the error.
public struct AmbiguousProduct: Sendable {
  /// The whole product.
  public let place: Place
  /// The matrix, what it multiplies, and the factor after it.
  public let matrix: Expression
  public let vector: Expression
  public let factor: Expression

  /// The product that an expression is, without looking into it; nil if it can be read in one way.
  public init?(_ expression: Expression) {
    guard case .infix(.times, let product, let factor) = expression.form,
      case .infix(.dot, let matrix, let vector) = product.form
    else { return nil }
    place = expression.place
    self.matrix = matrix
    self.vector = vector
    self.factor = factor
  }

  /// Both readings, as they would be typed.
  public var readings: [String] {
    let (matrix, vector, factor) = (matrix.place.brief, vector.place.brief, factor.place.brief)
    return ["\(matrix) · (\(vector) * \(factor))", "(\(matrix) · \(vector)) * \(factor)"]
  }

  public var error: SyntaxError { SyntaxError(.ambiguousProduct(place.brief, readings: readings), at: place) }
}
