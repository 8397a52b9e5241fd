// The program: reads its arguments, then runs a script or starts the prompt.

import Glibc
import Kernels
import Prompt
import Session

let version = "0.1.0"

/// Everything but the large stack; answers the exit status.
func runProgram(_ arguments: Arguments) -> Int32 {
  let output = LineWriter(descriptor: STDOUT_FILENO)
  let errors = LineWriter(descriptor: STDERR_FILENO)
  defer { output.flush() }
  switch arguments.request {
  case .help:
    output.write(line: Arguments.help)
    return ExitStatus.done
  case .version:
    output.write(line: "carousel \(version)")
    return ExitStatus.done
  case nil: break
  }

  if !arguments.isQuiet, !Processor.isSupported {
    errors.write(
      line: "note: this processor lacks \(Processor.requirement); nets are run by the plain evaluator, slowly")
    errors.flush()
  }
  let colors = ColorChoice(option: arguments.color)
  let outputColor = colors.depth(isTerminal: Terminal.isTerminal(STDOUT_FILENO))
  var options = Session.Options()
  options.color = outputColor
  options.isASCII = arguments.isASCII
  options.arguments = arguments.scriptArguments
  options.libraryFolder = libraryFolder()
  options.progressPath = HistoryFile.statePath("lessons")
  let session = Session(options: options)
  let runner = ScriptRunner(
    client: session, output: output, errors: errors,
    errorColor: colors.depth(isTerminal: Terminal.isTerminal(STDERR_FILENO)))

  for source in arguments.sources {
    var status: Int32
    switch source {
    case .code(let code): status = runner.run(code, name: "-e", echoes: true)
    case .file(let path): status = runner.run(path: path)
    case .standardInput: status = runner.run(path: nil)
    case .lesson(let name):
      session.options.width = Terminal.columns()
      status = runner.status(of: session.play(lesson: name))
    case .handout(let file, let path):
      let failures = session.writeHandout(of: file, to: path)
      for failure in failures { runner.report(failure) }
      status = failures.isEmpty ? ExitStatus.done : ExitStatus.failed
    }
    if status != ExitStatus.done, !arguments.staysAtPrompt { return status }
  }
  guard arguments.sources.isEmpty || arguments.staysAtPrompt else { return ExitStatus.done }
  // Without a terminal there is nobody to prompt.
  guard Terminal.isTerminal(STDIN_FILENO) else { return runner.run(path: nil) }

  var settings = Prompt.Settings()
  settings.color = outputColor
  settings.historyPath = HistoryFile.defaultPath()
  if !arguments.isQuiet, arguments.sources.isEmpty {
    settings.greeting = "Carousel \(version): help explains, ?name looks up, Ctrl-D leaves"
  }
  return Prompt(client: session, makeClient: { Session(options: options) }, settings: settings, writer: output).run()
}

Interrupts.install()
do throws(Arguments.Misuse) {
  let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
  exit(onLargeStack { runProgram(arguments) })
} catch {
  LineWriter(descriptor: STDERR_FILENO).write(part: "carousel: \(error.message)\n")
  exit(ExitStatus.wrongUsage)
}
