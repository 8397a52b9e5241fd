import Glibc
import Session
import Syntax

/// The exit statuses of the program.
public enum ExitStatus {
  public static let done: Int32 = 0
  public static let failed: Int32 = 1
  public static let wrongUsage: Int32 = 2
  public static let interrupted: Int32 = 130
}

/// Runs texts without a prompt: files, standard input, `-e`. Values go to standard output, errors to standard error.
public struct ScriptRunner {
  let client: any PromptClient
  let output: LineWriter
  let errors: LineWriter
  let errorColor: Session.ColorDepth

  public init(client: any PromptClient, output: LineWriter, errors: LineWriter, errorColor: Session.ColorDepth) {
    self.client = client
    self.output = output
    self.errors = errors
    self.errorColor = errorColor
    client.output = { output.write(line: $0) }
    client.isInterrupted = { Interrupts.isPending }
    client.endInterrupt = { Interrupts.clear() }
    client.status = output.status ?? errors.status
    client.dialogue = TerminalDialogue(client: client, writer: output, isColored: client.options.color != .none)
  }

  /// Runs a text and answers the exit status. `echoes`: expression statements print their value.
  public func run(_ text: String, name: String, echoes: Bool = false) -> Int32 {
    let typed = PromptText(text)
    client.options.echoesValues = echoes
    client.options.width = Terminal.columns()
    return status(of: client.evaluate(typed.startsWithPrompt ? typed.script : text, name: name), text, name: name)
  }

  /// The exit status of what was run; what failed is reported.
  public func status(of response: Response, _ text: String = "", name: String = "prompt") -> Int32 {
    output.flush()
    switch response.status {
    case .done: return ExitStatus.done
    case .quit(let status): return status
    case .interrupted: return ExitStatus.interrupted
    case .failed(let diagnostic): report(diagnostic)
    case .incomplete(let expecting):
      let source = Source(name: name, text: text)
      let end = Place(source, source.bytes.count..<source.bytes.count)
      report(Diagnostic("the text ends in the middle of a statement: expecting \(expecting)", at: end))
    }
    return ExitStatus.failed
  }

  /// Runs a file, or standard input for nil.
  public func run(path: String?) -> Int32 {
    do throws(FileProblem) {
      let text = try readText(path: path)
      return run(text, name: path ?? "standard input")
    } catch {
      if Interrupts.isPending { return ExitStatus.interrupted }
      errors.write(line: "carousel: \(error.message)")
      errors.flush()
      return ExitStatus.wrongUsage
    }
  }

  public func report(_ diagnostic: Diagnostic) {
    let renderer = DiagnosticRenderer(
      width: client.options.width, isColored: errorColor != .none, isASCII: client.options.isASCII)
    for line in renderer.lines(diagnostic) { errors.write(line: line) }
    errors.flush()
  }
}
