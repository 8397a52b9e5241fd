/// Columns with headings: what a file of figures holds, and what comparisons answer.
final class Table {
  enum Column {
    case numbers([Double])
    case texts([String])

    var count: Int {
      switch self {
      case .numbers(let numbers): numbers.count
      case .texts(let texts): texts.count
      }
    }

    /// The column as a value: a vector, or a list of texts.
    func value() throws(ValueProblem) -> Value {
      switch self {
      case .numbers(let numbers): return .tensor(Tensor(try Shape([numbers.count]), numbers))
      case .texts(let texts): return .list(try List(texts.map { .text($0) }))
      }
    }

    func value(at row: Int) -> Value {
      switch self {
      case .numbers(let numbers): .number(numbers[row])
      case .texts(let texts): .text(texts[row])
      }
    }
  }

  let headings: [String]
  let columns: [Column]
  /// It is to be read as a whole: cells are broken into lines, and nothing is left out.
  let isRead: Bool

  /// Columns of the same length.
  init(headings: [String], columns: [Column], isRead: Bool = false) {
    self.headings = headings
    self.columns = columns
    self.isRead = isRead
  }

  var rowCount: Int { columns.first?.count ?? 0 }

  func column(named name: String) -> Column? {
    headings.firstIndex(of: name).map { columns[$0] }
  }

  /// A row as a record.
  func row(_ position: Int) throws(ValueProblem) -> Record {
    try Record(headings, columns.map { $0.value(at: position) })
  }

  func rows(_ positions: [Int]) -> Table {
    Table(
      headings: headings,
      columns: columns.map { column in
        switch column {
        case .numbers(let numbers): .numbers(positions.map { numbers[$0] })
        case .texts(let texts): .texts(positions.map { texts[$0] })
        }
      }, isRead: isRead)
  }
}
