import Algebra
import Figures
import Runtime
import Syntax

/// Diagrams of cells.
extension BuiltinTable {
  static let diagrams: [Builtin] = [
    Builtin(
      "draw", theme: .cells, "draw(what, t: time)",
      "the diagram of a cell, made from its equations; of a net with t: coloured by its values at that time; of a derivative with the paths that it follows marked",
      example: "type(draw(linear))", "\"figure\"", .general(draw))
  ]

  @Sendable private static func draw(_ call: inout Call) throws -> Value {
    switch call.values[0] {
    case .cell(let cell): return .figure(.picture(try diagram(of: cell.recurrence, call)))
    default: throw call.wrong(0, needs: "a cell, a net or a derivative", hint: "draw(LSTM)")
    }
  }

  private static func diagram(of recurrence: Recurrence, _ call: Call) throws -> Diagram {
    let wiring: Wiring
    do { wiring = try recurrence.wiring() } catch let problem as WiringTooLarge {
      throw call.problem(
        at: 0, "\(recurrence.name) is too large to be drawn: a diagram has at most \(problem.bound) nodes",
        hint: "draw one of its cells")
    }
    return Diagram(wiring, of: recurrence)
  }
}
