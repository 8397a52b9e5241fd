import Figures
import Syntax

/// What one front end (prompt, script, `-e`, test) sees of the language: text goes in, printed lines and a status
/// come out. A front end never looks at values.
public final class Session {
  /// Where printed lines go, whole, without their newline.
  public var output: (String) -> Void = { print($0) }
  public var options: Options

  public struct Options: Sendable {
    /// Expression statements print their value (the prompt and `-e`), or only figures and tables (a script).
    public var echoesValues = true
    /// Columns of the terminal; values and figures fit it.
    public var width = 80
    public var color: ColorDepth = .none
    /// Print ASCII spellings (`--ascii`).
    public var isASCII = false
    /// `args` of the script.
    public var arguments: [String] = []
    /// The folder of `Stdlib`; nil if it was not found.
    public var libraryFolder: String?
    /// The file that keeps how far lessons have come; nil for none.
    public var progressPath: String?

    public init() {}

    /// What figures are drawn with.
    var ink: Ink {
      if isASCII { return .ascii }
      switch color {
      case .none: return .blocks
      case .sixteen: return .palette16
      case .palette: return .palette256
      case .full: return .full
      }
    }
  }

  public enum ColorDepth: Int, Sendable, Comparable {
    case none, sixteen, palette, full
    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
  }

  /// Names, values and settings.
  let interpreter = Interpreter()

  public init(options: Options = Options()) {
    self.options = options
  }

  /// Set from a signal handler's flag: polled by every loop and every feed, so that a statement ends within
  /// milliseconds. The session's state is then what the last whole statement left.
  public var isInterrupted: () -> Bool = { false }

  /// Told when a statement has dealt with an interrupt itself (training that ends early), so that it counts no more.
  public var endInterrupt: () -> Void = {}

  /// Shows a line on a terminal in place of the one shown before, until a line is printed; an empty one takes it away.
  /// Nil where there is no terminal.
  public var status: ((String) -> Void)?

  /// Asked for keys and lines by lessons and `ask`; nil where nobody answers.
  public var dialogue: (any Dialogue)?

  /// Shows a figure as an image, and answers whether it did; nil where the terminal never does.
  public var image: ((Image) -> Bool)?

  public struct Image {
    public let pixels: TerminalImage
    /// The same figure as lines, for who keeps a transcript.
    public let lines: [String]
  }

  /// Keeps what happens as a handout; nil if nothing is kept.
  var recorder: Recorder?

  /// Reads and runs a text: every statement of it in order, until one fails.
  ///
  /// If the text ends in the middle of a statement nothing is run, and the answer says what was expected:
  /// a prompt asks for more lines. Nor is anything run if it cannot be read to its end.
  public func evaluate(_ text: String, name: String = "prompt") -> Response {
    if name == "prompt", Self.isCommand(text) { return command(text) }
    let source = Source(name: name, text: text)
    let outcome = Parser.parse(source, mode: name == "prompt" ? .prompt : .file)
    switch outcome.problem {
    case .incomplete(let expecting, _): return Response(status: .incomplete(expecting: expecting))
    case .failed(let diagnostic): return Response(status: .failed(diagnostic))
    case nil: return run(outcome.statements, of: source)
    }
  }

  /// Runs statements in order; each is recorded, if that is asked for.
  private func run(_ statements: [Statement], of source: Source) -> Response {
    guard let recorder else { return run { try $0.run(statements) } }
    var response = Response(status: .done)
    for (position, statement) in statements.enumerated() {
      if let text = Lesson.stepText(at: position, in: statements, source) { recorder.begin(statement, text: text) }
      response = run { try $0.run(statement) }
      recorder.end(response, output)
      guard case .done = response.status else { return response }
    }
    return response
  }

  /// Runs something with the session's settings of now, and turns errors into a response.
  func run(_ body: (Interpreter) throws -> Void) -> Response {
    connect()
    do {
      try body(interpreter)
      return Response(status: .done)
    } catch is Interrupted {
      return Response(status: .interrupted)
    } catch let error as any Explained {
      return Response(status: .failed(error.diagnostic))
    } catch {
      return Response(status: .failed(Diagnostic("\(error)", at: nil)))
    }
  }

  /// Hands the front end's settings to the interpreter.
  func connect() {
    interpreter.options = options
    interpreter.output = output
    interpreter.isInterrupted = isInterrupted
    interpreter.endInterrupt = endInterrupt
    interpreter.status = status
    interpreter.dialogue = dialogue
    interpreter.image = image
    interpreter.listener = recorder
    interpreter.callDepth = 0
    interpreter.stack = StackGuard()
    interpreter.openFiles = []
  }
}

/// How an evaluation ended. What it printed has gone to `Session.output`; diagnostics are in the response, as data
/// and as the lines to show.
public struct Response: Sendable {
  public enum Status: Sendable {
    case done
    /// The text is not a whole statement yet. `expecting` completes "expecting ...".
    case incomplete(expecting: String)
    case failed(Diagnostic)
    case interrupted
    /// `:quit`, with the exit status.
    case quit(Int32)
  }

  public var status: Status

  public init(status: Status) {
    self.status = status
  }
}

/// One way to complete what is typed.
public struct Completion: Sendable, Equatable {
  /// What replaces the text from `Completions.start`.
  public var replacement: String
  /// What a list shows: `σ  \sigma`, `W_f  3 × 5`.
  public var display: String

  public init(replacement: String, display: String) {
    self.replacement = replacement
    self.display = display
  }
}

public struct Completions: Sendable {
  /// The UTF-8 offset at which the replaced text starts.
  public var start: Int
  public var items: [Completion]

  public init(start: Int, items: [Completion]) {
    self.start = start
    self.items = items
  }
}
