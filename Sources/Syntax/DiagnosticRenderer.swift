import Typography

/// Diagnostics as the lines that are read:
///
///     error: h is 3 wide, but W_f · [h[t-1], x[t]] + b_f gives 4
///       3 |   f[t] = σ(W_f · [h[t-1], x[t]] + b_f)
///         |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
///     hint: W_f is 4 × 5; the equations need h × (h + x) = 3 × 5
///
/// In a source that is a file the first line begins with `file:line:column:`, as editors read it.
public struct DiagnosticRenderer: Sendable {
  /// Columns of the terminal: of longer lines of a source the part around the caret is shown, messages and hints are
  /// broken at blanks.
  public var width = 80
  public var isColored = false
  public var isASCII = false

  public init(width: Int = 80, isColored: Bool = false, isASCII: Bool = false) {
    self.width = max(width, 24)
    self.isColored = isColored
    self.isASCII = isASCII
  }

  public func lines(_ diagnostic: Diagnostic) -> [String] {
    var lines = headline(diagnostic)
    if let place = diagnostic.place { lines += excerpts(place, diagnostic.marks) }
    if let hint = diagnostic.hint { lines += self.hint(hint) }
    return lines
  }

  public func text(_ diagnostic: Diagnostic) -> String { lines(diagnostic).joined(separator: "\n") }

  private func headline(_ diagnostic: Diagnostic) -> [String] {
    let word = diagnostic.severity.rawValue + ":"
    var severity = paint(word, diagnostic.severity == .error ? .error : .note)
    var used = word.count + 1
    if let place = diagnostic.place, place.source.isFile {
      let position = plain(place.position) + ": "
      severity = position + severity
      used += position.displayWidth
    }
    let message = plain(diagnostic.message).replacing("\n", with: " ")
    return hanging(severity, used: used, message, indent: word.count + 1, style: .message)
  }

  private func hint(_ hint: String) -> [String] {
    let head = paint("hint:", .hint)
    return plain(hint).split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
      hanging(index == 0 ? head : "     ", used: 6, String(line), indent: 6, style: nil)
    }
  }

  /// A text behind a head that is `used` columns wide with the blank after it, broken at blanks.
  private func hanging(_ head: String, used: Int, _ text: String, indent: Int, style: Style?) -> [String] {
    let pieces = Wrapping.pieces(text, first: width - used, others: width - indent)
    return pieces.enumerated().map { index, piece in
      let piece = style.map { paint(piece, $0) } ?? piece
      if index > 0 { return String(repeating: " ", count: indent) + piece }
      return pieces[0].isEmpty ? head : head + " " + piece
    }
  }

  // MARK: Excerpts

  private struct Underline {
    let place: Place
    let label: String?
  }

  /// The lines that the places stand on, each with what underlines it, in the order of the text; another source's
  /// after those of the first.
  private func excerpts(_ place: Place, _ marks: [(place: Place, label: String)]) -> [String] {
    let underlines = [Underline(place: place, label: nil)] + marks.map { Underline(place: $0.place, label: $0.label) }
    let inSame = underlines.filter { $0.place.source === place.source }
    let numbers = Set(inSame.map(\.place.line)).sorted()
    let gutter = String(numbers.last ?? 1).count
    var lines: [String] = []
    for number in numbers {
      lines += excerpt(place.source, number, gutter, inSame.filter { $0.place.line == number })
    }
    for other in underlines where other.place.source !== place.source {
      lines.append(paint("  in " + plain(other.place.position), .gutter))
      lines += excerpt(other.place.source, other.place.line, String(other.place.line).count, [other])
    }
    return lines
  }

  private func excerpt(_ source: Source, _ number: Int, _ gutter: Int, _ underlines: [Underline]) -> [String] {
    let digits = String(number)
    let bar = "  " + String(repeating: " ", count: gutter - digits.count) + digits + " | "
    let empty = "  " + String(repeating: " ", count: gutter) + " | "
    let first = underlines.first?.place.range.lowerBound ?? 0
    let line = ExcerptLine(source, number, around: first, width: width - bar.count, isASCII: isASCII)
    var lines = [paint(bar, .gutter) + line.text]
    for underline in underlines {
      let (start, length) = line.columns(of: underline.place.range)
      let blank = String(repeating: " ", count: start)
      let sign = underline.label == nil ? "^" : "-"
      let label = underline.label.map { " " + plain($0) } ?? ""
      lines.append(
        paint(empty, .gutter) + blank + paint(String(repeating: sign, count: length) + label, .caret))
    }
    return lines
  }

  private func plain(_ text: String) -> String { isASCII ? Glyphs.ascii(text) : text }

  // MARK: Colours

  private enum Style: String {
    case error = "1;31"
    case note = "1;36"
    case message = "1"
    case gutter = "2"
    case caret = "31"
    case hint = "36"
  }

  private func paint(_ text: String, _ style: Style) -> String {
    isColored ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension Place {
  /// The text that stands there as a message quotes it: on one line, and not too long.
  public var brief: String {
    let end = min(range.upperBound, range.lowerBound &+ 240)
    let start = source.slice(range.lowerBound..<max(end, range.lowerBound))
    let line = String(String.UnicodeScalarView(start.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }))
    if line.utf8.count == range.count, line.count <= 60 { return line }
    return String(line.prefix(40)) + "…"
  }

  /// The number, from 1, of the line where it starts.
  public var line: Int { source.line(at: range.lowerBound) }

  /// The number, from 1, of the character in its line where it starts.
  public var column: Int {
    let start = source.bounds(ofLine: line).lowerBound
    return source.slice(start..<max(start, range.lowerBound)).unicodeScalars.count + 1
  }

  /// `file.cell:3:10`.
  public var position: String { "\(source.name):\(line):\(column)" }
}

extension Source {
  /// A text with a name that a user can open; what is typed has none.
  public var isFile: Bool { !["prompt", "pasted", "-e"].contains(name) }
}
