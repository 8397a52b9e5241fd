import Algebra
import Runtime
import Syntax

/// What `set` sets.
struct Settings {
  static let names = ["seed", "notation", "engine", "threads", "images"]
  var notation = Notation.elementwise
  var engine = EngineKind.plan
  /// How many threads may take part when a net runs or is trained; the numbers are the same, however many.
  var threads = Net.usualThreads
  /// Figures are shown as images where the terminal can.
  var showsImages = true
}

extension Interpreter {
  func set(_ name: String, to value: Value, _ place: Place) throws {
    switch name {
    case "seed":
      guard case .number(let number) = value, let seed = UInt64(exactly: number) else {
        throw SessionError.badSetting(name, allowed: "a whole number from 0 on", value.described, place)
      }
      self.seed(seed)
    case "notation":
      let word = try word(value, among: Notation.allCases.map(\.rawValue), name, place)
      settings.notation = Notation(rawValue: word) ?? .elementwise
    case "engine":
      let word = try word(value, among: EngineKind.allCases.map(\.rawValue), name, place)
      settings.engine = EngineKind(rawValue: word) ?? .plan
    case "threads": settings.threads = try threads(value, place)
    case "images": settings.showsImages = try word(value, among: ["auto", "off"], name, place) == "auto"
    default: throw SessionError.unknownSetting(name, near: nearNames(name, among: Settings.names), place)
    }
  }

  /// `set threads 2`, `fit(..., threads: 2)`.
  func threads(_ value: Value, _ place: Place?) throws -> Int {
    guard case .number(let number) = value, let count = Int(exactly: number), (1...Net.mostThreads).contains(count)
    else {
      throw SessionError.badSetting(
        "threads", allowed: "a whole number from 1 to \(Net.mostThreads)", value.described, place)
    }
    return count
  }

  private func word(_ value: Value, among words: [String], _ name: String, _ place: Place) throws -> String {
    guard case .text(let word) = value, words.contains(word) else {
      throw SessionError.badSetting(name, allowed: words.joined(separator: " or "), value.described, place)
    }
    return word
  }

  /// `forget name` and `help name`; `expand` and its like belong to derivations.
  func command(_ word: String, _ argument: Expression?, _ place: Place) throws {
    let name: String? =
      switch argument?.form {
      case .name(let name): name
      case .text(let pieces): pieces.compactMap { if case .literal(let text) = $0 { text } else { nil } }.joined()
      default: argument?.place.text
      }
    switch word {
    case "forget":
      guard let name else { throw SessionError.builtin("forget takes a name", hint: nil, place) }
      try forget(name, argument?.place ?? place)
    case "lesson":
      if let name { try playLesson(name, place) } else { listLessons() }
    case "help":
      for line in try help(name ?? "help", place) { say(line) }
    default: try unfold(word, argument, place)
    }
  }

  private func forget(_ name: String, _ place: Place) throws {
    let binding = binding(name)
    guard binding.value != nil else {
      throw SessionError.nothingToForget(
        name, near: nearNames(name, among: userNames), isBuiltin: binding.builtin != nil, place)
    }
    binding.value = nil
    binding.isNoted = false
  }
}
