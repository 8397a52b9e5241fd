import Typography

/// Words of a figure on a terminal: spelled as its ink can, and never wider than it.
struct TerminalText {
  let width: Int
  let ink: Ink

  init(width: Int, ink: Ink) {
    self.width = max(width, 1)
    self.ink = ink
  }

  /// In ASCII where nothing else is printed: widths are those of what is printed.
  func spelled(_ text: String) -> String {
    let line = text.replacing("\n", with: " ")
    return ink == .ascii ? Glyphs.ascii(line) : line
  }

  /// A text as lines; a word wider than a line is broken.
  func wrapped(_ text: String, indent: Int = 0) -> [String] {
    let blank = String(repeating: " ", count: min(indent, width / 2))
    let room = width - blank.count
    return Wrapping.wrap(spelled(text), width: room, indent: 0).flatMap { broken($0, room) }.map { blank + $0 }
  }

  private func broken(_ line: String, _ room: Int) -> [String] {
    guard line.displayWidth > room else { return [line] }
    var lines: [String] = []
    var current = ""
    for character in line {
      if !current.isEmpty, current.displayWidth + String(character).displayWidth > room {
        lines.append(current)
        current = ""
      }
      current.append(character)
    }
    return lines + [current]
  }

  /// A text that is cut to some columns, with a sign that it was.
  func cut(_ text: String, to columns: Int) -> String {
    let text = spelled(text)
    guard text.displayWidth > columns else { return text }
    let sign = ink == .ascii ? "~" : "…"
    var result = ""
    for character in text {
      guard (result + String(character)).displayWidth < columns else { break }
      result.append(character)
    }
    return result + sign
  }
}
