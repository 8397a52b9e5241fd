import Glibc

/// Lines to a stream of the process.
///
/// On a terminal each line is written at once; elsewhere they are gathered, which a loop with a million `print`s
/// notices. A stream that takes no more (a full disk) ends the program with status 1 and says why; a reader that left
/// (`carousel ... | head`) ends it quietly, by the signal that the system sends.
public final class LineWriter {
  private let descriptor: Int32
  /// It is a terminal.
  let isImmediate: Bool
  private var waiting: [UInt8] = []
  /// A line is shown that the next one replaces.
  private var showsStatus = false
  private static let capacity = 1 << 16

  public init(descriptor: Int32) {
    self.descriptor = descriptor
    isImmediate = Terminal.isTerminal(descriptor)
  }

  public func write(line: String) {
    clearStatus()
    waiting.append(contentsOf: line.utf8)
    waiting.append(UInt8(ascii: "\n"))
    if isImmediate || waiting.count >= Self.capacity { flush() }
  }

  /// Shows a line in place of the one shown before, and until the next whole line is written; nil where nobody looks.
  public var status: ((String) -> Void)? {
    guard isImmediate else { return nil }
    return { [self] text in
      clearStatus()
      showsStatus = !text.isEmpty
      write(part: text)
    }
  }

  /// To the start of the line, and all of it erased.
  private func clearStatus() {
    if showsStatus { waiting.append(contentsOf: "\r\u{1B}[K".utf8) }
    showsStatus = false
  }

  /// Writes what is no whole line, at once: a prompt.
  public func write(part: String) {
    waiting.append(contentsOf: part.utf8)
    flush()
  }

  public func flush() {
    var start = 0
    while start < waiting.count {
      let count = waiting.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
      }
      if count > 0 {
        start += count
      } else if errno == EAGAIN {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if errno != EINTR {
        giveUp(errno)
      }
    }
    waiting.removeAll(keepingCapacity: true)
  }

  private func giveUp(_ reason: Int32) -> Never {
    waiting.removeAll()
    if descriptor != STDERR_FILENO, reason != EPIPE {
      let message = "error: cannot write to standard output: \(systemMessage(reason))\n"
      _ = message.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
    }
    exit(1)
  }
}
