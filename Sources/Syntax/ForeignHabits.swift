/// What people write who come from Python, NumPy, MATLAB, Julia, C or R, and what it is here.
///
/// One table for the parser and for whoever knows values: some habits show in the text (`**`), others only when a
/// name turns out to be a vector (`x[0]`). In messages and hints `$0`, `$1` stand for pieces of what was typed.
public struct ForeignHabit: Sendable {
  public enum Name: String, Sendable, CaseIterable {
    case power, augmented, pointed, colonRange, missingComma, zeroIndex, negativeIndex, ampersands, bars, exclamation
    case tildeEquals, singleQuotes, define, lambda, printStatement, equalsArgument, percent, absoluteBars
    case missingProduct, calledProduct, method, derivativeAssigned, equationOutside, assignmentAsCondition
    case derivativePower, diff
    case bar, tilde, tripleEquals, fatArrow, colonEquals, slashes, question, dollar, backquote, colonBlock, elseIf
    case declaration, formatSpec, equalsField, increment, doubleAssign, equalsInExpression, crossProduct, nothing, dx
  }

  public let name: Name
  /// As language.md's table of habits has it: what is written elsewhere.
  public let written: String
  let message: String
  let hint: String
  /// What `$0`, `$1` stand for if nothing better is known.
  let parts: [String]

  init(_ name: Name, _ written: String, _ message: String, _ hint: String, _ parts: [String] = []) {
    self.name = name
    self.written = written
    self.message = message
    self.hint = hint
    self.parts = parts
  }

  /// What is said about it, with pieces of what was typed; pieces that are nil or missing get a stand-in.
  public func diagnostic(at place: Place?, _ pieces: [String?] = []) -> Diagnostic {
    func filled(_ text: String) -> String {
      var result = text
      for (index, part) in parts.enumerated() {
        let piece = index < pieces.count ? pieces[index] : nil
        result = result.replacing("$\(index)", with: piece ?? part)
      }
      return result
    }
    return Diagnostic(filled(message), at: place, hint: filled(hint))
  }
}

public enum ForeignHabits {
  public static subscript(_ name: ForeignHabit.Name) -> ForeignHabit {
    rows[name] ?? ForeignHabit(name, name.rawValue, "this is not written so here", "see help")
  }

  public static let table: [ForeignHabit] = [
    ForeignHabit(.power, "**", "a power is written ^", "$0^$1", ["a", "b"]),
    ForeignHabit(.augmented, "+=", "there is no $2", "$0 = $0 $3 $1", ["a", "b", "+=", "+"]),
    ForeignHabit(
      .pointed, ".*", "there is no $2: operators without a point are elementwise", "$0 $3 $1",
      ["a", "b", ".*", "*"]),
    ForeignHabit(.colonRange, "2:4", "a range is written with two points", "$0..$1", ["2", "4"]),
    ForeignHabit(
      .missingComma, "[1 2]", "a comma is missing before $1",
      "elements are separated by commas, rows by semicolons: [1, 2; 3, 4]", ["1", "2"]),
    ForeignHabit(.zeroIndex, "x[0]", "there is no element 0", "indices start at 1: $0[1] is the first", ["x"]),
    ForeignHabit(
      .negativeIndex, "x[-1]", "there is no element $1", "counted from the end: $0[end], $0[end - 1]",
      ["x", "-1"]),
    ForeignHabit(.ampersands, "&&", "there is no $2", "$0 and $1", ["a", "b", "&&"]),
    ForeignHabit(.bars, "||", "there is no ||", "$0 or $1", ["a", "b"]),
    ForeignHabit(.exclamation, "!", "there is no !", "not $0", ["a"]),
    ForeignHabit(.tildeEquals, "~=", "unequal is written != or ≠", "$0 != $1", ["a", "b"]),
    ForeignHabit(.singleQuotes, "'a'", "texts stand in double quotes", "\"$0\"", ["a"]),
    ForeignHabit(
      .define, "def", "functions are defined with fn",
      "fn $1(x) = ..., or fn $1(x) { ... return ... }", ["def", "f"]),
    ForeignHabit(.lambda, "lambda", "there is no lambda", "functions have names: fn f(x) = x^2", []),
    ForeignHabit(.printStatement, "print \"a\"", "a call needs parentheses", "$0($1)", ["print", "\"a\""]),
    ForeignHabit(.equalsArgument, "f(a=1)", "a named argument is written with a colon", "$0: $1", ["a", "1"]),
    ForeignHabit(
      .percent, "%", "there is no %", "a comment begins with #; the rest of a division is mod($0, $1)",
      ["a", "b"]),
    ForeignHabit(.absoluteBars, "|x|", "there are no bars for the absolute value", "abs($0)", ["x"]),
    ForeignHabit(
      .missingProduct, "2h, W x", "a product needs * or ·",
      "$0 * $1 is elementwise, $0 · $1 the matrix product", ["a", "b"]),
    ForeignHabit(
      .calledProduct, "z(1-z), U(r*h)", "$0 is not a function",
      "a product needs * or ·: $0 * ($1) or $0 · ($1)", ["a", "b"]),
    ForeignHabit(
      .method, "X.mean()", "functions are called with what they work on",
      "$1($0)", ["X", "mean"]),
    ForeignHabit(
      .derivativeAssigned, "∂y/∂x = ...", "a derivative is not a name to assign to",
      "to have an answer judged: check $0 = $1", ["∂y/∂x", "..."]),
    ForeignHabit(
      .equationOutside, "c[t] = ...", "$0 = ... is an equation, and equations stand in a cell",
      "define a cell: cell Name(x) -> h { ... }; or have it judged: check $0 = $1", ["c[t]", "..."]),
    ForeignHabit(.assignmentAsCondition, "if a = b", "a comparison is written ==", "$0 == $1", ["a", "b"]),
    ForeignHabit(
      .derivativePower, "∂y/∂x^2", "the power of a derivative needs parentheses",
      "($0)^$1", ["∂y/∂x", "2"]),
    ForeignHabit(.diff, "diff", "there is no diff", "the derivative of y by x is D(y, x) or ∂y/∂x", []),

    ForeignHabit(.bar, "|", "there is no |", "$0 or $1", ["a", "b"]),
    ForeignHabit(.tilde, "~", "there is no ~ here", "not $0; a tilde on a name touches it: h~", ["a"]),
    ForeignHabit(.tripleEquals, "===", "there is no $2", "$0 == $1, or !=", ["a", "b", "==="]),
    ForeignHabit(.fatArrow, "=>", "there is no =>", "functions have names: fn f(x) = x^2; ≥ is written >=", []),
    ForeignHabit(.colonEquals, ":=", "there is no :=", "$0 = $1", ["a", "b"]),
    ForeignHabit(
      .slashes, "//", "there is no $2", "a comment begins with #; whole division is floor($0 / $1)",
      ["a", "b", "//"]),
    ForeignHabit(
      .question, "?", "there is no ? inside a statement", "if a { b } else { c } is a value; help name explains a name",
      []),
    ForeignHabit(
      .dollar, "$", "formulas need no $", "LaTeX stands in a text: cell Name(x) -> h = latex \"\"\" ... \"\"\"",
      []),
    ForeignHabit(.backquote, "`", "there are no backquotes", "texts stand in double quotes", []),
    ForeignHabit(.colonBlock, "if a:", "a block stands in braces, not after a colon", "$0 { ... }", ["if a"]),
    ForeignHabit(.elseIf, "elif", "there is no $0", "else if", ["elif"]),
    ForeignHabit(.declaration, "let", "a variable needs no $0", "$1 = ...", ["let", "a"]),
    ForeignHabit(.formatSpec, "{x:.2f}", "there are no formats in a text", "{digits($0, 3)} shows 3 digits", ["x"]),
    ForeignHabit(.equalsField, "{a = 1}", "a record's fields are written with a colon", "$0: $1", ["a", "1"]),
    ForeignHabit(.increment, "a++", "there is no $1", "$0 = $0 $2 1", ["a", "++", "+"]),
    ForeignHabit(
      .doubleAssign, "a = b = 1", "an assignment has one =", "$0 = $1, in a statement of its own",
      ["b", "1"]),
    ForeignHabit(
      .equalsInExpression, "(a = b)", "= assigns, and stands only in a statement of its own",
      "a comparison is written ==: $0 == $1", ["a", "b"]),
    ForeignHabit(
      .crossProduct, "a × b", "× stands only between the dimensions of a shape",
      "$0 * $1 is elementwise, $0 · $1 the matrix product", ["a", "b"]),
    ForeignHabit(.nothing, "None", "there is no $0", "nothing is written nothing", ["None"]),
    ForeignHabit(.dx, "∂y/dx", "a derivative needs a second ∂", "∂$0/∂$1", ["y", "x"]),
  ]

  private static let rows = Dictionary(table.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// Names that are called without parentheses elsewhere.
  static let callingWords: Set<String> = ["print", "show", "save", "plot", "draw", "display", "puts", "echo"]

  /// Words that begin a statement elsewhere.
  static let words: [String: ForeignHabit.Name] = [
    "def": .define, "function": .define, "func": .define, "fun": .define, "proc": .define, "lambda": .lambda,
    "let": .declaration, "var": .declaration, "const": .declaration, "val": .declaration, "local": .declaration,
    "elif": .elseIf, "elseif": .elseIf, "elsif": .elseIf,
  ]
}
