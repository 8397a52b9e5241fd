import Formats

/// How far the lessons have come, between sessions: a line a lesson, `name step steps right asked`, parted by tabs.
///
/// The file is replaced as a whole; lines that cannot be read are passed over, and gone at the next writing.
struct LessonProgress {
  struct Entry: Equatable {
    /// How many steps were played, of how many.
    var step: Int
    var steps: Int
    /// How many questions were answered rightly, of how many that were asked.
    var right: Int
    var asked: Int

    var isDone: Bool { step >= steps }
  }

  private(set) var entries: [String: Entry] = [:]
  /// Nil if nothing is kept.
  private let path: String?

  init(path: String?) {
    self.path = path
    guard let path, case .text(let text)? = try? FileReader.read(path: path) else { return }
    for line in text.split(separator: "\n").prefix(10_000) {
      if let (name, entry) = Self.entry(line) { entries[name] = entry }
    }
  }

  private static func entry(_ line: Substring) -> (String, Entry)? {
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
    let numbers = parts.dropFirst().compactMap { Int($0) }
    guard parts.count == 5, numbers.count == 4, let name = parts.first, !name.isEmpty,
      numbers.allSatisfy({ (0...1_000_000).contains($0) })
    else { return nil }
    return (String(name), Entry(step: numbers[0], steps: numbers[1], right: numbers[2], asked: numbers[3]))
  }

  /// Keeps what is known of a lesson; answers why it could not be written.
  mutating func set(_ entry: Entry, for name: String) -> String? {
    guard let path, !name.contains(where: { $0 == "\t" || $0.isNewline }) else { return nil }
    // Another session may have written since.
    self = LessonProgress(path: path)
    entries[name] = entry
    let lines = entries.sorted { $0.key < $1.key }.map { name, entry in
      "\(name)\t\(entry.step)\t\(entry.steps)\t\(entry.right)\t\(entry.asked)\n"
    }
    Folders.make(above: path)
    do throws(FormatError) {
      try AtomicFile.write(Array(lines.joined().utf8), to: path)
      return nil
    } catch {
      return "progress is not kept: \(path): \(error.message)"
    }
  }
}
