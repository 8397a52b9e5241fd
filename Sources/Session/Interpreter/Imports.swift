import Formats
import Glibc
import Syntax

extension Interpreter {
  /// `import "file.cell"`: runs a file's statements once a session; its names are the session's from then on.
  func importFile(_ value: Value, _ place: Place) throws {
    guard case .text(let path) = value else { throw SessionError.importPath(value.described, place) }
    let found = resolve(path, place, inLibrary: true)
    let whole = Self.wholePath(found)
    if let start = openFiles.firstIndex(of: whole) {
      throw SessionError.importCycle((openFiles[start...] + [whole]).map(Self.fileName), place)
    }
    guard !importedFiles.contains(whole) else { return }
    let text = try readText(found, place)
    let echoes = options.echoesValues
    let last = lastValue
    openFiles.append(whole)
    options.echoesValues = false
    defer {
      openFiles.removeLast()
      options.echoesValues = echoes
      lastValue = last
    }
    guard !stack.isExhausted else { throw SessionError.tooDeep(path, openFiles.count, place) }
    try run(try Self.statements(of: Source(name: found, text: text)))
    importedFiles.insert(whole)
  }

  /// All statements of a file, or the error that it is not whole.
  private static func statements(of source: Source) throws -> [Statement] {
    let outcome = Parser.parse(source, mode: .file)
    switch outcome.problem {
    case nil: return outcome.statements
    case .failed(let diagnostic): throw diagnostic
    case .incomplete(let expecting, let opened):
      throw Diagnostic("the file ends too early, expecting \(expecting)", at: opened)
    }
  }

  func readText(_ path: String, _ place: Place) throws -> String {
    guard case .text(let text) = try content(ofFile: path, place) else {
      throw SessionError.file("\(path) holds no text", hint: nil, place)
    }
    return text
  }

  /// What a file holds; a long one is given up when the user interrupts.
  func content(ofFile path: String, _ place: Place?) throws -> FileContent {
    var limits = FormatLimits()
    limits.isInterrupted = isInterrupted
    do throws(FormatError) {
      return try FileReader.read(path: path, limits: limits)
    } catch .within(_, .interrupted) {
      throw Interrupted()
    } catch {
      throw SessionError.file(error.message, hint: error.hint, place)
    }
  }

  /// A path as it stands, from the folder of the file that names it, or, if asked, from that of the library:
  /// `import "tasks/adding.cell"`.
  func resolve(_ path: String, _ place: Place?, inLibrary: Bool = false) -> String {
    guard !path.hasPrefix("/") else { return path }
    if let folder = place.flatMap({ Self.folder(of: $0.source.name) }), access(folder + "/" + path, F_OK) == 0 {
      return folder + "/" + path
    }
    if inLibrary, access(path, F_OK) != 0, let folder = options.libraryFolder,
      access(folder + "/" + path, F_OK) == 0
    {
      return folder + "/" + path
    }
    return path
  }

  private static func folder(of path: String) -> String? {
    path.lastIndex(of: "/").map { String(path[..<$0]) }
  }

  static func fileName(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// The one path of a file, however it was named.
  private static func wholePath(_ path: String) -> String {
    guard let whole = realpath(path, nil) else { return path }
    defer { free(whole) }
    return String(cString: whole)
  }
}
