import Syntax
import Typography

/// `?name`, `help name`, `?"words"`: at most twelve lines, made from the tables.
extension Interpreter {
  private static let mostLines = 12

  func help(_ topic: String, _ place: Place?) throws -> [String] {
    if topic.isEmpty || topic == "help" && place == nil { return fitted(overview) }
    if topic.hasPrefix("\""), topic.count > 1 { return search(topic.filter { $0 != "\"" }) }
    var topic = topic
    if topic.hasPrefix("\\"), let glyph = Glyphs.named(String(topic.dropFirst())) { topic = glyph.text }
    if let user = bindings[topic]?.value { return about(topic, user) }
    if let row = builtins[topic] { return lines(row) }
    if let cell = try library.cell(topic, environment: environment) { return lines(cell) }
    if let row = KeywordHelp.byName[topic] { return lines(row) }
    if topic.hasSuffix("'"), let row = builtins[String(topic.dropLast())] { return lines(row) }
    let near = nearNames(topic, among: knownNames + KeywordHelp.table.flatMap(\.names))
    if near.isEmpty, place == nil {
      let found = search(topic)
      if found.count > 1 { return found }
    }
    throw SessionError.noHelp(topic, near: near, place)
  }

  private var overview: [String] {
    [
      "?name            what a function, operator or word is: ?σ, ?mean, ?for, ?·",
      "?\"words\"         searches: ?\"standard deviation\"",
      "cell N(x) -> h { h[t] = … }   defines a cell; net = N(x: 2) makes a net of it",
      "feed(net, X)     runs it; net.h[3] looks inside; gates(net) shows its gates",
      "show(LSTM)       shows a cell of the library; ?\"gate\" finds cells",
      "\\sigma<TAB>       σ, and so every other symbol",
      ":quit, Ctrl-D    leaves",
    ]
  }

  private func lines(_ row: Builtin) -> [String] {
    // On a line of its own where the two do not go on one.
    let whole = "\(row.signature)   \(row.summary)"
    let summary = Wrapping.wrap("  \(row.summary)", width: max(40, options.width), indent: 2)
    var lines = whole.displayWidth <= options.width ? [whole] : [row.signature] + summary
    if let equation = row.equation { lines.append("  \(equation)") }
    if let derivative = row.derivative { lines.append("  derivative: \(derivative)") }
    if row.names.count > 1 { lines.append("  also written " + row.names.dropFirst().joined(separator: ", ")) }
    return fitted(lines + example(row.example, row.result))
  }

  private func lines(_ cell: Cell) -> [String] {
    let recurrence = cell.recurrence
    let widths = recurrence.shapes.openWidths.map { "\($0): 3" }.joined(separator: ", ")
    return fitted(
      recurrence.summary(width: options.width) + (recurrence.purpose.map { ["  " + $0] } ?? [])
        + [
          "  show(\(cell.name)) shows its equations, gates(\(cell.name)) its gates; \(cell.name)(\(widths)) makes a net"
        ])
  }

  private func lines(_ row: KeywordHelp) -> [String] {
    fitted(["\(row.form)   \(row.summary)"] + (row.example.isEmpty ? [] : example(row.example, row.result)))
  }

  private func example(_ statement: String, _ result: String) -> [String] {
    let results = result.split(separator: "\n", omittingEmptySubsequences: false)
    return ["  example: \(statement)"] + results.map { "           \($0)" }
  }

  private func about(_ name: String, _ value: Value) -> [String] {
    if case .cell(let cell) = value { return self.lines(cell) }
    var lines = ["\(name) is \(value.kind)"]
    if case .function = value { lines = [] }
    lines += display.lines(value).map { "  " + $0 }
    if builtins[name] != nil { lines.append("  it hides the built-in; forget \(name) brings it back") }
    return fitted(lines)
  }

  /// Long lines are wrapped at blanks, and what is beyond the last line that may be shown is left out.
  private func fitted(_ lines: [String]) -> [String] {
    let wrapped = lines.flatMap { Wrapping.wrap($0, width: max(40, options.width)) }
    return wrapped.count <= Self.mostLines ? wrapped : wrapped.prefix(Self.mostLines - 1) + ["  …"]
  }

  /// The rows whose name, summary or theme has every word.
  private func search(_ words: String) -> [String] {
    let wanted = words.lowercased().split(separator: " ").map(String.init)
    guard !wanted.isEmpty else { return fitted(overview) }
    var found: [String] = []
    for row in BuiltinTable.rows {
      let text = "\(row.names.joined(separator: " ")) \(row.summary) \(row.theme.rawValue)".lowercased()
      if wanted.allSatisfy({ text.contains($0) }) { found.append("\(row.signature)   \(row.summary)") }
    }
    for row in KeywordHelp.table {
      let text = "\(row.names.joined(separator: " ")) \(row.summary)".lowercased()
      if wanted.allSatisfy({ text.contains($0) }) { found.append("\(row.form)   \(row.summary)") }
    }
    for name in library.names {
      let description = library.description(of: name) ?? ""
      let text = "\(name) \(description)".lowercased()
      if wanted.allSatisfy({ text.contains($0) }) { found.append("\(name)   \(description)") }
    }
    guard !found.isEmpty else { return ["nothing is said about \(words)"] }
    let shown = found.prefix(Self.mostLines - 1).map(display.cut)
    return found.count > shown.count ? shown + ["… and \(found.count - shown.count) more"] : Array(shown)
  }
}
