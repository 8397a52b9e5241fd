import Syntax
import Typography

/// Judges an answer in words: by its letters alone, whatever their case, blanks, hyphens and articles.
struct WordJudge {
  let accepted: [String]
  let choices: [Question.Choice]

  func judge(_ answer: String) -> Judgement {
    if !choices.isEmpty { return judgeChoice(answer) }
    let plain = Self.plain(answer)
    if let word = accepted.first(where: { Self.plain($0) == plain }) { return right(word) }
    let isNear = accepted.contains { !nearNames(plain, among: [Self.plain($0)]).isEmpty }
    return Judgement(
      isRight: false, lines: [isNear ? "✗ nearly: look at the spelling" : "✗ not \(Self.quoted(answer))"])
  }

  private func right(_ word: String) -> Judgement {
    let shown = accepted.first ?? word
    return Judgement(isRight: true, lines: [Self.plain(word) == Self.plain(shown) ? "✓ right" : "✓ right: \(shown)"])
  }

  /// By letter, by number or by its words.
  private func judgeChoice(_ answer: String) -> Judgement {
    let plain = Self.plain(answer)
    guard let choice = choice(plain) else {
      let last = Self.letter(choices.count - 1)
      return Judgement(
        isRight: false, counts: false, lines: ["answer with a letter from a to \(last), or in the words"])
    }
    if accepted.contains(where: { Self.plain($0) == Self.plain(choice.text) }) {
      return Judgement(isRight: true, lines: ["✓ right: \(choice.text)"])
    }
    return Judgement(isRight: false, lines: ["✗ not \(choice.text)" + (choice.hint.map { ": \($0)" } ?? "")])
  }

  private func choice(_ plain: String) -> Question.Choice? {
    if let named = choices.first(where: { Self.plain($0.text) == plain }) { return named }
    let byLetter = choices.indices.first { Self.letter($0) == plain || String($0 + 1) == plain }
    return byLetter.map { choices[$0] }
  }

  /// `a`, `b`, ...
  static func letter(_ position: Int) -> String {
    String(Unicode.Scalar(UInt8(ascii: "a") + UInt8(clamping: min(max(position, 0), 25))))
  }

  private static let articles: Set<String> = ["the", "a", "an"]

  /// Letters and digits in small, words parted by a blank: `h[t-1]`, `h_{t-1}` and `hₜ₋₁` are the same.
  static func plain(_ text: String) -> String {
    var kept = ""
    for character in Glyphs.ascii(text).lowercased() {
      let parts = character.isWhitespace || "-_.,;:!?\"'()[]{}`\\".contains(character)
      kept.append(parts ? " " : character)
    }
    var words = kept.split(separator: " ").map(String.init)
    if words.count > 1, let first = words.first, articles.contains(first) { words.removeFirst() }
    return words.joined(separator: " ")
  }

  private static func quoted(_ answer: String) -> String {
    let short = answer.count > 40 ? String(answer.prefix(39)) + "…" : answer
    return "“\(short)”"
  }
}
