import Algebra
import Runtime

extension Display {
  /// A cell as its equations and parameters.
  func lines(_ cell: Cell) -> [String] {
    var text = CellText(cell.recurrence, width: width)
    return text.lines() + cell.recurrence.parameterSummary(width: width)
  }

  /// A net: its cell, widths and time, and its parameters with their shapes.
  func lines(_ value: NetValue) -> [String] {
    let net = value.net
    let store = net.recurrence.store
    func sized(_ symbols: [SymbolID]) -> String {
      symbols.map { symbol in
        let sides = net.sides(symbol)
        return "\(store[symbol].name): " + (sides.isEmpty ? "1" : sides.map(String.init).joined(separator: " × "))
      }.joined(separator: "   ")
    }
    var head = "net of \(net.recurrence.name) (\(sized(net.recurrence.inputs + net.recurrence.outputs)))"
    head += ", \(net.type.rawValue), seed \(net.seed), at t = \(net.time)"
    if value.isBatched, let batch = net.batch { head += ", a batch of \(counted(batch, "sequence"))" }
    let parameters = sized(net.recurrence.parameters)
    return
      (Wrapping.wrap(head, width: width)
      + (parameters.isEmpty ? [] : Wrapping.wrap("  " + parameters, width: width))
      + ["  \(counted(net.parameterCount, "number")) in all"])
  }
}
