import XCTest

@testable import Session

final class AskTests: XCTestCase {
  /// What is said of an answer, and the last thing that is: whether it was right.
  private func asked(_ call: String, _ answers: [String], setup: String = "") -> [String] {
    let dialogue = ScriptedDialogue(answers: answers)
    dialogue.isInteractive = false
    let session = dialogue.session()
    if !setup.isEmpty { _ = session.printed(setup) }
    return session.printed(call)
  }

  /// Each answer is the only one: what is said of it, in its first line.
  func testJudging() {
    let straight = "ask(\"q\", ∂c[t]/∂c[t-1] holding h[t-1])"
    let words = "ask(\"q\", (\"forget gate\", \"f[t]\"))"
    let choice = "ask(\"q\", \"c\", choices: (\"x\", (\"h\", \"it is hidden\"), \"c\"))"
    let cases: [(call: String, answer: String, said: String)] = [
      (straight, "f[t]", "✓ right"),
      (straight, "∂c[t]/∂c[t-1] = f[t]", "✓ right"),
      (straight, "f_t", "✓ right"),
      (straight, "diag(f[t])", "✓ right"),
      (straight, "i[t]", "✗ i[t] stands where f[t] belongs"),
      (straight, "f[t-1]", "✗ f[t-1] stands where f[t] belongs"),
      (straight, "1 - f[t]", "✗ 1 - f[t] stands where f[t] belongs"),
      (straight, "", "  right is: ∂c[t]/∂c[t-1] holding h[t-1] = f[t]"),
      (straight, "f[t", "error: this [ is never closed"),
      (straight, "q[t]", "error: q has a time, but it is neither an input nor defined by"),
      ("ask(\"q\", ∂c[t]/∂c[t-1])", "f[t]", "✗ only if h[t-1] is held: c[t-1] also reaches c[t] through h[t-1]"),
      ("ask(\"q\", c[t])", "f[t] * c[t-1] + i[t] * g[t]", "✓ right"),
      ("ask(\"q\", c[t])", "f[t] * c[t-1] - i[t] * g[t]", "✗ the sign of i[t] * g[t] is wrong"),
      ("ask(\"q\", ∂σ(z)/∂z)", "1", "error: "),
      ("ask(\"q\", 0.125)", "1/8", "✓ right"),
      ("ask(\"q\", 0.125)", "0.5^3", "✓ right"),
      ("ask(\"q\", 0.125)", "f = 0.1249", "✓ right"),
      ("ask(\"q\", 0.125)", "0.127", "✗ close, but not close enough: three digits are asked for"),
      ("ask(\"q\", 0.125)", "-0.125", "✗ the sign is wrong"),
      ("ask(\"q\", 0.125)", "0.875", "✗ that is 1 minus it"),
      ("ask(\"q\", 0.125)", "12.5", "✗ that is a percentage: a part of 1 is asked for"),
      ("ask(\"q\", 0.125)", "8", "✗ that is 1 divided by it"),
      ("ask(\"q\", 0.125)", "0.25", "✗ twice too much"),
      ("ask(\"q\", 0.125)", "0.0625", "✗ only half of it"),
      ("ask(\"q\", 0.125)", "0.35355", "✗ that is its square root"),
      ("ask(\"q\", 0.125)", "3", "✗ too large"),
      ("ask(\"q\", 0.125)", "nan", "error: "),
      ("ask(\"q\", 0.125)", "\"a\"", "error: a number is asked for, and this is a text"),
      ("ask(\"q\", 0.125)", "1 +", "error: the text ends here, expecting an expression"),
      ("ask(\"q\", 0.125, tolerance: 0.05)", "0.127", "✓ right"),
      ("ask(\"q\", 2480)", "2480", "✓ right"),
      ("ask(\"q\", 2480)", "2481", "✗ off by one"),
      ("ask(\"q\", 2480)", "2400", "✗ too small"),
      ("ask(\"q\", [1, -2, 3])", "[1, -2, 3]", "✓ right"),
      ("ask(\"q\", [1, -2, 3])", "[1, 2, 3]", "✗ the sign of one number is wrong"),
      ("ask(\"q\", [1, -2, 3])", "[1, -2, 4]", "✗ one number is wrong: yours has 4 in place 3"),
      ("ask(\"q\", [1, -2, 3])", "[1, -2]", "✗ it has the shape 3, yours 2"),
      (
        "ask(\"q\", [1, 2, 3; 4, 5, 6])", "[1, 4; 2, 5; 3, 6]",
        "✗ rows and columns are exchanged: it is 2 × 3, yours 3 × 2"
      ),
      ("ask(\"q\", true)", "Yes", "✓ right"),
      ("ask(\"q\", true)", "n", "✗ no"),
      ("ask(\"q\", false)", "perhaps", "answer yes or no"),
      (words, "The Forget-Gate.", "✓ right"),
      (words, "f_{t}", "✓ right: forget gate"),
      (words, "forgett gate", "✗ nearly: look at the spelling"),
      (words, "input gate", "✗ not “input gate”"),
      (choice, "c", "✓ right: c"),
      (choice, "3", "✓ right: c"),
      (choice, "b", "✗ not h: it is hidden"),
      (choice, "h", "✗ not h: it is hidden"),
      (choice, "zz", "answer with a letter from a to c, or in the words"),
    ]
    for (call, answer, said) in cases {
      let lines = asked(call, [answer], setup: "use LSTM")
      guard let position = lines.firstIndex(of: "? " + answer), position + 1 < lines.count else {
        if said == "error: ", lines.contains(where: { $0.hasPrefix("error: ") }) { continue }
        XCTFail("\(call), \(answer): \(lines)")
        continue
      }
      XCTAssertTrue(lines[position + 1].hasPrefix(said), "\(call), \(answer): \(lines[position + 1])")
      XCTAssertEqual(lines.last, said.hasPrefix("✓") ? "true" : "false", "\(call), \(answer)")
    }
  }

  /// A letter names its choice also where a choice has a letter's name: the words come first.
  func testAChoiceIsNamedBeforeItsLetter() {
    let call = "ask(\"q\", \"a\", choices: (\"b\", \"a\"))"
    XCTAssertEqual(asked(call, ["a"]).suffix(2), ["✓ right: a", "true"])
    XCTAssertEqual(asked(call, ["b", "2"]).suffix(4), ["✗ not b", "? 2", "✓ right: a", "true"])
  }

  func testTriesAndHelp() {
    let call = "ask(\"How many?\", 3, hint: \"*count* them\", because: \"there are three\")"
    let dialogue = ScriptedDialogue(answers: ["", "?", "5", "x y", "7", "8", ""])
    let session = dialogue.session()
    _ = session.evaluate(call)
    XCTAssertEqual(
      dialogue.seen,
      [
        "How many?",
        "? ", "  type an answer; ? gives a hint; ?? shows it, :q leaves",
        "? ?", "  count them",
        "? 5", "✗ too large", "  count them",
        "? x y", "error: a product needs * or ·", "  1 | x y", "    |   ^",
        "hint: x * y is elementwise, x · y the matrix product",
        "? 7", "✗ too large",
        "? 8", "✗ too large", "  return alone shows the answer; or try again",
        "? ", "  right is: 3", "  there are three", "false",
      ].map { $0 }, dialogue.text)
  }

  func testTheEndOfInputAndInterrupts() {
    XCTAssertEqual(asked("ask(\"q\", 3)", []), ["q", "  no answer; right is: 3", "false"])
    XCTAssertEqual(asked("ask(\"q\", 3)", [""]), ["q", "? ", "  right is: 3", "false"])
    XCTAssertEqual(asked("ask(\"q\", 3)", ["??"]), ["q", "? ??", "  right is: 3", "false"])
    XCTAssertEqual(asked("ask(\"q\", 3)", [":q"]), ["q", "? :q", "interrupted"])
    let dialogue = ScriptedDialogue()
    for line in [DialogueLine.interrupted, .end] {
      dialogue.answer = { _ in line }
      XCTAssertEqual(dialogue.session().printed("a = 1; ask(\"q\", 3)"), ["q", "interrupted"])
    }
  }

  /// Ctrl-C while an answer is worked out gives the question back.
  func testAnEndlessAnswer() {
    let dialogue = ScriptedDialogue(answers: ["sum(map(n -> n, 1..3))", "forever(1)", "3"])
    let session = dialogue.session()
    _ = session.evaluate("fn forever(n) { while true { n = n + 1 } }")
    var polls = 0
    var isPressed = false
    session.isInterrupted = {
      polls += 1
      if polls == 200 { isPressed = true }
      return isPressed
    }
    session.endInterrupt = { isPressed = false }
    _ = session.evaluate("ask(\"q\", 3)")
    XCTAssertEqual(dialogue.seen.suffix(5), ["? forever(1)", "interrupted", "? 3", "✓ right", "true"], dialogue.text)
  }

  func testWrongUse() {
    let cases: [(call: String, said: String)] = [
      ("ask()", "ask(question, answer"), ("ask(\"q\")", "answer"), ("ask(\" \", 1)", "the question is empty"),
      ("ask(1, 2)", "ask takes a text"), ("ask(\"q\", σ)", "ask takes a derivative, an equation, numbers"),
      ("ask(\"q\", ())", "ask takes"), ("ask(\"q\", (\"a\", 1))", "a text, or a list of texts"),
      ("ask(\"q\", 1, tolerance: 2)", "tolerance is a part of the number"),
      ("ask(\"q\", 1, tolerance: \"a\")", "tolerance is a part of the number"),
      ("ask(\"q\", \"a\", choices: (\"a\",))", "choices is a list of 2 to 26 texts"),
      ("ask(\"q\", \"a\", choices: (\"b\", \"c\"))", "the answer is none of the choices"),
      ("ask(\"q\", 1, choices: (\"b\", \"c\"))", "the answer is none of the choices"),
      ("ask(\"q\", \"a\", choices: (\"a\", (\"b\", 1)))", "choices is a list of 2 to 26 texts"),
      ("ask(\"q\", \"a\", hint: 1)", "ask takes a text as hint"),
      ("ask(\"q\", x[t] in LSTM)", "there is no equation to be judged by"),
    ]
    for (call, said) in cases {
      let lines = asked(call, ["1"])
      XCTAssertTrue(lines.joined(separator: " ").contains(said), "\(call): \(lines)")
      XCTAssertTrue(lines.first?.hasPrefix("error:") ?? false, "\(call): \(lines)")
    }
  }
}
