/// A token of LaTeX and the bytes it covers.
struct LaTeXToken {
  enum Kind: Equatable {
    /// Without its backslash: `alpha`, `\`, `[`.
    case command(String)
    /// One letter with its combining marks.
    case letter(String)
    case digit(String)
    /// Any other character: `+`, `(`, `_`, `^`, `{`, `&`.
    case mark(String)
    case newline
    /// `$` or `$$`.
    case dollars(Int)
  }

  var kind: Kind
  var range: Range<Int>
  /// Whether space stands before it.
  var isSpaced = false

  func isMark(_ text: String) -> Bool { kind == .mark(text) }
  func isCommand(_ name: String) -> Bool { kind == .command(name) }
}

/// Text to tokens. It cannot fail: what is no LaTeX becomes marks that a later pass points to.
enum LaTeXLexer {
  static func tokens(of source: Source, in range: Range<Int>) -> [LaTeXToken] {
    var scanner = LaTeXScanner(source, range)
    scanner.run()
    return scanner.tokens
  }
}

private struct LaTeXScanner {
  private let scalars: [(scalar: Unicode.Scalar, offset: Int)]
  private let end: Int
  private var position = 0
  private var isSpaced = false
  private(set) var tokens: [LaTeXToken] = []

  init(_ source: Source, _ range: Range<Int>) {
    let lower = min(max(range.lowerBound, 0), source.bytes.count)
    let upper = min(max(range.upperBound, lower), source.bytes.count)
    var offset = lower
    var found: [(scalar: Unicode.Scalar, offset: Int)] = []
    found.reserveCapacity(upper - lower)
    for scalar in String(decoding: source.bytes[lower..<upper], as: UTF8.self).unicodeScalars {
      found.append((scalar, offset))
      // A range that cuts a character in two has fewer bytes than what stands for it.
      offset = min(offset + UTF8.width(scalar), upper)
    }
    scalars = found
    end = offset
  }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position].scalar : nil }
  private func offset(_ position: Int) -> Int { position < scalars.count ? scalars[position].offset : end }

  private mutating func add(_ kind: LaTeXToken.Kind, from start: Int) {
    tokens.append(LaTeXToken(kind: kind, range: offset(start)..<offset(position), isSpaced: isSpaced))
    isSpaced = false
  }

  mutating func run() {
    while let scalar = current {
      let start = position
      position += 1
      switch scalar {
      case "\n", "\u{2028}", "\u{2029}": add(.newline, from: start)
      case "%": while let next = current, next != "\n" { position += 1; _ = next }
      case "\\": command(from: start)
      case "$":
        let isDouble = current == "$"
        if isDouble { position += 1 }
        add(.dollars(isDouble ? 2 : 1), from: start)
      case "~": isSpaced = true
      case _
      where scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar.properties.isDefaultIgnorableCodePoint:
        isSpaced = true
      default: character(scalar, from: start)
      }
    }
  }

  private mutating func command(from start: Int) {
    guard let first = current else { return add(.mark("\\"), from: start) }
    position += 1
    guard first.isASCIILetter else {
      if first == "\n" { return add(.newline, from: start) }
      return add(.command(String(first)), from: start)
    }
    var name = String.UnicodeScalarView()
    name.append(first)
    while let next = current, next.isASCIILetter {
      name.append(next)
      position += 1
    }
    add(.command(String(name)), from: start)
  }

  private mutating func character(_ scalar: Unicode.Scalar, from start: Int) {
    if let script = LaTeXLookAlikes.script(scalar) { return scripts(script.mark, from: start) }
    let plain = LaTeXLookAlikes.plain(scalar)
    if ("0"..."9").contains(plain) { return add(.digit(String(plain)), from: start) }
    guard plain.properties.isAlphabetic, plain.properties.generalCategory != .nonspacingMark else {
      return add(.mark(LaTeXLookAlikes.marks[plain] ?? String(plain)), from: start)
    }
    var letter = String.UnicodeScalarView()
    letter.append(plain)
    while let next = current, next.properties.generalCategory == .nonspacingMark {
      // A hundred marks on one letter are no name.
      if letter.count < 8 { letter.append(next) }
      position += 1
    }
    add(.letter(String(letter)), from: start)
  }

  /// `ₜ₋₁` is `_{t-1}`.
  private mutating func scripts(_ mark: String, from start: Int) {
    position = start
    add(.mark(mark), from: start)
    add(.mark("{"), from: start)
    while let scalar = current, let script = LaTeXLookAlikes.script(scalar), script.mark == mark {
      let from = position
      position += 1
      let plain = script.plain
      if ("0"..."9").contains(plain) {
        add(.digit(String(plain)), from: from)
      } else if plain.properties.isAlphabetic {
        add(.letter(String(plain)), from: from)
      } else {
        add(.mark(String(plain)), from: from)
      }
    }
    add(.mark("}"), from: position)
  }
}

extension Unicode.Scalar {
  var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
