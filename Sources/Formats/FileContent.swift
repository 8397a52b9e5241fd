/// What a file holds, as plain data.
public enum FileContent: Sendable, Equatable {
  case text(String)
  /// A `.npy` file.
  case array(NumericArray)
  /// A `.npz` archive, in the order of its entries.
  case arrays([NamedArray])
  /// A csv, tab- or blank-separated file.
  case table(Table)

  /// What a reader of the file should be told: nothing was changed silently.
  public var notes: [ReadNote] {
    switch self {
    case .text: return []
    case .array(let array): return array.notes
    case .arrays(let arrays): return arrays.flatMap { $0.array.notes }
    case .table(let table): return table.notes
    }
  }
}

/// Numbers in a box of any rank; rank 0 is one number.
public struct NumericArray: Sendable, Equatable {
  /// The length along each axis.
  public var shape: [Int]
  /// The last axis runs fastest, whatever the order in the file was.
  public var values: [Double]
  /// How a file stores each number.
  public var elementType: ElementType
  public var notes: [ReadNote] = []

  public init(shape: [Int], values: [Double], elementType: ElementType = .float64) {
    self.shape = shape
    self.values = values
    self.elementType = elementType
  }

  public var isFloat32: Bool { elementType == .float32 }

  /// The shape's product is the number of values.
  func requireShape() throws(FormatError) {
    var count = 1
    for length in shape {
      let (product, isTooBig) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !isTooBig else {
        throw .shapeMismatch(shape: shape, values: values.count)
      }
      count = product
    }
    guard count == values.count else {
      throw .shapeMismatch(shape: shape, values: values.count)
    }
  }
}

/// An array of an archive, by the name it was stored under (without `.npy`).
public struct NamedArray: Sendable, Equatable {
  public var name: String
  public var array: NumericArray

  public init(name: String, array: NumericArray) {
    self.name = name
    self.array = array
  }
}

/// Columns of equal length.
public struct Table: Sendable, Equatable {
  public var columns: [Column]
  /// The names stood in the file; otherwise they are `column1`, `column2`, ...
  public var hasHeader: Bool
  public var notes: [ReadNote] = []

  public init(columns: [Column], hasHeader: Bool = true) {
    self.columns = columns
    self.hasHeader = hasHeader
  }

  public var rowCount: Int { columns.first?.count ?? 0 }

  /// The column of a name: as it stands in the file, or as a name of the language.
  public func column(named name: String) -> Column? {
    columns.first { $0.name == name } ?? columns.first { $0.key == name }
  }

  /// All columns as a matrix [row, column], if every one holds numbers.
  public var matrix: NumericArray? {
    var numbers: [[Double]] = []
    for column in columns {
      guard case .numbers(let values) = column.values, values.count == rowCount else { return nil }
      numbers.append(values)
    }
    var values: [Double] = []
    values.reserveCapacity(rowCount &* columns.count)
    for row in 0..<rowCount {
      for column in numbers { values.append(column[row]) }
    }
    return NumericArray(shape: [rowCount, columns.count], values: values)
  }
}

public struct Column: Sendable, Equatable {
  /// As the file has it, without blanks around it.
  public var name: String
  /// The name cleaned so that it can follow a point (`ColumnKeys` has the rule); unique within the table.
  public var key: String
  public var values: Values

  public enum Values: Sendable, Equatable {
    /// A cell without a number is NaN, and a note says so.
    case numbers([Double])
    case texts([String])
  }

  public init(name: String, key: String? = nil, values: Values) {
    self.name = name
    self.key = key ?? ColumnKeys.cleaned(name)
    self.values = values
  }

  public var count: Int {
    switch values {
    case .numbers(let numbers): return numbers.count
    case .texts(let texts): return texts.count
    }
  }
}
