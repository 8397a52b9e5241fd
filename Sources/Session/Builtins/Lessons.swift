import Syntax

/// Lessons, and the questions in them.
extension BuiltinTable {
  static let lessons: [Builtin] = [
    Builtin(
      "ask", theme: .lessons, "ask(question, answer, choices: texts, hint: text, because: text, tolerance: part)",
      "asks the reader and judges what is typed: a derivative or an equation as check does, numbers to three digits, a truth by yes or no, words whatever their case (several accepted ones as a list); answers whether it was right",
      example: "ask(\"What is 2 + 3?\", 5);", "What is 2 + 3?\n  nobody answers; right is: 5",
      .general { call in .truth(try call.interpreter.ask(try question(call))) }),
    Builtin(
      "lesson", theme: .lessons, "lesson(name?)",
      "plays a lesson of the library, or one in a file; without a name lists them, and how far you have come",
      example: "type(lesson)", "\"function\"",
      .general { call in
        guard call.has(0) else {
          call.interpreter.listLessons()
          return .nothing
        }
        try call.interpreter.playLesson(try call.text(0), call.places[0])
        return .nothing
      }),
  ]

  private static func question(_ call: Call) throws -> Question {
    let text = try call.text(0)
    guard text.contains(where: { !$0.isWhitespace }) else { throw call.problem(at: 0, "the question is empty") }
    var answer = call.values[1]
    // A unit alone is asked for as the number that it is.
    if let tensor = answer.asTensor, tensor.numbers.count == 1 { answer = .number(tensor.numbers[0]) }
    var question = Question(text: text, expected: try expected(answer, call), answer: answer)
    question.choices = try choices(call)
    question.hint = try words(call, "hint")
    question.because = try words(call, "because")
    if let (value, place) = call.label("tolerance") {
      guard case .number(let part) = value, part >= 0, part < 1 else {
        throw SessionError.builtin("tolerance is a part of the number, from 0 to 1", hint: "tolerance: 0.01", place)
      }
      question.tolerance = part
    }
    if !question.choices.isEmpty {
      guard case .words(let accepted) = question.expected,
        accepted.contains(where: { word in
          question.choices.contains { WordJudge.plain($0.text) == WordJudge.plain(word) }
        })
      else {
        throw call.problem(at: 1, "the answer is none of the choices")
      }
    }
    return question
  }

  private static func expected(_ answer: Value, _ call: Call) throws -> Question.Expected {
    switch answer {
    case .derivation, .formula:
      let (claim, cell) = try call.interpreter.claim(of: call.values[1], call.places[1])
      return .symbolic(claim, cell)
    case .truth(let truth): return .truth(truth)
    case .number(let number): return .numbers(Tensor(vector: [number]), isNumber: true)
    case .text(let text): return .words([text])
    case .list(let list) where !list.items.isEmpty:
      let words = try list.items.map { item -> String in
        guard case .text(let word) = item else { throw call.wrong(1, needs: "a text, or a list of texts") }
        return word
      }
      return .words(words)
    default:
      guard let tensor = answer.asTensor else {
        throw call.wrong(
          1, needs: "a derivative, an equation, numbers, a truth, a text or a list of texts",
          hint: "ask(\"Which gate?\", \"forget gate\")")
      }
      return .numbers(tensor, isNumber: false)
    }
  }

  /// `choices: ("input gate", ("forget gate", "why not"))`.
  private static func choices(_ call: Call) throws -> [Question.Choice] {
    guard let (value, place) = call.label("choices") else { return [] }
    let problem = SessionError.builtin(
      "choices is a list of 2 to 26 texts, each alone or with what to say of it",
      hint: "choices: (\"input gate\", (\"output gate\", \"it does not touch c\"))", place)
    guard case .list(let list) = value, (2...26).contains(list.count) else { throw problem }
    return try list.items.map { item in
      switch item {
      case .text(let text): return Question.Choice(text: text)
      case .list(let pair):
        guard pair.count == 2, case .text(let text) = pair.items[0], case .text(let hint) = pair.items[1] else {
          throw problem
        }
        return Question.Choice(text: text, hint: hint)
      default: throw problem
      }
    }
  }

  private static func words(_ call: Call, _ label: String) throws -> String? {
    guard let (value, place) = call.label(label) else { return nil }
    guard case .text(let text) = value else {
      throw SessionError.argument(of: "ask", needs: "a text as \(label)", value.described, hint: nil, place)
    }
    return text
  }
}
