import Algebra

/// A recurrence as text that shows its structure without the program's own notation: every node with its operands.
enum RecurrenceDump {
  static func text(_ recurrence: Recurrence) -> String {
    let store = recurrence.store
    var texts: [NodeID: String] = [:]
    func name(_ symbol: SymbolID) -> String { "\(store[symbol].name):\(store[symbol].kind)" }
    func of(_ root: NodeID) -> String {
      for id in store.closure(of: [root]) where texts[id] == nil {
        let inner = store[id].operands.map { texts[$0] ?? "?" }.joined(separator: " ")
        switch store[id] {
        case .number(let number): texts[id] = "\(number.significand)e\(number.exponent)"
        case .constant(let constant): texts[id] = constant.rawValue
        case .time: texts[id] = "time"
        case .read(let symbol, let shift): texts[id] = "\(name(symbol))@\(shift)"
        case .identity: texts[id] = "I"
        case .sum(let terms):
          texts[id] =
            "(sum " + terms.map { ($0.isNegative ? "-" : "+") + (texts[$0.node] ?? "?") }.joined(separator: " ") + ")"
        case .product: texts[id] = "(product \(inner))"
        case .quotient: texts[id] = "(quotient \(inner))"
        case .power: texts[id] = "(power \(inner))"
        case .matrixProduct: texts[id] = "(dot \(inner))"
        case .transpose: texts[id] = "(transpose \(inner))"
        case .concatenate: texts[id] = "(join \(inner))"
        case .apply(let operation, _):
          texts[id] = "(\(OperatorTable[operation].name)/\(OperatorTable[operation].arity) \(inner))"
        case .total: texts[id] = "(total \(inner))"
        case .block: texts[id] = "(block \(inner))"
        case .seed, .atom, .rows, .zeros, .derivative, .named, .reduced: texts[id] = "(of a derivation \(inner))"
        }
      }
      return texts[root] ?? "?"
    }
    var lines = ["\(recurrence.name) \(recurrence.isReversed) \(recurrence.purpose ?? "-")"]
    lines.append("in " + recurrence.inputs.map(name).joined(separator: " "))
    lines.append("out " + recurrence.outputs.map(name).joined(separator: " "))
    for equation in recurrence.equations {
      lines.append(equation.targets.map(name).joined(separator: " ") + " = " + of(equation.body))
    }
    lines.append("parameters " + recurrence.parameters.map(name).joined(separator: " "))
    for (symbol, value) in recurrence.constants.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name(symbol)) \(value)")
    }
    for (symbol, shape) in recurrence.declaredShapes.sorted(by: { store[$0.key].name < store[$1.key].name }) {
      let sides = shape.sides.map { side in
        "\(side.constant) " + side.terms.map { "\($0.coefficient)\($0.name)" }.sorted().joined(separator: " ")
      }
      lines.append("param \(name(symbol)) \(sides)")
    }
    for start in recurrence.starts { lines.append("start \(name(start.symbol)) \(start.time) \(of(start.value))") }
    lines.append("learned " + recurrence.learnedStarts.map(name).joined(separator: " "))
    for initial in recurrence.initials {
      lines.append("init \(name(initial.parameter)) \(initial.block.map(name)) \(initial.initializer)")
    }
    for (symbol, purpose) in recurrence.purposes.sorted(by: { store[$0.key].name < store[$1.key].name }) {
      lines.append("purpose \(name(symbol)) \(purpose)")
    }
    for (symbol, shape) in recurrence.shapes.symbols.sorted(by: { store[$0.key].name < store[$1.key].name }) {
      lines.append("shape \(name(symbol)) \(recurrence.shapes.text(shape))")
    }
    return lines.joined(separator: "\n")
  }
}
