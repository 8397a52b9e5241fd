/// Help on what is no function: operators, brackets and reserved words.
struct KeywordHelp: Sendable {
  let names: [String]
  let form: String
  let summary: String
  /// A statement, and what the prompt prints for it; empty if it prints nothing or needs more around it.
  let example: String
  let result: String

  init(_ names: [String], _ form: String, _ summary: String, _ example: String = "", _ result: String = "") {
    self.names = names
    self.form = form
    self.summary = summary
    self.example = example
    self.result = result
  }

  static let table: [KeywordHelp] = [
    KeywordHelp(["+"], "a + b", "sum of numbers and of tensors of the same shape; joins texts", "[1, 2] + 1", "[2, 3]"),
    KeywordHelp(["-", "−"], "a - b", "difference; -a is the negative", "[1, 2] - [0, 5]", "[1, -3]"),
    KeywordHelp(
      ["*", "⊙", "∘"], "a * b, a ⊙ b", "elementwise product; a vector scales the rows of a matrix, vᵀ its columns",
      "[1, 2] * [3, 4]", "[3, 8]"),
    KeywordHelp(
      ["·", "@"], "W · v, W @ v", "matrix product; u · v is a number, v · kᵀ a matrix; vectors are columns",
      "[1, 2; 3, 4] · [1, 1]", "[3, 7]"),
    KeywordHelp(["/"], "a / b", "quotient, elementwise", "[1, 2] / 4", "[0.25, 0.5]"),
    KeywordHelp(["^", "²", "³"], "a^b, a²", "power, elementwise, of numbers and vectors", "2^10", "1024"),
    KeywordHelp(
      ["'", "ᵀ"], "Aᵀ, A', f'", "transpose; after a function its derivative", "[1, 2; 3, 4]ᵀ", "[1, 3; 2, 4]"),
    KeywordHelp([".."], "1..5", "range, both ends included", "sum(1..5)", "15"),
    KeywordHelp(
      ["=="], "a == b", "equality, one truth for whole values; ≠ or != is its contrary", "[1, 2] == [1, 2]", "true"),
    KeywordHelp(["≠", "!="], "a ≠ b, a != b", "whether they differ", "1 ≠ 2", "true"),
    KeywordHelp(
      ["<", ">", "≤", "≥", "<=", ">="], "a < b ≤ c", "comparisons chain; of tensors elementwise, see all and any",
      "0 < 0.5 ≤ 1", "true"),
    KeywordHelp(["="], "name = value", "assignment; also a.b = …, a[i] = …, (a, b) = …"),
    KeywordHelp(
      ["[", "]", "[]"], "[1, 2; 3, 4]", "a vector, or with ; or inner brackets a matrix; [u, v] joins",
      "[[1, 2], [3, 4]]",
      "[1, 2; 3, 4]"),
    KeywordHelp(
      ["(", ")", "()"], "(a, b)", "a list; parentheses around one expression group it", "(1, \"a\")", "(1, \"a\")"),
    KeywordHelp(
      ["{", "}", "{}"], "{lr: 0.1}", "a record, values by name; braces also hold statements", "{lr: 0.1}.lr", "0.1"),
    KeywordHelp([";"], "a = 1; b = 2", "separates statements; at the end the value is not printed"),
    KeywordHelp(["#"], "# words", "a comment, to the end of the line"),
    KeywordHelp(["_"], "_", "the last value that a statement had"),
    KeywordHelp(["∂", "D"], "∂y/∂x, D(y, x)", "derivative of a cell's variable by another"),
    KeywordHelp(
      ["and"], "a and b", "true if both are; the second is looked at only if the first is true", "true and 1 < 2",
      "true"),
    KeywordHelp(["or"], "a or b", "true if one is", "false or 1 < 2", "true"),
    KeywordHelp(["not"], "not a", "the contrary", "not true", "false"),
    KeywordHelp(["true", "false"], "true, false", "the truths", "1 < 2", "true"),
    KeywordHelp(["nothing"], "nothing", "the absence of a value"),
    KeywordHelp(["end"], "a[end]", "inside of an index: the last one", "[4, 5, 6][end]", "6"),
    KeywordHelp(["cell"], "cell Name(x) -> h { h[t] = … }", "defines a recurrent cell by its equations"),
    KeywordHelp(
      ["fn"], "fn f(x, y) = expression, fn f(x) { … return … }", "defines a function; it writes only its own names",
      "fn twice(x) = 2 * x; twice(4)", "8"),
    KeywordHelp(["return"], "return value", "ends a function with a value"),
    KeywordHelp(
      ["if", "else"], "if a { … } else { … }", "runs one of two blocks; as a value, one expression in each",
      "x = if 1 < 2 { \"yes\" } else { \"no\" }; x", "\"yes\""),
    KeywordHelp(
      ["for"], "for v in xs { … }", "goes through a range, vector, matrix, list, text or table",
      "for i in 1..3 { print(i^2) }",
      "1\n4\n9"),
    KeywordHelp(["while"], "while condition { … }", "repeats as long as the condition is true"),
    KeywordHelp(["break"], "break", "leaves the loop"),
    KeywordHelp(["continue"], "continue", "goes on with the loop's next turn"),
    KeywordHelp(
      ["in"], "for v in xs, E in LSTM", "in a loop; after a symbolic expression, the cell whose names it has"),
    KeywordHelp(["import"], "import \"file.cell\"", "runs a file, once a session; its names stay"),
    KeywordHelp(["assert"], "assert condition, \"message\"", "an error unless the condition is true"),
    KeywordHelp(["use"], "use LSTM", "the cell whose variables symbolic expressions speak of"),
    KeywordHelp(
      ["set"], "set seed 7",
      "settings: seed, notation (elementwise, matrix, index), engine (plan, reference), threads, images (auto, off): at the prompt figures are images where the terminal says it shows kitty's or sixels, which takes rsvg-convert (Debian's librsvg2-bin)"
    ),
    KeywordHelp(
      ["check"], "check claim = answer",
      "judges an answer: right, right under a condition, or wrong, and then which mistake it is and where",
      "use linear\ncheck ∂y[t]/∂x[t] = W", "✓ right"),
    KeywordHelp(["forget"], "forget name", "takes a name's value away; a built-in that it hid is back"),
    KeywordHelp(["holding"], "∂y/∂x holding z", "the derivative with z held fixed"),
    KeywordHelp(["reversed"], "reversed cell Name(…) -> … { … }", "a cell that runs from the end"),
    KeywordHelp(
      ["expand", "collapse"], "expand, expand 2, expand all", "opens the derivatives that the last result left standing"
    ),
    KeywordHelp(["help", "?"], "help name, ?name, ?\"words\"", "this; with a text in quotes it searches"),
    KeywordHelp(["args"], "args[1]", "the arguments of the script"),
    KeywordHelp([":time"], ":time expression", "evaluates it and says how long it took"),
    KeywordHelp(
      [":record"], ":record lecture.html",
      "keeps the session from then on as a page (also .md, .tex), its mathematics typeset; :record stop ends it"),
    KeywordHelp([":reset"], ":reset", "forgets every name"),
  ]

  static let byName: [String: KeywordHelp] = {
    var rows: [String: KeywordHelp] = [:]
    for row in table { for name in row.names { rows[name] = row } }
    return rows
  }()
}
