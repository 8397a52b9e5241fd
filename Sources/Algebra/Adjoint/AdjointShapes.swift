/// The shapes of a reversed cell, found from its own equations as its text says them, so that it reads back the same.
///
/// Its equations hold less than the cell's: nothing says that the columns of W are as many as x is wide if W stands only
/// in Wᵀ · δ. Where they leave more open than the cell's do, inputs and parameters are declared, as few as will do.
extension Recurrence {
  /// Infers the shapes, and declares those that the equations of the reversed cell leave more open than the cell's.
  mutating func settleShapes(
    as wanted: [SymbolID: Shape], in forward: ShapeSolution, poll: () throws -> Void
  ) throws {
    for symbol in inputs {
      switch wanted[symbol] ?? .number {
      case .number: declaredShapes[symbol] = DeclaredShape(sides: [.init(constant: 1, terms: [])])
      case .vector: break
      case .matrix: declare(symbol, wanted, forward)
      }
    }
    let ranks = try Ranks(self, nodes: store.closure(of: equations.map(\.body) + starts.map(\.value)), poll: poll)
    let open = Set(ranks.openParameters)
    for symbol in parameters where open.contains(symbol) || ranks.ofSymbol[symbol] != wanted[symbol]?.rank {
      if isDeclarable(symbol, wanted, forward) { declare(symbol, wanted, forward) }
    }
    // Then one at a time: a declaration often settles others. Widths may go by other names, as long as they are no freer.
    let freedom = Set(wanted.values.flatMap(\.dimensions).flatMap(\.terms).map(\.width)).count
    while let open = try openSymbol(wanted, forward, freedom: freedom, poll: poll) { declare(open, wanted, forward) }
    shapes = try solvedShapes(poll: poll)
  }

  /// The symbol whose declaration would settle most; nil if nothing is left open.
  private func openSymbol(
    _ wanted: [SymbolID: Shape], _ forward: ShapeSolution, freedom: Int, poll: () throws -> Void
  ) throws -> SymbolID? {
    let candidates = (inputs + parameters).filter { isDeclarable($0, wanted, forward) }
    let solution: ShapeSolution
    do {
      solution = try solvedShapes(poll: poll)
    } catch let stop as Interruption {
      throw stop
    } catch ShapeError.openParameter(let symbol) {
      return candidates.contains(symbol) ? symbol : candidates.first
    } catch {
      return candidates.first { wanted[$0]?.rank == 2 } ?? candidates.first
    }
    if let other = candidates.first(where: { solution.symbols[$0]?.rank != wanted[$0]?.rank }) { return other }
    guard solution.openWidths.count > freedom else { return nil }
    let dependent = dependentWidth(wanted, solution)
    let mentions = { (symbol: SymbolID) in
      (solution.symbols[symbol]?.dimensions ?? []).contains { side in
        side.terms.contains { solution.name($0.width) == dependent }
      }
    }
    let mismatches = candidates.filter {
      solution.symbols[$0]?.sides(in: solution) != wanted[$0]?.sides(in: forward)
    }
    return mismatches.first(where: mentions) ?? mismatches.first
  }

  /// An open width that in the cell is made of others that are open here: `δx` beside `x`.
  private func dependentWidth(_ wanted: [SymbolID: Shape], _ solution: ShapeSolution) -> String? {
    // Rows of an elimination, each with the width that leads it.
    var rows: [(lead: Dimension.Width, form: [Dimension.Width: Double])] = []
    let inputNames = Set(inputs.map { store[$0].name })
    let names = solution.openWidths
    for name in names.filter(inputNames.contains) + names.filter({ !inputNames.contains($0) }) {
      guard let symbol = store.symbol(named: name), let side = wanted[symbol]?.dimensions.first else { continue }
      var form: [Dimension.Width: Double] = [:]
      for term in side.terms { form[term.width] = Double(term.coefficient) }
      for row in rows {
        guard let factor = form[row.lead], factor != 0 else { continue }
        for (width, value) in row.form { form[width, default: 0] -= factor * value }
      }
      guard let lead = form.first(where: { abs($0.value) > 1e-9 }) else { return name }
      rows.append((lead.key, form.mapValues { $0 / lead.value }))
    }
    return nil
  }

  /// Has no declaration yet, and one that says something: a vector called by its own width needs none.
  private func isDeclarable(_ symbol: SymbolID, _ wanted: [SymbolID: Shape], _ forward: ShapeSolution) -> Bool {
    guard declaredShapes[symbol] == nil, let shape = wanted[symbol] else { return false }
    guard case .vector(let width) = shape, store[symbol].kind == .input else { return true }
    return width.number == nil && forward.text(width) != store[symbol].name
  }

  private mutating func declare(_ symbol: SymbolID, _ wanted: [SymbolID: Shape], _ forward: ShapeSolution) {
    guard let shape = wanted[symbol] else { return }
    declaredShapes[symbol] = DeclaredShape(
      sides: shape.dimensions.isEmpty
        ? [.init(constant: 1, terms: [])]
        : shape.dimensions.map { side in
          DeclaredShape.Side(
            constant: side.constant,
            terms: side.terms.map { .init(name: forward.name($0.width), coefficient: $0.coefficient) })
        })
  }
}

extension Shape {
  /// The sides by the names of widths, in whatever order they stand.
  fileprivate func sides(in solution: ShapeSolution?) -> [[String: Int]] {
    dimensions.map { side in
      var result = ["": side.constant]
      for term in side.terms { result[solution?.name(term.width) ?? "?", default: 0] += term.coefficient }
      return result
    }
  }
}
