import Glibc

/// Starts workers, reads where they are, and makes small what ended one.
struct Supervisor {
  let folder: String
  let count: UInt64
  let seed: UInt64
  let word: String?
  /// Inputs for each process.
  static let batch: UInt64 = 500
  /// Seconds without a word, of all clocks, until a worker is ended.
  static let silence = 60

  private var findings: [String: Int] = [:]
  private let own = "/proc/self/exe"

  init(folder: String, count: UInt64, seed: UInt64, word: String? = nil) {
    self.folder = folder
    self.count = count
    self.seed = seed
    self.word = word
  }

  /// Answers whether nothing was found.
  mutating func run() -> Bool {
    var next: UInt64 = 0
    var ends = 0
    let start = time(nil)
    var told = start
    let entries = Files.names(in: folder)
    while next < count {
      let last = min(count, next + Supervisor.batch)
      let outcome = watch(["worker", "\(seed)", "\(next)", "\(last)"] + (word.map { [$0] } ?? []))
      for line in outcome.notes { note(line, number: nil) }
      if outcome.reached >= last, outcome.ending == nil {
        next = last
      } else {
        ends += 1
        let number = max(outcome.reached, next)
        report(number, outcome.ending ?? "ended early", outcome.words)
        next = number + 1
      }
      if time(nil) - told >= 60 {
        told = time(nil)
        Files.say("\(next) inputs, \(ends) ends, \(told - start) s")
      }
    }
    let seconds = max(time(nil) - start, 1)
    Files.say("\(count) inputs of seed \(seed) in \(seconds) s: \(ends) ended a process")
    for (text, times) in findings.sorted(by: { $0.value > $1.value }).prefix(60) { Files.say("\(times) × \(text)") }
    let isUnchanged = Files.names(in: folder) == entries
    if !isUnchanged { Files.say("files appeared in \(folder)") }
    return ends == 0 && findings.isEmpty && isUnchanged
  }

  private mutating func note(_ line: String, number: UInt64?) {
    // Messages differ by names and numbers: one of a kind is enough.
    let kind = String(line.map { $0.isNumber ? "0" : $0 })
    findings[kind, default: 0] += 1
    if findings[kind, default: 0] <= 5 { Files.say(line) }
  }

  // MARK: Processes

  struct Outcome {
    var reached: UInt64 = 0
    /// Nil if it ended well.
    var ending: String?
    var notes: [String] = []
    /// What it said of its own, such as the words of a trap.
    var words = ""
  }

  private func watch(_ arguments: [String]) -> Outcome {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return Outcome(ending: "no pipe") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    var words: [UnsafeMutablePointer<CChar>?] = strings([own, folder] + arguments)
    var variables: [UnsafeMutablePointer<CChar>?] =
      strings(["SWIFT_BACKTRACE=enable=no", "PATH=/nonexistent", "EDITOR=/nonexistent", "LC_ALL=C.UTF-8"])
    defer { for word in words + variables { free(word) } }
    var process: pid_t = 0
    let status = posix_spawn(&process, own, &actions, nil, &words, &variables)
    posix_spawn_file_actions_destroy(&actions)
    close(ends[1])
    defer { close(ends[0]) }
    guard status == 0 else { return Outcome(ending: "no process") }
    var outcome = read(ends[0], process)
    var code: Int32 = 0
    waitpid(process, &code, 0)
    Files.remove("/tmp/fuzz-\(process)")
    if code & 0x7F != 0 {
      let signal = code & 0x7F
      if outcome.ending == nil { outcome.ending = "crash (signal \(signal))" }
    } else if code != 0 {
      let exit = code >> 8 & 0xFF
      outcome.ending =
        exit == Worker.ExitCode.hang
        ? "hang (over \(Worker.limit) s)" : exit == Worker.ExitCode.memory ? "memory (over 1 GB)" : "exit \(exit)"
    }
    return outcome
  }

  private func strings(_ list: [String]) -> [UnsafeMutablePointer<CChar>?] { list.map { strdup($0) } + [nil] }

  /// Reads a worker's lines until it closes its output, or says nothing for too long.
  private func read(_ descriptor: Int32, _ process: pid_t) -> Outcome {
    var outcome = Outcome()
    var pending: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&wanted, 1, Int32(Supervisor.silence * 1000)) == 0 {
        outcome.ending = "silence (\(Supervisor.silence) s)"
        kill(process, SIGKILL)
        return outcome
      }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count <= 0 { break }
      pending += buffer[..<count]
      while let end = pending.firstIndex(of: 10) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        if line.hasPrefix("at ") {
          outcome.reached = UInt64(line.dropFirst(3)) ?? outcome.reached
        } else if line.hasPrefix("say ") {
          outcome.notes.append(String(line.dropFirst(4)) + "  (input \(outcome.reached))")
        } else if outcome.words.utf8.count < 600 {
          outcome.words += line + "\n"
        }
      }
    }
    return outcome
  }

  // MARK: Reports

  private mutating func report(_ number: UInt64, _ ending: String, _ words: String) {
    let input = InputMaker(folder: folder, seed: seed, word: word).input(number)
    let kind = ending + " " + Supervisor.trap(words)
    findings[kind, default: 0] += 1
    guard findings[kind, default: 0] <= 5 else { return }
    Files.say("seed \(seed) input \(number): \(kind)")
    let smallest = shrunk(input, ending)
    Files.say("--- \(smallest.isPrompt ? "prompt" : "file"), \(smallest.text.utf8.count) bytes")
    Files.say(smallest.text.unicodeScalars.count > 600 ? Supervisor.shortened(smallest.text) : smallest.text)
    Files.say("---")
  }

  private static func shortened(_ text: String) -> String {
    String(text.unicodeScalars.prefix(300).map(Character.init)) + " … "
      + String(text.unicodeScalars.suffix(200).map(Character.init))
  }

  /// The line in which a trap says itself.
  private static func trap(_ words: String) -> String {
    words.split(separator: "\n").first { $0.contains("Fatal") || $0.contains("fatal") || $0.contains("rror") }
      .map(String.init) ?? String(words.prefix(100))
  }

  /// A smaller input that ends a process the same way: halves, quarters, ... of its words are left out.
  private func shrunk(_ input: FuzzInput, _ ending: String) -> FuzzInput {
    let path = "/tmp/fuzz-input-\(getpid())"
    defer { unlink(path) }
    var tries = 0
    func fails(_ text: String) -> Bool {
      tries += 1
      Files.write(FuzzInput(text: text, isPrompt: input.isPrompt).encoded, to: path)
      return watch(["file", path]).ending == ending
    }
    guard fails(input.text) else { return input }
    var words = Mutation.words(input.text)
    var size = words.count / 2
    let bound = ending.hasPrefix("crash") ? 300 : 60
    while size >= 1, tries < bound {
      var start = 0
      while start < words.count, tries < bound {
        var fewer = words
        fewer.removeSubrange(start..<min(start + size, words.count))
        if fails(fewer.joined()) { words = fewer } else { start += size }
      }
      size /= 2
    }
    return FuzzInput(text: words.joined(), isPrompt: input.isPrompt)
  }
}
