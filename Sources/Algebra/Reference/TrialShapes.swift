extension Recurrence {
  /// Shapes for a net that is only tried on: inputs and all else of two widths, so that no two sides fit by chance;
  /// where the equations forbid those, of others.
  /// - Throws: `ShapeError` if no widths that are tried fit.
  func trialShapes(inputs: Int, others: Int) throws -> ShapeSolution {
    let inputNames = Set(self.inputs.map { store[$0].name })
    let pairs = [(inputs, others), (2, 4), (4, 4), (2, 6), (4, 8), (5, 4), (3, 5), (6, 3), (2, 3)]
    for (inputs, others) in pairs {
      let widths = shapes.openWidths.map { (name: $0, value: inputNames.contains($0) ? inputs : others) }
      if let solution = try? solvedShapes(widths: widths) { return solution }
    }
    return try solvedShapes(widths: shapes.openWidths.map { (name: $0, value: 1) })
  }
}
