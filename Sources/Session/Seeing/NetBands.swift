import Algebra
import Figures
import Runtime
import Syntax

/// What a net did as bands of a heatmap: of a batch the first sequence.
struct NetBands {
  let value: NetValue
  let interpreter: Interpreter
  let place: Place?
  /// The most numbers that a heatmap is made from.
  static let bound = 8_000_000

  init(_ value: NetValue, _ interpreter: Interpreter, _ place: Place?) {
    self.value = value
    self.interpreter = interpreter
    self.place = place
  }

  private var net: Net { value.net }
  private var recurrence: Recurrence { value.recurrence }

  /// `[unit][time]`, from time 1 to the time reached.
  func rows(_ symbol: SymbolID) throws -> [[Double]] {
    let (width, batch, time) = (net.count(symbol), net.batch ?? 1, net.time)
    guard time > 0 else { return [[Double]](repeating: [], count: width) }
    let (numbers, overflows) = time.multipliedReportingOverflow(by: width * batch)
    guard !overflows, numbers <= NetBands.bound else {
      throw SessionError.builtin(
        "\(recurrence.store[symbol].name) has \(time) steps of \(width * batch) numbers; up to \(NetBands.bound) are drawn",
        hint: "a part of the time: heatmap(net.\(recurrence.store[symbol].name)[1..1000])", place)
    }
    let values = try net.values(symbol, times: 1...time)
    guard values.count >= time * width * batch else { return [] }
    return try (0..<width).map { unit in
      try interpreter.poll()
      return (0..<time).map { values[$0 * batch * width + unit] }
    }
  }

  func name(_ symbol: SymbolID) -> String { recurrence.store[symbol].name }

  func band(_ symbol: SymbolID, scale: Heatmap.Scale? = nil) throws -> Heatmap.Band {
    let rows = try rows(symbol)
    return Heatmap.Band(
      title: name(symbol), caption: recurrence.purposes[symbol] ?? "", rows: rows, scale: scale ?? .fitted(rows))
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
