import Figures
import Glibc
import Syntax

/// What `plot` was given, as lines.
struct ChartReader {
  let call: Call
  var series: [Chart.Series] = []
  var notes: [String] = []
  /// What the lines agree on for the axis across.
  var xLabel: String?
  var points = 0
  /// Which lines are numbers that were given alone.
  private var levels: [Int] = []
  var style = Chart.Series.Style.line

  /// What the lines are of, where their own names would all begin with it.
  var subject = ""

  static let mostSeries = 200
  /// More columns of one matrix or track are not told apart: their mean and extremes are drawn.
  static let mostColumns = 16
  static let mostPoints = 2_000_000
  /// So many places of a range at which a function is computed: its middle is one.
  private static let samples = 401

  init(_ call: Call) { self.call = call }

  mutating func chart() throws -> Chart {
    style = try word("style", [("line", .line), ("points", .points), ("dashed", .dashed)]) ?? .line
    let logs = try word("log", [("x", (true, false)), ("y", (false, true)), ("xy", (true, true))]) ?? (false, false)
    let over = try places(isLogarithmic: logs.0)
    for position in 0..<call.count { try read(position, over) }
    stretchLevels(over, isLogarithmic: logs.0)
    try label()
    var x = Chart.Axis(label: xLabel ?? "", isLogarithmic: logs.0)
    if case .range(let range, _) = over { x.range = range.lower...range.upper }
    let y = Chart.Axis(isLogarithmic: logs.1, range: try range("y", isLogarithmic: logs.1).map { $0.lower...$0.upper })
    try checkForSomething(logs)
    let title = try call.title()
    return Chart(title: title.isEmpty && call.count == 1 ? subject : title, x: x, y: y, series: series, notes: notes)
  }

  // MARK: Options

  private func word<Choice>(_ label: String, _ choices: [(String, Choice)]) throws -> Choice? {
    guard let (value, place) = call.label(label) else { return nil }
    let known = choices.map { "\"\($0.0)\"" }.joined(separator: ", ")
    guard case .text(let word) = value else {
      throw SessionError.argument(
        of: call.builtin.name, needs: "one of \(known) in \(label):", value.described, hint: nil, place)
    }
    guard let choice = choices.first(where: { $0.0 == word }) else {
      throw SessionError.builtin("\(label): takes one of \(known), and this is \"\(word)\"", hint: nil, place)
    }
    return choice.1
  }

  private func range(_ label: String, isLogarithmic: Bool) throws -> NumberRange? {
    guard let (value, place) = call.label(label) else { return nil }
    guard case .range(let range) = value else {
      throw SessionError.argument(
        of: call.builtin.name, needs: "a range in \(label):", value.described, hint: "\(label): -6..6", place)
    }
    guard range.lower < range.upper, range.lower.magnitude < 1e300, range.upper.magnitude < 1e300 else {
      throw SessionError.builtin("\(label): takes a range from less to more", hint: "\(label): -6..6", place)
    }
    guard !isLogarithmic || range.lower > 0 else {
      throw SessionError.builtin(
        "a logarithmic axis begins above 0",
        hint: "\(label): 0.001..\(call.interpreter.display.inText(.number(max(range.upper, 1))))",
        place)
    }
    return range
  }

  /// What runs along the axis across.
  enum Over {
    case unsaid
    case range(NumberRange, isLogarithmic: Bool)
    case places([Double])
  }

  private func places(isLogarithmic: Bool) throws -> Over {
    guard let (value, place) = call.label("over") else { return .unsaid }
    if case .range = value, let range = try range("over", isLogarithmic: isLogarithmic) {
      return .range(range, isLogarithmic: isLogarithmic)
    }
    guard let tensor = value.asTensor, tensor.isVector else {
      throw SessionError.argument(
        of: call.builtin.name, needs: "a range, or a vector of places, in over:", value.described,
        hint: "over: -6..6", place)
    }
    return .places(tensor.numbers)
  }

  // MARK: Lines

  private mutating func read(_ position: Int, _ over: Over) throws {
    try call.poll()
    switch call.values[position] {
    case .function(let function): try add(function, position, over)
    case .number(let number): add(level: number, position, over)
    case .list(let list): try add(pair: list, position)
    case .record(let record): try add(record, position, over)
    case .table(let table): try add(table, position)
    case .net: throw call.wrong(position, needs: "numbers or functions", hint: "plot(net.h) draws a track")
    case .cell(let cell):
      throw call.wrong(position, needs: "numbers or functions", hint: "draw(\(cell.name)) shows a cell")
    default: try add(try call.tensor(position), named: Self.boardName(call.written(position)), position, over)
    }
  }

  /// `h` for `net.h`.
  private static func boardName(_ written: String) -> String {
    let name = written.split(separator: ".").last.map(String.init) ?? written
    return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "̃" } ? name : written
  }

  mutating func add(_ function: Function, _ position: Int, _ over: Over) throws {
    let count: Int? =
      switch function.kind {
      case .user(let user): user.code.parameters.count
      case .builtin(let builtin):
        builtin.parameters.required <= 1 && !builtin.parameters.positional.isEmpty ? 1 : builtin.parameters.required
      case .derivative: 1
      }
    guard count == 1 else {
      throw call.problem(
        at: position, "plot draws functions of one number, and this is \(function.signature)",
        hint: "fn f(x) = … of one number")
    }
    var line: [Point] = []
    for x in samples(over) {
      try call.poll()
      let answer = try call.interpreter.call(function, [.number(x)], call.places[position])
      guard case .number(let y) = answer else {
        throw call.problem(
          at: position, "plot draws functions that answer numbers, and \(function.name) of a number is \(answer.kind)")
      }
      line.append(Point(x, y))
    }
    try append(function.name, line, across: "x")
  }

  /// Where functions are computed: over the numbers beside them if nothing else was said.
  func samples(_ over: Over) -> [Double] {
    switch over {
    case .places(let places): return places
    case .range(let range, let isLogarithmic): return Self.spread(range.lower, range.upper, Self.samples, isLogarithmic)
    case .unsaid:
      let longest = call.values.compactMap { value -> Int? in
        guard let tensor = value.asTensor, value.isSequence else { return nil }
        return tensor.shape[0]
      }.max()
      guard let longest, longest > 1 else { return Self.spread(-6, 6, Self.samples, false) }
      return Self.spread(1, Double(longest), Self.samples, false)
    }
  }

  /// So many numbers from one to another, both included; on a logarithmic axis evenly there.
  static func spread(_ first: Double, _ last: Double, _ count: Int, _ isLogarithmic: Bool) -> [Double] {
    (0..<count).map { step in
      let part = count > 1 ? Double(step) / Double(count - 1) : 0
      return isLogarithmic ? exp2(log2(first) * (1 - part) + log2(last) * part) : first * (1 - part) + last * part
    }
  }

  /// A number beside other lines: where they go to. It is as long as they are, which is not known yet.
  private mutating func add(level: Double, _ position: Int, _ over: Over) {
    levels.append(series.count)
    series.append(
      Chart.Series(name: call.written(position), points: [Point(.nan, level), Point(.nan, level)], style: .dashed))
  }

  private mutating func stretchLevels(_ over: Over, isLogarithmic: Bool) {
    let places = series.lazy.flatMap(\.points).map(\.x).filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    let (least, greatest) = places.reduce((Double.infinity, -Double.infinity)) { (min($0.0, $1), max($0.1, $1)) }
    let samples = least <= greatest ? [least, greatest] : samples(over)
    for index in levels where series[index].points.count == 2 {
      series[index].points[0].x = samples.first ?? 0
      series[index].points[1].x = samples.last ?? 1
    }
  }

  mutating func append(_ name: String, _ line: [Point], across: String) throws {
    points += line.count
    guard points <= Self.mostPoints else {
      throw call.problem("plot draws up to \(Self.mostPoints) points", hint: "a part of them: v[1..100000]")
    }
    series.append(Chart.Series(name: name, points: line, style: style))
    // Lines over different things share an axis without a name.
    xLabel = xLabel == nil || xLabel == across ? across : ""
  }

  // MARK: Afterwards

  /// `labels: ("a", "b")`.
  private mutating func label() throws {
    guard let (value, place) = call.label("labels") else { return }
    let items: [Value] = if case .list(let list) = value { list.items } else { [value] }
    let names = items.compactMap { item -> String? in if case .text(let text) = item { text } else { nil } }
    guard names.count == items.count else {
      throw SessionError.argument(
        of: call.builtin.name, needs: "texts in labels:", value.described, hint: "labels: (\"a\", \"b\")", place)
    }
    guard names.count == series.count else {
      throw SessionError.builtin(
        "labels: names \(counted(names.count, "line")), and there \(series.count == 1 ? "is 1" : "are \(series.count)")",
        hint: nil, place)
    }
    for index in series.indices { series[index].name = names[index] }
  }

  /// Notes what an axis leaves out, and says why if that is all.
  private mutating func checkForSomething(_ logs: (x: Bool, y: Bool)) throws {
    var (shown, low) = (0, 0)
    for point in series.lazy.flatMap(\.points) where point.x.isFinite && point.y.isFinite {
      if logs.y && point.y <= 0 || logs.x && point.x <= 0 { low += 1 } else { shown += 1 }
    }
    if low > 0, shown == 0 {
      throw call.problem("a logarithmic axis shows what is above 0, and nothing here is", hint: "leave log: out")
    }
    if low > 0 {
      notes.append(
        "left out: \(counted(low, "value")) at or below 0, which a logarithmic axis does not have")
    }
    if shown == 0, low == 0 {
      throw call.problem("there is nothing to draw: no value is a number", hint: "over: another range?")
    }
  }
}
