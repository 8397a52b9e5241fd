import Figures
import Syntax
import Typography

/// `ask`: puts a question, judges what comes, and asks again.
extension Interpreter {
  /// After so many wrong answers the right one is offered.
  private static let triesBeforeOffer = 3

  /// Answers whether the question was answered rightly, without a look at the answer.
  func ask(_ question: Question) throws -> Bool {
    listener?.asked(question, self)
    let heard = listener
    listener = nil
    defer { listener = heard }
    for line in questionLines(question) { say(line) }
    guard let dialogue else {
      reveal(question, "nobody answers; right is")
      return false
    }
    var tries = 0
    while true {
      try poll()
      switch dialogue.line(sign: "? ") {
      case .interrupted: throw Interrupted()
      case .end:
        if dialogue.isInteractive { throw Interrupted() }
        reveal(question, "no answer; right is")
        return false
      case .text(let line):
        let answer = line.trimmingBlanks
        if !dialogue.isInteractive { say("? " + answer) }
        switch answer {
        case ":q", ":quit": throw Interrupted()
        case "", "?":
          // Where nobody types, an empty line is how to pass.
          if tries >= Self.triesBeforeOffer || !dialogue.isInteractive {
            reveal(question, "right is")
            return false
          }
          if answer == "?", question.hint != nil { sayProse(question.hint) } else { sayProse(usage(question)) }
        case "??":
          reveal(question, "right is")
          return false
        default:
          let judgement: Judgement
          do { judgement = try judge(answer, question) } catch is Interrupted {
            // An answer that took too long to work out: the question stands.
            endInterrupt()
            say("interrupted")
            continue
          }
          for line in judgement.lines { for part in Wrapping.wrap(line, width: options.width, indent: 2) { say(part) } }
          if judgement.isRight {
            answersAsked += 1
            answersRight += 1
            sayProse(question.because)
            return true
          }
          guard judgement.counts else { continue }
          tries += 1
          if tries == 1 { sayProse(question.hint) }
          if tries >= Self.triesBeforeOffer { say("  return alone shows the answer; or try again") }
        }
      }
    }
  }

  private func questionLines(_ question: Question) -> [String] {
    var lines = Prose(question.text).lines(width: options.width, isColored: options.color != .none)
    for (position, choice) in question.choices.enumerated() {
      let line = "  \(WordJudge.letter(position))  \(choice.text)"
      lines += Wrapping.wrap(line, width: options.width, indent: 5)
    }
    return lines
  }

  private func usage(_ question: Question) -> String {
    "type an answer" + (question.hint == nil ? "" : "; ? gives a hint") + "; ?? shows it, :q leaves"
  }

  private func reveal(_ question: Question, _ words: String) {
    answersAsked += 1
    let lines = question.answerLines(display)
    if lines.count == 1, words.count + lines[0].displayWidth + 3 <= options.width {
      say("  \(words): \(lines[0])")
    } else {
      say("  \(words):")
      for line in lines { for part in Wrapping.wrap(line, width: options.width) { say(part) } }
    }
    sayProse(question.because)
  }

  private func sayProse(_ text: String?) {
    guard let text else { return }
    let lines = Prose(text).lines(width: options.width - 2, isColored: options.color != .none)
    for line in lines { say(line.isEmpty ? "" : "  " + line) }
  }

  // MARK: Judging

  func judge(_ given: String, _ question: Question) throws -> Judgement {
    switch question.expected {
    case .words(let words): return WordJudge(accepted: words, choices: question.choices).judge(given)
    case .truth(let truth): return judge(given, truth: truth)
    case .symbolic(let claim, let cell):
      let record = try grade(Source(name: "prompt", text: Self.rightSide(given)), as: claim, in: cell)
      let isReadable = record.verdict == "right" || record.verdict == "wrong"
      return Judgement(isRight: record.isRight, counts: isReadable, lines: record.lines)
    case .numbers(let expected, let isNumber):
      return try judge(Self.rightSide(given), numbers: expected, isNumber: isNumber, question.tolerance)
    }
  }

  private func judge(_ given: String, truth: Bool) -> Judgement {
    let said: Bool? =
      switch WordJudge.plain(given) {
      case "yes", "y", "true", "right": true
      case "no", "n", "false", "wrong": false
      default: nil
      }
    guard let said else { return Judgement(isRight: false, counts: false, lines: ["answer yes or no"]) }
    return said == truth ? Judgement(isRight: true, lines: ["✓ right"]) : Judgement(isRight: false, lines: ["✗ no"])
  }

  /// The answer is an expression, evaluated with the session's names; what fails is told and does not count.
  private func judge(
    _ given: String, numbers expected: Tensor, isNumber: Bool, _ tolerance: Double?
  ) throws -> Judgement {
    func unreadable(_ diagnostic: Diagnostic) -> Judgement {
      let renderer = DiagnosticRenderer(width: options.width, isASCII: options.isASCII)
      return Judgement(isRight: false, counts: false, lines: renderer.lines(diagnostic))
    }
    let expression: Expression
    switch Parser.expression(Source(name: "prompt", text: given), isSymbolic: false) {
    case .success(let read): expression = read
    case .failure(.failed(let diagnostic)): return unreadable(diagnostic)
    case .failure(.incomplete(let expecting, let opened)):
      return unreadable(Diagnostic("the answer ends too early: expecting \(expecting)", at: opened))
    }
    do {
      let value = try evaluate(expression)
      let judge = NumberJudge(
        expected: expected, isNumber: isNumber, tolerance: tolerance ?? NumberJudge.usualTolerance(expected))
      if case .number(let number) = value { return judge.judge(Tensor(vector: [number]), isNumber: true) }
      guard let tensor = value.asTensor else {
        let kind = isNumber ? "a number" : "numbers"
        return unreadable(Diagnostic("\(kind) is asked for, and this is \(value.kind)", at: expression.place))
      }
      return judge.judge(tensor, isNumber: false)
    } catch let error as any Explained { return unreadable(error.diagnostic) }
  }

  /// Who answers with an equation means its right side.
  static func rightSide(_ answer: String) -> String {
    let characters = Array(answer)
    for (position, character) in characters.enumerated() where character == "=" {
      let before = position > 0 ? characters[position - 1] : " "
      let after = position + 1 < characters.count ? characters[position + 1] : " "
      if !"=<>!~".contains(before), after != "=" { return String(characters[(position + 1)...]).trimmingBlanks }
    }
    return answer
  }
}
