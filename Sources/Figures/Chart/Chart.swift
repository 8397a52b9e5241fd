/// Lines or points over two axes.
public struct Chart: Sendable {
  public struct Series: Sendable {
    public enum Style: Sendable { case line, points, dashed }

    public var name: String
    /// In the order in which they are joined; what is no number leaves a gap.
    public var points: [Point]
    public var style: Style

    public init(name: String, points: [Point], style: Style = .line) {
      self.name = name
      self.points = points
      self.style = style
    }
  }

  public struct Axis: Sendable {
    public var label: String
    public var isLogarithmic: Bool
    /// What is shown; nil: as far as the points reach.
    public var range: ClosedRange<Double>?

    public init(label: String = "", isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil) {
      self.label = label
      self.isLogarithmic = isLogarithmic
      self.range = range
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  /// Sentences below it: half-lives, what was left out.
  public var notes: [String]

  public init(title: String = "", x: Axis = Axis(), y: Axis = Axis(), series: [Series], notes: [String] = []) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.notes = notes
  }
}
