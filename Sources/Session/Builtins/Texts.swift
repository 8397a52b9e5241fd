import Typography

extension BuiltinTable {
  static let texts: [Builtin] = [
    Builtin(
      "text", theme: .text, "text(x)", "the value as print shows it, as a text", example: "text(1 / 3)", "\"0.33333\"",
      .general { .text($0.interpreter.display.inText($0.values[0])) }),
    Builtin(
      "digits", theme: .text, "digits(x, count)",
      "the value with so many significant digits, as a text; with 17 all of them",
      example: "digits(π, 17)", "\"3.141592653589793\"",
      .general { call in
        let count = try call.integer(1, from: 1, needs: "a count of digits")
        var display = call.interpreter.display
        display.digits = min(count, NumberText.exactDigits)
        return .text(display.inText(call.values[0]))
      }),
    Builtin(
      "number", theme: .text, "number(s)", "the number that a text says", example: "number(\"0.5\") + 1", "1.5",
      .general { call in
        if case .number = call.values[0] { return call.values[0] }
        if case .truth(let truth) = call.values[0] { return .number(truth ? 1 : 0) }
        let text = trimmed(try call.text(0))
        if text == "∞" || text == "-∞" { return .number(text == "∞" ? .infinity : -.infinity) }
        guard let number = Double(text) else {
          throw call.problem(at: 0, "\(LiteralWriter.quoted(String(text.prefix(40)))) is not a number")
        }
        return .number(number)
      }),
    Builtin(
      "split", theme: .text, "split(s, separator?)", "the parts between separators; without one, the words",
      example: "split(\"a,b,c\", \",\")", "(\"a\", \"b\", \"c\")", .general(split)),
    Builtin(
      "join", theme: .text, "join(parts, separator?)", "the items of a list as one text, with a separator between them",
      example: "join((\"a\", \"b\"), \"-\")", "\"a-b\"",
      .general { call in
        let separator = call.has(1) ? try call.text(1) : ""
        let items = try Items(call.values[0], call.places[0])
        var text = ""
        for position in 0..<items.count {
          try call.poll()
          if position > 0 { text += separator }
          text += call.interpreter.display.inText(try items.item(position))
          guard text.utf8.count <= Texts.bound else { throw ValueProblem.textTooLong(text.utf8.count) }
        }
        return .text(text)
      }),
    Builtin(
      "upper", theme: .text, "upper(s)", "in capital letters", example: "upper(\"lstm\")", "\"LSTM\"",
      .general { .text(try $0.text(0).uppercased()) }),
    Builtin(
      "lower", theme: .text, "lower(s)", "in small letters", example: "lower(\"LSTM\")", "\"lstm\"",
      .general { .text(try $0.text(0).lowercased()) }),
    Builtin(
      "trim", theme: .text, "trim(s)", "without blanks at either end", example: "trim(\"  a b \")", "\"a b\"",
      .general { .text(trimmed(try $0.text(0))) }),
    Builtin(
      "replace", theme: .text, "replace(s, old, new)", "with every old part replaced",
      example: "replace(\"a-b-c\", \"-\", \"+\")",
      "\"a+b+c\"",
      .general { call in
        let (text, old, new) = (try call.text(0), try call.text(1), try call.text(2))
        guard !old.isEmpty else { throw call.problem(at: 1, "an empty text stands everywhere") }
        let pieces = text.split(separator: old, omittingEmptySubsequences: false)
        let (added, overflows) = pieces.count.multipliedReportingOverflow(by: new.utf8.count)
        guard !overflows, text.utf8.count + added <= Texts.bound else { throw ValueProblem.textTooLong(Int.max) }
        return .text(pieces.joined(separator: new))
      }),
    Builtin(
      "pad", theme: .text, "pad(x, width)", "filled with blanks to a width; a negative width fills on the left",
      example: "pad(3.5, -6)", "\"   3.5\"",
      .general { call in
        let text = call.interpreter.display.inText(call.values[0])
        let width = try call.integer(1, from: -10_000)
        guard width <= 10_000 else { throw call.problem(at: 1, "a width is at most 10000") }
        let gap = String(repeating: " ", count: max(0, Int(width.magnitude) - text.displayWidth))
        return .text(width < 0 ? gap + text : text + gap)
      }),
  ]

  private static func trimmed(_ text: String) -> String {
    var result = text[...]
    while let first = result.first, first.isWhitespace { result.removeFirst() }
    while let last = result.last, last.isWhitespace { result.removeLast() }
    return String(result)
  }

  @Sendable private static func split(_ call: inout Call) throws -> Value {
    let text = try call.text(0)
    guard call.has(1) else {
      return .list(try List(text.split(whereSeparator: \.isWhitespace).map { .text(String($0)) }))
    }
    let separator = try call.text(1)
    guard !separator.isEmpty else { return .list(try List(text.map { .text(String($0)) })) }
    return .list(
      try List(
        text.split(separator: separator, maxSplits: List.bound, omittingEmptySubsequences: false)
          .map { .text(String($0)) }))
  }
}
