/// Tokens to atoms with their scripts. Knows groups, fences, environments and commands, but no names.
struct LaTeXStructure {
  private let tokens: [LaTeXToken]
  private let source: Source
  private var position = 0
  private var depth = 0

  /// The atoms of a formula.
  static func atoms(of tokens: [LaTeXToken], _ source: Source) throws(LaTeXFault) -> [LaTeXAtom] {
    var structure = LaTeXStructure(tokens: tokens, source: source)
    let atoms = try structure.sequence(until: .end)
    if let token = structure.peek { throw structure.closesNothing(token) }
    return atoms
  }

  private init(tokens: [LaTeXToken], source: Source) {
    self.tokens = tokens
    self.source = source
  }

  /// What ends a sequence; it is left standing.
  private enum Closer: Equatable {
    case end, brace, environment, cell
    case fence(String)
  }

  private static let fences: [String: String] = ["(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"]
  private static let closers: Set<String> = [")", "]"]

  private var peek: LaTeXToken? { position < tokens.count ? tokens[position] : nil }
  private var endOfRead: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

  private func fault(_ problem: LaTeXFault.Problem, _ range: Range<Int>) -> LaTeXFault {
    LaTeXFault(problem, Place(source, range))
  }

  private func closesNothing(_ token: LaTeXToken) -> LaTeXFault {
    if token.isCommand("end") {
      let name = LaTeXFormulas.environment(tokens, at: position + 1)?.name ?? ""
      return fault(.wrongEnd(name, opened: nil), token.range)
    }
    return fault(.stray(source.slice(token.range)), token.range)
  }

  /// The sign of a token that is one, whichever way it is written.
  private func sign(_ token: LaTeXToken) -> String? {
    switch token.kind {
    case .mark(let mark): return mark
    case .command(let name): return LaTeXCommands.signs[name]
    default: return nil
    }
  }

  private func isBraceMark(_ token: LaTeXToken) -> Bool { token.isMark("{") || token.isMark("}") }

  private func closes(_ token: LaTeXToken, _ closer: Closer) -> Bool {
    if token.isMark("}") || token.isCommand("end") { return true }
    switch closer {
    case .cell: return token.isMark("&") || isRowBreak(token)
    case .fence(let close): return sign(token) == close && !isBraceMark(token)
    default: return false
    }
  }

  private func isRowBreak(_ token: LaTeXToken) -> Bool {
    guard case .command(let name) = token.kind else { return false }
    if name == "\\" { return true }
    if case .rowBreak? = LaTeXCommands.meanings[name] { return true }
    return false
  }

  // MARK: Sequences

  private mutating func sequence(until closer: Closer) throws(LaTeXFault) -> [LaTeXAtom] {
    depth += 1
    defer { depth -= 1 }
    if depth > LaTeXReader.deepest, position > 0 { throw fault(.tooDeep, tokens[position - 1].range) }
    var atoms: [LaTeXAtom] = []
    while let token = peek, !closes(token, closer) {
      if case .command(let name) = token.kind, case .fontSwitch(let style)? = LaTeXCommands.meanings[name] {
        position += 1
        atoms += Self.styled(try sequence(until: closer), style)
        continue
      }
      try element(&atoms)
    }
    return atoms
  }

  /// Reads one thing and adds what it is to the atoms: none for space, several for a group.
  private mutating func element(_ atoms: inout [LaTeXAtom]) throws(LaTeXFault) {
    guard let token = peek else { return }
    switch token.kind {
    case .newline:
      position += 1
      atoms.append(LaTeXAtom(.newline, token.range))
    case .mark("_"), .mark("^"), .mark("'"): try script(token, &atoms)
    case .mark("&"):
      position += 1
      // In a column of its own stands what is said about the equation.
      if beginsText { atoms.append(LaTeXAtom(.wideSpace, token.range)) }
    case .dollars:
      position += 1
      throw fault(.unexpected("$"), token.range)
    default:
      atoms += try nucleus()
      if isRowBreak(token) { skipSpacingArgument() }
    }
  }

  private var beginsText: Bool {
    guard case .command(let name)? = peek?.kind, case .text? = LaTeXCommands.meanings[name] else { return false }
    return true
  }

  private mutating func script(_ token: LaTeXToken, _ atoms: inout [LaTeXAtom]) throws(LaTeXFault) {
    position += 1
    guard let last = atoms.lastIndex(where: { if case .newline = $0.nucleus { false } else { true } }),
      !atoms[last].isSpacing
    else { throw fault(.unexpected(source.slice(token.range)), token.range) }
    if token.isMark("'") {
      atoms[last].primes += 1
    } else {
      skipNewlines()
      guard peek != nil else { throw fault(.missingArgument(source.slice(token.range)), token.range) }
      let found = try argument(of: token, isScript: true)
      if found.count == 1, found[0].isSign("′"), !found[0].hasScripts {
        atoms[last].primes += 1
      } else if !found.isEmpty, found.allSatisfy({ $0.isSign("′") }) {
        atoms[last].primes += found.count
      } else if token.isMark("_") {
        atoms[last].subscripts.append(found)
      } else {
        atoms[last].superscripts.append(found)
      }
    }
    atoms[last].range = atoms[last].range.lowerBound..<max(atoms[last].range.upperBound, endOfRead)
    if last < atoms.count - 1 { atoms.removeSubrange((last + 1)...) }
  }

  private mutating func skipNewlines() {
    while peek?.kind == .newline { position += 1 }
  }

  // MARK: One thing

  /// One token, group, fence, command or environment.
  private mutating func nucleus() throws(LaTeXFault) -> [LaTeXAtom] {
    guard let token = peek else { return [] }
    switch token.kind {
    case .letter(let letter):
      position += 1
      return [LaTeXAtom(.letter(letter), token.range)]
    case .digit: return [number()]
    case .mark("{"): return try group()
    case .mark("."):
      if case .digit? = following(1)?.kind { return [number()] }
      position += 1
      return [LaTeXAtom(.sign("."), token.range)]
    case .mark(let mark):
      if let close = Self.fences[mark] { return [try fence(mark, close, token)] }
      position += 1
      return [LaTeXAtom(.sign(mark), token.range)]
    case .command(let name): return try command(name, token)
    case .newline, .dollars:
      position += 1
      return []
    }
  }

  private func following(_ distance: Int) -> LaTeXToken? {
    position + distance < tokens.count ? tokens[position + distance] : nil
  }

  private mutating func number() -> LaTeXAtom {
    let start = peek?.range.lowerBound ?? 0
    var text = ""
    var hasPoint = false
    while let token = peek {
      if case .digit(let digit) = token.kind, text.isEmpty || !token.isSpaced {
        text += digit
      } else if token.isMark("."), !hasPoint, case .digit? = following(1)?.kind, following(1)?.isSpaced == false,
        text.isEmpty || !token.isSpaced
      {
        hasPoint = true
        text += "."
      } else {
        break
      }
      position += 1
    }
    return LaTeXAtom(.number(text), Range(from: start, to: endOfRead))
  }

  private mutating func group() throws(LaTeXFault) -> [LaTeXAtom] {
    guard let open = peek else { return [] }
    position += 1
    let atoms = try sequence(until: .brace)
    guard let close = peek, close.isMark("}") else { throw fault(.unclosed("{"), open.range) }
    position += 1
    return spanning(atoms, from: open)
  }

  /// An only atom covers the braces and the command around it too.
  private func spanning(_ atoms: [LaTeXAtom], from token: LaTeXToken) -> [LaTeXAtom] {
    guard atoms.count == 1 else { return atoms }
    var atoms = atoms
    atoms[0].range = Range(from: token.range.lowerBound, to: endOfRead)
    return atoms
  }

  private mutating func fence(_ open: String, _ close: String, _ token: LaTeXToken) throws(LaTeXFault) -> LaTeXAtom {
    position += 1
    let atoms = try sequence(until: .fence(close))
    guard let end = peek, sign(end) == close, !isBraceMark(end) else {
      // `\left\{` before an array of equations is closed by `\right.`, that is by nothing.
      if open == "{" { return LaTeXAtom(.fenced("", atoms), Range(from: token.range.lowerBound, to: endOfRead)) }
      throw fault(.unclosed(source.slice(token.range)), token.range)
    }
    position += 1
    return LaTeXAtom(.fenced(open, atoms), Range(from: token.range.lowerBound, to: endOfRead))
  }

  /// The argument of a command or script: a group, or one thing without its scripts.
  private mutating func argument(of token: LaTeXToken, isScript: Bool = false) throws(LaTeXFault) -> [LaTeXAtom] {
    skipNewlines()
    depth += 1
    defer { depth -= 1 }
    if depth > LaTeXReader.deepest { throw fault(.tooDeep, token.range) }
    guard let next = peek, !next.isMark("}"), !next.isCommand("end"), !next.isMark("&"), !isRowBreak(next) else {
      throw fault(.missingArgument(source.slice(token.range)), token.range)
    }
    switch next.kind {
    case .digit(let digit) where !isScript:
      position += 1
      return [LaTeXAtom(.number(digit), next.range)]
    case .mark("{"): return try group()
    case .mark(let mark):
      position += 1
      return [LaTeXAtom(.sign(mark == "'" ? "′" : mark), next.range)]
    default:
      let atoms = try nucleus()
      // Space in between, as in `\frac\, a b`, is passed over.
      if atoms.isEmpty, peek != nil { return try argument(of: token, isScript: isScript) }
      return atoms
    }
  }

  // MARK: Commands

  private mutating func command(_ name: String, _ token: LaTeXToken) throws(LaTeXFault) -> [LaTeXAtom] {
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

  private mutating func skipStar() {
    if let next = peek, next.isMark("*"), !next.isSpaced { position += 1 }
  }

  /// `[2pt]` after `\\`, `[t]` after `\begin{aligned}`: only if it stands there at once.
  private mutating func skipOptionalArgument() {
    guard let open = peek, open.isMark("["), !open.isSpaced else { return }
    var end = position
    while end < tokens.count, end - position < 12, !tokens[end].isMark("]") { end += 1 }
    if end < tokens.count, tokens[end].isMark("]") { position = end + 1 }
  }

  /// After a row break, only a length is one: `[2pt]`, not `[h, x]`.
  private mutating func skipSpacingArgument() {
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
  private mutating func rawArgument(_ command: LaTeXToken) throws(LaTeXFault) -> Range<Int> {
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

  private mutating func text(_ token: LaTeXToken) throws(LaTeXFault) -> [LaTeXAtom] {
    let inside = try rawArgument(token)
    let words = source.slice(inside).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if words.isEmpty { return [] }
    let isWord = words.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "-" } && words.first != "-"
    let kind: LaTeXAtom.Nucleus = isWord ? .word(words.filter { $0 != "-" }) : .text(words)
    var atom = LaTeXAtom(kind, Range(from: token.range.lowerBound, to: endOfRead))
    atom.style = .upright
    return [atom]
  }

  private mutating func accented(_ mark: String, _ token: LaTeXToken) throws(LaTeXFault) -> [LaTeXAtom] {
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
  private static func styled(_ atoms: [LaTeXAtom], _ style: LaTeXStyle) -> [LaTeXAtom] {
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

  // MARK: Environments

  private mutating func environment(_ token: LaTeXToken) throws(LaTeXFault) -> [LaTeXAtom] {
    guard let (name, next) = LaTeXFormulas.environment(tokens, at: position) else {
      throw fault(.missingArgument("\\begin"), token.range)
    }
    position = next
    let isGrid = LaTeXCommands.gridEnvironments.contains(name)
    guard isGrid || LaTeXCommands.rowEnvironments.contains(name) else {
      throw fault(.unknownEnvironment(name), Range(from: token.range.lowerBound, to: endOfRead))
    }
    skipOptionalArgument()
    if LaTeXCommands.columnsEnvironments.contains(name), peek?.isMark("{") == true { _ = try rawArgument(token) }
    if isGrid { return [try grid(name, token)] }
    let start = LaTeXAtom(.rowBreak, token.range)
    let inside = try sequence(until: .environment)
    try end(name, token)
    return [start] + inside + [LaTeXAtom(.rowBreak, endOfRead..<endOfRead)]
  }

  private mutating func grid(_ name: String, _ token: LaTeXToken) throws(LaTeXFault) -> LaTeXAtom {
    var rows: [[[LaTeXAtom]]] = []
    var row: [[LaTeXAtom]] = []
    while true {
      row.append(try sequence(until: .cell).visible)
      guard let next = peek else { throw fault(.unclosedEnvironment(name), token.range) }
      if next.isMark("&") {
        position += 1
        continue
      }
      let isEmpty = row.allSatisfy(\.isEmpty)
      if !isEmpty { rows.append(row) }
      row = []
      guard isRowBreak(next) else { break }
      position += 1
      skipSpacingArgument()
    }
    try end(name, token)
    return LaTeXAtom(.grid(name, rows), Range(from: token.range.lowerBound, to: endOfRead))
  }

  private mutating func end(_ name: String, _ token: LaTeXToken) throws(LaTeXFault) {
    guard let close = peek, close.isCommand("end") else { throw fault(.unclosedEnvironment(name), token.range) }
    guard let (found, next) = LaTeXFormulas.environment(tokens, at: position + 1), found == name else {
      let other = LaTeXFormulas.environment(tokens, at: position + 1)?.name ?? ""
      throw fault(.wrongEnd(other, opened: name), close.range)
    }
    position = next
  }
}
