import Algebra
import Syntax

/// Facts about shapes that do not fit, in the words and at the places of the person who typed the cell.
struct ShapeErrors {
  let recurrence: Recurrence
  let reader: ExpressionElaborator
  let equationPlaces: [Place]

  func solve() throws -> ShapeSolution {
    do {
      return try recurrence.solvedShapes()
    } catch let error as ShapeError {
      throw explained(error)
    }
  }

  private func place(_ equation: Int, _ node: NodeID) -> Place? {
    reader.places[.init(equation: equation, node: node)] ?? equationPlace(equation)
  }

  private func equationPlace(_ index: Int) -> Place? {
    equationPlaces.indices.contains(index) ? equationPlaces[index] : nil
  }

  private func name(_ symbol: SymbolID) -> String { recurrence.store[symbol].name }

  private func explained(_ error: ShapeError) -> ElaborationError {
    switch error {
    case .equation(let index, let target, let shape, let body):
      return .shape(
        message: "\(name(target)) is \(ShapeWords.wide(shape)), and this is \(ShapeWords.wide(body))",
        equationPlace(index), marks: [], hint: nil)
    case .operands(let equation, let node, let left, let leftShape, let right, let rightShape):
      let leftPlace = place(equation, left)
      let rightPlace = place(equation, right)
      var marks: [(place: Place, label: String)] = []
      if let leftPlace { marks.append((leftPlace, leftShape)) }
      if let rightPlace { marks.append((rightPlace, rightShape)) }
      return .shape(
        message: "shapes do not fit: \(leftShape) and \(rightShape)", place(equation, node), marks: marks,
        hint: hint(node, left: leftShape, right: rightShape))
    case .operand(let equation, let node, let operand, let shape, let needs):
      return .shape(
        message: "this is \(ShapeWords.wide(shape)), and here stands \(needs)",
        place(equation, operand) ?? place(equation, node), marks: [], hint: nil)
    case .openParameter(let symbol):
      return .shape(
        message: "nothing says what shape \(name(symbol)) has", reader.parameterPlaces[symbol], marks: [],
        hint: "add a line: param \(name(symbol)): 1 (a number), h (a vector) or h × h")
    case .width(let name, let value, let shape):
      return .shape(
        message: "\(name) cannot be \(value) wide: the equations make it \(shape)", nil, marks: [], hint: nil)
    case .unknownWidth(let name, let known):
      return .shape(
        message: "there is no width \(name)", nil, marks: [], hint: "there are \(known.joined(separator: ", "))")
    case .declared(let symbol, let declared, let needed):
      return .shape(
        message: "\(name(symbol)) is declared \(declared), and the equations need \(needed)",
        reader.parameterPlaces[symbol], marks: [], hint: nil)
    case .startShape(let symbol, let shape, let value):
      return .shape(
        message: "\(name(symbol)) is \(ShapeWords.wide(shape)), and its start is \(ShapeWords.wide(value))", nil,
        marks: [], hint: nil)
    }
  }

  private func hint(_ node: NodeID, left: String, right: String) -> String? {
    if case .matrixProduct = recurrence.store[node] { return "A · b needs as many columns in A as b is wide" }
    return nil
  }

  /// `U · r * h` is an error unless both readings are the same.
  func refuseTwoReadings(_ shapes: ShapeSolution) throws {
    for suspect in reader.suspects {
      let matrix = shapes.nodes[suspect.matrix]?.rank ?? 0
      let factor = shapes.nodes[suspect.factor]?.rank ?? 0
      if matrix == 0 || factor == 0 { continue }
      let written = suspect.written
      throw ElaborationError.twoReadings(
        written: suspect.place.text, first: "\(written.matrix) · (\(written.vector) * \(written.factor))",
        second: "(\(written.matrix) · \(written.vector)) * \(written.factor)", suspect.place)
    }
  }
}

/// Shapes in words: `3 wide`, `a number`, `3 × 5`.
enum ShapeWords {
  static func wide(_ shape: String) -> String {
    if shape == "1" { return "a number" }
    return shape.contains("×") ? shape : "\(shape) wide"
  }
}
