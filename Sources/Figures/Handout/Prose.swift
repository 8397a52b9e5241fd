import Typography

/// A text with headings, paragraphs and lists, as it is written in a lesson.
///
///     # A title        ## A section
///     Words, which may go over
///     several lines.
///     - an item        1. a numbered one
///         four blanks: a line that stands as it is
///
/// Inside of words `code` stands between backquotes and *what is stressed* between stars.
public struct Prose: Sendable, Equatable {
  public enum Block: Sendable, Equatable {
    case heading(level: Int, [Inline])
    case paragraph([Inline])
    case items([[Inline]], isNumbered: Bool)
    case code([String])
  }

  public enum Inline: Sendable, Equatable {
    case text(String)
    case code(String)
    case stressed(String)

    public var text: String {
      switch self {
      case .text(let text), .code(let text), .stressed(let text): text
      }
    }
  }

  public private(set) var blocks: [Block] = []

  public init(_ text: String) {
    var words: [Substring] = []
    var isItem = false
    func closed() -> [Inline] { Self.inlines(words.joined(separator: " ")) }
    func close() {
      defer { words = [] }
      guard !words.isEmpty else { return }
      if isItem { replaceLastItem(closed()) } else { blocks.append(.paragraph(closed())) }
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let trimmed = line.trimmingProseBlanks
      if trimmed.isEmpty {
        close()
        isItem = false
      } else if words.isEmpty, !isItem, line.hasPrefix("    ") {
        addCode(String(line.dropFirst(4)))
      } else if let (level, title) = Self.heading(trimmed) {
        close()
        isItem = false
        blocks.append(.heading(level: level, Self.inlines(title)))
      } else if let (item, isNumbered) = Self.item(trimmed) {
        close()
        isItem = true
        words = [item]
        addItem(isNumbered: isNumbered)
      } else {
        words.append(trimmed)
      }
    }
    close()
  }

  /// The first heading's words.
  public var title: String? {
    for case .heading(_, let words) in blocks { return words.map(\.text).joined() }
    return nil
  }

  /// Takes the first heading away, if the text begins with it.
  public mutating func takeTitle() -> String? {
    guard case .heading(1, let words)? = blocks.first else { return nil }
    blocks.removeFirst()
    return words.map(\.text).joined()
  }

  // MARK: Reading

  private mutating func addCode(_ line: String) {
    if case .code(let lines)? = blocks.last {
      blocks[blocks.count - 1] = .code(lines + [line])
    } else {
      blocks.append(.code([line]))
    }
  }

  private mutating func addItem(isNumbered: Bool) {
    if case .items(let items, isNumbered)? = blocks.last {
      blocks[blocks.count - 1] = .items(items + [[]], isNumbered: isNumbered)
    } else {
      blocks.append(.items([[]], isNumbered: isNumbered))
    }
  }

  private mutating func replaceLastItem(_ words: [Inline]) {
    guard case .items(let items, let isNumbered)? = blocks.last else { return }
    blocks[blocks.count - 1] = .items(items.dropLast() + [words], isNumbered: isNumbered)
  }

  private static func heading(_ line: Substring) -> (level: Int, title: String)? {
    let level = line.prefix { $0 == "#" }.count
    guard (1...3).contains(level), line.dropFirst(level).first == " " else { return nil }
    return (level, String(line.dropFirst(level).trimmingProseBlanks))
  }

  private static func item(_ line: Substring) -> (Substring, isNumbered: Bool)? {
    if line.hasPrefix("- ") { return (line.dropFirst(2), false) }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    guard (1...2).contains(digits.count), line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
    return (line.dropFirst(digits.count + 2), true)
  }

  /// What stands between marks; a mark without its partner, or beside a blank as in `a * b`, stands for itself.
  static func inlines(_ text: String) -> [Inline] {
    var result: [Inline] = []
    var plain = ""
    var rest = text[...]
    func flush() {
      if !plain.isEmpty { result.append(.text(plain)) }
      plain = ""
    }
    while let first = rest.first {
      let inside = rest.dropFirst()
      guard first == "`" || first == "*", let next = inside.first, first == "`" || !next.isWhitespace,
        let end = closing(first, in: inside), end > inside.startIndex
      else {
        plain.append(first)
        rest = inside
        continue
      }
      flush()
      let words = String(inside[..<end])
      result.append(first == "`" ? .code(words) : .stressed(words))
      rest = inside[inside.index(after: end)...]
    }
    flush()
    return result
  }

  /// Nothing is marked that is longer than this; a text full of lone marks would take long to read otherwise.
  private static let longestMarked = 400

  private static func closing(_ mark: Character, in whole: Substring) -> Substring.Index? {
    let text = whole.prefix(longestMarked)
    var position = text.startIndex
    while let found = text[position...].firstIndex(of: mark) {
      if mark == "`" || (found > text.startIndex && !text[text.index(before: found)].isWhitespace) { return found }
      position = text.index(after: found)
    }
    return nil
  }
}

extension Substring {
  fileprivate var trimmingProseBlanks: Substring {
    var result = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    while let last = result.last, last == " " || last == "\t" || last == "\r" { result.removeLast() }
    return result
  }
}
