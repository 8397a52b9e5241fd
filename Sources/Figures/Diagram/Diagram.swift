import Algebra

/// What flows into what: boxes and small round nodes, joined by wires that run along the lines of a grid. Data, before
/// it is laid out: a file and a terminal have sizes of their own.
public struct Diagram: Sendable {
  /// Earlier values come in at the left, inputs at the bottom; operations are small and round; results leave at the
  /// right.
  public typealias Role = Wiring.Role

  public struct Node: Sendable {
    public var role: Role
    public var label: String
    /// What it is called, if that is not its label.
    public var name: String?
    /// A few words that stand in its box.
    public var caption: String?
    /// The number of its colour, and that of the wires from it; nil is plain.
    public var color: Int?
    /// The number of the colour that only it has: of a product, that of the gate which multiplies in it.
    public var tint: Int?
    /// It holds parameters.
    public var isLearned = false
    /// It is a whole cell: states go through it from left to right.
    public var isBlock = false
    /// Between 0 and 1: where its value lies on the scale of colours.
    public var level: Double?
    /// Its value, as text.
    public var value: String?
    public var isMarked = false

    public init(role: Role, label: String) {
      self.role = role
      self.label = label
    }
  }

  public struct Edge: Sendable, Hashable {
    public var from: Int
    public var to: Int
    public var isMarked: Bool

    public init(from: Int, to: Int, isMarked: Bool = false) {
      self.from = from
      self.to = to
      self.isMarked = isMarked
    }
  }

  /// A line below the picture: what a name is for.
  public struct Caption: Sendable {
    public var name: String
    public var text: String
    public var color: Int?

    public init(name: String, text: String, color: Int? = nil) {
      self.name = name
      self.text = text
      self.color = color
    }
  }

  public var title: String
  public var subtitle: String?
  /// Operands before what reads them.
  public var nodes: [Node]
  public var edges: [Edge]
  /// Nodes that stand on one straight line from left to right; no two share a node.
  public var tracks: [[Int]]
  public var captions: [Caption] = []
  /// What is to be known of the whole: what colours mean.
  public var notes: [String] = []
  /// What can be asked next; a prompt says it, a file does not.
  public var hint: String?
  /// The values at the two ends of the scale of colours.
  public var scale: (low: String, high: String)?
  public var alternative: String
  /// Lines that say the same without a picture, for a terminal that is too narrow for it.
  public var plainLines: [String] = []

  public init(title: String, nodes: [Node], edges: [Edge], tracks: [[Int]], alternative: String) {
    self.title = title
    self.nodes = nodes
    self.edges = edges
    self.tracks = tracks
    self.alternative = alternative
  }
}

/// A place on the lines of the grid.
struct GridPoint: Hashable, Sendable {
  var x: Int
  var y: Int

  static func + (point: GridPoint, direction: Direction) -> GridPoint {
    GridPoint(x: point.x + direction.dx, y: point.y + direction.dy)
  }
}

enum Direction: Int, CaseIterable, Sendable {
  case right, down, left, up

  var dx: Int { [1, 0, -1, 0][rawValue] }
  var dy: Int { [0, 1, 0, -1][rawValue] }
  var isHorizontal: Bool { self == .right || self == .left }
  var opposite: Direction {
    switch self {
    case .right: .left
    case .down: .up
    case .left: .right
    case .up: .down
    }
  }
}

/// A node's box on the grid: its middle, and how far it reaches to each side.
struct GridBox: Sendable, Equatable {
  var center: GridPoint
  var halfWidth: Int
  var halfHeight: Int
  /// What is missing at its right: 1 if its width is even.
  var trim = 0

  var left: Int { center.x - halfWidth }
  var right: Int { center.x + halfWidth - trim }
  var top: Int { center.y - halfHeight }
  var bottom: Int { center.y + halfHeight }

  func holds(_ point: GridPoint) -> Bool {
    (left...right).contains(point.x) && (top...bottom).contains(point.y)
  }

  func overlaps(_ other: GridBox) -> Bool {
    left <= other.right && other.left <= right && top <= other.bottom && other.top <= bottom
  }
}
