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
    return Heatmap(bands: shown, notes: bands.notes)
  }

  // MARK: Any numbers

  @Sendable private static func heatmap(_ call: inout Call) throws -> Value {
    let asked = try scale(call)
    var bands: [Heatmap.Band] = []
    var notes: [String] = []
    var isTimed: Bool?
    for position in 0..<call.count {
      try call.poll()
      if case .net = call.values[position] {
        throw call.wrong(position, needs: "numbers", hint: "gates(net) shows a net's gates; heatmap(net.h) a track")
      }
      let tensor = try call.tensor(position)
      guard tensor.count <= NetBands.bound else {
        throw call.problem(
          at: position, "a heatmap takes up to \(NetBands.bound) numbers, and these are \(tensor.count)")
      }
      guard isTimed ?? tensor.isTimed == tensor.isTimed else {
        throw call.problem(
          at: position, "tracks run over time and matrices do not, so they do not share an axis",
          hint: "a heatmap for each")
      }
      isTimed = tensor.isTimed
      let rows = try rows(tensor, call)
      if tensor.rank > 2 { notes = ["the first of \(tensor.columns) sequences"] }
      bands.append(Heatmap.Band(title: call.written(position), rows: rows, scale: asked ?? .fitted(rows)))
    }
    // Differences and the like: bands of one kind share the scale that holds them all, so that they can be compared.
    if asked == nil, bands.contains(where: { $0.scale?.kind == .diverging }) {
      let scale = Heatmap.Scale.fitted(bands.flatMap(\.rows))
      for index in bands.indices { bands[index].scale = scale }
    }
    return .figure(
      .picture(
        Heatmap(
          title: try call.title(), bands: bands, axis: isTimed == true ? "t" : "column", notes: notes)))
  }

  /// A track's units, a batch's first sequence, a matrix's rows, a vector as one row.
  private static func rows(_ tensor: Tensor, _ call: Call) throws -> [[Double]] {
    let numbers = tensor.numbers
    guard tensor.rank > 1 else { return [numbers] }
    let width = tensor.shape[tensor.rank - 1]
    if !tensor.isTimed, tensor.rank == 2 {
      return (0..<tensor.rows).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    }
    let stride = tensor.rank == 2 ? width : tensor.columns * width
    return try (0..<width).map { unit in
      try call.poll()
      return (0..<tensor.rows).map { numbers[$0 * stride + unit] }
    }
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
    let (ours, theirs) = (
      NetBands(first, call.interpreter, call.places[0]), NetBands(second, call.interpreter, call.places[1])
    )
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
      let rows = zip(try ours.rows(symbol), try theirs.rows(other)).map { zip($0, $1).map { $1 - $0 } }
      bands.append(Heatmap.Band(title: name, caption: largest(rows), rows: rows))
    }
    // Gates lie between 0 and 1 and share a scale; a state can be far larger, and would leave them pale.
    let gates = Set(first.recurrence.gates.map(\.name))
    let ofGates = Heatmap.Scale.around(Self.greatest(bands.filter { gates.contains($0.title) }))
    for (index, band) in bands.enumerated() {
      bands[index].scale = gates.contains(band.title) ? ofGates : .around(Self.greatest([band]))
    }
    let greatest = Self.greatest(bands)
    var notes = ours.notes
    if greatest == 0, first.net.time > 0 { notes.append("they do not differ") }
    let isFedOtherwise = try zip(first.recurrence.inputs, second.recurrence.inputs).contains {
      try ours.rows($0) != theirs.rows($1)
    }
    if isFedOtherwise { notes.append("the two were not fed the same") }
    return .figure(
      .picture(
        Heatmap(title: "\(call.written(1)) − \(call.written(0))", bands: bands, notes: notes)))
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

  private static func largest(_ rows: [[Double]]) -> String {
    var found = (size: 0.0, value: 0.0, time: 0)
    for row in rows {
      for (time, value) in row.enumerated() where value.magnitude > found.size {
        found = (value.magnitude, value, time + 1)
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
