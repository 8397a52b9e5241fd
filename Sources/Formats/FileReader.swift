/// Reading a file, by its ending and else by what it begins with.
///
/// | ending | read as |
/// |---|---|
/// | `.csv` | a table; the separator (`,` `;` tab, or blanks) is found |
/// | `.tsv`, `.tab` | a table separated by tabs |
/// | `.dat` | a table separated by blanks, if there is a line of numbers; else as csv |
/// | `.npy`, `.npz` | an array, named arrays |
/// | `.safetensors` | named arrays |
/// | any other | `.npy` or `.npz` if it begins as one, else text |
public enum FileReader {
  public static func read(path: String, limits: FormatLimits = FormatLimits()) throws(FormatError) -> FileContent {
    do {
      let bytes = try RegularFile.read(path, limits: limits)
      return try content(bytes, ending: ending(of: path), limits: limits)
    } catch {
      throw .within(path, error)
    }
  }

  /// What bytes hold, as if they stood in a file with this ending (in small letters, without the point).
  public static func content(
    _ bytes: [UInt8], ending: String, limits: FormatLimits = FormatLimits()
  ) throws(FormatError) -> FileContent {
    switch ending {
    case "csv": return .table(try TableReader.read(bytes, .unknown, limits: limits))
    case "tsv", "tab": return .table(try TableReader.read(bytes, .tab, limits: limits))
    case "dat": return .table(try TableReader.read(bytes, .blanks, limits: limits))
    case "npy": return .array(try NumPyArray.read(bytes, limits: limits))
    case "npz": return .arrays(try NumPyArchive.read(bytes, limits: limits))
    case "safetensors": return .arrays(try SafeTensors(bytes, limits: limits).tensors)
    default:
      if bytes.starts(with: NumPyHeader.magic) { return .array(try NumPyArray.read(bytes, limits: limits)) }
      if bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) { return .arrays(try NumPyArchive.read(bytes, limits: limits)) }
      return .text(try PlainText.decode(bytes, limits))
    }
  }

  /// `csv` of `data/Sun.CSV`; empty if the name has none.
  static func ending(of path: String) -> String {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[$0...].dropFirst() } ?? path[...]
    guard let point = name.lastIndex(of: "."), point > name.startIndex else { return "" }
    return name[point...].dropFirst().lowercased()
  }
}
