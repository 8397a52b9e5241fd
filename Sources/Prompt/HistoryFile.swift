import Formats
import Glibc

/// The entries of earlier sessions, and of others that run now.
///
/// One record a line: `\n` within an entry is written as backslash n, a backslash as two. A record is appended at once
/// by a single write, so neither a crash nor a second session loses or mixes entries. Only the owner can read the file.
public final class HistoryFile {
  /// Nil if no history is kept.
  public let path: String?
  private var last: String?
  /// Why the file could not be written; told once.
  public private(set) var complaint: String?

  public init(path: String?) { self.path = path }

  /// `$CAROUSEL_HISTORY` (empty: none), else `carousel/history` in the folder for state.
  public static func defaultPath(variable: (String) -> String? = environmentVariable) -> String? {
    if let path = variable("CAROUSEL_HISTORY") { return path.isEmpty ? nil : path }
    return statePath("history", variable: variable)
  }

  /// A file in the folder for what programs keep between sessions; nil without a home.
  public static func statePath(
    _ name: String, variable: (String) -> String? = environmentVariable
  ) -> String? {
    if let folder = variable("XDG_STATE_HOME"), folder.hasPrefix("/") { return folder + "/carousel/" + name }
    guard let home = variable("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/.local/state/carousel/" + name
  }

  /// The last entries, oldest first; from a long file only its end is read.
  public func load(limit: Int = 10_000) -> [String] {
    guard let path else { return [] }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return [] }
    let most = 1 << 20
    let size = Int(facts.st_size)
    let start = max(0, size - most)
    guard let bytes = readBytes(descriptor, from: start, atMost: most) else { return [] }
    // From the end, as many records as are wanted; the first one read may be half a record.
    var entries: [String] = []
    var end = bytes.count
    while end > 0, entries.count < limit {
      let newline = bytes[..<end].lastIndex(of: UInt8(ascii: "\n"))
      if newline == nil, start > 0 { break }
      let first = newline.map { $0 + 1 } ?? 0
      if first < end { entries.append(HistoryFile.entry(record: bytes[first..<end])) }
      end = newline ?? 0
    }
    entries.reverse()
    last = entries.last
    return entries
  }

  /// Adds an entry; false if it repeats the one before.
  @discardableResult
  public func append(_ entry: String) -> Bool {
    if entry == last { return false }
    last = entry
    guard let path, complaint == nil else { return true }
    if !write(HistoryFile.record(entry: entry), to: path) {
      complaint = "history is not kept: \(path): \(systemMessage(errno))"
    }
    return true
  }

  private func write(_ record: [UInt8], to path: String) -> Bool {
    let mode = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
    var descriptor = open(path, mode, 0o600)
    if descriptor < 0, errno == ENOENT {
      Folders.make(above: path)
      descriptor = open(path, mode, 0o600)
    }
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // A record that was cut short (by a full disk) must not swallow this one.
    var end: UInt8 = UInt8(ascii: "\n")
    let size = lseek(descriptor, 0, SEEK_END)
    if size > 0 { pread(descriptor, &end, 1, size - 1) }
    let whole = end == UInt8(ascii: "\n") ? record : [UInt8(ascii: "\n")] + record
    return whole.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } == whole.count
  }

  // MARK: records

  static func record(entry: String) -> [UInt8] {
    var record: [UInt8] = []
    for byte in entry.utf8 {
      switch byte {
      case UInt8(ascii: "\n"): record += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case UInt8(ascii: "\r"): record += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case UInt8(ascii: "\\"): record += [byte, byte]
      default: record.append(byte)
      }
    }
    record.append(UInt8(ascii: "\n"))
    return record
  }

  static func entry(record: ArraySlice<UInt8>) -> String {
    if !record.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 0 }) {
      return String(decoding: record, as: UTF8.self)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(record.count)
    var isEscaped = false
    for byte in record {
      if isEscaped {
        isEscaped = false
        switch byte {
        case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
        default: bytes.append(byte)
        }
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte != 0 {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
