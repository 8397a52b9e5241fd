/// Why a file could not be read or written: facts, and the text for a person.
public indirect enum FormatError: Error, Sendable, Equatable {
  /// Something went wrong in a file, or in an array of an archive.
  case within(String, FormatError)
  /// The user ended the reading.
  case interrupted

  // The file itself.
  case missing
  case missingFolder(String)
  case noPermission(writing: Bool)
  case isFolder
  case isSpecial(SpecialFile)
  case badPath
  case tooLarge(bytes: Int, limit: Int)
  case system(action: String, code: Int32, text: String)

  // Text.
  case notUTF8(line: Int, byte: UInt8)
  case isUTF16

  // Tables.
  case noRows
  case ragged(line: Int, cells: Int, expected: Int)
  case unclosedQuote(line: Int)
  case textAfterQuote(line: Int)
  case notNumbers(line: Int, text: String)
  case tooManyCells(limit: Int)

  // NumPy's arrays.
  case notNumPy
  case unknownVersion(Int)
  case badHeader(String)
  case unsupportedType(String)
  case tooManyNumbers(shape: [Int], limit: Int)
  case truncated(expected: Int, found: Int)

  // Safetensors.
  case notSafeTensors(String)
  case tensorOffsets(name: String, begin: Int, end: Int, size: Int)
  case tensorSize(name: String, shape: [Int], type: ElementType, bytes: Int)
  case tensorsOverlap(String, String)
  case bytesOfNoTensor(from: Int, to: Int)

  // Archives.
  case badArchive(String)
  case noArrays
  case tooManyEntries(count: Int, limit: Int)
  case expandsTooFar(limit: Int)
  case sameName(String)

  // Writing.
  case cannotHold(content: String, ending: String, holds: String)
  case unequalColumns
  case shapeMismatch(shape: [Int], values: Int)
  case valueDoesNotFit(value: Double, type: ElementType)
  case badEntryName(String)

  public enum SpecialFile: String, Sendable {
    case pipe, device, socket
  }
}

extension FormatError {
  /// One line, without a full stop.
  public var message: String {
    switch self {
    case .within(let name, let error): return "\(name): \(error.message)"
    case .interrupted: return "interrupted"
    case .missing: return "there is no such file"
    case .missingFolder(let folder): return "there is no folder \(folder)"
    case .noPermission(let writing): return "no permission to \(writing ? "write" : "read")"
    case .isFolder: return "this is a folder"
    case .isSpecial(let kind): return "this is a \(kind.rawValue), not a file"
    case .badPath: return "this is no path of a file"
    case .tooLarge(let bytes, let limit):
      return "\(amount(ofBytes: bytes)) are more than the \(amount(ofBytes: limit)) that are read"
    case .system(let action, _, let text): return "could not \(action): \(text)"

    case .notUTF8(let line, let byte):
      return "line \(line) is not UTF-8 text (byte 0x\(String(byte, radix: 16)))"
    case .isUTF16: return "this is UTF-16 text"

    case .noRows: return "there is no table in it"
    case .ragged(let line, let cells, let expected):
      return "line \(line) has \(counted(cells, "cell")), the lines before have \(expected)"
    case .unclosedQuote(let line): return "the quote that opens in line \(line) is never closed"
    case .textAfterQuote(let line): return "line \(line) goes on after a closing quote"
    case .notNumbers(let line, let text): return "\(quoted(text)) in line \(line) stands among the rows of numbers"
    case .tooManyCells(let limit): return "it has more than the \(limit) cells that are read"

    case .notNumPy: return "this does not begin as a .npy file"
    case .unknownVersion(let version): return "its version of .npy is \(version); known are 1 to 3"
    case .badHeader(let problem): return "its header is broken: \(problem)"
    case .unsupportedType(let type): return "its elements are \(type), not real numbers"
    case .tooManyNumbers(let shape, let limit):
      return "\(extent(shape)) is more than the \(limit) numbers that are read"
    case .truncated(let expected, let found):
      return "it ends too early: \(counted(found, "byte")) of numbers, and its header promises \(expected)"

    case .notSafeTensors(let problem): return "this is no safetensors file: \(problem)"
    case .tensorOffsets(let name, let begin, let end, let size):
      return "\(quoted(name)) is said to stand at bytes \(begin) to \(end) of \(size)"
    case .tensorSize(let name, let shape, let type, let bytes):
      return "\(quoted(name)), \(extent(shape)) of \(type), does not take \(counted(bytes, "byte"))"
    case .tensorsOverlap(let first, let second): return "\(quoted(first)) and \(quoted(second)) overlap"
    case .bytesOfNoTensor(let from, let to): return "its bytes \(from) to \(to) belong to no tensor"

    case .badArchive(let problem): return "the archive is broken: \(problem)"
    case .noArrays: return "there is no array in the archive"
    case .tooManyEntries(let count, let limit): return "\(count) entries are more than the \(limit) that are read"
    case .expandsTooFar(let limit):
      return "unpacked it is more than the \(amount(ofBytes: limit)) that are read"
    case .sameName(let name): return "two arrays have the name \(quoted(name))"

    case .cannotHold(let content, let ending, _): return "a \(ending) file cannot hold \(content)"
    case .unequalColumns: return "the columns differ in length"
    case .shapeMismatch(let shape, let values):
      return "\(counted(values, "number")) cannot have the shape \(extent(shape))"
    case .valueDoesNotFit(let value, let type): return "\(value) cannot be stored as \(type)"
    case .badEntryName(let name): return "\(quoted(name)) cannot be the name of an array in a file"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .within(_, let error): return error.hint
    case .missing: return "paths start from the folder in which carousel was started"
    case .missingFolder: return "make the folder first"
    case .isFolder: return "name a file in it"
    case .isSpecial: return "save what it gives to a file, and read that"
    case .tooLarge, .expandsTooFar, .tooManyNumbers, .tooManyCells: return "split it into smaller files"
    case .notUTF8: return "save it as UTF-8; from Latin-1: iconv -f latin1 -t utf-8 old > new"
    case .isUTF16: return "save it as UTF-8: iconv -f utf-16 -t utf-8 old > new"
    case .ragged: return "a cell that holds the separator or a newline is written in quotes: \"a, b\""
    case .textAfterQuote: return "a quote inside a quoted cell is written twice: \"\""
    case .notNumPy: return "write it with numpy.save, or name it by what it holds (.csv, .txt)"
    case .unsupportedType(let type):
      return type.hasPrefix("Python")
        ? "they could run code when read; save an array of numbers"
        : "convert it before saving: a.astype(float)"
    case .cannotHold(_, _, let holds): return holds
    default: return nil
    }
  }
}
