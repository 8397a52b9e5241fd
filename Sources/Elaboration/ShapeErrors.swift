import Algebra
import Syntax

/// Facts about shapes that do not fit, in the words and at the places of the person who typed the cell.
struct ShapeErrors {
  let recurrence: Recurrence
  let reader: ExpressionElaborator
  /// Of each equation, and after them of each start.
  let equationPlaces: [Place]
  let startNodePlaces: [ExpressionElaborator.Origin: Place]

  func solve() throws -> ShapeSolution {
    do {
      return try recurrence.solvedShapes()
    } catch let error as ShapeError {
      throw explained(error)
    }
  }

  private func place(_ equation: Int, _ node: NodeID) -> Place? {
    let origin = ExpressionElaborator.Origin(equation: equation, node: node)
    return reader.places[origin] ?? startNodePlaces[origin] ?? equationPlace(equation)
  }

  private func equationPlace(_ index: Int) -> Place? {
    equationPlaces.indices.contains(index) ? equationPlaces[index] : nil
  }

  private func name(_ symbol: SymbolID) -> String { recurrence.store[symbol].name }

  private func explained(_ error: ShapeError) -> ElaborationError {
    switch error {
    case .equation(let index, let target, let shape, let body):
      return equation(index, name(target), shape, body)
    case .operands(let equation, let node, let left, let leftShape, let right, let rightShape):
      var marks: [(place: Place, label: String)] = []
      for (operand, shape) in [(left, leftShape), (right, rightShape)] {
        if let place = place(equation, operand) { marks.append((place, ShapeWords.long(shape))) }
      }
      return .shape(
        message: "shapes do not fit: \(ShapeWords.long(leftShape)) and \(ShapeWords.long(rightShape))",
        place(equation, node), marks: marks, hint: hint(node, left: leftShape, right: rightShape))
    case .operand(let equation, let node, let operand, let shape, let needs):
      let (lead, hint) = operation(node, operand, needs)
      return .shape(
        message: "\(lead), and this is \(ShapeWords.wide(shape))",
        place(equation, operand) ?? place(equation, node), marks: [], hint: hint)
    case .openParameter(let symbol): return open(symbol)
    case .width(let name, let value, let shape):
      return .shape(
        message: name == shape
          ? "\(name) cannot be \(value) wide" : "\(name) cannot be \(value) wide: the equations make it \(shape)",
        reader.widthPlaces[name], marks: [], hint: nil)
    case .unknownWidth(let name, let known):
      return .shape(
        message: "there is no width \(name)", reader.widthPlaces[name], marks: [],
        hint: "there are \(known.joined(separator: ", "))")
    case .declared(let symbol, let declared, let needed):
      return .shape(
        message: "\(name(symbol)) is declared \(declared), and the equations need \(needed)",
        reader.parameterPlaces[symbol], marks: [], hint: nil)
    case .startShape(let index, let symbol, let shape, let value):
      return .shape(
        message: "\(name(symbol)) is \(ShapeWords.wide(shape)), and its start is \(ShapeWords.wide(value))",
        equationPlace(index), marks: [], hint: "a number fills it")
    }
  }

  private func equation(_ index: Int, _ name: String, _ shape: String, _ body: String) -> ElaborationError {
    // h[t] = [x[t], h[t-1]]: the width is only known by its own name.
    if shape == name, !body.contains("×"), body != "1", body.contains(name) {
      return .shape(
        message: "\(name) cannot be as wide as \(body)", equationPlace(index), marks: [],
        hint: "both sides of an equation are equally wide; W · [...] has a width of its own")
    }
    return .shape(
      message: shape == name
        ? "\(name) is a vector, and this is \(ShapeWords.wide(body))"
        : "\(name) is \(ShapeWords.wide(shape)), and this is \(ShapeWords.wide(body))",
      equationPlace(index), marks: [], hint: nil)
  }

  /// What an operation takes, and what else would do.
  private func operation(_ node: NodeID, _ operand: NodeID, _ needs: String) -> (String, String?) {
    switch recurrence.store[node] {
    case .apply(let operation, _): return ("\(OperatorTable[operation].name) takes \(needs)", nil)
    case .concatenate: return ("[a, b] joins vectors", nil)
    case .power: return ("a power is of numbers and vectors", "M * M elementwise, M · M as matrices")
    case .matrixProduct(_, let right):
      var notation = TextNotation(recurrence.store)
      let (matrix, vector) = (notation.text(right), notation.text(operand))
      return (
        "left of a matrix stands a matrix",
        "\(matrix) · \(vector), or, if the paper writes row vectors, \(matrix)ᵀ · \(vector)"
      )
    default: return ("here stands \(needs)", nil)
    }
  }

  private func open(_ symbol: SymbolID) -> ElaborationError {
    let name = name(symbol)
    let place = reader.parameterPlaces[symbol]
    // x[t] · W: row vectors of a paper.
    for equation in recurrence.equations {
      for id in recurrence.store.closure(of: [equation.body]) {
        guard case .matrixProduct(let left, let right) = recurrence.store[id],
          case .read(symbol, _) = recurrence.store[right]
        else { continue }
        var notation = TextNotation(recurrence.store)
        let vector = notation.text(left)
        return .shape(
          message: "nothing says what shape \(name) has", place, marks: [],
          hint:
            "if it is a matrix, it stands left of ·: \(name) · \(vector); else add a line: param \(name): h (a vector)")
      }
    }
    return .shape(
      message: "nothing says what shape \(name) has", place, marks: [],
      hint: "add a line: param \(name): 1 (a number), h (a vector) or h × h")
  }

  private func hint(_ node: NodeID, left: String, right: String) -> String? {
    switch recurrence.store[node] {
    case .matrixProduct: return "A · b needs as many columns in A as b is wide"
    case .sum where left.contains("×") != right.contains("×"):
      return "a vector v on the diagonal of a matrix is v * I; a matrix makes a vector of v by M · v"
    default: return nil
    }
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

/// Shapes in words: `3 wide`, `a number`, `3 × 5`. A width of which nothing is known is written `?`.
enum ShapeWords {
  static func wide(_ shape: String) -> String {
    if shape == "1" { return "a number" }
    if shape.contains("?") { return long(shape) }
    return shape.contains("×") ? shape : "\(shape) wide"
  }

  static func long(_ shape: String) -> String {
    guard shape.contains("?") else { return shape == "1" ? "a number" : shape }
    let sides = shape.components(separatedBy: " × ")
    guard sides.count == 2 else { return "a vector" }
    switch (sides[0].contains("?"), sides[1].contains("?")) {
    case (true, true): return "a matrix"
    case (true, false): return "a matrix of \(sides[1]) columns"
    default: return "a matrix of \(sides[0]) rows"
    }
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
