import Foundation
import XCTest

@testable import Session

final class LessonTests: XCTestCase {
  private let small = """
    # for teachers
    \"\"\"
    # Small things
    How to add.
    \"\"\"
    a = 1
    a + 1   # two
    "And now {a + 2}."
    right = ask("1 + 3?", 4)
    b = a
    b +
      nosuch
    "The end."
    """

  private func played(
    _ text: String, keys: [DialogueKey] = [], answers: [String] = [], progress: String? = nil
  ) throws -> (lines: [String], folder: ScratchFolder) {
    let folder = try ScratchFolder()
    let path = try folder.write("small.cell", text)
    let dialogue = ScriptedDialogue(keys: keys, answers: answers)
    _ = dialogue.session(progress: progress).evaluate("lesson(\"\(path)\")")
    return (dialogue.seen.map { $0.replacingOccurrences(of: folder.path, with: "") }, folder)
  }

  func testALessonIsPlayed() throws {
    let expected = [
      "Small things", "============", "", "How to add.", "",
      "> a = 1", "> a + 1   # two", "2", "", "And now 3.", "",
      "1 + 3?", "? 5", "✗ off by one", "? 4", "✓ right", "> b = a",
      "> b +", ".   nosuch", "error: nosuch is not known here", "  2 |   nosuch", "    |   ^^^^^^",
      "", "The end.", "", "The end of “Small things”: 1 of 1 answers right",
    ]
    let lines = try played(small, answers: ["5", "4"]).lines
    // A page begins anew after a key: no empty line is needed there.
    XCTAssertEqual(lines.filter { !$0.isEmpty }, expected.filter { !$0.isEmpty })
  }

  func testBackAndLeaveAndTryOut() throws {
    let lines = try played(small, keys: [.next, .back, .back, .next, .next, .leave]).lines
    let first = try XCTUnwrap(lines.firstIndex(of: "─── 1 of 2 ───"))
    XCTAssertEqual(lines[first + 1], "Small things")
    XCTAssertTrue(lines[first...].contains("─── 2 of 2 ───"))
    XCTAssertEqual(lines.filter { $0 == "> a = 1" }.count, 2, "shown again, and run once: \(lines)")
    XCTAssertTrue(lines.suffix(4).contains { $0.hasPrefix("Left at step 4 of 8; lesson") }, "\(lines)")

    let tried = try played(
      small, keys: [.other("x"), .next, .other("e"), .leave], answers: ["a * 10", "(1", "nosuch", ""]
    ).lines
    XCTAssertTrue(tried.contains("10"))
    XCTAssertTrue(tried.contains { $0.hasPrefix("this ends too early: expecting") }, "\(tried)")
    XCTAssertTrue(tried.contains("error: nosuch is not known here"))
    XCTAssertTrue(tried.suffix(4).contains { $0.hasPrefix("Left at step 3 of 8; lesson") }, "\(tried)")
  }

  /// A step that is gone back to is tried with what was there then, nets included; going on, all is there again.
  func testGoingBackUndoesWhatSteps() throws {
    let text = """
      "One."
      a = 1; net = linear(x: 1, y: 1, seed: 3); pair = (net, 2); a
      "Two."
      a = 2; new = 7; feed(net, [1; 2]); net.W = 5; set seed 9
      "Three."
      "The end."
      """
    let tries = ["a", "net.t", "net.W[1, 1] == 5", "new", "a = 50", "net.b = 4", ""]
    let later = ["a", "new", "net.t", "pair[1].t", "net.W[1, 1]", "net.b[1]", "uniform(0, 1)", ""]
    let again = later
    let lines = try played(
      text,
      keys: [
        .next, .next, .next, .next, .back, .back, .back, .other("e"), .next, .next, .next, .other("e"), .other("e"),
        .leave,
      ],
      answers: tries + later + again
    ).lines
    let undone = try XCTUnwrap(
      lines.firstIndex { $0.hasSuffix("an empty line undoes it") }, "\(lines)")
    let whole = lines[undone...].filter { !$0.hasPrefix("hint") && !$0.hasPrefix("  1 |") && !$0.hasPrefix("    |") }
    XCTAssertEqual(
      Array(whole.prefix(13)),
      [
        lines[undone], "> a", "1", "> net.t", "0", "> net.W[1, 1] == 5", "false", "> new",
        "error: new is not known here", "> a = 50", "> net.b = 4", "> ", "─── 3 of 5 ───",
      ])
    let forward = try XCTUnwrap(lines.lastIndex { $0 == "─── 5 of 5 ───" }, "\(lines)")
    let after = Array(lines[forward...])
    let asked = try XCTUnwrap(after.firstIndex { $0.hasPrefix("  try what you like") })
    XCTAssertFalse(after[asked].hasSuffix("undoes it"))
    XCTAssertEqual(
      Array(after[(asked + 1)..<(asked + 13)]),
      ["> a", "2", "> new", "7", "> net.t", "2", "> pair[1].t", "2", "> net.W[1, 1]", "5", "> net.b[1]", "0"])
    // The random numbers go on where they were, and not from the step that was looked at.
    let session = librarySession()
    _ = session.evaluate("set seed 9")
    let drawn = (session.printed("uniform(0, 1)"), session.printed("uniform(0, 1)"))
    let numbers = after.indices.filter { after[$0] == "> uniform(0, 1)" }.map { [after[$0 + 1]] }
    XCTAssertEqual(numbers, [drawn.0, drawn.1])
  }

  /// What a lesson names is its own.
  func testALessonLeavesTheSessionAlone() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("small.cell", "a = 5\ncell LSTM(x) -> h { h[t] = W · x[t] }\nset seed 9\na")
    let session = ScriptedDialogue().session()
    _ = session.evaluate("a = 1; use GRU")
    _ = session.evaluate("lesson(\"\(path)\")")
    XCTAssertEqual(session.printed("a"), ["1"])
    XCTAssertEqual(session.printed("h[t]").count, 1)
    XCTAssertTrue(session.printed("LSTM").count > 5)
  }

  // MARK: Progress

  func testProgressIsKept() throws {
    let folder = try ScratchFolder()
    let file = folder.path + "/state/carousel/lessons"
    let lesson = try folder.write("small.cell", small)
    func play(_ keys: [DialogueKey], _ answers: [String]) -> [String] {
      let dialogue = ScriptedDialogue(keys: keys, answers: answers)
      _ = dialogue.session(progress: file).evaluate("lesson(\"\(lesson)\")")
      return dialogue.seen
    }
    XCTAssertTrue(play([.next, .next, .leave], []).contains { $0.hasPrefix("Left at step 4 of 8; lesson") })
    XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), "\(lesson)\t4\t8\t0\t0\n")
    // Goes on: the names are there, the earlier steps are not seen.
    let second = play([.next, .next], ["4"])
    XCTAssertEqual(second.first, "You were at step 4 of 8: return goes on there, r starts afresh, q leaves")
    XCTAssertFalse(second.contains("> a = 1"))
    XCTAssertTrue(second.contains("> b = a"))
    XCTAssertTrue(second.contains("The end of “Small things”: 1 of 1 answers right"))
    XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), "\(lesson)\t8\t8\t1\t1\n")
    // Done: it starts from the beginning.
    XCTAssertEqual(play([.leave], []).first, "Small things")
    XCTAssertEqual(play([.other("r"), .leave], [])[2], "Small things")
    XCTAssertEqual(play([.leave], []).count, 1)
  }

  func testDamagedProgress() throws {
    let folder = try ScratchFolder()
    let damaged = [
      "", "\0\0\0", "quiz\t3\t60\t1", "quiz\tx\t60\t1\t1\n", "quiz\t-3\t60\t1\t1\n", "\t1\t2\t3\t4\n",
      "quiz\t99999999999999999999\t1\t1\t1\n", String(repeating: "x", count: 100_000), "quiz 3 60 1 1\n",
    ]
    for text in damaged {
      let path = try folder.write("lessons", text)
      var progress = LessonProgress(path: path)
      XCTAssertEqual(progress.entries, [:], text.prefix(40).description)
      let entry = LessonProgress.Entry(step: 2, steps: 5, right: 1, asked: 3)
      XCTAssertNil(progress.set(entry, for: "design"))
      XCTAssertEqual(LessonProgress(path: path).entries, ["design": entry])
    }
    // Good lines beside bad ones are kept.
    let path = try folder.write("lessons", "nonsense\nquiz\t3\t60\t1\t2\nquiz\t4\n")
    var progress = LessonProgress(path: path)
    XCTAssertNil(progress.set(.init(step: 1, steps: 2, right: 0, asked: 0), for: "a\tb"), "no such name is kept")
    XCTAssertNil(progress.set(.init(step: 1, steps: 2, right: 0, asked: 0), for: "design"))
    XCTAssertEqual(try folder.text("lessons"), "design\t1\t2\t0\t0\nquiz\t3\t60\t1\t2\n")
    // A folder stands where the file should: it is told, and the lesson goes on.
    var hopeless = LessonProgress(path: folder.path)
    XCTAssertTrue(
      hopeless.set(.init(step: 1, steps: 2, right: 0, asked: 0), for: "quiz")?.contains("not kept") ?? false)
  }

  // MARK: The library's lessons

  func testTheListOfLessons() throws {
    let folder = try ScratchFolder()
    let shelf = LessonShelf(folder: libraryFolder)
    XCTAssertEqual(
      shelf.names, ["lstm", "carousel", "gru", "backpropagation", "quiz", "design"])
    let quiz = try shelf.lesson("quiz")
    let progress = try folder.write("lessons", "quiz\t12\t\(quiz.steps.count)\t3\t4\ndesign\t9\t9\t5\t5\n")
    for typed in ["lesson", "lesson()"] {
      let lines = ScriptedDialogue().session(progress: progress).printed(typed)
      XCTAssertEqual(lines.count, 7, "\(lines)")
      XCTAssertTrue(
        lines.contains("quiz             The quiz (at step 12 of \(quiz.steps.count), 3 of 4 answers right)"),
        "\(lines)")
      XCTAssertTrue(lines.contains("design           Design your own cell (done, 5 of 5 answers right)"), "\(lines)")
    }
    for lesson in shelf.lessons() {
      let lesson = try XCTUnwrap(lesson.lesson, lesson.name)
      XCTAssertGreaterThan(lesson.questionCount, 5, lesson.name)
      XCTAssertGreaterThan(lesson.summary.count, 20, lesson.name)
    }
  }

  /// Every lesson runs to its end without an error, and nothing is wider than the terminal.
  func testEveryLessonRuns() {
    for name in LessonShelf(folder: libraryFolder).names {
      let dialogue = ScriptedDialogue()
      dialogue.isInteractive = false
      _ = dialogue.session().evaluate("lesson \"\(name)\"")
      XCTAssertTrue(dialogue.seen.last?.hasPrefix("The end of “") ?? false, name)
      for line in dialogue.seen {
        XCTAssertFalse(line.hasPrefix("error:"), "\(name): \(line)")
        // What was typed is the terminal's to break; a cell's purpose must be readable as one text.
        guard !line.hasPrefix("> "), !line.hasPrefix(". "), !line.hasPrefix("  \"") else { continue }
        XCTAssertLessThanOrEqual(line.displayWidth, 80, "\(name): \(line)")
      }
    }
  }

  func testNarrowAndASCII() throws {
    let text = """
      \"\"\"
      # A title that is longer than a narrow terminal is wide
      Words about `f[t] * c[t-1]` and σ, which go on for more than one line, with *stress*.
      - an item of a list that is as long as that
      \"\"\"
      ask("A question that goes on for more than one narrow line, does it not?", "a long choice, wider than the terminal",
        choices: ("a long choice, wider than the terminal", ("no", "why not, since it is so very long a question")),
        hint: "read it again, from its beginning to its end", because: "forty columns are few for so many words")
      """
    let folder = try ScratchFolder()
    let path = try folder.write("n.cell", text)
    for (width, isASCII) in [(40, false), (40, true), (200, false)] {
      let dialogue = ScriptedDialogue(answers: ["b", "?", "", "perhaps", "a"])
      let session = dialogue.session()
      session.options.width = width
      session.options.isASCII = isASCII
      _ = session.evaluate("lesson(\"\(path)\")")
      for line in dialogue.seen {
        XCTAssertLessThanOrEqual(line.displayWidth, isASCII ? width + 8 : width, line)
        if isASCII { XCTAssertTrue(line.utf8.allSatisfy { $0 < 0x80 }, line) }
      }
      XCTAssertTrue(dialogue.text.contains("right"), dialogue.text)
    }
  }

  private static let rightAnswers = [
    "forget gate", "b", "it decides how much of the candidate is written", "h_{t-1}", "4",
    "a", "it could never be lowered by writing", "1/4", "3",
    "f[t] + ∂f[t]/∂c[t-1] * c[t-1] + ∂i[t]/∂c[t-1] * g[t] + i[t] * ∂g[t]/∂c[t-1]", "f[t] * f[t-1] * f[t-2]",
    "the forget gate", "no", "update gate", "a", "a", "1 - z[t]", "3/4", "GRU", "lstm",
  ]

  func testTheQuizWithRightAnswers() {
    let dialogue = ScriptedDialogue(answers: Self.rightAnswers)
    _ = dialogue.session().evaluate("lesson quiz")
    let marks = dialogue.seen.filter { $0.hasPrefix("✓ right") || $0.hasPrefix("✗") }
    XCTAssertEqual(dialogue.linesAsked, Self.rightAnswers.count)
    XCTAssertEqual(dialogue.seen.last, "The end of “The quiz”: 20 of 20 answers right", dialogue.text)
    // Two of the lines that the lesson itself checks are right, one is wrong on purpose.
    XCTAssertEqual(marks.filter { $0.hasPrefix("✓") }.count, 22)
  }

  /// Three wrong answers to each question: each is told what is wrong, and then the answer.
  func testTheQuizWithWrongAnswers() {
    let wrong = [
      "input gate", "a", "c", "x[t]", "3", "b", "c", "1/2", "2", "f[t]", "f[t] * f[t-1]", "the input gate", "yes",
      "reset",
      "b", "b", "z[t]", "4/3", "LSTM", "GRU",
    ]
    let dialogue = ScriptedDialogue()
    dialogue.answer = { .text($0 % 4 == 3 ? "" : wrong[min($0 / 4, wrong.count - 1)]) }
    _ = dialogue.session().evaluate("lesson quiz")
    XCTAssertEqual(dialogue.linesAsked, 80)
    XCTAssertEqual(dialogue.seen.last, "The end of “The quiz”: 0 of 20 answers right", dialogue.text)
    XCTAssertEqual(dialogue.seen.filter { $0.hasPrefix("  right is:") }.count, 20)
    for diagnosis in [
      "✗ not between the input and the candidate: that is the way of the candidate; i",
      "✗ not σ is faster: they cost the same, within a few percent", "✗ that is its square root",
      "✗ only if h[t-1] is held: c[t-1] also reaches c[t] through h[t-1]", "✗ that is 1 divided by it",
      "✗ z[t] stands where 1 - z[t] belongs", "✗ off by one",
    ] { XCTAssertTrue(dialogue.seen.contains(diagnosis), diagnosis + "\n" + dialogue.text) }
  }

  func testWrongUse() throws {
    let folder = try ScratchFolder()
    let broken = try folder.write("broken.cell", "\"a\"\nb = (1,\n")
    let empty = try folder.write("empty.cell", "# nothing\n")
    let nested = try folder.write("nested.cell", "lesson quiz\n")
    let cases: [(typed: String, said: String)] = [
      ("lesson quizz", "there is no lesson quizz"), ("lesson quizz", "perhaps quiz?"),
      ("lesson(3)", "lesson takes a text"), ("lesson(\"\(folder.path)/none.cell\")", "such file"),
      ("lesson(\"\(folder.path)/\")", "error:"), ("lesson(\"\(broken)\")", "2:5: error"),
      ("lesson(\"\(empty)\")", "the lesson is empty"), ("lesson(\"\(nested)\")", "a lesson is played already"),
      ("lesson(\"quiz\", 2)", "error:"),
    ]
    for (typed, said) in cases {
      let session = ScriptedDialogue().session()
      let text = session.printed(typed).joined(separator: " ").replacingOccurrences(of: "  ", with: " ")
      XCTAssertTrue(text.contains(said), "\(typed): \(text)")
    }
  }
}
