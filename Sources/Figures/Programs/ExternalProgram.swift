import Glibc

/// A program of the system that draws for us (librsvg's rsvg-convert): bytes go in, bytes come out.
public struct ExternalProgram: Sendable {
  public let name: String
  /// The Debian package that brings it.
  public let package: String

  public static let svgConverter = ExternalProgram(name: "rsvg-convert", package: "librsvg2-bin")

  public enum Failure: Error {
    /// It is not installed; the package that brings it.
    case missing(program: String, package: String)
    /// It ended with an error, and said so.
    case failed(program: String, message: String)
    case tookTooLong(program: String, seconds: Int)
    case interrupted
  }

  /// The most that a program may write: a drawing is far smaller.
  private static let largestOutput = 64 << 20

  /// Runs it to its end, and answers what it wrote to its standard output.
  public func run(
    _ arguments: [String], input: [UInt8], seconds: Int = 20, isInterrupted: () -> Bool = { false }
  ) throws(Failure) -> [UInt8] {
    let ends = (0..<3).compactMap { _ in Self.pipe() }
    guard ends.count == 3 else {
      for end in ends { close(end.read); close(end.write) }
      throw .failed(program: name, message: "no pipe to it can be opened")
    }
    let (toProgram, fromProgram, errors) = (ends[0], ends[1], ends[2])
    var process: pid_t = 0
    let problem = spawn(arguments, input: toProgram.read, output: fromProgram.write, errors: errors.write, &process)
    for descriptor in [toProgram.read, fromProgram.write, errors.write] { close(descriptor) }
    guard problem == 0 else {
      for descriptor in [toProgram.write, fromProgram.read, errors.read] { close(descriptor) }
      if problem == ENOENT { throw .missing(program: name, package: package) }
      throw .failed(program: name, message: String(cString: strerror(problem)))
    }
    var talk = Talk(input: input, toProgram: toProgram.write, fromProgram: fromProgram.read, errors: errors.read)
    let ending = talk.run(seconds: seconds, limit: Self.largestOutput, isInterrupted: isInterrupted)
    talk.close()
    if ending != .finished { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    switch ending {
    case .interrupted: throw .interrupted
    case .late: throw .tookTooLong(program: name, seconds: seconds)
    case .tooMuch: throw .failed(program: name, message: "it wrote more than \(Self.largestOutput >> 20) MB")
    case .finished: break
    }
    guard status == 0 else {
      let message = String(decoding: talk.complaints.prefix(300), as: UTF8.self)
      throw .failed(program: name, message: message.isEmpty ? "it ended with status \(status >> 8)" : message)
    }
    return talk.output
  }

  /// Both ends close in programs that are started.
  private static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private func spawn(
    _ arguments: [String], input: Int32, output: Int32, errors: Int32, _ process: inout pid_t
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own: Ctrl-C at the terminal is for the session, which then ends the program itself.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    return posix_spawnp(&process, name, &actions, &attributes, &words, environ)
  }
}

/// Writes and reads at once: a program that answers before it has read all would else wait for us, and we for it.
private struct Talk {
  enum Ending { case finished, interrupted, late, tooMuch }

  let input: [UInt8]
  var written = 0
  var toProgram: Int32
  var fromProgram: Int32
  var errors: Int32
  var output: [UInt8] = []
  var complaints: [UInt8] = []

  init(input: [UInt8], toProgram: Int32, fromProgram: Int32, errors: Int32) {
    self.input = input
    self.toProgram = toProgram
    self.fromProgram = fromProgram
    self.errors = errors
    _ = fcntl(toProgram, F_SETFL, O_NONBLOCK)
  }

  mutating func run(seconds: Int, limit: Int, isInterrupted: () -> Bool) -> Ending {
    var ignored = sigset_t()
    sigemptyset(&ignored)
    sigaddset(&ignored, SIGPIPE)
    var before = sigset_t()
    // A program that ends without reading must not end us.
    pthread_sigmask(SIG_BLOCK, &ignored, &before)
    defer {
      var none = timespec()
      while sigtimedwait(&ignored, nil, &none) == SIGPIPE {}
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    let deadline = ContinuousClock.now + .seconds(seconds)
    while fromProgram >= 0 || errors >= 0 {
      if isInterrupted() { return .interrupted }
      if ContinuousClock.now > deadline { return .late }
      if output.count > limit { return .tooMuch }
      if toProgram >= 0, written == input.count { end(&toProgram) }
      var waits = [
        pollfd(fd: toProgram, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: fromProgram, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waits, nfds_t(waits.count), 20) > 0 else { continue }
      if waits[0].revents != 0 { write() }
      if waits[1].revents != 0 { Self.read(&fromProgram, into: &output) }
      if waits[2].revents != 0 { Self.read(&errors, into: &complaints) }
    }
    return .finished
  }

  mutating func close() {
    end(&toProgram)
    end(&fromProgram)
    end(&errors)
  }

  private mutating func write() {
    let count = input.withUnsafeBytes { bytes -> Int in
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      return Glibc.write(toProgram, rest.baseAddress, rest.count)
    }
    if count > 0 { written += count } else if errno != EAGAIN, errno != EINTR { end(&toProgram) }
  }

  private static func read(_ descriptor: inout Int32, into bytes: inout [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      bytes += buffer[..<count]
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      Glibc.close(descriptor)
      descriptor = -1
    }
  }

  private func end(_ descriptor: inout Int32) {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}
