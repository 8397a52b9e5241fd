import Glibc

/// Files and folders whose path begins as typed.
enum FileCompletion {
  static func completions(_ typed: String, at offset: Int) -> Completions {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let prefix = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
    let items = names(in: folder.isEmpty ? "." : folder).filter {
      $0.name.hasPrefix(prefix) && (prefix.hasPrefix(".") || !$0.name.hasPrefix("."))
    }.map { entry in
      let name = entry.name + (entry.isFolder ? "/" : "")
      return Completion(replacement: name, display: name)
    }
    return Completions(start: offset - prefix.utf8.count, items: Array(items.prefix(Completer.most)))
  }

  /// The entries of a folder in alphabetical order; of a very large one the first that the system tells.
  private static func names(in folder: String) -> [(name: String, isFolder: Bool)] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var found: [(name: String, isFolder: Bool)] = []
    while found.count < 5000, let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      found.append((name, isFolder(entry.pointee.d_type, folder + "/" + name)))
    }
    return found.sorted { $0.name < $1.name }
  }

  private static func isFolder(_ type: UInt8, _ path: String) -> Bool {
    if Int(type) == Int(DT_DIR) { return true }
    guard Int(type) == Int(DT_LNK) || Int(type) == Int(DT_UNKNOWN) else { return false }
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
