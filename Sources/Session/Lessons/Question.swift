import Figures
import Syntax

/// What `ask` asks.
struct Question {
  enum Expected {
    /// A derivative or an equation, judged as `check` does. The cell is nil for the one in use.
    case symbolic(Expression, Cell?)
    case numbers(Tensor, isNumber: Bool)
    case truth(Bool)
    /// Each of these is right; the first is what is shown as the answer.
    case words([String])
  }

  /// What can be chosen, and why it is wrong.
  struct Choice {
    var text: String
    var hint: String?
  }

  var text: String
  var expected: Expected
  /// The answer as it is shown.
  var answer: Value
  var choices: [Choice] = []
  /// How far a number may be off, as a part of it; nil for the usual.
  var tolerance: Double?
  /// What helps after a wrong answer.
  var hint: String?
  /// What is said after a right one.
  var because: String?

  /// The lines of the answer.
  func answerLines(_ display: Display) -> [String] {
    switch expected {
    case .words(let words): return [words.first ?? ""]
    case .truth(let truth): return [truth ? "yes" : "no"]
    case .numbers: return display.lines(answer)
    case .symbolic:
      // The equation alone: how it was checked is not asked for.
      guard case .derivation(let derivation) = answer else { return display.lines(answer) }
      return derivation.sheet(display.notation).text(width: display.width)
    }
  }
}

/// What is said of an answer.
struct Judgement {
  var isRight: Bool
  /// Whether it counts as a try: what cannot be read does not.
  var counts = true
  var lines: [String]
}
