import XCTest

@testable import Syntax

final class LexerTests: XCTestCase {
  /// Every spelling of a name is one name.
  func testNames() {
    let cases: [(String, Form)] = [
      ("h₁", .name("h_1")), ("h_{1}", .name("h_1")), ("h_1", .name("h_1")), ("W_{xi}", .name("W_xi")),
      ("W_{x_i}", .name("W_x_i")), ("W_{ xi }", .name("W_xi")), ("xᵢ", .name("x_i")), ("x₁₂", .name("x_12")),
      ("h~", .name("h\u{303}")), ("h\\tilde", .name("h\u{303}")), ("h\u{303}", .name("h\u{303}")),
      ("n~", .name("ñ")), ("e\u{301}", .name("é")), ("\\sigma", .name("σ")), ("\\sigma_c", .name("σ_c")),
      ("b_\\alpha", .name("b_α")), ("\\deltaW", .name("δW")), ("\\delta\\bar", .name("δ\u{304}")),
      ("x\\hat_t", .name("x\u{302}_t")), ("f\\prime", .name("f′")), ("h~_t", .name("h\u{303}_t")),
      ("𝑥", .name("x")), ("𝐖_𝑓", .name("W_f")), ("µ", .name("μ")), ("ϵ", .name("ε")), ("ℎ", .name("h")),
      ("\\u{3c3}", .name("σ")), ("長さ", .name("長さ")), ("∞", .name("∞")), ("\\infty", .name("∞")), ("inf", .name("inf")),
      ("h_t", .name("h_t")), ("hₜ", .timed("h", offset: 0)), ("h_{t}", .timed("h", offset: 0)),
      ("h_{t-1}", .timed("h", offset: -1)), ("h_{t−1}", .timed("h", offset: -1)), ("hₜ₋₁₂", .timed("h", offset: -12)),
      ("h_{t + 2}", .timed("h", offset: 2)), ("W_{x}_{t-1}", .timed("W_x", offset: -1)),
      ("h\u{303}_{t-1}", .timed("h\u{303}", offset: -1)), ("c\\hat_{t}", .timed("c\u{302}", offset: 0)),
      ("_", .name("_")), ("_a", .name("_a")), ("not_a", .name("not_a")), ("ends", .name("ends")),
    ]
    for (text, form) in cases { XCTAssertEqual(Self.expression(text)?.form, form, text) }
  }

  func testNumbers() {
    for text in ["3", "0.5", ".5", "1e-3", "2.5e10", "007", "123456789012345678901234567890"] {
      XCTAssertEqual(Self.expression(text)?.form, .number(text))
    }
    XCTAssertEqual(Self.expression("1E+5")?.form, .number("1e5"))
    XCTAssertEqual(Self.expression("1e−5")?.form, .number("1e-5"))
    XCTAssertEqual(Self.expression("𝟏𝟐")?.form, .number("12"))
  }

  /// Different spellings, one tree.
  func testTwins() {
    let twins = [
      ("a · b", "a @ b"), ("a ⋅ b", "a · b"), ("a \\cdot b", "a · b"), ("a ⊙ b", "a * b"), ("a ∘ b", "a * b"),
      ("a ∗ b", "a * b"), ("a \\odot b", "a*b"), ("a − b", "a - b"), ("a\u{A0}+\u{2009}b", "a + b"), ("Aᵀ", "A'"),
      ("A\\top", "A'"), ("A⊤", "A'"), ("A^⊤", "A'"), ("a ≤ b", "a <= b"), ("a ≠ b", "a != b"), ("a \\ge b", "a >= b"),
      ("√x", "sqrt(x)"), ("√(x)", "sqrt(x)"), ("√x²", "sqrt(x^2)"), ("√(x)²", "sqrt(x)^2"), ("x²", "x^2"),
      ("x⁻¹", "x^-1"), ("xⁿ", "x^n"), ("tanh²(z)", "tanh(z)^2"), ("-x²", "-x^2"), ("x²[1]", "(x^2)[1]"),
      ("x²^3", "(x^2)^3"), ("2^x²", "2^x^2"), ("∂y/∂x", "D(y, x)"), ("∂(a + b)/∂x", "D((a + b), x)"),
      ("∂/∂x (a + b)", "D(a + b, x)"), ("∂²y/∂x²", "∂/∂x (∂y/∂x)"), ("(∂y/∂x)^2", "D(y, x)^2"),
      ("(∂y/∂x)[1]", "D(y, x)[1]"), ("∂y/∂x holding (h)", "∂y/∂x holding h"), ("a ∧ b ∨ ¬c", "a and b or not c"),
      ("a ÷ b", "a / b"), ("“a”", "\"a\""), ("（a＋b）", "(a + b)"), ("[1, 2,; 3, 4;]", "[1, 2; 3, 4]"),
      ("f(a,)", "f(a)"), ("\"a\\u{3c3}\"", "\"aσ\""), ("\"\"\"\n  a\n   b\"\"\"", "\"a\\n b\""),
      ("\"\"\"a\r\n  b\"\"\"", "\"a\\nb\""), ("\"\"\"\"a\"\"\"\"", "\"\\\"a\\\"\""), ("2 x", "2 * x"),
    ].dropLast()
    for (first, second) in twins {
      let tree = Self.expression(first)
      XCTAssertNotNil(tree, first)
      XCTAssertEqual(tree, Self.expression(second), first)
    }
  }

  /// What binds tighter, shown with all parentheses.
  func testPrecedence() {
    let cases: [(String, String)] = [
      ("a or b and not c == d", "(a or (b and (not (c == d))))"), ("1..n + 1 == r", "((1..(n + 1)) == r)"),
      ("a - b + c", "((a - b) + c)"), ("W · v * u / k", "(((W · v) * u) / k)"), ("a * -b^2", "(a * (-(b^2)))"),
      ("-a^-b^c", "(-(a^(-(b^c))))"), ("--a", "(-(-a))"), ("-a * b", "((-a) * b)"), ("a + b in L", "((a + b) in L)"),
      ("a < b <= c", "(a < b ≤ c)"), ("-∂y/∂x * z", "((-∂y/∂x) * z)"), ("∂x^2/∂x", "∂(x^2)/∂x"),
      ("a * ∂y/∂x holding h * b", "((a * (∂y/∂x holding h)) * b)"), ("not a and b", "((not a) and b)"),
      ("2^-x * 3", "((2^(-x)) * 3)"),
    ]
    for (text, expected) in cases { XCTAssertEqual(Self.expression(text).map(Self.grouped), expected, text) }
  }

  func testPlaces() {
    let source = Source(name: "prompt", text: "h̃ = σ(W_{x} · [h, x²]) + “é”")
    guard case .assignment(let target, let value)? = Parser.parse(source, mode: .prompt).statements.first?.form,
      case .infix(_, let call, let text) = value.form, case .call(_, let arguments) = call.form,
      case .infix(_, let matrix, let vector) = arguments[0].value.form, case .brackets(let rows) = vector.form
    else { return XCTFail("another tree") }
    let places = [target, value, call, matrix, vector, rows[0][1], text].map(\.place.text)
    XCTAssertEqual(places, ["h̃", "σ(W_{x} · [h, x²]) + “é”", "σ(W_{x} · [h, x²])", "W_{x}", "[h, x²]", "x²", "“é”"])
  }

  func testInterpolation() {
    let source = Source(name: "prompt", text: #""a {f("{b}", {k: 1})} \{c} {d}""#)
    guard case .success(let text) = Parser.expression(source), case .text(let pieces) = text.form else {
      return XCTFail("no text")
    }
    XCTAssertEqual(pieces.count, 4)
    XCTAssertEqual(pieces[2], .literal(" {c} "))
    if case .expression(let code) = pieces[1] { XCTAssertEqual(code.place.text, #"f("{b}", {k: 1})"#) }
  }

  func testTimedNames() {
    XCTAssertEqual(TimedName.split("h_t"), "h")
    XCTAssertEqual(TimedName.split("h\u{303}_t"), "h\u{303}")
    for name in ["h", "_t", "h_tt", "t"] { XCTAssertNil(TimedName.split(name), name) }
  }

  func testRawText() {
    let source = Source(name: "prompt", text: "cell N(x) -> h = latex \"\"\" \\sigma \"\"\"")
    guard case .cell(let cell)? = Parser.parse(source, mode: .prompt).statements.first?.form,
      case .latex(let text) = cell.body, let content = RawText.content(of: text.place)
    else { return XCTFail("no cell") }
    XCTAssertEqual(source.slice(content), " \\sigma ")
    XCTAssertNil(RawText.content(of: Place(source, 0..<4)))
  }

  // MARK: Tools

  static func expression(_ text: String) -> Expression? {
    try? Parser.expression(Source(name: "test", text: text)).get()
  }

  /// With parentheses around everything that has parts.
  static func grouped(_ expression: Expression) -> String {
    switch expression.form {
    case .infix(let sign, let left, let right):
      let space = sign == .power || sign == .range ? "" : " "
      return "(" + grouped(left) + space + sign.rawValue + space + grouped(right) + ")"
    case .prefix(let sign, let operand): return "(" + sign.rawValue + (sign == .not ? " " : "") + grouped(operand) + ")"
    case .comparison(let operands, let signs):
      return "(" + grouped(operands[0])
        + zip(signs, operands.dropFirst()).map { " \($0.rawValue) \(grouped($1))" }.joined()
        + ")"
    case .within(let inner, let cell): return "(" + grouped(inner) + " in " + grouped(cell) + ")"
    case .derivative(let y?, let x, _): return "∂" + grouped(y) + "/∂" + grouped(x)
    case .holding(let inner, let held): return "(" + grouped(inner) + " holding " + grouped(held[0]) + ")"
    default: return TreePrinter().text(expression)
    }
  }
}
