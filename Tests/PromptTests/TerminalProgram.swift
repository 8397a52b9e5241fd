import CPseudoTerminal
import Foundation
import XCTest

/// A program on a pseudo-terminal: keys go in, a screen comes out.
final class TerminalProgram {
  private(set) var screen: Screen
  /// Every byte that came, escapes included.
  private(set) var bytes: [UInt8] = []
  private let terminal: Int32
  let process: pid_t
  private var status: Int32?

  /// Starts a program of this package, with an environment of its own.
  init(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], rows: Int = 24,
    columns: Int = 80, input: Int32 = -1, output: Int32 = -1, error: Int32 = -1
  ) throws {
    screen = Screen(rows: rows, columns: columns)
    var variables = [
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent",
      "CAROUSEL_HISTORY": "", "INPUTRC": "/dev/null",
      "SWIFT_BACKTRACE": "enable=no",
    ]
    variables.merge(environment) { $1 }
    let path = TerminalProgram.folder + "/" + program
    var argumentPointers = ([path] + arguments).map { strdup($0) } + [nil]
    var variablePointers = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argumentPointers + variablePointers { free(pointer) } }
    var identifier: pid_t = 0
    terminal = pseudo_terminal_start(
      path, &argumentPointers, &variablePointers, Int32(rows), Int32(columns), [input, output, error], &identifier)
    process = identifier
    if terminal < 0 { throw POSIXError(.ENXIO) }
    _ = fcntl(terminal, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(terminal)
  }

  /// Where the package's programs are built: beside the tests.
  static let folder: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = Bundle.allBundles.map { $0.bundlePath } + [own] + CommandLine.arguments
    let folders = beside.map { ($0 as NSString).deletingLastPathComponent }
    return folders.first { FileManager.default.isExecutableFile(atPath: $0 + "/carousel") } ?? "."
  }()

  func send(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = Array(rest).withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else { take(for: 0.01) }
    }
  }

  /// Types a text key by key, as a person does, who waits for the next prompt after Enter and looks before Ctrl-C.
  func type(_ text: String) {
    for character in text {
      if character == "\u{3}" { take(for: 0.1) }
      let before = screen.cursorLine
      send(String(character))
      take(for: 0.004)
      guard character == "\r" else { continue }
      let end = Date().addingTimeInterval(5)
      while Date() < end, screen.cursorLine.number == before.number || !screen.cursorLine.isPrompt { take(for: 0.004) }
    }
  }

  func paste(_ text: String) { send("\u{1B}[200~" + text.replacingOccurrences(of: "\n", with: "\r") + "\u{1B}[201~") }

  func resize(columns: Int) {
    _ = pseudo_terminal_resize(terminal, Int32(screen.rows), Int32(columns))
    screen.resize(columns: columns)
  }

  /// Takes what comes for a while.
  func take(for seconds: Double) {
    let end = Date().addingTimeInterval(seconds)
    repeat {
      var request = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
      let left = max(0, end.timeIntervalSinceNow)
      guard poll(&request, 1, Int32(left * 1000)) > 0 else { return }
      var chunk = [UInt8](repeating: 0, count: 65536)
      let count = read(terminal, &chunk, chunk.count)
      guard count > 0 else { return }
      bytes += chunk[..<count]
      screen.write(Array(chunk[..<count]))
    } while Date() < end
  }

  /// Waits until the screen is as a test wants it.
  @discardableResult
  func wait(
    _ what: String, seconds: Double = 10, file: StaticString = #filePath, line: UInt = #line,
    until isThere: (Screen) -> Bool
  ) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      take(for: 0.01)
      if isThere(screen) { return true }
    }
    XCTFail("waited for \(what); the screen shows:\n\(screen.text)", file: file, line: line)
    return false
  }

  /// Waits until the screen's last lines are these.
  @discardableResult
  func wait(for last: String..., file: StaticString = #filePath, line: UInt = #line) -> Bool {
    wait(last.joined(separator: "⏎"), file: file, line: line) { $0.lines.suffix(last.count) == last[...] }
  }

  /// The exit status, 128 + signal if a signal ended it; nil if it still runs after some seconds.
  func exitStatus(seconds: Double = 5) -> Int32? {
    let end = Date().addingTimeInterval(seconds)
    while status == nil, Date() < end {
      take(for: 0.01)
      var value: Int32 = 0
      if waitpid(process, &value, WNOHANG) == process {
        status = value & 0x7F == 0 ? (value >> 8) & 0xFF : 128 + (value & 0x7F)
      }
    }
    take(for: 0.02)
    return status
  }

  /// Whether the terminal edits lines by itself and echoes, as a shell leaves it to programs.
  var isCooked: Bool {
    var settings = termios()
    guard tcgetattr(terminal, &settings) == 0 else { return false }
    let flags = tcflag_t(ICANON | ECHO | ISIG)
    return settings.c_lflag & flags == flags
  }
}
