/// Tokens to atoms with their scripts. Knows groups, fences, environments and commands, but no names.
struct LaTeXStructure {
  let tokens: [LaTeXToken]
  let source: Source
  var position = 0
  var depth = 0

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
  enum Closer: Equatable {
    case end, brace, environment, cell
    case fence(String)
  }

  static let fences: [String: String] = ["(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"]
  static let closers: Set<String> = [")", "]"]

  var peek: LaTeXToken? { position < tokens.count ? tokens[position] : nil }
  var endOfRead: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

  func fault(_ problem: LaTeXFault.Problem, _ range: Range<Int>) -> LaTeXFault {
    LaTeXFault(problem, Place(source, range))
  }

  func closesNothing(_ token: LaTeXToken) -> LaTeXFault {
    if token.isCommand("end") {
      let name = LaTeXFormulas.environment(tokens, at: position + 1)?.name ?? ""
      return fault(.wrongEnd(name, opened: nil), token.range)
    }
    return fault(.stray(source.slice(token.range)), token.range)
  }

  /// The sign of a token that is one, whichever way it is written.
  func sign(_ token: LaTeXToken) -> String? {
    switch token.kind {
    case .mark(let mark): return mark
    case .command(let name): return LaTeXCommands.signs[name]
    default: return nil
    }
  }

  func isBraceMark(_ token: LaTeXToken) -> Bool { token.isMark("{") || token.isMark("}") }

  func closes(_ token: LaTeXToken, _ closer: Closer) -> Bool {
    if token.isMark("}") || token.isCommand("end") { return true }
    switch closer {
    case .cell: return token.isMark("&") || isRowBreak(token)
    case .fence(let close): return sign(token) == close && !isBraceMark(token)
    default: return false
    }
  }

  func isRowBreak(_ token: LaTeXToken) -> Bool {
    guard case .command(let name) = token.kind else { return false }
    if name == "\\" { return true }
    if case .rowBreak? = LaTeXCommands.meanings[name] { return true }
    return false
  }

  // MARK: Sequences

  mutating func sequence(until closer: Closer) throws(LaTeXFault) -> [LaTeXAtom] {
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
  mutating func element(_ atoms: inout [LaTeXAtom]) throws(LaTeXFault) {
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

  var beginsText: Bool {
    guard case .command(let name)? = peek?.kind, case .text? = LaTeXCommands.meanings[name] else { return false }
    return true
  }

  mutating func script(_ token: LaTeXToken, _ atoms: inout [LaTeXAtom]) throws(LaTeXFault) {
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

  mutating func skipNewlines() {
    while peek?.kind == .newline { position += 1 }
  }

  // MARK: One thing

  /// One token, group, fence, command or environment.
  mutating func nucleus() throws(LaTeXFault) -> [LaTeXAtom] {
    guard let token = peek else { return [] }
    switch token.kind {
    case .letter(let letter):
      position += 1
      return [LaTeXAtom(.letter(letter), token.range)]
    case .digit: return [number()]
    case .mark("{"): return try group()
    case .mark("."):
      if case .digit? = following(1)?.kind, following(1)?.isSpaced == false { return [number()] }
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

  func following(_ distance: Int) -> LaTeXToken? {
    position + distance < tokens.count ? tokens[position + distance] : nil
  }

  mutating func number() -> LaTeXAtom {
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

  mutating func group() throws(LaTeXFault) -> [LaTeXAtom] {
    guard let open = peek else { return [] }
    position += 1
    let atoms = try sequence(until: .brace)
    guard let close = peek, close.isMark("}") else { throw fault(.unclosed("{"), open.range) }
    position += 1
    return spanning(atoms, from: open)
  }

  /// An only atom covers the braces and the command around it too.
  func spanning(_ atoms: [LaTeXAtom], from token: LaTeXToken) -> [LaTeXAtom] {
    guard atoms.count == 1 else { return atoms }
    var atoms = atoms
    atoms[0].range = Range(from: token.range.lowerBound, to: endOfRead)
    return atoms
  }

  mutating func fence(_ open: String, _ close: String, _ token: LaTeXToken) throws(LaTeXFault) -> LaTeXAtom {
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
  mutating func argument(of token: LaTeXToken, isScript: Bool = false) throws(LaTeXFault) -> [LaTeXAtom] {
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
}
