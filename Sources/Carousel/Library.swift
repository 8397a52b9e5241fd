import Glibc
import Prompt

/// Where the library lies: `$CAROUSEL_STDLIB`; `Stdlib` beside the program or in a folder above it, symbolic links
/// resolved; else what an installation has.
func libraryFolder() -> String? {
  if let folder = environmentVariable("CAROUSEL_STDLIB"), !folder.isEmpty { return folder }
  var folder = programPath()
  while let slash = folder.lastIndex(of: "/") {
    folder = String(folder[..<slash])
    if isFolder(folder + "/Stdlib/cells") { return folder + "/Stdlib" }
  }
  return ["/usr/local/share/carousel", "/usr/share/carousel"].first { isFolder($0 + "/cells") }
}

private func programPath() -> String {
  guard let resolved = realpath("/proc/self/exe", nil) else { return "" }
  defer { free(resolved) }
  return String(cString: resolved)
}

private func isFolder(_ path: String) -> Bool {
  var facts = stat()
  return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
}
