import Algebra
import Figures
import Runtime
import Syntax
import Typography

/// Diagrams of cells.
extension BuiltinTable {
  static let diagrams: [Builtin] = [
    Builtin(
      "draw", theme: .cells, "draw(what, t: time, part: name)",
      "the diagram of a cell, made from its equations; of a net coloured by its values at a time, the last if t is left out; of a derivative with the paths that it follows marked; of a cell built of cells the cells as blocks, or one of them",
      example: "type(draw(linear))", "\"figure\"", .general(draw))
  ]

  @Sendable private static func draw(_ call: inout Call) throws -> Value {
    if case .net(let value) = call.values[0] {
      guard value.net.time == 0, call.label("t") == nil else {
        return .figure(.picture(try diagram(of: value.net, call)))
      }
      // Nothing to colour it by: as its cell.
      var plain = try diagram(ofCell: value.net.recurrence, call)
      plain.notes.append("no values yet: feed the net, and they are shown")
      return .figure(.picture(plain))
    }
    if let (_, place) = call.label("t") {
      throw SessionError.builtin(
        "t: says which values of a net are shown, and this is \(call.values[0].described)", hint: nil, place)
    }
    switch call.values[0] {
    case .cell(let cell): return .figure(.picture(try diagram(ofCell: cell.recurrence, call)))
    case .derivation(let value): return .figure(.picture(try diagram(of: value.derivation, call)))
    default: throw call.wrong(0, needs: "a cell, a net or a derivative", hint: "draw(LSTM)")
    }
  }

  /// Blocks, if it is built of cells.
  private static func diagram(ofCell recurrence: Recurrence, _ call: Call) throws -> Diagram {
    let recurrence = try part(of: recurrence, call)
    return try Diagram(blocksOf: recurrence) ?? diagram(of: recurrence, call).diagram
  }

  /// `part: "layer1"`; the whole if it was not given.
  private static func part(of recurrence: Recurrence, _ call: Call) throws -> Recurrence {
    guard let (value, place) = call.label("part") else { return recurrence }
    let names = recurrence.partNames
    guard case .text(let name) = value, let part = recurrence.part(name) else {
      throw SessionError.builtin(
        names.isEmpty
          ? "\(recurrence.name) is not built of cells"
          : "the parts of \(recurrence.name): \(names.joined(separator: ", "))",
        hint: names.first.map { "part: \"\($0)\"" }, place)
    }
    return part
  }

  private static func diagram(
    of recurrence: Recurrence, _ call: Call
  ) throws -> (diagram: Diagram, wiring: Wiring) {
    do {
      let wiring = try recurrence.wiring()
      return (Diagram(wiring, of: recurrence), wiring)
    } catch let problem as WiringTooLarge {
      throw call.problem(
        at: 0, "\(recurrence.name) is too large to be drawn: a diagram has at most \(problem.bound) nodes",
        hint: recurrence.partNames.first.map { "a part alone: part: \"\($0)\"" } ?? "show writes its equations")
    }
  }

  // MARK: Derivatives

  private static func diagram(of derivation: Derivation, _ call: Call) throws -> Diagram {
    let recurrence = derivation.recurrence
    guard recurrence.longestLead == 0 else {
      throw call.problem(at: 0, "paths are marked in cells that read earlier times, and this one reads later ones")
    }
    var (diagram, wiring) = try diagram(of: recurrence, call)
    let followed = wiring.followed(by: derivation)
    diagram.mark(followed)
    let sheet = FormulaSheet.derivativeName(derivation)
    diagram.notes.append(
      followed.isEmpty ? "no path leads there: \(sheet) is 0" : "marked: the paths that \(sheet) follows")
    return diagram
  }

  // MARK: Nets

  private static func diagram(of net: Net, _ call: Call) throws -> Diagram {
    guard net.time >= 1 else {
      throw call.problem(
        at: 0, "this net has no values yet", hint: "feed it first; without t: it is drawn without them")
    }
    var time = net.time
    if let (value, place) = call.label("t") {
      guard case .number(let number) = value, let whole = Int(exactly: number), (1...net.time).contains(whole) else {
        throw SessionError.argument(
          of: "draw", needs: "a time from 1 to \(net.time) in t:", value.described, hint: nil,
          place)
      }
      time = whole
    }
    let recurrence = try part(of: net.recurrence, call)
    var (diagram, wiring) = try diagram(of: recurrence, call)
    // A part's own names begin with its name in the whole.
    var prefix = ""
    if case .text(let name)? = call.label("part")?.value { prefix = name + "." }
    let means = wiring.nodes.map { node -> Double? in
      guard let symbol = node.symbols.first, node.symbols.count == 1, node.role != .box || node.name != nil else {
        return nil
      }
      let name = recurrence.store[symbol].name
      let whole = net.recurrence.store
      guard let symbol = whole.symbol(named: prefix + name) ?? whole.symbol(named: name) else { return nil }
      let at = time + node.shift
      // Of a batch the first sequence is shown.
      guard let numbers = try? net.values(symbol, times: at...at) else { return nil }
      let units = numbers.prefix(max(net.count(symbol), 1))
      return units.isEmpty ? nil : units.reduce(0, +) / Double(units.count)
    }
    diagram.color(by: means, time: time, wiring, of: recurrence)
    return diagram
  }
}

extension FormulaSheet {
  /// `∂c[t]/∂c[t-1]`.
  fileprivate static func derivativeName(_ derivation: Derivation) -> String {
    let store = derivation.recurrence.store
    let (target, cut) = (derivation.target, derivation.target.cut)
    let above =
      derivation.subject == nil ? TextNotation.read(store[target.symbol], shift: target.shift) : "the expression"
    let held = cut.held.map { item in
      item.shift.map { TextNotation.read(store[item.symbol], shift: $0) } ?? store[item.symbol].name
    }
    let holding = held.isEmpty ? "" : " holding " + held.joined(separator: ", ")
    return "∂\(above)/∂\(TextNotation.read(store[cut.symbol], shift: cut.shift))\(holding)"
  }
}
