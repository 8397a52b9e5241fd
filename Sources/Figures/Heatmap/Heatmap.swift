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

    public init(title: String, caption: String = "", rows: [[Double]], scale: Scale? = nil) {
      self.title = title
      self.caption = caption
      self.rows = rows
      self.scale = scale
    }
  }

  public var title: String
  public var bands: [Band]
  /// What runs from left to right.
  public var axis: String
  /// The time of the first column.
  public var firstTime: Int
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
  var columns: Int { max(bands.lazy.flatMap(\.rows).map(\.count).max() ?? 0, length ?? 0) }

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
