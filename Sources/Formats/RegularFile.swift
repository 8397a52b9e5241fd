import Glibc

/// Reading a file whole, if it is a file: pipes and devices are refused before they are opened, since opening one
/// may wait for ever or have an effect.
enum RegularFile {
  static func read(_ path: String, limits: FormatLimits) throws(FormatError) -> [UInt8] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .badPath }
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure("read", errno) }
    try requireRegular(status, limit: limits.bytes)
    // O_NONBLOCK: should the path have become a pipe in between, opening it does not wait.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("read", errno) }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else { throw failure("read", errno) }
    try requireRegular(status, limit: limits.bytes)
    return try readAll(descriptor, expected: Int(status.st_size), limits)
  }

  /// What a call of the system refused, in the words of the person who named the file.
  static func failure(_ action: String, _ code: Int32) -> FormatError {
    switch code {
    case ENOENT, ENOTDIR: return .missing
    case EACCES, EPERM, EROFS: return .noPermission(writing: action == "write")
    case EISDIR: return .isFolder
    default: return .system(action: action, code: code, text: String(cString: strerror(code)))
    }
  }

  /// The kind of a path that is no regular file; nil if it is one.
  static func obstacle(_ status: stat) -> FormatError? {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return nil
    case S_IFDIR: return .isFolder
    case S_IFIFO: return .isSpecial(.pipe)
    case S_IFSOCK: return .isSpecial(.socket)
    default: return .isSpecial(.device)
    }
  }

  private static func requireRegular(_ status: stat, limit: Int) throws(FormatError) {
    if let obstacle = obstacle(status) { throw obstacle }
    if Int(status.st_size) > limit { throw .tooLarge(bytes: Int(status.st_size), limit: limit) }
  }

  /// Some files (those of the kernel) say size 0 and have content, and a file may grow: only its end ends it.
  private static func readAll(_ descriptor: Int32, expected: Int, _ limits: FormatLimits) throws(FormatError) -> [UInt8]
  {
    let limit = limits.bytes
    var bytes = [UInt8](repeating: 0, count: min(expected, limit) + 1)
    var length = 0
    while true {
      try limits.poll()
      if length == bytes.count {
        if length > limit { throw .tooLarge(bytes: length, limit: limit) }
        bytes.append(contentsOf: repeatElement(0, count: max(length, 1 << 16)))
      }
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + length }, min(buffer.count - length, 1 << 23))
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("read", errno)
      }
      if count == 0 { break }
      length += count
    }
    if length > limit { throw .tooLarge(bytes: length, limit: limit) }
    bytes.removeLast(bytes.count - length)
    return bytes
  }
}
