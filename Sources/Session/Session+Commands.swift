import Syntax
import Typography

/// What is typed at the prompt and is no statement: `?name`, `help name`, `:time expression`, `:reset`.
extension Session {
  static func isCommand(_ text: String) -> Bool {
    guard let first = text.first(where: { !$0.isWhitespace }) else { return false }
    return first == "?" || first == ":"
  }

  /// Runs a command of the prompt.
  public func command(_ line: String) -> Response {
    let text = line.trimmingBlanks
    guard let recorder, text.hasPrefix("?") || text.hasPrefix("help") || text.hasPrefix(":time") else {
      return perform(text)
    }
    recorder.begin(typed: text)
    let response = perform(text)
    recorder.end(response, output)
    return response
  }

  private func perform(_ text: String) -> Response {
    if text.hasPrefix("?") { return help(on: String(text.dropFirst()).trimmingBlanks) }
    let words = text.split(separator: " ", maxSplits: 1)
    let argument = words.count > 1 ? String(words[1]).trimmingBlanks : ""
    switch words.first {
    case "help": return help(on: argument)
    case ":time": return time(argument)
    case ":reset":
      interpreter.reset()
      return Response(status: .done)
    case ":record": return record(argument)
    case ":quit", ":q": return Response(status: .quit(0))
    default:
      let near = nearNames(
        String(words.first ?? ""), among: [":time", ":reset", ":quit", ":edit", ":save", ":record", ":history"])
      return Response(
        status: .failed(Diagnostic("there is no command \(words.first ?? "")", at: nil, hint: didYouMean(near))))
    }
  }

  private func help(on topic: String) -> Response {
    run { interpreter in
      for line in try interpreter.help(topic, nil) { interpreter.say(line) }
    }
  }

  /// Evaluates an expression and says how long it took.
  private func time(_ text: String) -> Response {
    let source = Source(name: "prompt", text: text)
    let outcome = Parser.parse(source, mode: .prompt)
    switch outcome.problem {
    case .incomplete(let expecting, _):
      return Response(status: .failed(Diagnostic("this is not whole: expecting \(expecting)", at: nil)))
    case .failed(let diagnostic): return Response(status: .failed(diagnostic))
    case nil: break
    }
    return run { interpreter in
      let clock = ContinuousClock()
      let start = clock.now
      try interpreter.run(outcome.statements)
      interpreter.say("took \(Self.text(clock.now - start))")
    }
  }

  private static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let total = Double(seconds) + Double(attoseconds) * 1e-18
    let units: [(Double, String)] = [(1, "s"), (1e-3, "ms"), (1e-6, "µs")]
    for (size, unit) in units where total >= size {
      return "\(NumberText.significant(total / size, digits: 3)) \(unit)"
    }
    return "\(NumberText.significant(total * 1e9, digits: 3)) ns"
  }
}

/// What a prompt needs to know of a text without running it.
extension Session {
  /// What a text lacks to be whole statements; nil if it is whole, or wrong in a way that no further line mends.
  public func expectation(after text: String) -> String? {
    guard !Self.isCommand(text) else { return nil }
    let outcome = Parser.parse(Source(name: "prompt", text: text), mode: .prompt)
    if case .incomplete(let expecting, _) = outcome.problem { return expecting }
    return nil
  }

  /// The statements of a text, each with the comments before it. A text with an error is one piece.
  public func statements(of text: String) -> [String] {
    let source = Source(name: "prompt", text: text)
    let outcome = Parser.parse(source, mode: .file)
    guard case nil = outcome.problem, outcome.statements.count > 1 else { return [text] }
    var pieces: [String] = []
    var start = 0
    for (position, statement) in outcome.statements.enumerated() {
      let isLast = position == outcome.statements.count - 1
      let end = isLast ? source.bytes.count : Self.end(of: statement, in: source)
      pieces.append(source.slice(start..<end).trimmingBlanks)
      start = end
    }
    return pieces
  }

  /// The end of a statement with its `;` and a comment on the same line.
  static func end(of statement: Statement, in source: Source) -> Int {
    var end = statement.place.range.upperBound
    func byte() -> UInt8? { end < source.bytes.count ? source.bytes[end] : nil }
    while let next = byte(), next == UInt8(ascii: " ") || next == UInt8(ascii: ";") || next == UInt8(ascii: "\t") {
      end += 1
    }
    if byte() == UInt8(ascii: "#") { while let next = byte(), next != UInt8(ascii: "\n") { end += 1 } }
    return end
  }
}

extension StringProtocol {
  /// Without white space at either end.
  var trimmingBlanks: String {
    var result = self[...]
    while let first = result.first, first.isWhitespace { result = result.dropFirst() }
    while let last = result.last, last.isWhitespace { result = result.dropLast() }
    return String(result)
  }
}
