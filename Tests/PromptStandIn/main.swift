// A prompt over a stand-in for the language, so that the tests of the prompt say nothing about the language.
//
// A text with an open { is incomplete. `loop` runs until it is interrupted, `lines 3` prints three lines, `wait` runs
// until the terminal has another width, `width` prints the width, `fail` fails, `crash` dies; `say x` prints x;
// all else is echoed on one line.

import Glibc
import Prompt
import Session
import Syntax

final class StandIn: PromptClient {
  var output: (String) -> Void = { print($0) }
  var isInterrupted: () -> Bool = { false }
  var endInterrupt: () -> Void = {}
  var status: ((String) -> Void)?
  var options = Session.Options()
  var dialogue: (any Dialogue)?
  var image: ((Session.Image) -> Bool)?

  func goOn(from earlier: any PromptClient) {}

  func evaluate(_ text: String, name: String) -> Response {
    if let lacking = expectation(after: text) { return Response(status: .incomplete(expecting: lacking)) }
    let words = text.split(separator: " ")
    switch words.first {
    case "loop":
      output("looping")
      while !isInterrupted() {}
      return Response(status: .interrupted)
    case "wait":
      let width = Terminal.columns()
      output("waiting")
      while Terminal.columns() == width, !isInterrupted() { usleep(1_000) }
    case "lines":
      for number in 0..<(words.last.flatMap { Int($0) } ?? 0) { output("line \(number)") }
    case "width": output("\(options.width) columns")
    case "say": output(String(text.dropFirst(4)))
    case "crash": raise(SIGSEGV)
    case "fail":
      let source = Source(name: name, text: text)
      return Response(status: .failed(Diagnostic("it failed", at: Place(source, 0..<4), hint: "do not")))
    default: output("= " + text.split(separator: "\n").joined(separator: " | "))
    }
    return Response(status: .done)
  }

  func command(_ line: String) -> Response {
    output("command \(line)")
    return Response(status: .done)
  }

  func completions(for line: String, at offset: Int) -> Completions {
    let before = String(decoding: Array(line.utf8.prefix(offset)), as: UTF8.self)
    let table: [(typed: String, items: [Completion])] = [
      ("\\sig", [Completion(replacement: "σ", display: "σ  \\sigma")]),
      ("ne", ["net.f", "net.ff", "net.h̃"].map { Completion(replacement: $0, display: $0 + "  3 × 5") }),
      ("net.", ["net.f", "net.ff", "net.h̃"].map { Completion(replacement: $0, display: $0 + "  3 × 5") }),
    ]
    let row = table.first { before.hasSuffix($0.typed) }
    return Completions(start: offset - (row?.typed.utf8.count ?? 0), items: row?.items ?? [])
  }

  func expectation(after text: String) -> String? {
    text.filter { $0 == "{" }.count > text.filter { $0 == "}" }.count ? "}" : nil
  }

  func statements(of text: String) -> [String] {
    var all: [String] = []
    for line in text.split(separator: "\n") {
      if let last = all.last, expectation(after: last) != nil {
        all[all.count - 1] += "\n" + line
      } else {
        all.append(String(line))
      }
    }
    return all
  }
}

Interrupts.install()
let color = ColorChoice(option: CommandLine.arguments.contains("--color") ? true : nil)
  .depth(isTerminal: Terminal.isTerminal(STDOUT_FILENO))
exit(
  onLargeStack {
    var settings = Prompt.Settings()
    settings.color = color
    settings.historyPath = HistoryFile.defaultPath()
    let writer = LineWriter(descriptor: STDOUT_FILENO)
    return Prompt(makeClient: { StandIn() }, settings: settings, writer: writer).run()
  })
