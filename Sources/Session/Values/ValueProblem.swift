/// What values cannot do, without a place: whoever evaluates an expression adds where it stands.
enum ValueProblem: Error {
  case rank(Int)
  case tooLarge([Int])
  /// No room for a tensor beside those that are held.
  case noRoom(Int, held: Int)
  case listTooLong(Int)
  case textTooLong(Int)
  case nestedTooDeeply
  /// Shapes that do not fit.
  case shapes(Shape, Shape)
  /// `M + v`: no one reading.
  case matrixAndVector(Shape, Shape)
  /// `x · W`.
  case vectorLeftOfMatrix(Shape, Shape)
  case productRank(Shape, Shape)
  case transposeRank(Shape)
  /// `M^2`.
  case matrixPower(Shape)
  case matrixExponent(Shape)
  /// Kinds that an operator does not take.
  case kinds(Described, Described)
  case kind(Described)
  case partNeedsNumber(Shape)
  case partShape(part: Shape, value: Shape)
  case partNeedsNumbers(String)
  /// A number beside a tensor in `==`.
  case equalityOfNumberAndTensor(Shape)
  /// Text is only joined with text.
  case textPlus(Described)
}
