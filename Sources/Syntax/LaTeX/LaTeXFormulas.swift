/// The formulas of a text. A page pasted whole has prose between `$$ … $$`; a block pasted bare is one formula.
enum LaTeXFormulas {
  private struct Formula {
    var tokens: [LaTeXToken]
    var isDisplay: Bool
  }

  static func find(
    in tokens: [LaTeXToken], _ source: Source, _ decisions: LaTeXDecisions
  ) throws(LaTeXFault) -> [[LaTeXToken]] {
    var formulas: [Formula] = []
    var prose: [LaTeXToken] = []
    var index = 0
    while index < tokens.count {
      guard let opener = Opener(tokens, at: index) else {
        prose.append(tokens[index])
        index += 1
        continue
      }
      let start = opener.keepsItself ? index : index + 1
      var end = index + opener.length
      while end < tokens.count, !opener.isClosed(by: tokens, at: end) { end += 1 }
      guard end < tokens.count else {
        throw LaTeXFault(opener.unclosed, Place(source, tokens[index].range))
      }
      let after = end + opener.closerLength(tokens, at: end)
      let inside = Array(tokens[start..<(opener.keepsItself ? min(after, tokens.count) : end)])
      formulas.append(Formula(tokens: inside, isDisplay: opener.isDisplay))
      // `$a$$b$` is two formulas.
      let reopens = opener.closer == .dollars(1) && tokens[end].kind == .dollars(2)
      index = reopens ? end : after
      if reopens {
        var closing = end + 1
        while closing < tokens.count, tokens[closing].kind != .dollars(1) { closing += 1 }
        guard closing < tokens.count else { throw LaTeXFault(.unclosed("$"), Place(source, tokens[end].range)) }
        formulas.append(Formula(tokens: Array(tokens[(end + 1)..<closing]), isDisplay: false))
        index = closing + 1
      }
    }
    guard !formulas.isEmpty else { return [tokens] }
    let hasDisplay = formulas.contains { $0.isDisplay }
    let read = formulas.filter { hasDisplay ? $0.isDisplay : $0.tokens.contains(where: isEqualSign) }
    for formula in formulas where hasDisplay && !formula.isDisplay && formula.tokens.contains(where: isEqualSign) {
      guard let first = formula.tokens.first, let last = formula.tokens.last else { continue }
      let range = first.range.through(last.range)
      decisions.add(.remark, range, example: LaTeXPhrase.collapsed(source.slice(range)))
    }
    if let word = prose.first(where: { if case .letter = $0.kind { true } else { false } }) {
      decisions.add(.prose, word.range)
    }
    return read.map(\.tokens)
  }

  private static func isEqualSign(_ token: LaTeXToken) -> Bool {
    switch token.kind {
    case .mark(let mark): return mark == "="
    case .command(let name): return LaTeXCommands.signs[name] == "="
    default: return false
    }
  }

  /// What begins a formula: `$`, `$$`, `\[`, `\(`, `\begin{align}`.
  private struct Opener {
    var closer: LaTeXToken.Kind
    var isDisplay = true
    var environment: String?
    /// How many tokens it takes.
    var length = 1

    /// An environment stays, with its ends, for the arrangement of its rows.
    var keepsItself: Bool { environment != nil }

    init?(_ tokens: [LaTeXToken], at index: Int) {
      switch tokens[index].kind {
      case .dollars(let count):
        closer = .dollars(count)
        isDisplay = count == 2
      case .command("["): closer = .command("]")
      case .command("("):
        closer = .command(")")
        isDisplay = false
      case .command("begin"):
        guard let (name, next) = LaTeXFormulas.environment(tokens, at: index + 1),
          LaTeXCommands.displayEnvironments.contains(name)
        else { return nil }
        closer = .command("end")
        environment = name
        length = next - index
      default: return nil
      }
    }

    func isClosed(by tokens: [LaTeXToken], at index: Int) -> Bool {
      let kind = tokens[index].kind
      if let environment {
        guard kind == .command("end"), let (name, _) = LaTeXFormulas.environment(tokens, at: index + 1) else {
          return false
        }
        return name == environment
      }
      return kind == closer || (closer == .dollars(1) && kind == .dollars(2))
    }

    func closerLength(_ tokens: [LaTeXToken], at index: Int) -> Int {
      guard environment != nil, let (_, next) = LaTeXFormulas.environment(tokens, at: index + 1) else { return 1 }
      return next - index
    }

    var unclosed: LaTeXFault.Problem {
      if let environment { return .unclosedEnvironment(environment) }
      switch closer {
      case .dollars(let count): return .unclosed(count == 2 ? "$$" : "$")
      case .command("]"): return .unclosed("\\[")
      default: return .unclosed("\\(")
      }
    }
  }

  /// `{align*}` after `\begin`: the name without its star, and the index after it.
  static func environment(_ tokens: [LaTeXToken], at index: Int) -> (name: String, next: Int)? {
    guard index < tokens.count, tokens[index].isMark("{") else { return nil }
    var name = ""
    var next = index + 1
    while next < tokens.count, next - index < 40 {
      switch tokens[next].kind {
      case .letter(let letter): name += letter
      case .mark("*"): break
      case .mark("}"): return (name, next + 1)
      default: return nil
      }
      next += 1
    }
    return nil
  }
}
