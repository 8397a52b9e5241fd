import Typography

/// Values over time, as rows of coloured cells: a picture as data, before it is ink.
public struct Heatmap: Sendable {
  /// Rows that belong together: the units of one gate.
  public struct Band: Sendable {
    public var title: String
    /// What it is for.
    public var caption: String
    /// `[unit][time]`.
    public var rows: [[Double]]
    /// Its own scale; nil: the heatmap's.
    public var scale: Scale?
    /// How many units each of the rows is the mean of (the last perhaps of fewer), and how many there are.
    public var unitsPerRow = 1
    public var units: Int

    public init(title: String, caption: String = "", rows: [[Double]], scale: Scale? = nil) {
      self.title = title
      self.caption = caption
      self.rows = rows
      self.scale = scale
      units = rows.count
    }

    /// Of rows that are means already.
    public init(title: String, caption: String = "", pooled: PooledRows, scale: Scale? = nil) {
      self.init(title: title, caption: caption, rows: pooled.rows, scale: scale)
      unitsPerRow = pooled.unitsPerRow
      units = pooled.units
    }
  }

  public var title: String
  public var bands: [Band]
  /// What runs from left to right.
  public var axis: String
  /// The time of the first column.
  public var firstTime: Int
  /// How many steps each column of the rows is the mean of (the last perhaps of fewer), and how many there are; nil: as
  /// many as columns.
  public var stepsPerColumn = 1
  public var steps: Int?
  /// How many columns there will be; nil: as many as the longest row has.
  public var length: Int?
  public var scale: Scale
  /// Sentences below it.
  public var notes: [String]

  public init(
    title: String = "", bands: [Band], axis: String = "t", firstTime: Int = 1, scale: Scale = .unit,
    notes: [String] = []
  ) {
    self.title = title
    self.bands = bands
    self.axis = axis
    self.firstTime = firstTime
    self.scale = scale
    self.notes = notes
  }

  /// How many columns it has before any are pooled.
  public var columns: Int { max(bands.lazy.flatMap(\.rows).map(\.count).max() ?? 0, length ?? 0) }

  /// The first step of a column of the rows.
  func time(ofColumn column: Int) -> Int { firstTime + column * stepsPerColumn }

  /// What a picture of the rows says of its columns, of which each stands for so many of theirs.
  func columnNote(_ pooling: Pooling) -> String? {
    let perColumn = pooling.stepsPerColumn * stepsPerColumn
    guard perColumn > 1 else { return nil }
    return "each column is the mean of up to \(perColumn) of \(steps ?? columns) \(axis == "t" ? "steps" : "columns")"
  }

  func scale(of band: Band) -> Scale { band.scale ?? scale }

  /// Every scale once, with the bands that have it, in their order.
  var scales: [(scale: Scale, bands: [String])] {
    var result: [(scale: Scale, bands: [String])] = []
    for band in bands {
      let scale = scale(of: band)
      if let index = result.firstIndex(where: { $0.scale == scale }) {
        result[index].bands.append(band.title)
      } else {
        result.append((scale, [band.title]))
      }
    }
    return result
  }
}
