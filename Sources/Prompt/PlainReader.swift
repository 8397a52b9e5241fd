import Glibc

/// Lines from a terminal without line editing, when nothing can show it (all output goes elsewhere): no prompts.
final class PlainReader: LineReader {
  private var waiting: [UInt8] = []
  private var isAtEnd = false

  func read(sign: String, initial: String) -> PromptInput {
    Interrupts.clear()
    while true {
      if let end = waiting.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: waiting[..<end], as: UTF8.self)
        waiting.removeSubrange(...end)
        return .text(initial + line)
      }
      if isAtEnd {
        defer { waiting = [] }
        return waiting.isEmpty ? .end : .text(initial + String(decoding: waiting, as: UTF8.self))
      }
      var chunk = [UInt8](repeating: 0, count: 4096)
      let count = chunk.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        waiting += chunk[..<count]
      } else if count < 0, errno == EINTR {
        if !Interrupts.isPending { continue }
        waiting = []
        return .interrupted(dropped: initial)
      } else {
        isAtEnd = true
      }
    }
  }

  func remember(_ entry: String) {}
}
