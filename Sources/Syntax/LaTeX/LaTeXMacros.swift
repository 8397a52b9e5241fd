/// `\newcommand`, `\def` and `\DeclareMathOperator`: taken out of the text, and written out where they are used.
/// What a macro writes has the place of its use.
enum LaTeXMacros {
  private struct Macro {
    var parameters: Int
    var body: [LaTeXToken]
  }

  private static let definers: Set<String> = [
    "newcommand", "renewcommand", "providecommand", "def", "DeclareMathOperator", "DeclareRobustCommand",
  ]
  /// More than a paper has, and little enough to be quick.
  private static let mostExpansions = 20_000
  private static let mostTokens = 400_000

  static func expanded(_ tokens: [LaTeXToken], _ source: Source) throws(LaTeXFault) -> [LaTeXToken] {
    let isPlain = tokens.allSatisfy { token in
      if case .command(let name) = token.kind { return !definers.contains(name) }
      return true
    }
    if isPlain { return tokens }
    var macros: [String: Macro] = [:]
    let rest = try definitions(in: tokens, &macros, source)
    return try expand(rest, macros, source)
  }

  private static func definitions(
    in tokens: [LaTeXToken], _ macros: inout [String: Macro], _ source: Source
  ) throws(LaTeXFault) -> [LaTeXToken] {
    var rest: [LaTeXToken] = []
    var reader = LaTeXTokenReader(tokens)
    while let token = reader.next() {
      guard case .command(let definer) = token.kind, definers.contains(definer) else {
        rest.append(token)
        continue
      }
      if reader.peek()?.isMark("*") == true { _ = reader.next() }
      let named = try reader.argument(of: token, source)
      guard case .command(let name)? = named.first?.kind else {
        throw LaTeXFault(.missingArgument("\\" + definer), Place(source, token.range))
      }
      var parameters = 0
      while let next = reader.peek(), !next.isMark("{") {
        _ = reader.next()
        if case .digit(let digit) = next.kind, let count = Int(digit) { parameters = max(parameters, count) }
      }
      var body = try reader.argument(of: token, source)
      if definer == "DeclareMathOperator" {
        let word = LaTeXToken(kind: .command("operatorname"), range: token.range)
        let open = LaTeXToken(kind: .mark("{"), range: token.range)
        body = [word, open] + body + [LaTeXToken(kind: .mark("}"), range: token.range)]
      }
      macros[name] = Macro(parameters: parameters, body: body)
    }
    return rest
  }

  private static func expand(
    _ tokens: [LaTeXToken], _ macros: [String: Macro], _ source: Source
  ) throws(LaTeXFault) -> [LaTeXToken] {
    var reader = LaTeXTokenReader(tokens)
    var out: [LaTeXToken] = []
    var expansions = 0
    while let token = reader.next() {
      guard case .command(let name) = token.kind, let macro = macros[name] else {
        out.append(token)
        continue
      }
      expansions += 1
      var arguments: [[LaTeXToken]] = []
      for _ in 0..<macro.parameters { arguments.append(try reader.argument(of: token, source)) }
      var written: [LaTeXToken] = []
      var index = 0
      while index < macro.body.count {
        let piece = macro.body[index]
        index += 1
        if piece.isMark("#"), index < macro.body.count, case .digit(let digit) = macro.body[index].kind,
          let number = Int(digit), number >= 1, number <= arguments.count
        {
          index += 1
          written += arguments[number - 1]
        } else {
          written.append(LaTeXToken(kind: piece.kind, range: token.range, isSpaced: piece.isSpaced))
        }
      }
      if expansions > mostExpansions || out.count + written.count > mostTokens {
        throw LaTeXFault(.macroLoop(name), Place(source, token.range))
      }
      reader.push(written)
    }
    return out
  }
}

/// Tokens one after another; what a macro writes is read before the rest.
struct LaTeXTokenReader {
  private var pending: [LaTeXToken]

  init(_ tokens: [LaTeXToken]) { pending = tokens.reversed() }

  mutating func next() -> LaTeXToken? { pending.popLast() }
  func peek() -> LaTeXToken? { pending.last }
  mutating func push(_ tokens: [LaTeXToken]) { pending.append(contentsOf: tokens.reversed()) }

  /// What stands in braces, or one token.
  mutating func argument(of command: LaTeXToken, _ source: Source) throws(LaTeXFault) -> [LaTeXToken] {
    while peek()?.kind == .newline { _ = next() }
    guard let first = next() else {
      throw LaTeXFault(.missingArgument(source.slice(command.range)), Place(source, command.range))
    }
    guard first.isMark("{") else { return [first] }
    var depth = 1
    var found: [LaTeXToken] = []
    while let token = next() {
      if token.isMark("{") { depth += 1 }
      if token.isMark("}") { depth -= 1 }
      if depth == 0 { return found }
      found.append(token)
    }
    throw LaTeXFault(.unclosed("{"), Place(source, first.range))
  }
}
