import Algebra
import Elaboration
import Syntax
import Typography

/// The words of a verdict.
struct VerdictText {
  /// Before the first line, where there are several verdicts.
  var label = ""
  private let verdict: Verdict
  private let width: Int
  private let isASCII: Bool
  private var notation: TextNotation

  init(_ verdict: Verdict, width: Int, isASCII: Bool) {
    self.verdict = verdict
    self.width = width
    self.isASCII = isASCII
    notation = TextNotation(verdict.recurrence.store)
  }

  private var store: Store { verdict.recurrence.store }

  mutating func lines() -> [String] {
    var lines = Wrapping.wrap(label + headline(), width: width, indent: 2)
    for (position, mistake) in verdict.mistakes.enumerated() {
      if position > 0 { lines += Wrapping.wrap("✗ " + mistake.words, width: width, indent: 2) }
      if let place = mistake.place { lines += excerpt(place) }
    }
    if !verdict.missing.isEmpty {
      lines += wrapped("  missing: ", termsText())
    }
    if !verdict.isRight, let example = verdict.counterexample {
      let (point, values) = text(example)
      let line = "  \(point) \(values)"
      lines += line.displayWidth <= width ? [line] : ["  " + point, "    " + values]
    }
    return lines
  }

  /// `h[t-1] is held`, `every width is 1`, `diag(f[t]) is meant`; nil if there is none.
  var condition: String? {
    mutating get {
      switch verdict.condition {
      case nil: return nil
      case .held(let held)?: return "\(listed(held.map(text))) \(held.count == 1 ? "is" : "are") held"
      case .widthOne?: return "every width is 1"
      case .diagonal(let nodes)?: return "\(listed(nodes.map { "diag(\(notation.text($0)))" })) is meant"
      case .differential(let seed)?: return "it is what multiplies \(notation.text(seed))"
      }
    }
  }

  /// The terms that are left out, each with its sign.
  var missingTerms: [String] {
    mutating get { verdict.missing.map { notation.derivative(store.insert(.sum([$0]))) } }
  }

  private mutating func headline() -> String {
    switch (verdict.outcome, verdict.condition) {
    case (.right, .diagonal(let nodes)?):
      let texts = nodes.map { "diag(\(notation.text($0)))" }
      return "✓ right, if you mean \(listed(texts))"
    case (.right, .differential(let seed)?):
      return "✓ right, as what multiplies \(notation.text(seed)): by a parameter, a derivative is a differential"
    case (.right, _):
      return verdict.isNumerical
        ? "✓ right, as far as rounding tells: equal within its errors at 12 points" : "✓ right"
    case (.unknown(let reason), _): return "? cannot tell: \(reason)"
    case (.wrong, .held(let held)?):
      let names = held.map(text)
      let verb = names.count == 1 ? "is" : "are"
      return "✗ only if \(listed(names)) \(verb) held: \(reaches(names))"
    case (.wrong, .widthOne?): return "✗ only at width 1: with more units the two are not the same"
    case (.wrong, _):
      if verdict.isCircular { return "✗ that is the question: \(verdict.claim.place.brief) stands in the answer" }
      if let mistake = verdict.mistakes.first { return "✗ " + mistake.words }
      if verdict.missing.count == 1 { return "✗ a term is missing" }
      return verdict.missing.isEmpty ? "✗ not equal" : "✗ \(verdict.missing.count) terms are missing"
    }
  }

  /// `c[t-1] also reaches c[t] through h[t-1]`.
  private func reaches(_ names: [String]) -> String {
    guard let question = try? DerivativeReader(verdict.recurrence).question(verdict.claim) else {
      return "it is another derivative"
    }
    let from = TextNotation.read(store[question.cut.symbol], shift: question.cut.shift)
    let to = TextNotation.read(store[question.symbol], shift: question.shift)
    return "\(from) also reaches \(to) through \(listed(names))"
  }

  private func text(_ held: Held) -> String {
    held.shift.map { TextNotation.read(store[held.symbol], shift: $0) } ?? store[held.symbol].name
  }

  private mutating func termsText() -> String {
    notation.derivative(store.insert(.sum(verdict.missing)))
  }

  /// Broken at the outermost + and -.
  private func wrapped(_ head: String, _ sum: String) -> [String] {
    var lines = [head]
    for (position, term) in EquationLayout.terms(sum).enumerated() {
      let piece = position == 0 ? (term.sign == "-" ? "-" : "") + term.text : " \(term.sign) \(term.text)"
      let last = lines[lines.count - 1]
      if position == 0 || spelled(last + piece).displayWidth <= width {
        lines[lines.count - 1] = last + piece
      } else {
        lines.append("   " + piece)
      }
    }
    return lines
  }

  private func spelled(_ text: String) -> String { isASCII ? Glyphs.ascii(text) : text }

  private func excerpt(_ place: Place) -> [String] {
    let renderer = DiagnosticRenderer(width: width, isASCII: isASCII)
    return Array(renderer.lines(Diagnostic("", at: place)).dropFirst())
  }

  private func text(_ example: Counterexample) -> (point: String, values: String) {
    let size =
      example.width.map { "width \($0)" } ?? example.widths.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
    let entry = example.entry.map { "entry [\($0.row), \($0.column)]" } ?? "it"
    return (
      "\(size), \(example.fill.words), t = \(example.time):",
      "\(entry) is \(NumberText.significant(example.right)), yours \(NumberText.significant(example.answer))"
    )
  }

  private func listed(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension Counterexample.Fill {
  var words: String {
    switch self {
    case .ones: "every parameter and input 1"
    case .alternating: "parameters and inputs 0.1, -0.2, 0.3, ... in turn"
    case .random: "random parameters and inputs"
    }
  }
}

extension Mistake {
  /// `f[t] stands where f[t] * (1 - f[t]), the derivative of its σ, belongs`.
  var words: String {
    let standing = standing ?? "nothing"
    switch kind {
    case .logisticSlope, .tangentSlope:
      return "\(standing) stands where \(right), the derivative of its \(activation ?? "activation"), belongs"
    case .otherSlope:
      let (other, own) = activation == "σ" ? ("tanh", "σ") : ("σ", activation ?? "tanh")
      return "\(standing), as for a \(other), stands where \(right), the derivative of its \(own), belongs"
    case .transposed, .time, .name, .complement, .power, .otherFunction:
      return "\(standing) stands where \(right) belongs"
    case .side:
      return belongsLeft
        ? "\(diagonal) stands right of \(standing), and belongs left of it: it scales its rows"
        : "\(diagonal) stands left of \(standing), and belongs right of it: it scales its columns"
    case .order: return "the factors stand in the wrong order: \(standing) for \(right)"
    case .sign: return "the sign of \(right) is wrong"
    case .slopeMissing: return "\(right), the derivative of \(activation ?? "an activation"), is left out"
    case .factorMissing: return "the factor \(right) is left out"
    case .factorTwice: return "the factor \(right) is there once too often"
    case .functionMissing: return "\(activation ?? "a function") is left out: \(standing) stands where \(right) belongs"
    case .termMissing: return "the term \(right) is left out"
    case .termTwice: return "the term \(right) is counted twice"
    case .termExtra: return "\(standing) does not belong there"
    case .denominatorMissing: return "the division by \(right) is left out"
    }
  }

  private var diagonal: String { right.hasPrefix("diag(") ? right : "diag(\(right))" }
}
