import Glibc

/// Why a file could not be read or written, in a line.
public struct FileProblem: Error, Equatable, Sendable {
  public let message: String
}

/// The bytes of a descriptor, from an offset or (nil) from where it stands; nil on an error.
func readBytes(_ descriptor: Int32, from start: Int? = nil, atMost most: Int = .max) -> [UInt8]? {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count < most {
    let wanted = min(chunk.count, most - bytes.count)
    let count = chunk.withUnsafeMutableBytes { buffer in
      if let start { return pread(descriptor, buffer.baseAddress, wanted, off_t(start + bytes.count)) }
      return read(descriptor, buffer.baseAddress, wanted)
    }
    if count < 0 {
      if errno == EINTR, !Interrupts.isPending { continue }
      return nil
    }
    if count == 0 { break }
    bytes.append(contentsOf: chunk[..<count])
  }
  return bytes
}

/// The text of a file, or of standard input for nil: UTF-8, with or without a byte order mark.
public func readText(path: String?) throws(FileProblem) -> String {
  let name = path ?? "standard input"
  var descriptor = STDIN_FILENO
  if let path {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileProblem(message: "cannot read \(name): \(systemMessage(errno))") }
  }
  defer { if path != nil { close(descriptor) } }
  let most = 256 << 20
  guard let bytes = readBytes(descriptor, atMost: most) else {
    throw FileProblem(message: "cannot read \(name): \(systemMessage(errno))")
  }
  guard bytes.count < most else { throw FileProblem(message: "\(name) is no script: it has more than 256 MB") }
  let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  let content = bytes.starts(with: mark) ? bytes[3...] : bytes[...]
  guard let text = String(validating: content, as: UTF8.self) else {
    throw FileProblem(message: "\(name) is not text in UTF-8")
  }
  return text
}

/// Writes a text to a file, whole or not at all as far as the system allows.
func writeText(_ text: String, path: String) throws(FileProblem) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw FileProblem(message: "cannot write \(path): \(systemMessage(errno))") }
  let bytes = Array(text.utf8)
  var start = 0
  var problem: Int32 = 0
  while start < bytes.count, problem == 0 {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + start }, bytes.count - start) }
    if count >= 0 { start += count } else if errno != EINTR { problem = errno }
  }
  if close(descriptor) != 0, problem == 0 { problem = errno }
  if problem != 0 { throw FileProblem(message: "cannot write \(path): \(systemMessage(problem))") }
}
