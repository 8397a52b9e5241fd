import Syntax

/// Data for `fit`, made of sequences and texts.
extension BuiltinTable {
  static let data: [Builtin] = [
    Builtin(
      "windows", theme: .training, "windows(sequence, length, step: steps, alphabet: text)",
      "stretches of a sequence or text, each with the same a step later as its target: data for fit; step: 1 lets them overlap; a text is coded by its own characters in order, or by an alphabet",
      example: "shape(windows([1, 2, 3, 4, 5, 6, 7], 3).x)", "[2, 3, 1]", .general(windows)),
    Builtin(
      "characters", theme: .training, "characters(text, alphabet?)",
      "a text as classes: the number of each character in the alphabet, which is all characters of the text in order if it is not given",
      example: "characters(\"abba\")", "{classes: [1, 2, 2, 1], alphabet: \"ab\"}", .general(characters)),
  ]

  // MARK: Windows

  /// Window k begins at (k - 1)·step + 1; the last is the last that has a target for each of its steps.
  @Sendable private static func windows(_ call: inout Call) throws -> Value {
    let length = try call.integer(1, from: 1, needs: "a length")
    let step = try step(call) ?? length
    var fields: [(name: String, value: Value)] = []
    if case .text(let text) = call.values[0] {
      let coded = try code(text, alphabet: try alphabet(call), call)
      let starts = try starts(coded.classes.count, length: length, step: step, call)
      for (name, offset) in [("x", 0), ("y", 1)] {
        fields.append((name, try cut(coded.classes, width: 1, starts, offset: offset, length: length, [], call)))
      }
      fields.append(("alphabet", .text(coded.alphabet)))
    } else {
      let tensor = try call.tensor(0)
      guard tensor.rank <= 2 else {
        throw call.problem(
          at: 0, "windows takes one sequence, [time] or [time, width], and this is \(tensor.shape.text)")
      }
      let width = tensor.isMatrix ? tensor.columns : 1
      let starts = try starts(tensor.shape[0], length: length, step: step, call)
      for (name, offset) in [("x", 0), ("y", 1)] {
        fields.append(
          (name, try cut(tensor.numbers, width: width, starts, offset: offset, length: length, [width], call)))
      }
    }
    return .record(try Record(fields.map(\.name), fields.map(\.value)))
  }

  private static func alphabet(_ call: Call) throws -> String? {
    guard let (value, place) = call.label("alphabet") else { return nil }
    guard case .text(let text) = value else {
      throw SessionError.badSetting("alphabet", allowed: "a text of its characters", value.described, place)
    }
    return text
  }

  private static func step(_ call: Call) throws -> Int? {
    guard let (value, place) = call.label("step") else { return nil }
    guard case .number(let number) = value, let step = Int(exactly: number), step >= 1 else {
      throw SessionError.badSetting("step", allowed: "a whole number from 1 on", value.described, place)
    }
    return step
  }

  private static func starts(_ count: Int, length: Int, step: Int, _ call: Call) throws -> [Int] {
    guard length < count else {
      throw call.problem(
        at: 1, "a window of \(length) needs \(length + 1) steps with its target, and there are \(count)")
    }
    return Array(stride(from: 0, to: count - length, by: step))
  }

  /// `[window, length]` and the sides of each step.
  private static func cut(
    _ numbers: [Double], width: Int, _ starts: [Int], offset: Int, length: Int, _ sides: [Int], _ call: Call
  ) throws -> Value {
    let shape = try Shape([starts.count, length] + sides)
    var result: [Double] = []
    result.reserveCapacity(shape.count)
    for start in starts {
      if start & 0xFF == 0 { try call.poll() }
      result.append(contentsOf: numbers[(start + offset) * width..<(start + offset + length) * width])
    }
    return .tensor(Tensor(shape, result))
  }

  // MARK: Characters

  @Sendable private static func characters(_ call: inout Call) throws -> Value {
    let coded = try code(try call.text(0), alphabet: call.has(1) ? try call.text(1) : nil, call)
    let classes = Tensor(try Shape([coded.classes.count]), coded.classes)
    return .record(try Record(["classes", "alphabet"], [.tensor(classes), .text(coded.alphabet)]))
  }

  private static func code(
    _ text: String, alphabet given: String?, _ call: Call
  ) throws -> (classes: [Double], alphabet: String) {
    guard !text.isEmpty else { throw call.problem(at: 0, "there are no characters in this text") }
    // Characters are looked up once each, not once for every time they occur; ASCII by its codes, since hashing takes
    // ten times as long as all else.
    var place: [Character: Int] = [:]
    var placeOfCode = [Int](repeating: -1, count: 128)
    var order: [Int] = []
    order.reserveCapacity(text.utf8.count)
    var distinct: [Character] = []
    for (position, character) in text.enumerated() {
      if position & 0xFFFF == 0 { try call.poll() }
      // A carriage return and a newline are one character of two codes.
      let code = character.utf8.count == 1 ? character.utf8.first.map { Int($0) } : nil
      if let code, placeOfCode[code] >= 0 {
        order.append(placeOfCode[code])
      } else if code == nil, let known = place[character] {
        order.append(known)
      } else {
        order.append(distinct.count)
        if let code { placeOfCode[code] = distinct.count } else { place[character] = distinct.count }
        distinct.append(character)
      }
    }
    let alphabet = given.map { Array($0) } ?? distinct.sorted()
    let written = String(alphabet)
    guard written.count == alphabet.count, Set(alphabet).count == alphabet.count else {
      throw call.problem(
        at: given == nil ? 0 : 1, "an alphabet has each character once, and none that joins the one before it")
    }
    var classes: [Character: Double] = [:]
    for (index, character) in alphabet.enumerated() { classes[character] = Double(index + 1) }
    let numbers = try distinct.map { character in
      guard let number = classes[character] else {
        throw call.problem(
          at: 0,
          "\(LiteralWriter.quoted(String(character))) is not among the \(alphabet.count) characters of the alphabet")
      }
      return number
    }
    return (order.map { numbers[$0] }, written)
  }
}
