import Glibc

/// Writing a file so that at every moment either the old content or the new one stands there, whole: the bytes go to
/// a new file in the same folder, reach the disk, and the new file takes the old one's name.
public enum AtomicFile {
  public static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else { throw .badPath }
    let target = resolved(path)
    let folder = folder(of: target)
    var mode: mode_t?
    var status = stat()
    if stat(target, &status) == 0 {
      if let obstacle = RegularFile.obstacle(status) { throw obstacle }
      // The new file would replace one that the user has protected.
      guard access(target, W_OK) == 0 else { throw .noPermission(writing: true) }
      mode = status.st_mode & 0o7777
    } else if errno != ENOENT {
      throw RegularFile.failure("write", errno)
    } else if stat(folder, &status) != 0 {
      throw errno == ENOENT ? .missingFolder(folder) : RegularFile.failure("write", errno)
    }

    let (descriptor, temporary) = try create(beside: target)
    do throws(FormatError) {
      defer { close(descriptor) }
      if let mode { fchmod(descriptor, mode) }
      try fill(descriptor, bytes)
      guard fsync(descriptor) == 0 else { throw RegularFile.failure("write", errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, target) == 0 else {
      let code = errno
      unlink(temporary)
      throw RegularFile.failure("write", code)
    }
    // The name, too, is to outlive a power cut; a file system that cannot promise it is no reason to fail.
    let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }

  /// Where a link leads, so that the file is replaced and not the link.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A new, empty file beside the target, with the mode that the user's mask gives.
  private static func create(beside target: String) throws(FormatError) -> (descriptor: Int32, path: String) {
    for _ in 0..<100 {
      let path = folder(of: target) + "/.carousel-" + String(UInt64.random(in: .min ... .max), radix: 36)
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, path) }
      if errno != EEXIST { throw RegularFile.failure("write", errno) }
    }
    throw RegularFile.failure("write", EEXIST)
  }

  private static func fill(_ descriptor: Int32, _ bytes: [UInt8]) throws(FormatError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw RegularFile.failure("write", errno)
      }
      written += count
    }
  }
}
