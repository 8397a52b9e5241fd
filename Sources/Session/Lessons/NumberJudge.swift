import Typography

/// Judges numbers, and says what a wrong one is.
struct NumberJudge {
  let expected: Tensor
  let isNumber: Bool
  /// How far each may be off, as a part of the largest.
  let tolerance: Double

  /// Three digits; whole numbers are counts and must be met.
  static func usualTolerance(_ expected: Tensor) -> Double {
    expected.numbers.allSatisfy { $0 == $0.rounded() } ? 1e-9 : 0.005
  }

  func judge(_ answer: Tensor, isNumber answersNumber: Bool) -> Judgement {
    if isNumber || answersNumber, expected.numbers.count == 1, answer.numbers.count == 1 {
      return judge(answer.numbers[0], expected.numbers[0])
    }
    guard answer.shape == expected.shape else {
      if answer.rank == 2, expected.rank == 2, answer.rows == expected.columns, answer.columns == expected.rows {
        return wrong("rows and columns are exchanged: it is \(expected.shape.text), yours \(answer.shape.text)")
      }
      return wrong("it has the shape \(expected.shape.text), yours \(answer.shape.text)")
    }
    let off = expected.numbers.indices.filter { !isNear(answer.numbers[$0], expected.numbers[$0]) }
    guard let first = off.first else { return right }
    if off.allSatisfy({ isNear(-answer.numbers[$0], expected.numbers[$0]) }) {
      return wrong(off.count == 1 ? "the sign of one number is wrong" : "the signs of \(off.count) numbers are wrong")
    }
    let others = off.count == 1 ? "one number is wrong" : "\(off.count) of \(expected.numbers.count) numbers are wrong"
    return wrong("\(others): yours has \(NumberText.significant(answer.numbers[first])) in place \(first + 1)")
  }

  private var right: Judgement { Judgement(isRight: true, lines: ["✓ right"]) }

  private func wrong(_ words: String) -> Judgement { Judgement(isRight: false, lines: ["✗ \(words)"]) }

  private func isNear(_ answer: Double, _ expected: Double, by tolerance: Double? = nil) -> Bool {
    if answer == expected || (answer.isNaN && expected.isNaN) { return true }
    let scale = max(abs(expected), self.expected.numbers.reduce(0) { max($0, abs($1)) } * 1e-3)
    return abs(answer - expected) <= (tolerance ?? self.tolerance) * scale
  }

  private func judge(_ answer: Double, _ expected: Double) -> Judgement {
    if isNear(answer, expected) { return right }
    if let slip = Self.slips.first(where: { isNear(answer, $0.made(expected)) }) { return wrong(slip.words) }
    if expected == expected.rounded(), abs(answer - expected) == 1 { return wrong("off by one") }
    if isNear(answer, expected, by: 0.03) { return wrong("close, but not close enough: three digits are asked for") }
    return wrong(answer > expected ? "too large" : "too small")
  }

  /// What a wrong number comes from, the likeliest first. What would make the number itself is none.
  private static let slips: [(words: String, made: @Sendable (Double) -> Double)] = [
    ("the sign is wrong", { $0 == 0 ? .nan : -$0 }),
    ("that is 1 minus it", { $0 == 0.5 ? .nan : 1 - $0 }),
    ("that is a percentage: a part of 1 is asked for", { $0 == 0 ? .nan : 100 * $0 }),
    ("that is its square", { $0 == 0 || $0 == 1 ? .nan : $0 * $0 }),
    ("that is its square root", { $0 <= 0 || $0 == 1 ? .nan : $0.squareRoot() }),
    ("that is 1 divided by it", { $0 == 0 || abs($0) == 1 ? .nan : 1 / $0 }),
    ("twice too much", { $0 == 0 ? .nan : 2 * $0 }),
    ("only half of it", { $0 == 0 ? .nan : $0 / 2 }),
    ("ten times too much", { $0 == 0 ? .nan : 10 * $0 }),
    ("a tenth of it", { $0 == 0 ? .nan : $0 / 10 }),
  ]
}
