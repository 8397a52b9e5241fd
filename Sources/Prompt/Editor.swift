import Glibc

/// The person's own editor, for a block that outgrew the line.
struct Editor {
  /// A command of the shell: `vim`, `code --wait`.
  let command: String

  /// `$VISUAL`, `$EDITOR`, or what the system has.
  init(variable: (String) -> String? = environmentVariable) {
    let chosen = [variable("VISUAL"), variable("EDITOR")].compactMap { $0 }.first { !isBlank($0) }
    command = chosen ?? ["/usr/bin/editor", "/usr/bin/nano", "/usr/bin/vi"].first(where: fileExists) ?? "vi"
  }

  /// The text as it was left in the editor.
  func edit(_ text: String) throws(FileProblem) -> String {
    let path = try makeFile()
    defer { unlink(path) }
    try writeText(text.isEmpty || text.hasSuffix("\n") ? text : text + "\n", path: path)
    let status = run(path)
    guard status == 0 else {
      throw FileProblem(message: "the editor (\(command)) ended with status \(status): nothing was run")
    }
    return try readText(path: path)
  }

  private func makeFile() throws(FileProblem) -> String {
    let folder = environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let suffix = ".cell"
    var name = Array("\(folder)/carousel-XXXXXX\(suffix)".utf8CString)
    let descriptor = name.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkstemps($0, Int32(suffix.utf8.count)) } ?? -1
    }
    guard descriptor >= 0 else {
      throw FileProblem(message: "cannot make a file in \(folder): \(systemMessage(errno))")
    }
    close(descriptor)
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func run(_ path: String) -> Int32 {
    // system(3) leaves Ctrl-C to the editor while it runs.
    let quoted = path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    let status = system("\(command) '\(quoted)'")
    if status < 0 { return 127 }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}

func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// `~/x` in the home folder, as shells have it.
func expandingHome(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/"), let home = environmentVariable("HOME") else { return path }
  return home + path.dropFirst()
}
