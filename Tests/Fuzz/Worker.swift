import Glibc
import Session
import Syntax

/// Runs inputs, and says on standard output where it is: `at N`, and `say KIND` with a line for what is wrong without
/// ending the process.
struct Worker {
  /// Seconds of processor time until a statement is asked to end, and until it should have ended.
  static let patience = 0.05
  #if DEBUG
    static let limit = 20
  #else
    static let limit = 1
  #endif
  static let largestMemory = 1 << 30

  enum ExitCode {
    static let hang: Int32 = 97
    static let memory: Int32 = 98
  }

  let folder: String
  /// The word that every input is about, if it is one.
  let word: String?
  private let library: String?

  init(folder: String, word: String? = nil) {
    self.folder = folder
    self.word = word
    library = "\(folder)/Stdlib"
  }

  // MARK: Jail

  /// An empty folder as the whole file system, with a few devices to read; false if that is not allowed.
  private func enterJail(_ jail: String) -> Bool {
    mkdir(jail, 0o755)
    guard chdir(jail) == 0 else { exit(2) }
    guard getuid() == 0, chroot(jail) == 0 else { return false }
    mkdir("/dev", 0o755)
    for (name, minor) in [("null", 3), ("zero", 5), ("full", 7), ("random", 8)] {
      mknod("/dev/" + name, S_IFCHR | 0o666, dev_t(1 << 8 | minor))
    }
    return true
  }

  private func setLimits() {
    func limit(_ resource: __rlimit_resource_t, _ bytes: UInt) {
      var value = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
      setrlimit(resource, &value)
    }
    limit(__rlimit_resource_t(RLIMIT_AS.rawValue), 3 << 30)
    limit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), 256 << 20)
    limit(__rlimit_resource_t(RLIMIT_CORE.rawValue), 0)
    signal(SIGXFSZ, SIG_IGN)
    // Processor time that cannot be interrupted: the end.
    signal(SIGPROF) { _ in _exit(ExitCode.hang) }
  }

  private static func watch(_ seconds: Int) {
    var timer = itimerval(it_interval: timeval(), it_value: timeval(tv_sec: seconds, tv_usec: 250_000))
    if seconds == 0 { timer.it_value.tv_usec = 0 }
    setitimer(__itimer_which_t(2), &timer, nil)
  }

  private static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static var largestMemorySoFar: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  // MARK: Running

  private func say(_ kind: String, _ detail: String) {
    Files.say("say \(kind) \(detail.split(separator: "\n").joined(separator: "⏎").prefix(300))")
  }

  func run(seed: UInt64, from first: UInt64, to last: UInt64) {
    let maker = InputMaker(folder: folder, seed: seed, word: word)
    let isJailed = prepare()
    for number in first..<last {
      Files.say("at \(number)")
      evaluate(Worker.tamed(maker.input(number), isJailed))
    }
    leave()
    Files.say("at \(last)")
  }

  func run(_ input: FuzzInput) {
    let isJailed = prepare()
    evaluate(Worker.tamed(input, isJailed))
    leave()
  }

  private func leave() {
    Worker.watch(0)
    for name in Files.names(in: ".") where name != "Stdlib" && name != "dev" { unlink(name) }
  }

  private func prepare() -> Bool {
    let jail = "/tmp/fuzz-\(getpid())"
    mkdir(jail, 0o755)
    mkdir(jail + "/Stdlib", 0o755)
    if let library { Files.copy(library + "/cells", to: jail + "/Stdlib/cells") }
    let isJailed = enterJail(jail)
    setLimits()
    return isJailed
  }

  /// Without a jail no input may name a file elsewhere.
  private static func tamed(_ input: FuzzInput, _ isJailed: Bool) -> FuzzInput {
    guard !isJailed else { return input }
    var tame = input
    tame.text = input.text.replacing("/", with: "÷").replacing("..\"", with: "\"")
    return tame
  }

  private func evaluate(_ input: FuzzInput) {
    Worker.watch(Worker.limit)
    let session = Session()
    session.options.libraryFolder = "Stdlib"
    session.options.echoesValues = input.isPrompt
    var lines = 0
    session.output = { _ in lines += 1 }
    let start = Worker.seconds
    let deadline = start + Worker.patience
    session.isInterrupted = { Worker.seconds > deadline }
    let response = session.evaluate(input.text, name: input.isPrompt ? "prompt" : "input.cell")
    if case .failed(let diagnostic) = response.status {
      let rendered = DiagnosticRenderer(width: 80).lines(diagnostic)
      let isCommand = input.isPrompt && (input.text.drop { $0.isWhitespace }.first.map { "?:".contains($0) } ?? false)
      if diagnostic.place == nil, !isCommand { say("no place:", rendered.first ?? "") }
      if rendered.count > 100 { say("long error:", "\(rendered.count) lines: \(rendered[0])") }
    }
    if input.text.utf8.count < 200 {
      let end = input.text.utf8.count
      _ = session.completions(for: input.text, at: end)
      _ = session.completions(for: input.text, at: end / 2)
      _ = session.expectation(after: input.text)
      _ = session.statements(of: input.text)
    }
    if Worker.seconds - start > Double(Worker.limit) { say("slow:", "\(Worker.seconds - start) s") }
    if Worker.largestMemorySoFar > Worker.largestMemory { _exit(ExitCode.memory) }
  }
}
