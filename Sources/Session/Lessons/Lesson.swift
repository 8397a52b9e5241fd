import Figures
import Syntax

/// A lesson: a script, taken apart into what is played one after the other.
struct Lesson {
  struct Step {
    enum Kind {
      /// A text as a statement.
      case prose
      /// A call of `ask`: not shown, since it holds the answer.
      case question
      case statement
    }

    var kind: Kind
    /// As it stands in the file, with a comment at the end of its line.
    var text: String
  }

  /// How progress is filed: the name without number and ending, or the path of a file that is not the library's.
  let name: String
  let title: String
  /// The first sentence below the title.
  let summary: String
  let steps: [Step]

  var questionCount: Int { steps.reduce(0) { $0 + ($1.kind == .question ? 1 : 0) } }

  /// - Throws: the diagnostic of a file that cannot be read to its end.
  init(name: String, path: String, text: String) throws {
    let source = Source(name: path, text: text)
    let outcome = Parser.parse(source, mode: .file)
    switch outcome.problem {
    case nil: break
    case .failed(let diagnostic): throw diagnostic
    case .incomplete(let expecting, let opened):
      throw Diagnostic("the lesson ends too early, expecting \(expecting)", at: opened)
    }
    self.name = name
    steps = Self.steps(outcome.statements, source)
    let opening = outcome.statements.first.flatMap { Self.literal($0) }.map { Prose($0) }
    title = opening?.title ?? name
    summary = opening.map(Self.firstSentence) ?? ""
  }

  private static func steps(_ statements: [Statement], _ source: Source) -> [Step] {
    statements.indices.compactMap { position in
      stepText(at: position, in: statements, source).map { Step(kind: kind(statements[position]), text: $0) }
    }
  }

  /// What stands on one line is one step, unless it is a question or prose: the text of the step that begins with a
  /// statement; nil if that goes on with a line that was begun before.
  static func stepText(at position: Int, in statements: [Statement], _ source: Source) -> String? {
    func goesOn(_ next: Int) -> Bool {
      guard next > 0, next < statements.count, kind(statements[next - 1]) == .statement,
        kind(statements[next]) == .statement
      else { return false }
      let end = statements[next - 1].place.range.upperBound
      return source.line(at: max(0, end - 1)) == source.line(at: statements[next].place.range.lowerBound)
    }
    guard !goesOn(position) else { return nil }
    var last = position
    while goesOn(last + 1) { last += 1 }
    let end = Session.end(of: statements[last], in: source)
    return source.slice(statements[position].place.range.lowerBound..<end).trimmingBlanks
  }

  static func kind(_ statement: Statement) -> Step.Kind {
    guard case .expression(let expression) = statement.form else {
      if case .assignment(_, let value) = statement.form, isQuestion(value) { return .question }
      return .statement
    }
    if case .text = expression.form { return .prose }
    return isQuestion(expression) ? .question : .statement
  }

  private static func isQuestion(_ expression: Expression) -> Bool {
    guard case .call(let function, _) = expression.form, case .name("ask") = function.form else { return false }
    return true
  }

  /// The words of a text that computes nothing.
  private static func literal(_ statement: Statement) -> String? {
    guard case .expression(let expression) = statement.form, case .text(let pieces) = expression.form else {
      return nil
    }
    return pieces.compactMap { if case .literal(let text) = $0 { text } else { nil } }.joined()
  }

  private static func firstSentence(_ prose: Prose) -> String {
    for case .paragraph(let words) in prose.blocks {
      let text = words.map(\.text).joined()
      let ends = text.indices.first { position in
        let next = text.index(after: position)
        return ".?!".contains(text[position]) && (next == text.endIndex || text[next] == " ")
      }
      return ends.map { String(text[...$0]) } ?? text
    }
    return ""
  }
}
