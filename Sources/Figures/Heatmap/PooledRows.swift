/// Rows of a band of more numbers than are kept: means over neighbours, gathered while the numbers go by.
public struct PooledRows: Sendable {
  /// The most numbers that a heatmap keeps.
  public static let most = 4_000_000
  /// The most rows of these.
  private static let mostRows = 4_096

  public let units: Int
  public let steps: Int
  public let unitsPerRow: Int
  public let stepsPerColumn: Int
  private var sums: [[Double]]
  private var counts: [[Int]]

  /// - Parameter stepsPerColumn: as `stepsPerColumn(units:steps:)` answers of the widest band, since all share an axis.
  public init(units: Int, steps: Int, stepsPerColumn: Int) {
    self.units = units
    self.steps = steps
    self.stepsPerColumn = max(stepsPerColumn, 1)
    unitsPerRow = stepsPerColumn > 1 ? max(Pooling.quotient(units, Self.mostRows), 1) : 1
    let columns = Pooling.quotient(steps, self.stepsPerColumn)
    let rows = Pooling.quotient(units, unitsPerRow)
    sums = (0..<rows).map { _ in [Double](repeating: 0, count: columns) }
    counts = (0..<rows).map { _ in [Int](repeating: 0, count: columns) }
  }

  /// How many steps a column must stand for, so that a band is kept; 1 if it can be kept as it is.
  public static func stepsPerColumn(units: Int, steps: Int) -> Int {
    let (numbers, overflows) = units.multipliedReportingOverflow(by: steps)
    guard overflows || numbers > most else { return 1 }
    return max(Pooling.quotient(steps, most / min(max(units, 1), mostRows)), 2)
  }

  public mutating func add(_ value: Double, unit: Int, step: Int) {
    guard !value.isNaN, unit >= 0, unit < units, step >= 0, step < steps else { return }
    sums[unit / unitsPerRow][step / stepsPerColumn] += value
    counts[unit / unitsPerRow][step / stepsPerColumn] += 1
  }

  /// What is no number counts not, and where nothing else is it stays.
  public var rows: [[Double]] {
    zip(sums, counts).map { sums, counts in zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : .nan } }
  }
}
