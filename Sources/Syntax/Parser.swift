/// Tokens to trees.
///
/// Statements by recursive descent, expressions by the table of `Grammar`. The first thing that is wrong ends it; what
/// was read before is kept. Nothing that is typed can exhaust the stack: nesting is counted going down, the height of
/// what is built is counted coming back.
public struct Parser {
  public enum Mode: Sendable {
    /// Typed line by line: a line that is whole is a statement.
    case prompt
    /// A file or a pasted block: a line that begins with an operator continues the one before.
    case file
  }

  /// Why a text could not be read to its end.
  public enum Problem: Error, Sendable {
    /// It ends in the middle of something. `expecting` completes "expecting ..."; `opened` is the bracket that is open.
    case incomplete(expecting: String, opened: Place?)
    case failed(Diagnostic)
  }

  public struct Outcome: Sendable {
    /// The statements before the problem, or all.
    public var statements: [Statement]
    public var problem: Problem?
  }

  /// The statements of a source. In a file nothing is incomplete: a text that ends too early is an error, which
  /// points to the bracket that was left open.
  public static func parse(_ source: Source, mode: Mode) -> Outcome {
    var parser = Parser(source, mode: mode)
    var statements: [Statement] = []
    do throws(Stop) {
      while let statement = try parser.nextStatement() { statements.append(statement) }
      return Outcome(statements: statements, problem: nil)
    } catch {
      return Outcome(statements: statements, problem: parser.problem(of: error))
    }
  }

  /// A source that is one expression.
  /// - Parameter isSymbolic: it speaks of a cell, so that `h_t` has a time.
  public static func expression(_ source: Source, isSymbolic: Bool = false) -> Result<Expression, Problem> {
    var parser = Parser(source, mode: .file)
    parser.context.isSymbolic = isSymbolic
    do throws(Stop) {
      let node = try parser.expression(.within)
      guard case .end = parser.token.kind else { throw parser.misplaced(after: node.expression) }
      return .success(node.expression)
    } catch {
      return .failure(parser.problem(of: error))
    }
  }

  /// How deep things may be nested, and how high a tree may be.
  public static let limit = 500

  // MARK: State

  let source: Source
  let mode: Mode
  let tokens: [Token]
  var position = 0
  var depth = 0
  /// The brackets that are open, innermost last.
  var opened: [(mark: Mark, place: Place)] = []
  var context = Context()
  /// The position behind the last block: after its `}` another statement may begin.
  var blockEnds = -1

  /// What holds around the place that is read.
  struct Context {
    /// Inside ( ), [ ] and records a newline is a blank.
    var newlinesAreFree = false
    /// In a file and in braces a line that begins with an operator continues the one before.
    var linesContinue = false
    /// Directly between brackets, where `1 -2` may be two elements.
    var isElement = false
    var isIndex = false
    var isFunction = false
    var isLoop = false
    /// Inside a cell, `check` or `expand`, or after a `∂`: `h_t` has a time.
    var isSymbolic = false
  }

  /// Why reading stops. Boxed, so that no frame of the recursion has to hold it.
  indirect enum Stop: Error {
    case incomplete(expecting: String)
    case failed(SyntaxError)
  }

  /// An expression with the height of its tree.
  struct Node {
    var expression: Expression
    var height: Int
    var place: Place { expression.place }
  }

  init(_ source: Source, mode: Mode, tokens: [Token]? = nil) {
    self.source = source
    self.mode = mode
    self.tokens = tokens ?? Lexer.tokens(of: source)
    context.linesContinue = mode == .file
  }

  private func problem(of stop: Stop) -> Problem {
    switch stop {
    case .failed(let error): return .failed(error.diagnostic)
    case .incomplete(let expecting):
      guard mode == .file else { return .incomplete(expecting: expecting, opened: opened.last?.place) }
      if case .openText = token.kind { return .failed(SyntaxError(.rawTextUnclosed, at: place(of: token)).diagnostic) }
      guard let open = opened.last else {
        return .failed(SyntaxError(.incomplete(expecting: expecting), at: endOfText).diagnostic)
      }
      return .failed(SyntaxError(.unclosed(open.mark.spelling), at: open.place).diagnostic)
    }
  }

  // MARK: Tokens

  var token: Token { tokens[position] }

  /// The token after this one, or the end.
  var nextToken: Token { tokens[min(position + 1, tokens.count - 1)] }

  /// The last token that was read.
  var previousToken: Token? { position > 0 ? tokens[position - 1] : nil }

  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  func place(of token: Token) -> Place { Place(source, token.start..<token.end) }

  var here: Place { place(of: token) }

  /// From a token to the last one that was read.
  func place(from start: Token) -> Place { Place(source, start.start..<max(start.end, previousToken?.end ?? 0)) }

  /// Behind the last thing in the text.
  private var endOfText: Place {
    let end = previousToken?.end ?? 0
    return Place(source, end..<end)
  }

  /// A token as it is quoted in messages.
  func text(of token: Token) -> String { place(of: token).brief }

  /// The mark that stands here, unless it begins a new statement.
  var mark: Mark? {
    if case .mark(let mark) = token.kind { return mark }
    return nil
  }

  func at(_ expected: Mark) -> Bool { mark == expected }

  mutating func take(_ expected: Mark) -> Bool {
    guard at(expected) else { return false }
    advance()
    return true
  }

  func at(_ expected: Word) -> Bool {
    if case .word(let word) = token.kind { return word == expected }
    return false
  }

  /// A newline stands here that ends a statement.
  var atLineEnd: Bool { token.followsNewline && !context.newlinesAreFree }

  var atEnd: Bool {
    if case .end = token.kind { return true }
    return false
  }

  /// A statement may end here.
  var atStatementEnd: Bool {
    atLineEnd || atEnd || at(.semicolon) || (at(.closeBrace) && opened.last?.mark == .openBrace)
  }

  mutating func expect(_ expected: Mark, _ expecting: String? = nil, after left: Expression? = nil) throws(Stop) {
    if take(expected) { return }
    throw misplaced(after: left, expecting: expecting ?? expected.spelling)
  }

  /// A name that is about to be defined.
  mutating func identifier(_ expecting: String) throws(Stop) -> Identifier {
    let start = token
    guard case .name(let name) = start.kind else { throw misplaced(after: nil, expecting: expecting) }
    advance()
    return Identifier(name, place(of: start))
  }

  /// `h`, or `layer1.h` of a part of a cell that is built of cells.
  mutating func dottedIdentifier(_ expecting: String) throws(Stop) -> Identifier {
    let start = token
    var result = try identifier(expecting)
    while at(.point), case .name(let part) = nextToken.kind {
      advance()
      advance()
      result = Identifier(result.name + "." + part, place(from: start))
    }
    return result
  }

  // MARK: Nesting

  /// Reads what stands between an opening mark, which stands here, and its closing one, with newlines free or not.
  mutating func enclosed<Result>(
    newlinesAreFree: Bool = true, changed change: (inout Context) -> Void = { _ in },
    _ body: (inout Parser) throws(Stop) -> Result
  ) throws(Stop) -> Result {
    guard let opener = mark, let closer = opener.closer else { throw misplaced(after: nil) }
    let outer = context
    opened.append((opener, here))
    advance()
    context.newlinesAreFree = newlinesAreFree
    context.isElement = false
    change(&context)
    let result = try body(&self)
    guard at(closer) else { throw misplaced(after: nil, expecting: closer.spelling) }
    context = outer
    opened.removeLast()
    advance()
    return result
  }

  mutating func enter() throws(Stop) {
    depth += 1
    if depth > Self.limit { throw .failed(SyntaxError(.tooDeep(limit: Self.limit), at: here)) }
  }

  mutating func leave() { depth -= 1 }

  func node(_ form: Form, _ place: Place, over height: Int = 0) throws(Stop) -> Node {
    if height >= Self.limit { throw .failed(SyntaxError(.tooDeep(limit: Self.limit), at: place)) }
    return Node(expression: Expression(form, place), height: height + 1)
  }

  func failure(_ fact: SyntaxFact, _ place: Place? = nil, _ marks: [(place: Place, label: String)] = []) -> Stop {
    .failed(SyntaxError(fact, at: place ?? here, marks: marks))
  }
}
