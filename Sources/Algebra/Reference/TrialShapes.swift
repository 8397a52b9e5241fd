extension Recurrence {
  /// Shapes for a net that is only tried on: inputs and all else of two widths, so that no two sides fit by chance;
  /// where the equations forbid those, of others.
  /// - Throws: `ShapeError` if no widths that are tried fit.
  func trialShapes(inputs: Int, others: Int) throws -> ShapeSolution {
    try withSmallWidths.trialShapesOfOpen(inputs: inputs, others: others)
  }

  /// With widths that were set made small, so that it can be tried and judged quickly: what holds at one width above 1
  /// holds at others. Those that are equal stay so, 1 stays 1, and where the equations need the widths as they are all
  /// stay.
  var withSmallWidths: Recurrence {
    guard widths.contains(where: { $0.value > Recurrence.smallWidth }) else { return self }
    let sizes = Set(widths.map(\.value).filter { $0 > 1 }).sorted()
    var result = self
    result.widths = widths.map { width in
      (width.name, sizes.firstIndex(of: width.value).map { $0 + 2 } ?? width.value)
    }
    guard let small = try? result.solvedShapes(), small.isPossible else { return self }
    result.shapes = small
    return result
  }

  private static let smallWidth = 5

  /// Without the widths that were set.
  var withoutWidths: Recurrence {
    guard !widths.isEmpty else { return self }
    var result = self
    result.widths = []
    guard let open = try? result.solvedShapes() else { return self }
    result.shapes = open
    return result
  }

  private func trialShapesOfOpen(inputs: Int, others: Int) throws -> ShapeSolution {
    let inputNames = Set(self.inputs.map { store[$0].name })
    let pairs = [(inputs, others), (2, 4), (4, 4), (2, 6), (4, 8), (5, 4), (3, 5), (6, 3), (2, 3)]
    for (inputs, others) in pairs {
      let widths = shapes.openWidths.map { (name: $0, value: inputNames.contains($0) ? inputs : others) }
      if let solution = try? solvedShapes(widths: widths), solution.isPossible { return solution }
    }
    if let solution = trialShapesOneByOne([inputs, others, 2 * others, 3, 6, 1]) { return solution }
    return try solvedShapes(widths: shapes.openWidths.map { (name: $0, value: 1) })
  }

  /// Widths set one after another, each the first that leaves all others possible: as wide as two parts together.
  private func trialShapesOneByOne(_ candidates: [Int]) -> ShapeSolution? {
    var widths: [(name: String, value: Int)] = []
    var solution = shapes
    while let name = solution.openWidths.first {
      let next = candidates.lazy.compactMap { value -> (ShapeSolution, Int)? in
        guard let found = try? self.solvedShapes(widths: widths + [(name, value)]), found.isPossible else { return nil }
        return (found, value)
      }.first
      guard let next else { return nil }
      solution = next.0
      widths.append((name, next.1))
    }
    return solution
  }
}

extension ShapeSolution {
  /// No side that is known is 0 or less.
  fileprivate var isPossible: Bool {
    symbols.values.allSatisfy { $0.dimensions.allSatisfy { ($0.number ?? 1) > 0 } }
  }
}
