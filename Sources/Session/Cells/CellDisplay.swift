import Algebra
import Runtime
import Typography

extension Display {
  /// A cell as its equations and parameters.
  func lines(_ cell: Cell) -> [String] {
    var text = CellText(cell.recurrence, width: width)
    return text.lines() + cell.recurrence.parameterSummary(width: width)
  }

  /// A net: its cell, widths and time, and its parameters with their shapes, as many to a line as fit.
  func lines(_ value: NetValue) -> [String] {
    let net = value.net
    let store = net.recurrence.store
    func sides(_ symbol: SymbolID) -> String {
      let sides = net.sides(symbol)
      return sides.isEmpty ? "1" : sides.map(String.init).joined(separator: " × ")
    }
    let widths = (net.recurrence.inputs + net.recurrence.outputs).map { "\(store[$0].name): \(sides($0))" }
    var head = "net of \(net.recurrence.name), \(widths.joined(separator: ", "))"
    head += ", \(net.type.rawValue), seed \(net.seed), at t = \(net.time)"
    if value.isBatched, let batch = net.batch { head += ", a batch of \(counted(batch, "sequence"))" }
    var groups: [(sides: String, names: [String])] = []
    for symbol in net.recurrence.parameters {
      if let index = groups.firstIndex(where: { $0.sides == sides(symbol) }) {
        groups[index].names.append(store[symbol].name)
      } else {
        groups.append((sides(symbol), [store[symbol].name]))
      }
    }
    var lines = Wrapping.wrap(head, width: width)
    let items = groups.map { "\($0.names.joined(separator: ", ")): \($0.sides)" }
    for (index, item) in (items + ["in all \(counted(net.parameterCount, "number"))"]).enumerated() {
      if index > 0, let last = lines.last, last.displayWidth + 3 + item.displayWidth <= width {
        lines[lines.count - 1] = last + "   " + item
      } else {
        lines += Wrapping.wrap("  " + item, width: width)
      }
    }
    return lines
  }
}
