/// A cell as people draw it: what is computed as nodes, what is read as edges. Made from the equations alone.
///
/// What is linear is not drawn for itself: `σ(W · [h[t-1], x[t]] + b)` is one box that h and x go into. Signs and
/// divisors are nodes of their own (`-`, `1/`), so the order of a node's operands never matters.
public struct Wiring: Sendable {
  public enum Role: Sendable, Hashable {
    /// A value of another time that is read, `c[t-1]`.
    case earlier
    /// What is fed, `x[t]`.
    case input
    /// An activation, with or without weights before it; a linear map.
    case box
    /// A function of one value that is no variable by itself: `tanh` of a cell state on its way.
    case function
    /// A sum, a product, `1-`.
    case operation
    /// A state or output that leaves, `c[t]`.
    case result
  }

  public struct Node: Sendable {
    public var role: Role
    /// `σ`, `×`, `c[t-1]`.
    public var label: String
    /// The variables that it is the value of.
    public var symbols: [SymbolID] = []
    /// Their names, for a node that no result speaks of.
    public var name: String?
    public var purpose: String?
    /// It is between 0 and 1 and multiplies.
    public var isGate = false
    /// It is a linear map, with or without an activation after it.
    public var isLearned = false
    /// It is a sum or a product, through which a state can pass.
    public var isPassage = false
    /// The parameters that it holds.
    public var parameters: [SymbolID] = []
    /// The steps from now at which its value is read or made.
    public var shift = 0
  }

  public struct Edge: Sendable, Hashable {
    public var from: Int
    public var to: Int

    public init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  public var name: String
  /// It would be too large, so that every equation is one box.
  public internal(set) var isFolded = false
  /// Operands before what reads them.
  public private(set) var nodes: [Node] = []
  public private(set) var edges: [Edge] = []
  /// For every state that passes through sums and products alone: the nodes that it passes, from the old value to the
  /// new one.
  public internal(set) var tracks: [[Int]] = []
  /// The node of each variable at its own time.
  public internal(set) var nodeOfSymbol: [SymbolID: Int] = [:]

  /// The most nodes that a picture holds: with more nobody sees anything.
  public static let bound = 120

  init(name: String) { self.name = name }

  mutating func add(_ node: Node, reading operands: [Int]) -> Int {
    nodes.append(node)
    let index = nodes.count - 1
    for operand in operands { connect(operand, index) }
    return index
  }

  mutating func connect(_ from: Int, _ to: Int) {
    let edge = Edge(from: from, to: to)
    if !edges.contains(edge) { edges.append(edge) }
  }

  mutating func change(_ index: Int, _ body: (inout Node) -> Void) { body(&nodes[index]) }
}

/// More nodes than a picture holds.
public struct WiringTooLarge: Error {
  public var bound: Int
}
