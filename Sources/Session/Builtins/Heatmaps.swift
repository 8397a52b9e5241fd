import Algebra
import Figures
import Runtime
import Syntax

/// Values over time as colours.
extension BuiltinTable {
  static let heatmaps: [Builtin] = [
    Builtin(
      "gates", theme: .seeing, "gates(x, of: names)",
      "of a net: every gate over time and what was fed, as a heatmap; gates(net, of: (\"f\", \"c\")) shows other variables; of a cell: a table of what makes each a gate, what it reads and multiplies, and so controls",
      example: "length(gates(linear))", "0", .general(gates)),
    Builtin(
      "heatmap", theme: .seeing, "heatmap(x, ..., scale: range, title: text)",
      "tracks over time, or matrices as they stand, as colours: heatmap(net.f, net.c), heatmap(net.W_f), heatmap(held.h - net.h)",
      example: "heatmap([0, 0.3, 0.6; 1, 0.5, 0])",
      """
      [0, 0.3, 0.6; 1, 0.5, 0]
        1 ···░░░▓▓▓
        2 ███▒▒▒···
          1  2  3
          0 ··░░▒▒▓▓██ 1
      """, .general(heatmap)),
    Builtin(
      "difference", theme: .seeing, "difference(net, other, of: names)",
      "other minus net, variable by variable over time, of two nets that were fed the same: difference(net, clamp(net, f: 1))",
      example: "net = linear(x: 1, y: 1); y = feed(net, [1; 2]); type(difference(net, clamp(net, y: 5)))",
      "\"figure\"", .general(difference)),
  ]

  // MARK: Gates

  @Sendable private static func gates(_ call: inout Call) throws -> Value {
    switch call.values[0] {
    case .cell(let cell):
      if let (_, place) = call.label("of") {
        throw SessionError.builtin("of: is for a net's variables over time, and this is a cell", hint: nil, place)
      }
      return .table(table(of: cell.recurrence))
    case .net(let value): return .figure(.picture(try heatmap(of: value, call)))
    default: throw call.wrong(0, needs: "a net or a cell")
    }
  }

  private static func table(of recurrence: Recurrence) -> Table {
    let gates = recurrence.gates
    var headings = ["gate", "equation", "activation", "range", "reads", "multiplies", "controls"]
    var columns = [
      gates.map(\.name), gates.map(\.equation), gates.map(\.activation), gates.map(\.range),
      gates.map { $0.reads.joined(separator: ", ") }, gates.map { $0.multiplies.joined(separator: "; ") },
      gates.map { $0.controls.joined(separator: "; ") },
    ]
    if gates.contains(where: { $0.purpose != nil }) {
      headings.append("purpose")
      columns.append(gates.map { $0.purpose ?? "" })
    }
    return Table(headings: headings, columns: columns.map { .texts($0) }, isRead: true)
  }

  private static func heatmap(of value: NetValue, _ call: Call) throws -> Heatmap {
    let bands = NetBands(value, call.interpreter, call.places[0])
    let chosen = try bands.chosen(call)
    let gates = try bands.gates()
    guard chosen != nil || !gates.isEmpty else {
      throw call.problem(
        at: 0, "\(value.recurrence.name) has no gates",
        hint:
          "a gate is a variable between 0 and 1 that multiplies something; gates(net, of: \"\(value.recurrence.variables.first.map(bands.name) ?? "h")\") shows any other"
      )
    }
    var shown = try chosen?.map { try bands.band($0) } ?? gates
    let titles = Set(shown.map(\.title))
    shown += try bands.inputs().filter { !titles.contains($0.title) }
    return bands.heatmap(shown)
  }

  // MARK: Any numbers

  @Sendable private static func heatmap(_ call: inout Call) throws -> Value {
    let asked = try scale(call)
    var tensors: [Tensor] = []
    var isTimed: Bool?
    for position in 0..<call.count {
      try call.poll()
      if case .net = call.values[position] {
        throw call.wrong(position, needs: "numbers", hint: "gates(net) shows a net's gates; heatmap(net.h) a track")
      }
      let tensor = try call.tensor(position)
      guard isTimed ?? tensor.isTimed == tensor.isTimed else {
        throw call.problem(
          at: position, "tracks run over time and matrices do not, so they do not share an axis",
          hint: "a heatmap for each")
      }
      isTimed = tensor.isTimed
      tensors.append(tensor)
    }
    let (units, steps) = tensors.map(extents).reduce((1, 1)) { (max($0.0, $1.units), max($0.1, $1.steps)) }
    let stepsPerColumn = PooledRows.stepsPerColumn(units: units, steps: steps)
    var bands = try tensors.enumerated().map { position, tensor in
      let rows = try rows(tensor, stepsPerColumn: stepsPerColumn, call)
      return Heatmap.Band(title: call.written(position), pooled: rows, scale: asked ?? .fitted(rows.rows))
    }
    let sequences = tensors.last { $0.rank > 2 }?.columns
    // Differences and the like: bands of one kind share the scale that holds them all, so that they can be compared.
    if asked == nil, bands.contains(where: { $0.scale?.kind == .diverging }) {
      let scale = Heatmap.Scale.fitted(bands.flatMap(\.rows))
      for index in bands.indices { bands[index].scale = scale }
    }
    var map = Heatmap(
      title: try call.title(), bands: bands, axis: isTimed == true ? "t" : "column",
      notes: sequences.map { ["the first of \($0) sequences"] } ?? [])
    map.stepsPerColumn = stepsPerColumn
    map.steps = steps
    return .figure(.picture(map))
  }

  /// A track's units over its times, a matrix's rows over its columns, a vector as one row.
  private static func extents(_ tensor: Tensor) -> (units: Int, steps: Int) {
    if tensor.rank < 2 { return (1, tensor.count) }
    let width = tensor.shape[tensor.rank - 1]
    return !tensor.isTimed && tensor.rank == 2 ? (tensor.rows, width) : (width, tensor.rows)
  }

  /// Of a batch the first sequence.
  private static func rows(_ tensor: Tensor, stepsPerColumn: Int, _ call: Call) throws -> PooledRows {
    let numbers = tensor.numbers
    let (units, steps) = extents(tensor)
    var result = PooledRows(units: units, steps: steps, stepsPerColumn: stepsPerColumn)
    let isByRows = tensor.rank < 2 || !tensor.isTimed && tensor.rank == 2
    let stride = tensor.rank > 2 ? tensor.columns * units : units
    for unit in 0..<units {
      try call.poll()
      for step in 0..<steps {
        result.add(numbers[isByRows ? unit * steps + step : step * stride + unit], unit: unit, step: step)
      }
    }
    return result
  }

  /// `scale: -1..1`: around 0 if it lies as far below as above.
  private static func scale(_ call: Call) throws -> Heatmap.Scale? {
    guard let (value, place) = call.label("scale") else { return nil }
    guard case .range(let range) = value else {
      throw SessionError.argument(
        of: call.builtin.name, needs: "a range in scale:", value.described, hint: "scale: -1..1", place)
    }
    guard range.lower < range.upper, (range.upper - range.lower).isFinite else {
      throw SessionError.builtin("scale: takes a range from less to more", hint: "scale: -1..1", place)
    }
    return Heatmap.Scale(
      low: range.lower, high: range.upper, kind: range.lower == -range.upper ? .diverging : .sequential)
  }

  // MARK: What another net did otherwise

  @Sendable private static func difference(_ call: inout Call) throws -> Value {
    let (first, second) = (try call.net(0), try call.net(1))
    var (ours, theirs) = (
      NetBands(first, call.interpreter, call.places[0]), NetBands(second, call.interpreter, call.places[1])
    )
    ours.stepsPerColumn = max(ours.stepsPerColumn, theirs.stepsPerColumn)
    theirs.stepsPerColumn = ours.stepsPerColumn
    guard first.net.time == second.net.time else {
      throw call.problem(
        "the first net is at t = \(first.net.time), the second at t = \(second.net.time)",
        hint: "feed both the same; clamp(net, f: 1) answers a net that was")
    }
    let chosen = try ours.chosen(call) ?? compared(first.recurrence)
    var bands: [Heatmap.Band] = []
    for symbol in chosen {
      let name = ours.name(symbol)
      guard let other = second.recurrence.store.symbol(named: name), first.net.count(symbol) == second.net.count(other)
      else {
        throw call.problem(
          at: 1, "\(name) of the first net has \(first.net.count(symbol)) numbers, and the second has no such \(name)",
          hint: "difference(net, other, of: \"\(name)\") compares one variable")
      }
      var band = Heatmap.Band(title: name, pooled: try ours.rows(symbol))
      band.rows = zip(band.rows, try theirs.rows(other).rows).map { zip($0, $1).map { $1 - $0 } }
      band.caption = largest(band.rows, stepsPerColumn: ours.stepsPerColumn)
      bands.append(band)
    }
    // Gates lie between 0 and 1 and share a scale; a state can be far larger, and would leave them pale.
    let gates = Set(first.recurrence.gates.map(\.name))
    let ofGates = Heatmap.Scale.around(Self.greatest(bands.filter { gates.contains($0.title) }))
    for (index, band) in bands.enumerated() {
      bands[index].scale = gates.contains(band.title) ? ofGates : .around(Self.greatest([band]))
    }
    let greatest = Self.greatest(bands)
    var notes: [String] = []
    if greatest == 0, first.net.time > 0 { notes.append("they do not differ") }
    let isFedOtherwise = try zip(first.recurrence.inputs, second.recurrence.inputs).contains {
      try ours.rows($0).rows != theirs.rows($1).rows
    }
    if isFedOtherwise { notes.append("the two were not fed the same") }
    let title = "\(call.written(1)) − \(call.written(0))"
    return .figure(.picture(ours.heatmap(title: title, bands, notes: notes)))
  }

  private static func greatest(_ bands: [Heatmap.Band]) -> Double {
    bands.lazy.flatMap(\.rows).joined().reduce(0) { max($0, $1.magnitude) }
  }

  /// All variables of a small cell; of a large one its gates, states and outputs.
  private static func compared(_ recurrence: Recurrence) -> [SymbolID] {
    guard recurrence.variables.count > 10 else { return recurrence.variables }
    let gates = Set(recurrence.gates.compactMap(\.symbol))
    let states = recurrence.readEarlier
    return recurrence.variables.filter { gates.contains($0) || states.contains($0) || recurrence.outputs.contains($0) }
  }

  private static func largest(_ rows: [[Double]], stepsPerColumn: Int) -> String {
    var found = (size: 0.0, value: 0.0, time: 0)
    for row in rows {
      for (time, value) in row.enumerated() where value.magnitude > found.size {
        found = (value.magnitude, value, time * stepsPerColumn + 1)
      }
    }
    guard found.size > 0 else { return "the same" }
    return "largest \(Display(width: 80, digits: 3).inText(.number(found.value))) at t = \(found.time)"
  }
}

extension Call {
  /// How an argument was written, if it is short; for names of lines and bands.
  func written(_ position: Int) -> String {
    let text = (position < places.count ? places[position]?.text : nil) ?? ""
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.isEmpty || line.count > 40 ? "\(builtin.parameters.positional.first ?? "x") \(position + 1)" : line
  }

  /// `title: "..."`.
  func title() throws -> String {
    guard let (value, place) = label("title") else { return "" }
    guard case .text(let text) = value else {
      throw SessionError.argument(of: builtin.name, needs: "a text in title:", value.described, hint: nil, place)
    }
    return text
  }
}
