import Prompt
import Syntax

/// The command line: a table of options, and what it says.
///
/// swift-argument-parser was weighed: it takes 2.5 ms of every start (as much as all the rest together) and 15 MB of the
/// program, and it would have to be told to keep its hands off a script's own arguments.
struct Arguments {
  enum Source: Equatable {
    case code(String)
    case file(String)
    case standardInput
    /// By its name or its path.
    case lesson(String)
    /// A script or a lesson, and the file of the handout.
    case handout(of: String, to: String)
  }

  /// What is run, in order; nothing starts the prompt.
  var sources: [Source] = []
  /// `args` of the script.
  var scriptArguments: [String] = []
  var staysAtPrompt = false
  var color: Bool?
  var isASCII = false
  var isQuiet = false
  /// `--help`, `--version`: answered at once.
  var request: Request?

  enum Request { case help, version }

  struct Option: Sendable {
    let names: [String]
    var value: String?
    let purpose: String
    let apply: @Sendable (inout Arguments, String) -> Void
  }

  static let options = [
    Option(names: ["-e"], value: "code", purpose: "run code and print its values; may be given several times") {
      $0.sources.append(.code($1))
    },
    Option(names: ["--lesson"], value: "name", purpose: "plays a lesson of the library, or one in a file") {
      $0.sources.append(.lesson($1))
    },
    Option(
      names: ["--html"], value: "file", purpose: "runs a script or a lesson, and writes it as out.html, .md or .tex"
    ) {
      $0.sources.append(.handout(of: $1, to: ""))
    },
    Option(names: ["-i"], purpose: "stay at the prompt after the script") { options, _ in options.staysAtPrompt = true
    },
    Option(names: ["--color"], purpose: "colours, whatever the output is") { options, _ in options.color = true },
    Option(names: ["--no-color"], purpose: "no colours (as with NO_COLOR)") { options, _ in options.color = false },
    Option(names: ["--ascii"], purpose: "print \\sigma for σ, and so on") { options, _ in options.isASCII = true },
    Option(names: ["--quiet", "-q"], purpose: "no greeting") { options, _ in options.isQuiet = true },
    Option(names: ["--help", "-h"], purpose: "this text") { options, _ in options.request = .help },
    Option(names: ["--version"], purpose: "the version") { options, _ in options.request = .version },
  ]

  struct Misuse: Error { let message: String }

  /// Reads a command line without the program's name. Behind a script's name all belongs to the script.
  init(_ arguments: [String]) throws(Misuse) {
    var rest = arguments[...]
    while let argument = rest.first, argument.hasPrefix("-"), argument != "-" {
      rest.removeFirst()
      if argument == "--" { break }
      guard let option = Self.options.first(where: { $0.names.contains(argument) }) else {
        throw Self.unknown(argument)
      }
      var value = ""
      if let what = option.value {
        guard let next = rest.popFirst() else {
          let example = what == "code" ? "'1 + 1'" : what == "name" ? "quiz" : "file.cell out.html"
          throw Misuse(
            message:
              "\(argument) needs \(what == "name" ? "a name" : what == "file" ? "a file" : what): \(argument) \(example)"
          )
        }
        value = next
      }
      option.apply(&self, value)
    }
    if sources.isEmpty, let script = rest.popFirst() {
      sources = [script == "-" ? .standardInput : .file(script)]
    }
    if case .handout(let file, "")? = sources.last {
      guard let path = rest.popFirst() else { throw Misuse(message: "--html needs where to: --html \(file) out.html") }
      sources[sources.count - 1] = .handout(of: file, to: path)
    }
    scriptArguments = Array(rest)
  }

  private static func unknown(_ argument: String) -> Misuse {
    let near = nearNames(argument, among: options.flatMap(\.names)).first
    let hint = near.map { "perhaps \($0)?" } ?? "carousel --help lists them"
    return Misuse(message: "there is no option \(argument); \(hint)")
  }

  static var help: String {
    let rows = options.map { option in
      (usage: option.names.joined(separator: ", ") + (option.value.map { " '\($0)'" } ?? ""), purpose: option.purpose)
    }
    let width = rows.map(\.usage.count).max() ?? 0
    let table = rows.map { row in
      "  \(row.usage)\(String(repeating: " ", count: width - row.usage.count + 2))\(row.purpose)"
    }
    return """
      Carousel: an interactive language for recurrent cells.

        carousel                         the prompt
        carousel file.cell arguments...  runs a script; its arguments are in args
        carousel -                       runs standard input
        carousel --lesson quiz           plays a lesson; lesson at the prompt lists them
        carousel --html file.cell out.html

      \(table.joined(separator: "\n"))

      CAROUSEL_HISTORY names the file of the history (empty: none), CAROUSEL_STDLIB the library's folder.
      Exit status: 0 done, 1 an error in the script, 2 wrong usage, 130 interrupted.
      """
  }
}
