/// A drawing in the plane: shapes whose colours are named by what they mean. Lengths are in CSS pixels (1/96 inch),
/// x to the right, y down.
public struct Drawing: Sendable {
  public var width: Double
  public var height: Double
  public var title: String
  /// For who cannot see it.
  public var alternative: String
  /// For who reads the file.
  var remark: String?
  /// From back to front.
  public var shapes: [Shape] = []

  public init(width: Double, height: Double, title: String, alternative: String) {
    self.width = width
    self.height = height
    self.title = title
    self.alternative = alternative
  }

  public enum Shape: Sendable {
    case rectangle(Rectangle, corner: Double = 0, fill: Paint, stroke: Stroke? = nil)
    case ellipse(center: Point, radiusX: Double, radiusY: Double, fill: Paint, stroke: Stroke? = nil)
    case path([PathStep], fill: Paint = .none, stroke: Stroke?)
    case text(Label)
  }

  public enum PathStep: Sendable {
    case move(Point)
    case line(Point)
    /// A cubic Bézier curve.
    case curve(Point, Point, Point)
    case close
  }

  /// A line of text; `at` is the point on its baseline that `anchor` names.
  public struct Label: Sendable {
    public enum Anchor: Sendable { case start, middle, end }

    public var text: String
    public var at: Point
    public var size: Double
    public var anchor: Anchor
    public var paint: Paint
    public var isItalic: Bool
    public var isBold: Bool
    /// Turned a quarter to the left: it reads upwards.
    public var isUpright: Bool

    public init(
      _ text: String, at: Point, size: Double = 14, anchor: Anchor = .start, paint: Paint = .ink,
      isItalic: Bool = false, isBold: Bool = false, isUpright: Bool = false
    ) {
      self.text = text
      self.at = at
      self.size = size
      self.anchor = anchor
      self.paint = paint
      self.isItalic = isItalic
      self.isBold = isBold
      self.isUpright = isUpright
    }
  }
}

public struct Point: Sendable, Equatable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

public struct Rectangle: Sendable, Equatable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

public struct Stroke: Sendable {
  public var paint: Paint
  public var width: Double
  /// Lengths of dashes and gaps; empty is a whole line.
  public var dashes: [Double]
  /// A head at the end of the path.
  public var hasArrow: Bool

  public init(_ paint: Paint = .ink, width: Double = 1, dashes: [Double] = [], hasArrow: Bool = false) {
    self.paint = paint
    self.width = width
    self.dashes = dashes
    self.hasArrow = hasArrow
  }
}

/// A colour by its meaning; a theme gives it a light and a dark value.
public enum Paint: Sendable, Equatable {
  case none
  /// Text and lines.
  case ink
  /// Axes, grids, captions.
  case faint
  /// The ground.
  case paper
  /// A surface set off from the ground.
  case panel
  /// What is marked: a path that a derivative follows.
  case mark
  /// The n-th of several series or kinds, from 0.
  case series(Int)
  /// The same, as a light surface under text.
  case tint(Int)
  /// A value between 0 and 1 on the scale of colours (viridis).
  case scale(Double)
  /// A value between 0 and 1 on the scale from blue over white to red; 0.5 is white.
  case diverging(Double)
  /// Text on that colour: black or white.
  case onScale(Double)
}

extension Paint {
  /// The colour of a value: of cells that stand side by side.
  var isCell: Bool {
    switch self {
    case .scale, .diverging: true
    default: false
    }
  }

  var isSeries: Bool { if case .series = self { true } else { false } }
}
