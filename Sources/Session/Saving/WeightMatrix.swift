import Formats

/// A matrix of a file, row by row, with the name that errors call it by.
struct WeightMatrix {
  let name: String
  let rows: Int
  let columns: Int
  let values: [Double]

  init(name: String, rows: Int, columns: Int, values: [Double]) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// - Throws: a problem if the array is no matrix.
  init(_ array: NamedArray) throws {
    guard array.array.shape.count == 2 else {
      throw NetFile.Problem("\(array.name) is \(Self.text(array.array.shape)), and a matrix was expected")
    }
    self.init(
      name: array.name, rows: array.array.shape[0], columns: array.array.shape[1], values: array.array.values)
  }

  var transposed: WeightMatrix {
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for column in 0..<columns { for row in 0..<rows { result.append(values[row * columns + column]) } }
    return WeightMatrix(name: name, rows: columns, columns: rows, values: result)
  }

  /// As it stands in the file.
  static func text(_ shape: [Int]) -> String {
    shape.isEmpty
      ? "one number" : shape.count == 1 ? "\(shape[0]) long" : shape.map(String.init).joined(separator: " × ")
  }
}

/// One direction of a recurrent layer as other programs have it: the gates one below the other.
struct StackedWeights {
  /// `[gates·h, x]`.
  var input: WeightMatrix
  /// `[gates·h, h]`.
  var recurrent: WeightMatrix
  /// `[gates·h]`; nil if it has none.
  var inputBias: [Double]?
  /// Beside the state's product; nil if there is one bias only.
  var recurrentBias: [Double]?
}
