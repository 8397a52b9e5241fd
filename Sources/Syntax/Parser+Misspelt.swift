/// A word that begins a statement with a slip of the fingers in it: `chekc ∂c[t]/∂c[t-1] = f[t]`.
///
/// No statement begins with a name and, behind it, something that is no operator. So where a name stands so and is near
/// a word of the table, that word was meant, or an operator was forgotten: both are said.
extension Parser {
  /// Words with which statements begin and that something follows; one that is typed is as near as its fewest slips.
  private static let statementWords =
    [Word.cell, .reversed, .fn, .if, .else, .for, .while, .return, .import, .assert, .use, .set, .check].map(\.rawValue)
    + commands.keys.sorted()

  /// Words with which the items of a cell begin that are no equations.
  static let itemWords = ["param", "input", "const", "init", "learn"]

  func checkMisspeltStatement() throws(Stop) {
    guard case .name(let word) = token.kind, Self.commands[word] == nil, ForeignHabits.words[word] == nil,
      !ForeignHabits.callingWords.contains(word)
    else { return }
    try checkMisspelt(word, among: Self.statementWords)
  }

  func checkMisspeltItem() throws(Stop) {
    guard case .name(let word) = token.kind, !Self.itemWords.contains(word) else { return }
    try checkMisspelt(word, among: Self.itemWords)
  }

  private func checkMisspelt(_ word: String, among words: [String]) throws(Stop) {
    guard isOperandNext else { return }
    let near = nearNames(word, among: words)
    if !near.isEmpty { throw failure(.misspelt(word, near: near)) }
  }

  /// What follows on the line is neither an operator nor what makes a call or an index of the name.
  private var isOperandNext: Bool {
    guard !nextToken.followsNewline else { return false }
    switch nextToken.kind {
    case .name, .timed, .number, .text, .openText, .word: return true
    case .mark(let mark): return [.openBrace, .partial, .root, .not].contains(mark)
    case .superscript, .foreign, .invalid, .end: return false
    }
  }
}
