import Algebra
import Figures
import Runtime
import Syntax

/// What a net did as bands of a heatmap: of a batch the first sequence.
struct NetBands {
  let value: NetValue
  let interpreter: Interpreter
  let place: Place?
  /// How many steps a column of rows stands for: of all bands alike, since they share an axis.
  var stepsPerColumn: Int

  init(_ value: NetValue, _ interpreter: Interpreter, _ place: Place?) {
    self.value = value
    self.interpreter = interpreter
    self.place = place
    let recurrence = value.recurrence
    let widest = (recurrence.variables + recurrence.inputs).map(value.net.count).max() ?? 1
    stepsPerColumn = PooledRows.stepsPerColumn(units: widest, steps: value.net.time)
  }

  private var net: Net { value.net }
  private var recurrence: Recurrence { value.recurrence }

  /// From time 1 to the time reached, in means where they are too many; they are read a part of the time after the other.
  func rows(_ symbol: SymbolID) throws -> PooledRows {
    let (width, batch, time) = (net.count(symbol), net.batch ?? 1, net.time)
    var result = PooledRows(units: width, steps: time, stepsPerColumn: stepsPerColumn)
    guard time > 0 else { return result }
    let most = max(NetBands.readAtOnce / max(width * batch, 1), 1)
    for first in stride(from: 1, through: time, by: most) {
      try interpreter.poll()
      let last = min(first + most - 1, time)
      let values = try net.values(symbol, times: first...last)
      guard values.count >= (last - first + 1) * width * batch else { break }
      for at in first...last {
        let start = (at - first) * batch * width
        for unit in 0..<width { result.add(values[start + unit], unit: unit, step: at - 1) }
      }
    }
    return result
  }

  /// Numbers that are read at once.
  private static let readAtOnce = 1 << 20

  /// What a heatmap of these bands knows of their axis.
  func heatmap(title: String = "", _ bands: [Heatmap.Band], notes: [String] = []) -> Heatmap {
    var map = Heatmap(title: title, bands: bands, notes: self.notes + notes)
    map.stepsPerColumn = stepsPerColumn
    map.steps = net.time
    return map
  }

  func name(_ symbol: SymbolID) -> String { recurrence.store[symbol].name }

  func band(_ symbol: SymbolID, scale: Heatmap.Scale? = nil) throws -> Heatmap.Band {
    let rows = try rows(symbol)
    return Heatmap.Band(
      title: name(symbol), caption: recurrence.purposes[symbol] ?? "", pooled: rows, scale: scale ?? .fitted(rows.rows))
  }

  /// Every gate, on one scale, with what it is for.
  func gates() throws -> [Heatmap.Band] { try recurrence.gates.compactMap(\.symbol).map { try band($0, scale: .unit) } }

  /// What was fed, beside the gates that it moves.
  func inputs() throws -> [Heatmap.Band] {
    try recurrence.inputs.map { symbol in
      var band = try band(symbol)
      band.caption = band.caption.isEmpty ? "input" : band.caption
      return band
    }
  }

  /// What a note says of a batch.
  var notes: [String] {
    guard let batch = net.batch, batch > 1 else { return [] }
    return ["the first of \(batch) sequences"]
  }

  /// `of: "c"`, `of: ("f", "h")`: variables and inputs by name; nil if it was not given.
  func chosen(_ call: Call) throws -> [SymbolID]? {
    guard let (given, place) = call.label("of") else { return nil }
    let known = (recurrence.variables + recurrence.inputs)
    let items: [Value] = if case .list(let list) = given { list.items } else { [given] }
    return try items.map { item in
      guard case .text(let name) = item else {
        throw SessionError.builtin(
          "of: takes names as texts",
          hint: "of: (\(known.prefix(2).map { "\"\(self.name($0))\"" }.joined(separator: ", ")))",
          place)
      }
      guard let symbol = recurrence.store.symbol(named: name), known.contains(symbol) else {
        throw SessionError.noField(name, of: recurrence.name, has: known.map(self.name), place)
      }
      return symbol
    }
  }
}
