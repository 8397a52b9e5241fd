/// A cell with its loss: the cell's equations as they are, targets as further inputs, and
///
///     loss = total(weight[t] * ℓ(y[t], target[t]))
///
/// summed over all times and sequences. The weight is a number for each step of each sequence, an input too: it is 0
/// where there is nothing to learn from (after the end of a shorter sequence; before the last step, if only that
/// counts), and its sum over a mini-batch is 1, so that the loss is a mean.
public struct Objective {
  /// Its outputs are those of the cell and the loss; its symbols begin with the cell's own, by the same numbers.
  public let recurrence: Recurrence
  public let targets: [(output: SymbolID, target: SymbolID)]
  public let weight: SymbolID
  /// A number without a time.
  public let loss: SymbolID

  /// - Parameters:
  ///   - model: any cell that is not reversed, with its shapes.
  ///   - losses: for each output that has a target; their losses are added.
  /// - Throws: `LossFailure`, or `ShapeError` if a function of the user does not fit the output's width.
  public init(_ model: Recurrence, losses: [(output: SymbolID, loss: Loss)]) throws {
    guard !losses.isEmpty else { throw LossFailure.noOutput(cell: model.name) }
    if let own = model.equationsOfTotals.sorted().first, let symbol = model.equations[own].targets.first {
      throw LossFailure.ownLoss(cell: model.name, name: model.store[symbol].name)
    }
    var builder = ObjectiveBuilder(model)
    var terms: [Term] = []
    for (output, loss) in losses { terms.append(Term(try builder.term(loss, of: output, isAlone: losses.count == 1))) }
    let store = builder.store
    let sum = terms.count == 1 ? terms[0].node : store.insert(.sum(terms))
    let weighted = store.insert(.product([store.insert(.read(builder.weight, shift: 0)), sum]))
    loss = builder.symbol("loss", .derivedParameter)
    builder.recurrence.equations.append(.init(targets: [loss], body: store.insert(.total(weighted))))
    builder.recurrence.inputs = model.inputs + builder.targets.map(\.target) + [builder.weight]
    builder.recurrence.outputs = model.outputs + [loss]
    builder.recurrence.shapes = try builder.recurrence.solvedShapes()
    recurrence = builder.recurrence
    targets = builder.targets
    weight = builder.weight
  }
}

private struct ObjectiveBuilder {
  let model: Recurrence
  var recurrence: Recurrence
  let weight: SymbolID
  var targets: [(output: SymbolID, target: SymbolID)] = []

  init(_ model: Recurrence) {
    self.model = model
    recurrence = model
    recurrence.store = Store(copying: model.store)
    weight = recurrence.store.add(Symbol(name: recurrence.store.free("weight"), kind: .input))
    recurrence.declaredShapes[weight] = .number
  }

  var store: Store { recurrence.store }

  func symbol(_ name: String, _ kind: Symbol.Kind) -> SymbolID {
    store.add(Symbol(name: store.free(name), kind: kind))
  }

  private func apply(_ name: String, _ argument: NodeID) -> NodeID {
    guard let operation = OperatorTable.find(name, arity: 1) else { return argument }
    return store.insert(.apply(operation, [argument]))
  }

  /// ℓ(y[t], target[t]), a number.
  mutating func term(_ loss: Loss, of output: SymbolID, isAlone: Bool) throws -> NodeID {
    let name = store[output].name
    let shape = model.shapes.symbols[output] ?? .number
    guard shape.rank < 2 else { throw LossFailure.matrixOutput(name) }
    let target = symbol(isAlone ? "target" : "target_" + name, .input)
    targets.append((output, target))
    if shape.rank == 0 { recurrence.declaredShapes[target] = .number }
    let (y, wanted) = (store.insert(.read(output, shift: 0)), store.insert(.read(target, shift: 0)))
    switch loss {
    case .meanSquare:
      let difference = store.insert(.sum([Term(y), Term(wanted, isNegative: true)]))
      let square = store.insert(.power(difference, store.insert(.number(Decimal(2)))))
      return shape.rank == 0 ? square : apply("mean", square)
    case .crossEntropy:
      guard shape.rank == 1, shape.dimensions.first?.number != 1 else { throw LossFailure.oneClass(output: name) }
      let logits = logits(of: output) ?? y
      let logarithms = symbol("log_p" + (isAlone ? "" : "_" + name), .variable)
      recurrence.equations.append(.init(targets: [logarithms], body: apply("logsoftmax", logits)))
      let product = store.insert(.product([wanted, store.insert(.read(logarithms, shift: 0))]))
      return store.insert(.sum([Term(apply("sum", product), isNegative: true)]))
    case .function(let function): return try body(of: function, y, wanted, target: target, output: output)
    }
  }

  /// z, if the output is softmax(z).
  private func logits(of output: SymbolID) -> NodeID? {
    guard let body = recurrence.equations.first(where: { $0.targets == [output] })?.body,
      case .apply(let operation, let arguments) = store[body], OperatorTable[operation].name == "softmax"
    else { return nil }
    return arguments.first
  }

  private func body(
    of function: LossFunction, _ y: NodeID, _ wanted: NodeID, target: SymbolID, output: SymbolID
  ) throws -> NodeID {
    var usesOutput = false
    let image = function.store.rewrite([function.root], into: store) { node in
      guard case .read(let symbol, _) = node else { return nil }
      if symbol == function.output { usesOutput = true }
      return symbol == function.output ? y : symbol == function.target ? wanted : nil
    }
    guard usesOutput, let root = image[function.root] else { throw LossFailure.constantLoss(function.name) }
    var shapes = model.shapes
    shapes.symbols[target] = shapes.symbols[output]
    let rank = NodeRanks(store: store, shapes: shapes)[root]
    guard rank < 2 else { throw LossFailure.matrixLoss(function.name) }
    return rank == 1 ? apply("mean", root) : root
  }
}

extension DeclaredShape {
  /// `param α: 1`.
  static let number = DeclaredShape(sides: [.init(constant: 1, terms: [])])
}

extension Store {
  /// A name that no symbol has: the one given, or with a number.
  func free(_ name: String) -> String {
    var result = name
    var number = 1
    while symbol(named: result) != nil {
      number += 1
      result = name + String(number)
    }
    return result
  }
}
