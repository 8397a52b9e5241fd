/// Writing a file, by its ending; the old file stays whole until the new one is.
public enum FileWriter {
  public static func write(_ content: FileContent, path: String) throws(FormatError) {
    do {
      try AtomicFile.write(try bytes(of: content, ending: FileReader.ending(of: path)), to: path)
    } catch {
      throw .within(path, error)
    }
  }

  /// The bytes of a file with this ending (in small letters, without the point).
  public static func bytes(of content: FileContent, ending: String) throws(FormatError) -> [UInt8] {
    switch (ending, content) {
    case ("npy", .array(let array)): return try NumPyArray.write(array)
    case ("npy", .table(let table)):
      guard let matrix = table.matrix else { break }
      return try NumPyArray.write(matrix)
    case ("npz", .arrays(let arrays)): return try NumPyArchive.write(arrays, isCompressed: true)
    case ("npz", .array(let array)): return try NumPyArchive.write([NamedArray(name: "arr_0", array: array)])
    case ("safetensors", .arrays(let arrays)): return try SafeTensors(tensors: arrays).bytes()
    case ("csv", .table(let table)): return try TableWriter.write(table, separator: UInt8(ascii: ","))
    case ("tsv", .table(let table)), ("tab", .table(let table)):
      return try TableWriter.write(table, separator: UInt8(ascii: "\t"))
    case ("dat", .table(let table)):
      guard let matrix = table.matrix else { break }
      let header = table.hasHeader ? "# " + table.columns.map(\.key).joined(separator: " ") + "\n" : ""
      return Array(header.utf8) + (try TableWriter.write(matrix, separator: UInt8(ascii: " ")))
    case ("csv", .array(let array)) where array.shape.count <= 2:
      return try TableWriter.write(array, separator: UInt8(ascii: ","))
    case ("tsv", .array(let array)) where array.shape.count <= 2,
      ("tab", .array(let array)) where array.shape.count <= 2:
      return try TableWriter.write(array, separator: UInt8(ascii: "\t"))
    case ("dat", .array(let array)) where array.shape.count <= 2:
      return try TableWriter.write(array, separator: UInt8(ascii: " "))
    case ("npy", .text), ("npz", .text), ("safetensors", .text): break
    case (_, .text(let text)): return Array(text.utf8)
    default: break
    }
    throw .cannotHold(
      content: name(of: content), ending: ending.isEmpty ? "nameless" : ".\(ending)", holds: holds(ending))
  }

  private static func name(of content: FileContent) -> String {
    switch content {
    case .text: return "text"
    case .array(let array): return array.shape.count > 2 ? "an array with \(array.shape.count) axes" : "an array"
    case .arrays: return "several named arrays"
    case .table(let table): return table.matrix == nil ? "a table with columns of text" : "a table"
    }
  }

  private static func holds(_ ending: String) -> String {
    switch ending {
    case "npy": return "a .npy file holds one array; a record of arrays goes to .npz, a table to .csv"
    case "npz": return "a .npz file holds arrays; a table goes to .csv, text to .txt"
    case "safetensors": return "a .safetensors file holds named arrays: write a record of them"
    case "csv", "tsv", "tab": return "a table, vector or matrix goes to .\(ending); an array with more axes to .npy"
    case "dat": return "a .dat file holds numbers; a table with text goes to .csv"
    default: return "numbers go to .npy, .npz or .csv; any other ending is for text"
    }
  }
}
