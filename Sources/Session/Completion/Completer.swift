import Algebra
import Runtime
import Syntax
import Typography

extension Session {
  /// What could stand at a UTF-8 offset of a line, the likeliest first. Pure and bounded: it evaluates nothing.
  public func completions(for line: String, at offset: Int) -> Completions {
    let bytes = Array(line.utf8)
    let end = min(max(offset, 0), bytes.count)
    connect()
    return Completer(interpreter: interpreter, before: String(decoding: bytes[..<end], as: UTF8.self)).completions
  }
}

/// Tells from the text before the cursor what is wanted there: a symbol's name, a file, a field, a label or a name.
struct Completer {
  let interpreter: Interpreter
  /// The text before the cursor.
  let before: String

  /// More than this nobody reads.
  static let most = 200

  var completions: Completions {
    if let path = openText { return FileCompletion.completions(path, at: before.utf8.count) }
    let word = before.suffix(while: Self.isNamePart)
    let head = before.dropLast(word.count)
    if head.last == "\\" { return symbols(String(word), start: head.utf8.count - 1) }
    let start = head.utf8.count
    if head.last == ".", let owner = Self.path(before: head.dropLast()) {
      return answer(fields(of: owner, String(word)), start)
    }
    let lead = head.trimmingBlanks
    switch lead {
    case "?", "help":
      return answer(named(interpreter.knownNames + KeywordHelp.table.flatMap(\.names), String(word)), start)
    case "use":
      let cells = interpreter.userNames.filter { if case .cell = interpreter.value(of: $0) { true } else { false } }
      return answer(named(cells + interpreter.library.names, String(word)), start)
    case "forget": return answer(named(interpreter.userNames, String(word)), start)
    case "lesson":
      let shelf = LessonShelf(folder: interpreter.options.libraryFolder)
      return answer(named(shelf.names, String(word)), start)
    case "set": return answer(named(Settings.names, String(word)), start)
    case "set notation": return answer(named(Notation.allCases.map(\.rawValue), String(word)), start)
    case "set engine": return answer(named(EngineKind.allCases.map(\.rawValue), String(word)), start)
    default: break
    }
    let labels = callee(in: String(head)).map { self.labels(of: $0, String(word)) } ?? []
    return answer(labels + (word.isEmpty ? [] : names(String(word))), start)
  }

  private func answer(_ items: [Completion], _ start: Int) -> Completions {
    Completions(start: start, items: Array(items.prefix(Self.most)))
  }

  static func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "′" || character == "~"
  }

  // MARK: Symbols

  /// `\sig` may become σ; the list shows glyph and name.
  private func symbols(_ name: String, start: Int) -> Completions {
    let items = Glyphs.completions(ofName: name).map {
      Completion(replacement: $0.text, display: "\($0.role == .accent ? "x" + $0.text : $0.text)  \\\($0.name)")
    }
    return answer(items, start)
  }

  // MARK: Names

  private func names(_ prefix: String) -> [Completion] {
    let user = interpreter.userNames.filter { $0.hasPrefix(prefix) }.map { name in
      Completion(replacement: name, display: "\(name)  \(interpreter.value(of: name)?.kind ?? "")")
    }
    let known = Set(user.map(\.replacement))
    let builtins = BuiltinTable.rows.flatMap { row in row.names.map { (name: $0, row: row) } }
      .filter { $0.name.hasPrefix(prefix) && !known.contains($0.name) }
      .sorted { $0.name < $1.name }
      .map { Completion(replacement: $0.name, display: "\($0.name)  \($0.row.signature)") }
    let cells = interpreter.library.names.filter { $0.hasPrefix(prefix) && !known.contains($0) }.map { name in
      Completion(replacement: name, display: "\(name)  \(interpreter.library.description(of: name) ?? "")")
    }
    return user + cells + builtins + named(Self.reserved, prefix)
  }

  static let reserved = [
    "and", "assert", "break", "cell", "check", "continue", "else", "end", "false", "fn", "for", "holding", "if",
    "import",
    "in", "not", "nothing", "or", "return", "reversed", "set", "true", "use", "while",
  ]

  private func named(_ names: [String], _ prefix: String) -> [Completion] {
    names.filter { $0.hasPrefix(prefix) }.map { Completion(replacement: $0, display: $0) }
  }

  // MARK: Fields

  /// `a.b` before a point, as its names.
  private static func path(before text: some StringProtocol) -> [String]? {
    var names: [String] = []
    var rest = String(text)
    while true {
      let name = rest.suffix(while: isNamePart)
      guard !name.isEmpty else { return nil }
      names.insert(String(name), at: 0)
      rest = String(rest.dropLast(name.count))
      guard rest.last == "." else { return names }
      rest.removeLast()
    }
  }

  private func fields(of path: [String], _ prefix: String) -> [Completion] {
    guard let first = path.first, var value = interpreter.value(of: first) else { return [] }
    for name in path.dropFirst() {
      switch value {
      case .record(let record):
        guard let inner = record[name] else { return [] }
        value = inner
      case .net(let net): value = .netPart(NetPart(net: net, prefix: name + "."))
      case .netPart(let part): value = .netPart(NetPart(net: part.net, prefix: part.prefix + name + "."))
      default: return []
      }
    }
    switch value {
    case .record(let record):
      return zip(record.names, record.values).filter { $0.0.hasPrefix(prefix) }.map {
        Completion(replacement: $0.0, display: "\($0.0)  \($0.1.kind)")
      }
    case .table(let table): return named(table.headings, prefix)
    case .net(let net): return fields(of: net, part: "", prefix)
    case .netPart(let part): return fields(of: part.net, part: part.prefix, prefix)
    default: return []
    }
  }

  /// Tracks and parameters with their shapes, and the parts of a net.
  private func fields(of net: NetValue, part: String, _ prefix: String) -> [Completion] {
    let store = net.recurrence.store
    return Interpreter.fieldNames(net, prefix: part).filter { $0.hasPrefix(prefix) }.map { name in
      guard let symbol = store.symbol(named: part + name) else {
        return Completion(replacement: name, display: "\(name)  part")
      }
      let sides = net.net.sides(symbol).map(String.init).joined(separator: " × ")
      let size = sides.isEmpty ? "a number" : sides
      switch store[symbol].kind {
      case .input: return Completion(replacement: name, display: "\(name)  input, \(size)")
      case .variable: return Completion(replacement: name, display: "\(name)  track, \(size)")
      default: return Completion(replacement: name, display: "\(name)  \(size)")
      }
    }
  }

  // MARK: Labels

  /// The name before the innermost parenthesis that is open.
  private func callee(in head: String) -> String? {
    var depth = 0
    var position = head.endIndex
    while position > head.startIndex {
      position = head.index(before: position)
      switch head[position] {
      case ")", "]", "}": depth += 1
      case "(" where depth == 0:
        let name = head[..<position].suffix(while: Self.isNamePart)
        return name.isEmpty ? nil : String(name)
      case "(", "[", "{":
        if depth == 0 { return nil }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  private func labels(of name: String, _ prefix: String) -> [Completion] {
    if let cell = try? interpreter.cell(named: name) {
      let recurrence = cell.recurrence
      let constants = recurrence.constants.keys.sorted().map { recurrence.store[$0].name }
      let labels = recurrence.shapes.openWidths + constants + ["seed", "dtype"]
      return labels.filter { $0.hasPrefix(prefix) }.map { Completion(replacement: $0 + ": ", display: $0 + ":") }
    }
    guard case .function(let function) = interpreter.value(of: name) else { return [] }
    let labels: [String] =
      switch function.kind {
      case .builtin(let builtin): builtin.parameters.labels
      case .user(let user): user.code.parameters
      case .derivative: []
      }
    return labels.filter { $0.hasPrefix(prefix) }.map { Completion(replacement: $0 + ": ", display: $0 + ":") }
  }

  // MARK: Texts

  /// What stands in a text that is still open, from its quote on.
  private var openText: String? {
    var start: String.Index?
    var isEscaped = false
    for position in before.indices {
      let character = before[position]
      if isEscaped {
        isEscaped = false
      } else if character == "\\", start != nil {
        isEscaped = true
      } else if character == "\"" {
        start = start == nil ? before.index(after: position) : nil
      } else if character == "#", start == nil {
        return nil
      }
    }
    return start.map { String(before[$0...]) }
  }
}

extension StringProtocol {
  /// The longest end whose characters all satisfy a condition.
  fileprivate func suffix(while condition: (Character) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
