/// Commands: what each does to the text after it, by the table of `LaTeXCommands`.
extension LaTeXStructure {
  mutating func command(_ name: String, _ token: LaTeXToken) throws(LaTeXFault) -> [LaTeXAtom] {
    position += 1
    if name == "begin" { return try environment(token) }
    guard let meaning = LaTeXCommands.meanings[name] else {
      if name == "\\" { return [LaTeXAtom(.rowBreak, token.range)] }
      return [LaTeXAtom(.unknown(name), token.range)]
    }
    switch meaning {
    case .letter(let letter): return [LaTeXAtom(.letter(letter), token.range)]
    case .word(let word): return [LaTeXAtom(.word(word), token.range)]
    case .sign(let sign):
      if let close = Self.fences[sign] {
        position -= 1
        return [try fence(sign, close, token)]
      }
      return [LaTeXAtom(.sign(sign), token.range)]
    case .accent(let mark): return try accented(mark, token)
    case .style(let style):
      skipStar()
      let inside = try argument(of: token)
      return spanning(Self.styled(inside, style), from: token)
    case .fontSwitch: return []
    case .text: return try text(token)
    case .wideSpace: return [LaTeXAtom(.wideSpace, token.range)]
    case .rowBreak: return [LaTeXAtom(.rowBreak, token.range)]
    case .ignored(let count):
      skipStar()
      if count > 0 { skipOptionalArgument() }
      for _ in 0..<count { _ = try rawArgument(token) }
      return []
    case .lastArgument(let count):
      skipStar()
      for _ in 1..<max(count, 1) { _ = try rawArgument(token) }
      let kept = try argument(of: token)
      // `\underbrace{…}_{what it is}`
      if name.hasPrefix("under") || name.hasPrefix("over"), count == 1, let next = peek,
        next.isMark("_") || next.isMark("^")
      {
        position += 1
        _ = try rawArgument(next)
      }
      return kept
    case .root:
      var degree: [LaTeXAtom]?
      if let next = peek, next.isMark("["), case .fenced(_, let inside) = try fence("[", "]", next).nucleus {
        degree = inside
      }
      let inside = try argument(of: token)
      return [LaTeXAtom(.root(inside, degree: degree), Range(from: token.range.lowerBound, to: endOfRead))]
    case .fraction:
      let above = try argument(of: token)
      let below = try argument(of: token)
      return [LaTeXAtom(.fraction(above, below), Range(from: token.range.lowerBound, to: endOfRead))]
    }
  }

  mutating func skipStar() {
    if let next = peek, next.isMark("*"), !next.isSpaced { position += 1 }
  }

  /// `[2pt]` after `\\`, `[t]` after `\begin{aligned}`: only if it stands there at once.
  mutating func skipOptionalArgument() {
    guard let open = peek, open.isMark("["), !open.isSpaced else { return }
    var end = position
    while end < tokens.count, end - position < 12, !tokens[end].isMark("]") { end += 1 }
    if end < tokens.count, tokens[end].isMark("]") { position = end + 1 }
  }

  /// After a row break, only a length is one: `[2pt]`, not `[h, x]`.
  mutating func skipSpacingArgument() {
    skipStar()
    guard let open = peek, open.isMark("["), let first = following(1) else { return }
    let isLength: Bool
    switch first.kind {
    case .digit, .mark("-"), .mark("."): isLength = true
    case .command(let name): isLength = name.hasSuffix("skip") || name.hasSuffix("height")
    default: isLength = false
    }
    if isLength, !open.isSpaced { skipOptionalArgument() }
  }

  /// An argument that is not looked at.
  mutating func rawArgument(_ command: LaTeXToken) throws(LaTeXFault) -> Range<Int> {
    skipNewlines()
    guard let open = peek else { throw fault(.missingArgument(source.slice(command.range)), command.range) }
    position += 1
    guard open.isMark("{") else { return open.range }
    var level = 1
    while let token = peek {
      position += 1
      if token.isMark("{") { level += 1 }
      if token.isMark("}") { level -= 1 }
      if level == 0 { return open.range.upperBound..<max(open.range.upperBound, token.range.lowerBound) }
    }
    throw fault(.unclosed("{"), open.range)
  }

  mutating func text(_ token: LaTeXToken) throws(LaTeXFault) -> [LaTeXAtom] {
    let inside = try rawArgument(token)
    let words = source.slice(inside).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if words.isEmpty { return [] }
    let isWord = words.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "-" } && words.first != "-"
    let kind: LaTeXAtom.Nucleus = isWord ? .word(words.filter { $0 != "-" }) : .text(words)
    var atom = LaTeXAtom(kind, Range(from: token.range.lowerBound, to: endOfRead))
    atom.style = .upright
    return [atom]
  }

  mutating func accented(_ mark: String, _ token: LaTeXToken) throws(LaTeXFault) -> [LaTeXAtom] {
    var atoms = try argument(of: token).visible
    let whole = Range(from: token.range.lowerBound, to: endOfRead)
    if atoms.count == 1 {
      switch atoms[0].nucleus {
      case .letter(let letter): atoms[0].nucleus = .letter(letter + mark)
      case .word(let word): atoms[0].nucleus = .word(word + mark)
      default: throw fault(.label(source.slice(whole)), whole)
      }
      atoms[0].range = whole
      return atoms
    }
    // `\overline{\Delta t}`: letters under one accent are one name.
    let letters = atoms.compactMap(\.bareLetter)
    guard letters.count == atoms.count, !letters.isEmpty else { throw fault(.label(source.slice(whole)), whole) }
    return [LaTeXAtom(.word(letters.joined() + mark), whole)]
  }

  /// Atoms set in a style; upright letters side by side are one word.
  static func styled(_ atoms: [LaTeXAtom], _ style: LaTeXStyle) -> [LaTeXAtom] {
    if style == .upright {
      let visible = atoms.visible
      var word = ""
      for (index, atom) in visible.enumerated() {
        switch atom.nucleus {
        case .letter(let letter): word += letter
        case .number(let digits) where index > 0: word += digits
        case .sign("-") where index > 0: continue
        case .word(let part): word += part
        default: word = ""
        }
        if word.isEmpty || (atom.hasScripts && index < visible.count - 1) {
          word = ""
          break
        }
      }
      if visible.count > 1, !word.isEmpty, let range = LaTeXAtom.range(of: visible), var last = visible.last {
        last.nucleus = .word(word)
        last.range = range
        last.style = .upright
        return [last]
      }
    }
    return atoms.map { atom in
      var atom = atom
      if atom.style == .plain { atom.style = style }
      return atom
    }
  }
}
