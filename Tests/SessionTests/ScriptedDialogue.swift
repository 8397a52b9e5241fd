import Foundation

@testable import Session

/// A learner who does what a test says, and sees what it looks at.
final class ScriptedDialogue: Dialogue {
  var isInteractive = true
  var keys: [DialogueKey]
  /// The next line to be typed; asked with how many were typed before.
  var answer: (Int) -> DialogueLine
  /// What was shown as typed, and printed, in order.
  private(set) var seen: [String] = []
  private(set) var linesAsked = 0

  init(keys: [DialogueKey] = [], answers: [String] = []) {
    self.keys = keys
    answer = { $0 < answers.count ? .text(answers[$0]) : .end }
  }

  /// When no key is left the learner goes on.
  func key() -> DialogueKey { keys.isEmpty ? .next : keys.removeFirst() }

  func line(sign: String) -> DialogueLine {
    defer { linesAsked += 1 }
    let line = answer(linesAsked)
    if case .text(let text) = line { seen.append(sign + text) }
    return line
  }

  func show(typed statement: String) { seen.append(statement) }

  /// A session that this learner sits before.
  func session(progress: String? = nil) -> Session {
    let session = librarySession()
    session.options.progressPath = progress
    session.dialogue = self
    session.output = { [self] in seen.append($0) }
    return session
  }

  var text: String { seen.joined(separator: "\n") }
}

/// A folder for one test.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("carousel-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
}
