/// Valid programs to begin from, and the words they are made of.
struct Corpus {
  var programs: [String] = []
  var latex: [String] = []
  var words: [String] = []

  init(folder: String) {
    func each(_ path: String, _ ending: String, _ take: (String) -> Void) {
      for name in Files.names(in: folder + "/" + path) where name.hasSuffix(ending) {
        if let text = Files.text("\(folder)/\(path)/\(name)") { take(text) }
      }
    }
    for text in [Files.text(folder + "/Tests/Fuzz/seeds.cell"), Files.text(folder + "/Scripts/corpus.cell")] {
      for piece in Corpus.pieces(text ?? "") { programs.append(piece) }
    }
    each("Stdlib/cells", ".cell") { programs += Corpus.pieces($0) }
    each("Stdlib/examples", ".cell") { programs += Corpus.pieces($0) }
    each("Stdlib/tour", "") { programs += Corpus.pieces(Corpus.typed($0)) }
    each("Tests/SessionTests/Transcripts", ".txt") { programs += Corpus.sessions($0) }
    each("Sources/Session/Builtins", ".swift") { programs += Corpus.examples($0) }
    each("Tests/SyntaxTests/LaTeXBlocks", ".txt") { latex += Corpus.latexParts($0) }
    programs = programs.filter { !$0.isEmpty && $0.utf8.count < 4000 }
    var seen: Set<String> = []
    for program in programs + latex { for word in Mutation.words(program) { seen.insert(word) } }
    words = seen.sorted()
  }

  /// Lines of the programs that begin with a word, each behind the last `use` before it.
  func lines(beginningWith word: String) -> [String] {
    var result: Set<String> = []
    for program in programs {
      var use = "use LSTM"
      for line in program.split(separator: "\n").map(String.init) {
        if line.hasPrefix("use ") { use = line }
        if line.hasPrefix(word + " ") { result.insert(use + "\n" + line) }
      }
    }
    return result.sorted()
  }

  /// Parts of a file between blank lines.
  private static func pieces(_ text: String) -> [String] {
    text.split(separator: "\n\n", omittingEmptySubsequences: true).map(String.init)
  }

  /// What was typed in a transcript.
  private static func typed(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> String? in
      if line.hasPrefix("> ") || line.hasPrefix(". ") { return String(line.dropFirst(2)) }
      return line.isEmpty ? "" : nil
    }.joined(separator: "\n")
  }

  /// Runs of a few statements of a transcript.
  private static func sessions(_ text: String) -> [String] {
    let lines = typed(text).split(separator: "\n").map(String.init)
    return stride(from: 0, to: lines.count, by: 5).map { start in
      lines[start..<min(start + 10, lines.count)].joined(separator: "\n")
    }
  }

  /// The examples of the table of built-in functions.
  private static func examples(_ source: String) -> [String] {
    source.split(separator: "example: \"").dropFirst().map { rest in
      var text = ""
      var isEscaped = false
      for character in rest {
        if isEscaped {
          text.append(character == "n" ? "\n" : character)
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          break
        } else {
          text.append(character)
        }
      }
      return text
    }
  }

  private static func latexParts(_ text: String) -> [String] {
    text.split(separator: "--- latex\n").dropFirst().compactMap { $0.split(separator: "\n--- ").first.map(String.init) }
  }
}
