import Typography

/// Values between two ends over time, as rows of coloured cells: a picture as data, before it is ink.
public struct Heatmap: Sendable {
  /// Rows that belong together: the units of one gate.
  public struct Band: Sendable {
    public var title: String
    /// `[unit][time]`.
    public var rows: [[Double]]

    public init(title: String, rows: [[Double]]) {
      self.title = title
      self.rows = rows
    }
  }

  public var bands: [Band]
  /// The time of the first column.
  public var firstTime: Int
  public var low: Double
  public var high: Double

  public init(bands: [Band], firstTime: Int, low: Double = 0, high: Double = 1) {
    self.bands = bands
    self.firstTime = firstTime
    self.low = low
    self.high = high
  }
}
