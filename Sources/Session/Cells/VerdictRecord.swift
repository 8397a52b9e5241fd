import Algebra
import Elaboration
import Syntax

/// A verdict as a value: what a script that grades answers reads.
///
///     right      true or false
///     verdict    "right", "wrong", "unclear" (it cannot be told) or "unreadable"
///     condition  under what a wrong answer would be right, or how a right one must be meant; else nothing
///     mistakes   what each mistake is
///     missing    the terms that are left out
///     text       what `check` prints
struct VerdictRecord {
  var isRight: Bool
  var verdict: String
  var condition: String?
  var mistakes: [String] = []
  var missing: [String] = []
  var lines: [String]

  /// Of a chain `claim = answer = answer`: right if each link is; else what is said of the first that is not.
  init(_ verdicts: [Verdict], lines: [String], width: Int, isASCII: Bool) {
    self.lines = lines
    isRight = verdicts.allSatisfy(\.isRight)
    guard let telling = verdicts.first(where: { !$0.isRight }) ?? verdicts.first else {
      verdict = "unclear"
      return
    }
    switch telling.outcome {
    case .right: verdict = "right"
    case .wrong: verdict = "wrong"
    case .unknown: verdict = "unclear"
    }
    var text = VerdictText(telling, width: width, isASCII: isASCII)
    condition = text.condition
    mistakes = telling.mistakes.map(\.words)
    missing = text.missingTerms
  }

  /// Of an answer that cannot be read.
  init(unreadable diagnostic: Diagnostic, width: Int, isASCII: Bool) {
    isRight = false
    verdict = "unreadable"
    mistakes = [diagnostic.message]
    lines = DiagnosticRenderer(width: width, isASCII: isASCII).lines(diagnostic)
  }

  func value() throws(ValueProblem) -> Value {
    let fields: [(String, Value)] = [
      ("right", .truth(isRight)), ("verdict", .text(verdict)), ("condition", condition.map(Value.text) ?? .nothing),
      ("mistakes", .list(try List(mistakes.map(Value.text)))), ("missing", .list(try List(missing.map(Value.text)))),
      ("text", .text(lines.joined(separator: "\n"))),
    ]
    return .record(try Record(fields.map(\.0), fields.map(\.1)))
  }
}
