import Algebra
import Figures
import Syntax
import Typography

/// The session's state while statements run: names, settings, the random stream, what is polled and where lines go.
final class Interpreter {
  var options = Session.Options()
  var output: (String) -> Void = { print($0) }
  var isInterrupted: () -> Bool = { false }
  var endInterrupt: () -> Void = {}
  var status: ((String) -> Void)?
  var dialogue: (any Dialogue)?
  var image: ((Session.Image) -> Bool)?
  /// Hears what statements show.
  var listener: (any Listener)?
  /// It runs a lesson, in which no other is played.
  var isLesson = false
  /// How many questions were put by `ask`, and answered rightly.
  var answersAsked = 0
  var answersRight = 0

  /// Every name that was ever met, with what it is worth.
  private(set) var bindings: [String: GlobalBinding] = [:]
  /// `_`.
  var lastValue: Value = .nothing
  /// What `expand` and `collapse` speak of.
  var lastDerivation: Value?
  var settings = Settings()
  var random = RandomStream(seed: 0)
  /// How many nets were made without a seed of their own, since the session's seed was set.
  var netCount: UInt64 = 0
  /// How many calls are open.
  var callDepth = 0
  var stack = StackGuard()
  /// The files that run, outermost first, and those that ran.
  var openFiles: [String] = []
  var importedFiles: Set<String> = []

  /// The cell that symbols speak of: of the last `use` or `cell`.
  var cellInUse: Cell?
  /// The cells that come with the program.
  private(set) lazy var library = Library(folder: options.libraryFolder)

  var builtins: [String: Builtin] { BuiltinTable.byName }
  var display: Display {
    var display = Display(width: options.width)
    display.notation = settings.notation
    display.ink = options.ink
    return display
  }

  /// Ends the statement if the user pressed Ctrl-C.
  func poll() throws {
    if isInterrupted() { throw Interrupted() }
  }

  /// What long work in the rooms below asks: it may outlive the statement, as a derivation does.
  var interruption: () -> Bool { { [weak self] in self?.isInterrupted() ?? false } }

  // MARK: Names

  func binding(_ name: String) -> GlobalBinding {
    if let binding = bindings[name] { return binding }
    let binding = GlobalBinding(name, builtin: builtinValue(of: name))
    bindings[name] = binding
    return binding
  }

  /// The value of a name of the session, built-ins included.
  func value(of name: String) -> Value? {
    if let binding = bindings[name] { return binding.value ?? binding.builtin }
    return builtinValue(of: name)
  }

  /// The value of a name that nobody gave one: a built-in function or number, or `args`.
  private func builtinValue(of name: String) -> Value? {
    guard name == "args" else { return BuiltinTable.value(of: name) }
    return (try? List(options.arguments.map { .text($0) })).map { .list($0) }
  }

  func hasGlobal(_ name: String) -> Bool { value(of: name) != nil }

  /// The names that the user gave values to, in alphabetical order.
  var userNames: [String] { bindings.values.filter { $0.value != nil }.map(\.name).sorted() }

  func assign(_ value: Value, to binding: GlobalBinding) {
    binding.value = value
    guard !binding.isNoted else { return }
    binding.isNoted = true
    let hidden = binding.builtin != nil ? "built-in" : library.has(binding.name) ? "library's" : nil
    guard options.echoesValues, let hidden else { return }
    say("note: this \(binding.name) hides the \(hidden); forget \(binding.name) brings it back")
  }

  /// A name without a value: perhaps a cell of the library; else an error with names that are near.
  func valueOfUnknown(_ name: String, _ place: Place?) throws -> Value {
    if let cell = try library.cell(name, environment: environment) { return .cell(cell) }
    if ExperimentTask.isWord(name) { return .text(name) }
    throw SessionError.unknownName(name, near: nearNames(name, among: knownNames + ReservedWords.all), place)
  }

  var knownNames: [String] { userNames + BuiltinTable.names + library.names }

  func reset() {
    bindings = [:]
    lastValue = .nothing
    lastDerivation = nil
    cellInUse = nil
    settings = Settings()
    seed(0)
    openFiles = []
    importedFiles = []
  }

  func seed(_ seed: UInt64) {
    random = RandomStream(seed: seed)
    netCount = 0
  }

  // MARK: Printing

  /// Prints lines. At the prompt none begins as a prompt does, so that a pasted transcript can be told apart.
  func say(_ text: String) {
    listener?.said(text)
    write(text)
  }

  private func write(_ text: String) {
    let plain = options.isASCII ? Glyphs.ascii(text) : text
    for line in plain.split(separator: "\n", omittingEmptySubsequences: false) {
      let looksLikePrompt = options.echoesValues && (line.hasPrefix("> ") || line.hasPrefix(". "))
      output(looksLikePrompt ? " " + line : String(line))
    }
  }

  /// Shows the value of an expression statement, if it is one to show.
  func echo(_ value: Value, isOutermost: Bool) {
    if case .nothing = value { return }
    switch value {
    case .table, .figure: break
    default: guard options.echoesValues, isOutermost else { return }
    }
    present(value)
  }

  /// Shows a value, whoever asks for it: the listener hears the value itself.
  /// - Parameter lines: what is printed of it, if not what the prompt prints.
  func present(_ value: Value, lines: [String]? = nil) {
    listener?.shown(value, self)
    if lines == nil, case .figure(.picture(let picture)) = value, show(picture) { return }
    for line in lines ?? display.lines(value) { write(line) }
  }

  /// Shows a figure as an image where the terminal can; false if it cannot, or nothing here makes one.
  private func show(_ picture: any Picture) -> Bool {
    guard let image, settings.showsImages, !options.isASCII else { return false }
    let pixels = TerminalImage(picture.drawing(), isInterrupted: isInterrupted)
    return image(Session.Image(pixels: pixels, lines: picture.lines(width: options.width, ink: options.ink)))
  }

  // MARK: Statements

  /// Runs statements in order until one fails.
  func run(_ statements: [Statement]) throws {
    for statement in statements { try run(statement) }
  }

  func run(_ statement: Statement) throws {
    try poll()
    let (node, slotCount) = try Compiler(interpreter: self).compile(statement)
    let frame = Frame(self, slotCount: slotCount)
    _ = try node.run(frame)
  }

  /// The value of an expression, outside of any statement.
  func evaluate(_ expression: Expression) throws -> Value {
    let scope = Scope(code: nil, parent: nil)
    let node = try Compiler(interpreter: self).node(expression, scope)
    return try node.evaluate(Frame(self, slotCount: scope.slotCount))
  }
}
