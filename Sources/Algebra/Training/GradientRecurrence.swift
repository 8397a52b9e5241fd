/// A cell and its adjoint as one recurrence, to be run forward and then backward.
///
/// The forward equations are those of the cell, node for node; the adjoint's read the forward variables directly, as
/// they stand in the same store: a part of a forward equation that the adjoint recalls (`q_h[t] = tanh(W_h · z[t])`)
/// is the same node in both, to be computed once. What is differentiated is the cell's loss; of a cell without one it is
/// L = Σ_t Σ_outputs ε[t] · y[t], for a cotangent ε of each output that is an input too.
public struct GradientRecurrence {
  /// Its symbols begin with the cell's own, by the same numbers; its outputs are the gradients, summed over times and
  /// sequences where they are not by inputs.
  public let recurrence: Recurrence
  /// ∂L/∂W for each parameter W, and if asked for ∂L/∂x[t] for each input x: a variable.
  public let gradients: [(symbol: SymbolID, gradient: SymbolID)]
  /// ∂L/∂h[0] for each learned start.
  public let starts: [(symbol: SymbolID, gradient: SymbolID)]

  /// - Parameters:
  ///   - cell: one all of whose widths are numbers.
  ///   - values: what of the cell is an output too, before the gradients.
  /// - Throws: `AdjointFailure` if it has no backward pass.
  public init(_ cell: Recurrence, withInputs: Bool = true, and values: [SymbolID] = []) throws {
    let adjoint = try cell.adjoint()
    let union = RecurrenceUnion(cell, adjoint)
    let wanted = adjoint.gradients.filter { withInputs || !cell.inputs.contains($0.symbol) }
    gradients = wanted.map { ($0.symbol, union.image($0.gradient)) }
    starts = adjoint.starts.map { ($0.state, union.image($0.gradient)) }
    union.outputs = values + (gradients + starts).map(\.gradient)
    recurrence = union.united()
  }
}

/// The equations of a cell and of its adjoint in one store.
private final class RecurrenceUnion {
  private let forward: Recurrence
  private let adjoint: Adjoint
  private let store: Store
  private var images: [SymbolID: SymbolID] = [:]
  /// What each gradient is by.
  private var differentiated: [SymbolID: SymbolID] = [:]
  /// Those of both, which agree where they speak of the same.
  private var shapes = ShapeSolution()
  var outputs: [SymbolID] = []

  init(_ forward: Recurrence, _ adjoint: Adjoint) {
    self.forward = forward
    self.adjoint = adjoint
    store = Store(copying: forward.store)
    for (symbol, input) in adjoint.track { images[input] = symbol }
    for (symbol, gradient) in adjoint.gradients { differentiated[gradient] = symbol }
    for (state, gradient) in adjoint.starts { differentiated[gradient] = state }
  }

  /// The symbol that one of the adjoint becomes: what it reads of the forward pass is that of the forward pass.
  func image(_ symbol: SymbolID) -> SymbolID {
    if let known = images[symbol] { return known }
    let source = adjoint.recurrence.store[symbol]
    let own = store.symbol(named: source.name).flatMap { Int($0.index) < forward.store.symbols.count ? $0 : nil }
    let new = own ?? store.add(source)
    images[symbol] = new
    return new
  }

  func united() -> Recurrence {
    var result = forward
    result.store = store
    result.outputs = outputs
    shapes = forward.shapes
    for (output, seed) in adjoint.seeds {
      result.inputs.append(image(seed))
      shapes.symbols[image(seed)] = forward.shapes.symbols[output]
    }
    result.equations += needed(adjointEquations())
    result.shapes = shapes
    return result
  }

  /// Without those of parameters made of parameters, which the forward pass has.
  private func adjointEquations() -> [Recurrence.Equation] {
    let backward = adjoint.recurrence
    return backward.equations.enumerated().compactMap { index, equation in
      let targets = equation.targets.map(image)
      guard targets.allSatisfy({ Int($0.index) >= forward.store.symbols.count }) else { return nil }
      let number = forward.equations.count + forward.starts.count + index
      let nodes = backward.store.rewrite([equation.body], into: store) { node in
        switch node {
        case .read(let symbol, let shift): store.insert(.read(self.image(symbol), shift: shift))
        case .identity: store.insert(.identity(equation: number))
        default: nil
        }
      }
      for (old, new) in zip(equation.targets, targets) {
        shapes.symbols[new] = differentiated[old].flatMap { forward.shapes.symbols[$0] } ?? backward.shapes.symbols[old]
      }
      for (old, new) in nodes where shapes.nodes[new] == nil {
        let shape = backward.shapes.nodes[old]
        // A gradient that is 0 stands for itself, so that in the adjoint alone its width may be open.
        shapes.nodes[new] = shape?.isOpen == true ? shapes.symbols[targets[0]] : shape
      }
      return Recurrence.Equation(targets: targets, body: nodes[equation.body] ?? equation.body)
    }
  }

  /// Those on which the outputs depend.
  private func needed(_ equations: [Recurrence.Equation]) -> [Recurrence.Equation] {
    var definition: [SymbolID: Int] = [:]
    for (index, equation) in equations.enumerated() { for target in equation.targets { definition[target] = index } }
    var isNeeded = [Bool](repeating: false, count: equations.count)
    var stack = outputs.compactMap { definition[$0] }
    while let index = stack.popLast() {
      if isNeeded[index] { continue }
      isNeeded[index] = true
      for id in store.computation(of: [equations[index].body]) {
        if case .read(let symbol, _) = store[id], let next = definition[symbol] { stack.append(next) }
      }
    }
    return equations.indices.filter { isNeeded[$0] }.map { equations[$0] }
  }
}

extension Shape {
  fileprivate var isOpen: Bool { dimensions.contains { $0.number == nil } }
}
