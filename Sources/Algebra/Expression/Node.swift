/// The index of a node in its store.
public struct NodeID: Hashable, Sendable, Comparable {
  public let index: UInt32
  public static func < (left: NodeID, right: NodeID) -> Bool { left.index < right.index }
}

/// The index of a symbol in its store.
public struct SymbolID: Hashable, Sendable, Comparable {
  public let index: UInt32
  public static func < (left: SymbolID, right: SymbolID) -> Bool { left.index < right.index }
}

/// What a name stands for.
public struct Symbol: Sendable {
  public enum Kind: Sendable {
    /// Fed from outside, varies with time.
    case input
    /// Defined by an equation, varies with time.
    case variable
    /// Learned, varies from one update to the next.
    case parameter
    /// Defined by an equation without a time: a parameter made of parameters.
    case derivedParameter
    /// Neither learned nor counted (`const`); varies never.
    case constant
  }

  public var name: String
  public var kind: Kind

  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// One operation of an expression. Operands come before it in the store, and keep the order in which they were
/// written: the normal form is a separate function (for comparing), so that what is printed is what was typed.
public enum Node: Hashable, Sendable {
  case number(Decimal)
  case constant(NamedNumber)
  /// The time as a number.
  case time
  /// A symbol `shift` steps from now: `c[t-1]` has shift −1; parameters have 0.
  case read(SymbolID, shift: Int)
  /// The identity matrix, as wide as what it meets: one for each equation, since two may be of different sizes.
  case identity(equation: Int)
  /// `a - b + c`: signed terms in the order written.
  case sum([Term])
  /// `a * b * c`, elementwise: a vector scales the rows of a matrix, a number everything.
  case product([NodeID])
  case quotient(NodeID, NodeID)
  case power(NodeID, NodeID)
  /// `A · b`: of two vectors their inner product, of a number and anything a scaling.
  case matrixProduct(NodeID, NodeID)
  case transpose(NodeID)
  /// `[a, b]`: vectors (and numbers, as vectors of width 1) one below the other.
  case concatenate([NodeID])
  case apply(Operator.ID, [NodeID])
  /// A function of a vector on each column of a matrix, `mean(M, over: 1)`: a row.
  case reduced(Operator.ID, NodeID)
  /// The sum over all times (`total`).
  case total(NodeID)
  /// What a derivation starts from: the identity matrix, as wide as the symbol, or `dW` for a parameter.
  case seed(SymbolID)
  /// `∂f[t]/∂c[t-1]`, not yet opened.
  case atom(Atom)
  /// `∂/∂c[t-1] (f[t] * c[t-1])`: the derivative of an expression, to which no rule has been applied yet.
  case derivative(NodeID, by: Cut)
  /// An expression that is spoken of by a name of its own, `q_h[t-1]`, `shift` steps from where it was named.
  case named(NodeID, name: String, shift: Int)
  /// `W_f[h]`: the columns of a matrix that multiply one part of the vector right of it.
  case block(matrix: NodeID, part: NodeID, whole: NodeID)
  /// The rows of an expression that a split gives to one of its targets.
  case rows(NodeID, target: SymbolID, targets: [SymbolID])
  /// Zeros, as tall as the node is.
  case zeros(like: NodeID)

  /// Operands in the order written.
  public var operands: [NodeID] {
    switch self {
    case .number, .constant, .time, .read, .identity, .seed, .atom: []
    case .block(let matrix, let part, let whole): [matrix, part, whole]
    case .zeros(let like): [like]
    case .derivative(let a, _), .named(let a, _, _), .reduced(_, let a): [a]
    case .sum(let terms): terms.map(\.node)
    case .product(let factors): factors
    case .quotient(let a, let b), .power(let a, let b), .matrixProduct(let a, let b): [a, b]
    case .transpose(let a), .total(let a), .rows(let a, _, _): [a]
    case .concatenate(let parts): parts
    case .apply(_, let arguments): arguments
    }
  }
}

/// A term of a sum.
public struct Term: Hashable, Sendable {
  public var isNegative: Bool
  public var node: NodeID

  public init(_ node: NodeID, isNegative: Bool = false) {
    self.node = node
    self.isNegative = isNegative
  }
}

/// Numbers with names of their own.
public enum NamedNumber: String, Hashable, Sendable, CaseIterable {
  case pi = "π"
  case euler = "e"
  case infinity = "∞"

  public var value: Double {
    switch self {
    case .pi: .pi
    case .euler: 2.718281828459045
    case .infinity: .infinity
    }
  }
}

/// How often a value changes: the attribute that decides what is computed once, and what at every step.
public enum Variation: Int, Comparable, Sendable {
  case never, perUpdate, withTime
  public static func < (left: Variation, right: Variation) -> Bool { left.rawValue < right.rawValue }
}
