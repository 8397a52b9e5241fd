import Algebra
import Figures
import Typography

/// How values look: on one line the literal that makes them, if it fits; else a short form that says what is left out.
struct Display {
  /// Columns of the terminal.
  var width: Int
  var digits = NumberText.shownDigits
  var ink = Ink.blocks
  /// How derivations are written.
  var notation = Notation.elementwise

  /// A text as it will be printed, for what is laid out in columns: ASCII spellings are longer.
  func spelled(_ text: String) -> String { ink == .ascii ? Glyphs.ascii(text) : text }

  /// What an expression statement prints, as wide as the terminal at most. ASCII takes more room than what is laid out:
  /// then it is laid out for less, until it fits as it is spelled.
  func lines(_ value: Value) -> [String] {
    var narrower = self
    var result = narrower.laidOut(value)
    guard ink == .ascii else { return result }
    for _ in 0..<16 where narrower.width > Display.narrowest {
      let widest = result.reduce(0) { max($0, spelled($1).displayWidth) }
      guard widest > width else { break }
      narrower.width = max(min(narrower.width * width / widest, narrower.width - 2), Display.narrowest)
      result = narrower.laidOut(value)
    }
    return result
  }

  /// Nothing is laid out for less.
  private static let narrowest = 20

  private func laidOut(_ value: Value) -> [String] {
    let room = max(width, 20)
    // A line wider than this many characters is not shown as one anyway.
    var writer = LiteralWriter(digits: digits, limit: room + 1)
    writer.write(value)
    if !writer.isCut, writer.text.displayWidth <= room, !value.isAlwaysLong { return [writer.text] }
    switch value {
    case .tensor(let tensor): return TensorSummary(tensor, self).lines
    case .text(let text): return longText(text)
    case .list(let list): return longList(list)
    case .record(let record): return longRecord(record)
    case .table(let table): return TableText(table, self).lines
    case .function(let function): return functionLines(function)
    case .cell(let cell): return lines(cell)
    case .net(let net): return lines(net)
    case .track(let track): return lines((try? Interpreter.tensor(of: track)).map { .tensor($0) } ?? .nothing)
    case .derivation(let derivation): return derivation.lines(width: room, notation)
    case .formula(let formula): return Wrapping.wrap(formula.text, width: room)
    case .figure(let figure): return figure.lines(self)
    default: return [writer.text]
    }
  }

  /// What `print` and `"{value}"` make of a value: a text as it is, everything else as a literal.
  func inText(_ value: Value) -> String {
    switch value {
    case .text(let text): return text
    case .number(let number): return NumberText.significant(number, digits: digits)
    case .table, .track, .formula, .derivation, .figure: return lines(value).joined(separator: "\n")
    default:
      var writer = LiteralWriter(digits: digits, limit: Self.textLimit)
      writer.write(value)
      return writer.isCut ? lines(value).joined(separator: "\n") : writer.text
    }
  }

  /// The longest literal that stands inside of a text; above that the short form.
  static let textLimit = 10_000

  /// A value on one line of at most so many columns.
  func oneLine(_ value: Value, width: Int) -> String {
    var writer = LiteralWriter(digits: digits, limit: max(4, width))
    writer.write(value)
    if !writer.isCut, writer.text.displayWidth <= width { return writer.text }
    switch value {
    case .tensor, .list, .record, .table: return TensorSummary.header(of: value)
    case .text(let text): return "text of \(counted(text.count, "character"))"
    default: return String(writer.text.prefix(max(1, width - 1))) + "…"
    }
  }

  // MARK: Long forms

  private func longText(_ text: String) -> [String] {
    let head = "text of \(counted(text.count, "character")), \(counted(lineCount(text), "line"))"
    return [head, "  " + LiteralWriter.quoted(String(text.prefix(max(10, width - 6)))) + " …"].map(cut)
  }

  private func lineCount(_ text: String) -> Int {
    let newlines = text.utf8.reduce(0) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    return text.utf8.last == UInt8(ascii: "\n") ? newlines : newlines + 1
  }

  private func longList(_ list: List) -> [String] {
    let items = list.items
    let shown = items.count > 12 ? 10 : items.count
    var lines = ["list of \(items.count)"]
    for position in 0..<shown {
      let head = "  \(position + 1)  "
      lines.append(head + oneLine(items[position], width: width - head.count))
    }
    if shown < items.count { lines.append("  … and \(items.count - shown) more") }
    return lines
  }

  private func longRecord(_ record: Record) -> [String] {
    let names = record.names
    let shown = names.count > 40 ? 40 : names.count
    let widest = min(24, names.prefix(shown).map(\.displayWidth).max() ?? 0)
    var lines = ["record"]
    for position in 0..<shown {
      let name = names[position] + ":"
      let gap = String(repeating: " ", count: max(1, widest + 2 - name.displayWidth))
      let head = "  " + name + gap
      lines.append(head + oneLine(record.values[position], width: max(10, width - head.displayWidth)))
    }
    if shown < names.count { lines.append("  … and \(names.count - shown) more") }
    return lines
  }

  private func functionLines(_ function: Function) -> [String] {
    switch function.kind {
    case .user(let user):
      return user.code.place.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    case .builtin(let builtin): return ["\(builtin.signature)   \(builtin.summary)"]
    case .derivative: return [function.name]
    }
  }

  /// A line that is cut to the width, with a sign that it was.
  func cut(_ line: String) -> String {
    guard line.displayWidth > width else { return line }
    var result = ""
    var used = 0
    for character in line {
      let cells = String(character).displayWidth
      guard used + cells < width else { break }
      result.append(character)
      used += cells
    }
    return result + "…"
  }
}

extension Value {
  /// Shown over several lines even if it is short.
  fileprivate var isAlwaysLong: Bool {
    switch self {
    case .table, .function, .cell, .net, .track, .formula, .derivation, .figure: true
    default: false
    }
  }
}
