import Formats
import Syntax

/// The lessons that can be played: the library's, in the order of their numbers, and files by their path.
struct LessonShelf {
  /// The folder of `Stdlib`.
  let folder: String?

  private struct Entry {
    var name: String
    var path: String
  }

  /// `5-quiz.cell` is called quiz.
  private var entries: [Entry] {
    guard let folder = folder.map({ $0 + "/lessons" }) else { return [] }
    return Folders.files(in: folder).filter { $0.hasSuffix(".cell") }.sorted().map { file in
      var name = Substring(file.dropLast(5))
      let number = name.prefix { $0.isASCII && $0.isNumber }
      if !number.isEmpty, name.dropFirst(number.count).first == "-" { name = name.dropFirst(number.count + 1) }
      return Entry(name: String(name), path: folder + "/" + file)
    }
  }

  var names: [String] { entries.map(\.name) }

  /// All lessons of the library; nil for one that cannot be read.
  func lessons() -> [(name: String, lesson: Lesson?)] {
    entries.map { entry in
      guard let text = try? Self.text(entry.path) else { return (entry.name, nil) }
      return (entry.name, try? Lesson(name: entry.name, path: entry.path, text: text))
    }
  }

  /// The lesson of a name or a path.
  func lesson(_ name: String) throws -> Lesson {
    if let entry = entries.first(where: { $0.name == name }) {
      return try Lesson(name: name, path: entry.path, text: Self.text(entry.path))
    }
    guard name.contains("/") || name.hasSuffix(".cell") else {
      let near = nearNames(name, among: names)
      throw Diagnostic(
        "there is no lesson \(name)", at: nil,
        hint: near.isEmpty ? "lesson lists them; a file is named with its ending" : "perhaps \(near[0])?")
    }
    return try Lesson(name: Folders.whole(name), path: name, text: Self.text(name))
  }

  private static func text(_ path: String) throws -> String {
    let content: FileContent
    do throws(FormatError) { content = try FileReader.read(path: path) } catch {
      throw Diagnostic(error.message, at: nil, hint: error.hint)
    }
    guard case .text(let text) = content else { throw Diagnostic("\(path) holds no text", at: nil) }
    return text
  }
}
