import Algebra
import Elaboration
import Formats
import Syntax

/// The cells of the library: each is read from its file when its name is first used.
final class Library {
  struct Entry {
    let file: String
    let description: String
  }

  private let folder: String?
  /// In the order of the index.
  let names: [String]
  private let entries: [String: Entry]
  private var cells: [String: Cell] = [:]
  private var definitions: [String: [String: CellDefinition]] = [:]

  init(folder: String?) {
    self.folder = folder.map { $0 + "/cells" }
    var names: [String] = []
    var entries: [String: Entry] = [:]
    if let folder = self.folder, case .text(let index)? = try? FileReader.read(path: folder + "/index.txt") {
      for line in index.split(separator: "\n") where !line.hasPrefix("#") {
        let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count >= 2 else { continue }
        names.append(parts[0])
        entries[parts[0]] = Entry(file: parts[1], description: parts.count > 2 ? parts[2].trimmingBlanks : "")
      }
    }
    names += Self.own.keys.sorted()
    self.names = names
    self.entries = entries
  }

  /// Read-outs, which need no file.
  private static let own = [
    "linear": "cell linear(x) -> y { \"a linear read-out\"; y[t] = W · x[t] + b }"
  ]

  func description(of name: String) -> String? {
    entries[name]?.description ?? (Self.own[name] == nil ? nil : "a linear read-out")
  }

  func has(_ name: String) -> Bool { entries[name] != nil || Self.own[name] != nil }

  /// The cell of a name; nil if the library has none.
  func cell(_ name: String, environment: Environment) throws -> Cell? {
    if let known = cells[name] { return known }
    guard let definition = try definition(name), case .items(let items) = definition.body else { return nil }
    let cell = Cell(try CellElaborator.elaborate(definition, items: items, environment: environment))
    cells[name] = cell
    return cell
  }

  private func definition(_ name: String) throws -> CellDefinition? {
    if let text = Self.own[name] { return try read(Source(name: name + ".cell", text: text))[name] }
    guard let entry = entries[name], let folder else { return nil }
    if let known = definitions[entry.file] { return known[name] }
    let path = folder + "/" + entry.file
    guard case .text(let text) = try FileReader.read(path: path) else { return nil }
    let found = try read(Source(name: path, text: text))
    definitions[entry.file] = found
    return found[name]
  }

  /// The cell that a text defines.
  ///
  /// - Parameter readsLater: cells made of cells that run from the end may read later times without doing so as a whole.
  static func read(cell text: String, environment: Environment, readsLater: Bool = false) throws -> Recurrence {
    let source = Source(name: "library", text: text)
    let outcome = Parser.parse(source, mode: .file)
    guard case .cell(let definition)? = outcome.statements.first?.form, case .items(let items) = definition.body else {
      throw Diagnostic("this is no cell", at: nil)
    }
    return try CellElaborator.elaborate(
      definition, items: items, environment: environment, readsLater: readsLater)
  }

  private func read(_ source: Source) throws -> [String: CellDefinition] {
    let outcome = Parser.parse(source, mode: .file)
    if case .failed(let diagnostic) = outcome.problem { throw diagnostic }
    var found: [String: CellDefinition] = [:]
    for statement in outcome.statements {
      if case .cell(let definition) = statement.form { found[definition.name.name] = definition }
    }
    return found
  }
}
