import Algebra
import Typography

/// The steps of a derivation: a rule a line, below it the equation with the part that changed marked.
final class Steps {
  let derivation: Derivation
  let steps: [DerivationStep]

  /// The most steps that are shown at once.
  static let longest = 300

  init(_ derivation: Derivation) throws {
    self.derivation = derivation
    steps = try derivation.steps()
  }

  /// - Parameter spelled: a text as it will be printed, which marks are counted on.
  func lines(
    width: Int, _ form: Notation = .elementwise, spelled: (String) -> String = { $0 }
  ) -> [String] {
    let store = derivation.recurrence.store
    if steps.isEmpty {
      var notation = TextNotation(store)
      return [notation.text(store.insert(.atom(derivation.target))) + " needs no step"]
    }
    let sheet = sheet(form)
    var lines: [String] = []
    var before = ""
    for var line in sheet.textLines() {
      line.remark = line.remark.map { (number: $0.number, words: spelled($0.words)) }
      (line.left, line.right) = (spelled(line.left), spelled(line.right))
      guard let remark = line.remark else {
        lines += FormulaSheet.broken(line, width: width)
        continue
      }
      // The first step of a derivative has it on the left.
      if !line.left.isEmpty {
        before = ""
        if remark.number > 1 { lines.append("") }
        lines.append(line.left)
      }
      lines += Wrapping.wrap("  \(remark.number)  \(remark.words)", width: width)
      lines += Steps.marked(line.right, changedFrom: before, width: width - 4).map { "    " + $0 }
      before = line.right
    }
    if let ranges = sheet.rangesText { lines.append("  " + ranges) }
    if steps.count > Steps.longest { lines.append("… and \(steps.count - Steps.longest) more steps") }
    return lines
  }

  /// The steps as equations, each with its rule above it.
  func sheet(_ notation: Notation) -> FormulaSheet {
    var sheet = FormulaSheet(derivation.recurrence, notation: notation)
    sheet.addSteps(steps.prefix(Steps.longest), of: derivation)
    return sheet
  }

  /// The right side of an equation over several lines, each with marks below what is new.
  static func marked(_ text: String, changedFrom before: String, width: Int) -> [String] {
    let laid = EquationLayout.lines("", text, width: width).map { line in
      line.hasPrefix(" = ") ? String(line.dropFirst()) : line
    }
    let changed = before.isEmpty ? nil : change(from: before, to: text)
    var result: [String] = []
    var position = 0
    for (number, line) in laid.enumerated() {
      result.append(line)
      guard let changed else { continue }
      var marks = ""
      // The = before the text is none of it.
      var isPrefix = number == 0
      for character in line {
        let cells = String(character).displayWidth
        if character == " " || isPrefix {
          if character != " " { isPrefix = false }
          marks += String(repeating: " ", count: cells)
          continue
        }
        marks += String(repeating: changed.contains(position) ? "^" : " ", count: cells)
        position += 1
      }
      while marks.last == " " { marks.removeLast() }
      if !marks.isEmpty { result.append(joined(marks, over: line)) }
    }
    return result
  }

  /// Blanks between marks are marked too.
  private static func joined(_ marks: String, over line: String) -> String {
    guard let first = marks.firstIndex(of: "^") else { return marks }
    return String(marks[..<first]) + String(repeating: "^", count: marks[first...].count)
  }

  /// The range of characters, blanks not counted, that differs: whole words between what stays at both ends.
  private static func change(from before: String, to after: String) -> Range<Int>? {
    let old = before.split(separator: " ")
    let new = after.split(separator: " ")
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var end = 0
    while end < min(old.count, new.count) - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
    let from = new[..<start].reduce(0) { $0 + $1.count }
    let until = new[..<(new.count - end)].reduce(0) { $0 + $1.count }
    return until > from ? from..<until : nil
  }
}
