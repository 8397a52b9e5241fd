import Typography

extension Prose {
  /// Lines longer than this are hard to read, however wide the terminal is.
  static let widest = 96

  /// Lines for a terminal, with an empty one between blocks; what is stressed is bold where there is colour.
  public func lines(width: Int, isColored: Bool) -> [String] {
    let room = max(20, min(width, Self.widest))
    var lines: [String] = []
    for (number, block) in blocks.enumerated() {
      if number > 0 { lines.append("") }
      switch block {
      case .heading(let level, let words):
        let title = Wrapping.wrap(words.map(\.text).joined(), width: room, indent: 0)
        lines += title.map { isColored ? "\u{1B}[1m\($0)\u{1B}[0m" : $0 }
        if level == 1 || (level == 2 && !isColored), let longest = title.map(\.displayWidth).max() {
          lines.append(String(repeating: level == 1 ? "=" : "-", count: longest))
        }
      case .paragraph(let words): lines += Self.broken(words, width: room, isColored)
      case .items(let items, let isNumbered):
        for (position, item) in items.enumerated() {
          let sign = isNumbered ? "\(position + 1). " : "- "
          let broken = Self.broken(item, width: room - 2 - sign.count, isColored)
          let blank = String(repeating: " ", count: sign.count)
          lines += broken.enumerated().map { "  " + ($0.offset == 0 ? sign : blank) + $0.element }
        }
      case .code(let code): lines += code.map { "    " + $0 }
      }
    }
    return lines
  }

  /// Broken at blanks, with the escapes put in afterwards: they take no columns. Where there is no colour code keeps
  /// its backquotes.
  private static func broken(_ words: [Inline], width: Int, _ isColored: Bool) -> [String] {
    guard isColored else {
      let text = words.map { if case .code(let code) = $0 { "`\(code)`" } else { $0.text } }.joined()
      return Wrapping.wrap(text, width: width, indent: 0)
    }
    var lines = [""]
    var used = 0
    for (position, inline) in words.enumerated() {
      let style =
        switch inline {
        case .text: ""
        case .code: "\u{1B}[36m"
        case .stressed: "\u{1B}[1m"
        }
      let pieces = inline.text.split(separator: " ", omittingEmptySubsequences: false)
      for (number, piece) in pieces.enumerated() {
        let isNewWord = number > 0 || position == 0
        // What clings to this word (a comma after code) must fit beside it.
        var size = piece.displayWidth
        if number == pieces.count - 1 { size += clinging(words[(position + 1)...]) }
        if isNewWord, number > 0 {
          if used + 1 + size > width, used > 0 {
            lines.append("")
            used = 0
          } else {
            lines[lines.count - 1] += " "
            used += 1
          }
        }
        guard !piece.isEmpty else { continue }
        lines[lines.count - 1] += style.isEmpty ? String(piece) : style + piece + "\u{1B}[0m"
        used += piece.displayWidth
      }
    }
    return lines
  }

  /// The width of what follows without a blank.
  private static func clinging(_ words: ArraySlice<Inline>) -> Int {
    var width = 0
    for inline in words {
      let first = inline.text.split(separator: " ", omittingEmptySubsequences: false).first ?? ""
      width += first.displayWidth
      if inline.text.contains(" ") { break }
    }
    return width
  }
}
