import Foundation
import XCTest

@testable import Figures
@testable import Session

#if canImport(FoundationXML)
  import FoundationXML
#endif

final class RecordTests: XCTestCase {
  /// Whether a text is well-formed XML; else where it is not.
  private func problem(of text: String) -> String? {
    final class Delegate: NSObject, XMLParserDelegate {}
    let parser = XMLParser(data: Data(text.utf8))
    let delegate = Delegate()
    parser.delegate = delegate
    return parser.parse() ? nil : "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "?")"
  }

  private func check(html text: String, file: StaticString = #filePath, line: UInt = #line) {
    XCTAssertNil(problem(of: text), file: file, line: line)
    XCTAssertFalse(text.contains("<script"), file: file, line: line)
    XCTAssertFalse(text.contains("src="), file: file, line: line)
    // Namespaces are names and no addresses to be loaded.
    let links = text.replacingOccurrences(of: "xmlns=\"http://www.w3.org/", with: "")
    XCTAssertFalse(links.contains("http"), file: file, line: line)
    let ids = text.components(separatedBy: " id=\"").dropFirst().compactMap { $0.components(separatedBy: "\"").first }
    XCTAssertEqual(ids.count, Set(ids).count, "every id once", file: file, line: line)
    for tag in ["<main>", "<h1>", "lang=\"en\"", "name=\"viewport\"", "prefers-color-scheme: dark", "@media print"] {
      XCTAssertTrue(text.contains(tag), tag, file: file, line: line)
    }
  }

  private func recorded(_ ending: String, _ statements: [String]) throws -> String {
    let folder = try ScratchFolder()
    let session = librarySession()
    session.output = { _ in }
    let path = folder.path + "/r." + ending
    XCTAssertTrue(session.printed(":record \(path)").last?.hasSuffix(":record stop ends it") ?? false)
    for statement in statements { _ = session.evaluate(statement) }
    return try folder.text("r." + ending)
  }

  private let statements = [
    "\"\"\"# Of gates\nWords & *signs* <here>.\n- a `x < y` item\n\"\"\"", "use LSTM", "a = 1", "∂c[t]/∂c[t-1]",
    "show(GRU)", "steps(∂c[t]/∂c[t-1] holding h[t-1])", "table({a: [1, 2.5], b: (\"x|y\", \"<z>\")})",
    "print(\"a & b\"); print(\"c\")", "a +", "nosuch", "x = 3; x + 1", "h[t]", "check ∂c[t]/∂c[t-1] = f[t]", "[1, 2]",
    "net = LSTM(x: 1, h: 1, dtype: f64); feed(net, [1; 0]); gates(net)", "ask(\"Which?\", \"f\", because: \"it < 1\")",
    "cell Mean(x) -> m { m[t] = 0.5 * m[t-1] + 0.5 * x[t]  \"a mean & more\" }", "expand", "paths(∂c[t]/∂c[t-1])",
    "product(∂c[t]/∂c[t-2] in LSTM)", "lesson(\"nosuch\")",
  ]

  func testHTML() throws {
    let text = try recorded("html", statements)
    check(html: text)
    for part in [
      "<title>Of gates</title>", "<h1>Of gates</h1>", "Words &amp; <em>signs</em> &lt;here&gt;.",
      "<code>x &lt; y</code>", "<pre class=\"input\"", "a = 1", "<math", "<dt>z[t]</dt><dd>update gate", "x|y",
      "&lt;z&gt;",
      "a &amp; b\nc</code>", "class=\"error\"", "nosuch is not known here", "<svg", "role=\"img\"", "<details>",
      "it &lt; 1", "a mean &amp; more", "only if h[t-1] is held", "<th scope=\"col\" class=\"number\">a</th>",
    ] { XCTAssertTrue(text.contains(part), part) }
    XCTAssertFalse(text.contains("first &quot;"))
    // A statement's value is there once, as mathematics, and not as printed text as well.
    XCTAssertEqual(text.components(separatedBy: "agrees with finite differences").count, 2)
  }

  /// For who cannot see a figure: every kind says in words what is to be seen, by names that are there once.
  func testEveryFigureOfAPageHasWords() throws {
    let figures = [
      "draw(LSTM)", "draw(net, t: 2)", "draw(∂c[t]/∂c[t-1] in LSTM)", "draw(stack(GRU(3), linear(1)))", "gates(net)",
      "heatmap(net.c)", "difference(net, clamp(net, f: 1))", "plot(σ, tanh, over: -2..2)", "plot(net.h)",
      "flow(LSTM, steps: 4, h: 3)", "watch(net)",
    ]
    let text = try recorded(
      "html", ["net = LSTM(x: 1, h: 2, seed: 1, dtype: f64); y = feed(net, [1; 0; 2]);"] + figures)
    check(html: text)
    func parts(_ text: String, _ start: String, _ end: String) -> [String] {
      text.components(separatedBy: start).dropFirst().compactMap { $0.components(separatedBy: end).first }
    }
    let drawn = parts(text, "<svg ", "</svg>")
    XCTAssertEqual(drawn.count, figures.count)
    for (svg, statement) in zip(drawn, figures) {
      XCTAssertTrue(svg.contains("role=\"img\""), statement)
      let names = parts(svg, "aria-labelledby=\"", "\"").flatMap { $0.split(separator: " ") }
      XCTAssertEqual(names.count, 2, statement)
      for name in names { XCTAssertTrue(svg.contains("id=\"\(name)\""), "\(statement): \(name)") }
      let words = parts(svg, "<desc", "</desc>").first.flatMap { $0.split(separator: ">", maxSplits: 1).last } ?? ""
      XCTAssertGreaterThan(words.count, 30, "\(statement): \(words)")
      XCTAssertFalse(parts(svg, "<title", "</title>").first?.hasSuffix(">") ?? true, "\(statement) has a title")
    }
  }

  func testMarkdownAndLaTeX() throws {
    let markdown = try recorded("md", statements)
    for part in [
      "# Of gates\n", "```carousel\nuse LSTM\na = 1\n∂c[t]/∂c[t-1]\n```", "$$\n\\frac{\\partial c_t}", "| a | b |",
      "| 1 | x\\|y |", "<details><summary>Answer</summary>", "*signs*", "\\<here\\>",
    ] { XCTAssertTrue(markdown.contains(part), part + "\n" + markdown) }
    let latex = try recorded("tex", statements)
    for part in [
      "\\documentclass", "\\[\n\\frac{\\partial c_t}", "\\begin{tikzpicture}", "\\section*{Answers}", "\\end{document}",
      "Words \\& \\emph{signs} $<$here$>$.", "\\begin{wrong}",
    ] { XCTAssertTrue(latex.contains(part), part + "\n" + latex) }
    XCTAssertTrue(latex.utf8.allSatisfy { $0 < 0x80 }, "pdflatex reads all of it")
  }

  func testTheCommand() throws {
    let folder = try ScratchFolder()
    let session = librarySession()
    var lines: [String] = []
    session.output = { lines.append($0) }
    func typed(_ text: String) -> String {
      session.printed(text).joined(separator: " ").replacingOccurrences(of: folder.path, with: "")
        .replacingOccurrences(of: " +", with: " ", options: .regularExpression)
    }
    let path = folder.path + "/a.html"
    XCTAssertEqual(typed(":record"), "nothing is recorded; :record lecture.html begins (also .md, .tex)")
    XCTAssertTrue(typed(":record stop").hasPrefix("error: nothing is recorded"))
    XCTAssertTrue(typed(":record a.txt").contains("a record is kept as .html, .md or .tex"))
    XCTAssertTrue(typed(":record \(folder.path)/no/a.html").hasPrefix("error:"))
    _ = try folder.write("mine.html", "<p>my own</p>")
    XCTAssertTrue(typed(":record \(folder.path)/mine.html").contains("is there already, and is no record"))
    XCTAssertEqual(try folder.text("mine.html"), "<p>my own</p>")
    XCTAssertEqual(typed(":record \(path)"), "recording to /a.html; :record stop ends it")
    XCTAssertTrue(typed(":record \(path)").contains("a record is kept already"))
    _ = session.evaluate("1 + 1")
    _ = session.command("?tanh")
    XCTAssertEqual(typed(":record"), "recording to /a.html: 2 statements; :record stop ends it")
    XCTAssertTrue(try folder.text("a.html").contains("1 + 1"), "kept after the statement, before any end")
    // A fresh session goes on with it.
    let fresh = librarySession()
    fresh.output = { _ in }
    fresh.goOn(from: session)
    _ = fresh.evaluate("2 + 2")
    XCTAssertTrue(try folder.text("a.html").contains("2 + 2"))
    _ = session.evaluate("3 + 3")
    XCTAssertTrue(fresh.printed(":record stop").first?.hasPrefix("wrote") ?? false)
    _ = fresh.evaluate("4 + 4")
    let text = try folder.text("a.html")
    XCTAssertFalse(text.contains("3 + 3") || text.contains("4 + 4"))
    check(html: text)
    // What was written here may be written anew.
    XCTAssertTrue(typed(":record \(path)").hasPrefix("recording to"))
    XCTAssertFalse(try folder.text("a.html").contains("2 + 2"))
  }

  /// A lesson that is played while a record is kept stands in it, with its questions.
  func testALessonIsRecorded() throws {
    let folder = try ScratchFolder()
    let lesson = try folder.write("l.cell", "\"# A title\\nWords.\"\na = 6\na * 7\nask(\"How much?\", 42)\nnosuch\n")
    let dialogue = ScriptedDialogue(answers: ["42"])
    let session = dialogue.session()
    _ = session.evaluate(":record \(folder.path)/a.html")
    _ = session.evaluate("lesson(\"\(lesson)\")")
    let text = try folder.text("a.html")
    check(html: text)
    for part in ["A title</h2>", "Words.", "a = 6\na * 7", "How much?", "<details>", "nosuch is not known here"] {
      XCTAssertTrue(text.contains(part), part)
    }
    XCTAssertFalse(text.contains("✓ right"), "what was answered is the learner's own")
    XCTAssertTrue(dialogue.text.contains("✓ right"))
  }

  func testInterruptedAndEndless() throws {
    let folder = try ScratchFolder()
    let session = librarySession()
    session.output = { _ in }
    _ = session.evaluate(":record \(folder.path)/a.html")
    _ = session.evaluate("for i in 1..5000 { print(i) }")
    var polls = 0
    session.isInterrupted = {
      polls += 1
      return polls > 5
    }
    _ = session.evaluate("while true { }")
    let text = try folder.text("a.html")
    check(html: text)
    XCTAssertTrue(text.contains("while true"))
    XCTAssertTrue(text.contains("interrupted"))
    XCTAssertFalse(text.contains("\n4999\n"), "a loop's lines are bounded")
  }

  // MARK: Scripts and lessons

  private func handout(of name: String, _ ending: String) throws -> String {
    let folder = try ScratchFolder()
    let session = librarySession()
    session.output = { XCTFail("printed: \($0)") }
    let failures = session.writeHandout(of: name, to: folder.path + "/out." + ending)
    XCTAssertEqual(failures.map(\.message), [], name)
    return try folder.text("out." + ending)
  }

  func testEveryLessonAsAPage() throws {
    for name in LessonShelf(folder: libraryFolder).names { check(html: try handout(of: name, "html")) }
  }

  /// All that the solution of the quiz says, in the page's words; formulas by their mathematics.
  func testTheQuizPageHoldsEveryAnswer() throws {
    let text = try handout(of: "quiz", "html")
    let words = text.replacingOccurrences(of: "<[^>]+>", with: "", options: .regularExpression)
      .replacingOccurrences(of: "\\s+", with: " ", options: .regularExpression).lowercased()
    let answers = [
      // 1.1: where the gates are, and what for.
      "forget gate f: stands before the old cell state, and decides how much of it stays",
      "input gate i: stands before the candidate, and decides how much of it is written",
      "what could be written into the cell state",
      "output gate o: stands behind the cell state, and decides how much of it is shown",
      // 1.2
      "sigmoid squishes values between 0 and 1: to forget or to keep a value, depending on whether it is important",
      "tanh ensures that the values stay between -1 and 1, and so regulates the output of the network",
      // 1.3
      "∂c[t]/∂c[t-1] = f[t] + ∂f[t]/∂c[t-1] * c[t-1] + ∂i[t]/∂c[t-1] * g[t] + i[t] * ∂g[t]/∂c[t-1]",
      "it is the presence of the activation value f[t] in (0, 1) from the forget gate",
      "along with the additive structure of the gradient equation, which allows lstms to better control the gradients",
      "to keep important information",
      // 2.1
      "reset gate r: stands before the old state, inside of the candidate. it compresses the memory before it is used "
        + "to decide on the usefulness of the current input",
      "two steps at once, forgetting and remembering", "it combines the forget and the input gate of the lstm",
      "the lstm has three gates and a candidate, the gru two gates and a candidate",
      // 2.2
      "if there is enough budget and data, lstm may be better than gru",
      "lstm needs more training data and training cost",
      "compared with lstm, gru is easier to train and can greatly improve the training efficiency",
      "gru may perform better when the amount of data is relatively small",
    ]
    for answer in answers { XCTAssertTrue(words.contains(answer), answer) }
    let latex = try handout(of: "quiz", "tex")
    for formula in [
      "\\frac{\\partial c_t}{\\partial c_{t-1}} = f_t + \\frac{\\partial f_t}{\\partial c_{t-1}} \\odot c_{t-1} + "
        + "\\frac{\\partial i_t}{\\partial c_{t-1}} \\odot g_t + i_t \\odot \\frac{\\partial g_t}{\\partial c_{t-1}}",
      "c_t &= f_t \\odot c_{t-1} + i_t \\odot g_t", "h_t &= o_t \\odot \\tanh(c_t)",
      "z_t &= \\sigma(W_z \\cdot [h_{t-1}, x_t])", "r_t &= \\sigma(W_r \\cdot [h_{t-1}, x_t])",
      "\\tilde{h}_t &= \\tanh(W \\cdot [r_t \\odot h_{t-1}, x_t])",
      "h_t &= (1 - z_t) \\odot h_{t-1} + z_t \\odot \\tilde{h}_t",
    ] { XCTAssertTrue(latex.contains(formula), formula) }
  }

  func testAScriptWithAnError() throws {
    let folder = try ScratchFolder()
    let script = try folder.write("s.cell", "# Title\na = 1\nnosuch\nprint(a)\n")
    let session = librarySession()
    let failures = session.writeHandout(of: script, to: folder.path + "/s.html")
    XCTAssertEqual(failures.map(\.message), ["nosuch is not known here"])
    XCTAssertTrue(try folder.text("s.html").contains("class=\"error\""))
    for (name, path, said) in [
      (script, "s.pdf", "a record is kept as"), ("quizz", "s.html", "there is no lesson quizz"),
      (folder.path + "/none.cell", "s.html", "no such file"), (script, "no/s.html", "no"),
    ] {
      let messages = session.writeHandout(of: name, to: folder.path + "/" + path).map(\.message)
      XCTAssertTrue(messages.first?.contains(said) ?? false, "\(messages)")
    }
  }
}
