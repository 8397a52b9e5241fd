/// A system of equations over time: what a cell is. Printed, drawn, bounded, differentiated, compiled and run.
public struct Recurrence {
  /// `v[t] = body`, or a split `[u[t], v[t]] = body` if there are several targets; without a time for a parameter
  /// made of parameters.
  public struct Equation: Sendable {
    public var targets: [SymbolID]
    public var body: NodeID

    public init(targets: [SymbolID], body: NodeID) {
      self.targets = targets
      self.body = body
    }
  }

  /// `init h[0] = 1`: the value of a state at a time before the first; 0 if there is none.
  public struct Start: Sendable {
    public var symbol: SymbolID
    /// At most 0.
    public var time: Int
    public var value: NodeID

    public init(symbol: SymbolID, time: Int, value: NodeID) {
      self.symbol = symbol
      self.time = time
      self.value = value
    }
  }

  /// `init W[h] = orthogonal`: how a parameter, or the block of it that multiplies a vector, is first filled.
  public struct Initial: Sendable {
    public var parameter: SymbolID
    public var block: [SymbolID]
    public var initializer: Initializer

    public init(parameter: SymbolID, block: [SymbolID] = [], initializer: Initializer) {
      self.parameter = parameter
      self.block = block
      self.initializer = initializer
    }
  }

  public var name: String
  public var purpose: String?
  /// Runs from the end: its variables read later times of themselves.
  public var isReversed = false
  public var store: Store
  public var inputs: [SymbolID] = []
  public var outputs: [SymbolID] = []
  /// In the order written.
  public var equations: [Equation] = []
  /// In the order in which they first occur.
  public var parameters: [SymbolID] = []
  public var constants: [SymbolID: Decimal] = [:]
  /// `param U: h × k`: one, two or no dimensions (a number), in widths by name.
  public var declaredShapes: [SymbolID: DeclaredShape] = [:]
  public var starts: [Start] = []
  /// States whose value at time 0 is learned.
  public var learnedStarts: [SymbolID] = []
  public var initials: [Initial] = []
  public var purposes: [SymbolID: String] = [:]
  /// Of which cell each part of a cell built of cells is a copy: `LSTM` of `layer1`.
  public var cellOfPart: [String: String] = [:]
  /// Widths that were set, `LSTM(h: 128)`: by the name of an input, a variable or a declared width.
  public var widths: [(name: String, value: Int)] = []
  /// Of a cell that another says in numbers: which entry of which parameter each of its parameters is.
  public var entries: [SymbolID: Entry] = [:]
  /// What the equations say of the shapes.
  public var shapes = ShapeSolution()

  public init(name: String, store: Store = Store()) {
    self.name = name
    self.store = store
  }

  /// Variables with a time, in the order of their equations.
  public var variables: [SymbolID] {
    equations.flatMap(\.targets).filter { store[$0].kind == .variable }
  }

  /// Variables that are read earlier (or, reversed, later) than now.
  public var states: [SymbolID] {
    var shifted: Set<SymbolID> = []
    for id in store.computation(of: equations.map(\.body)) {
      if case .read(let symbol, let shift) = store[id], shift != 0, store[symbol].kind == .variable {
        shifted.insert(symbol)
      }
    }
    return variables.filter(shifted.contains)
  }

  /// What is read at a time before now.
  package var readEarlier: Set<SymbolID> {
    var result: Set<SymbolID> = []
    for id in store.computation(of: equations.map(\.body)) {
      if case .read(let symbol, let shift) = store[id], shift < 0 { result.insert(symbol) }
    }
    return result
  }

  /// The longest delay with which anything is read (0 if nothing is).
  public var longestDelay: Int {
    shifts.map { -$0 }.max().map { max($0, 0) } ?? 0
  }

  /// The furthest read of a later time.
  public var longestLead: Int { max(shifts.max() ?? 0, 0) }

  private var shifts: [Int] {
    store.computation(of: equations.map(\.body)).compactMap {
      if case .read(_, let shift) = store[$0] { shift } else { nil }
    }
  }

  /// Indices of the equations without a time that sum over all times, or are made of such sums.
  package var equationsOfTotals: Set<Int> {
    var result: Set<Int> = []
    var symbols: Set<SymbolID> = []
    var size = -1
    while size != result.count {
      size = result.count
      for (index, equation) in equations.enumerated() where !result.contains(index) {
        guard equation.targets.allSatisfy({ store[$0].kind == .derivedParameter }) else { continue }
        let isSummed = store.closure(of: [equation.body]).contains { id in
          switch store[id] {
          case .total: true
          case .read(let symbol, _): symbols.contains(symbol)
          default: false
          }
        }
        if isSummed {
          result.insert(index)
          symbols.formUnion(equation.targets)
        }
      }
    }
    return result
  }

  /// The equation that defines a symbol.
  public func equation(of symbol: SymbolID) -> Equation? {
    equations.first { $0.targets.contains(symbol) }
  }
}

/// A shape as a `param` line gives it: linear forms in widths by name.
public struct DeclaredShape: Sendable, Hashable {
  public struct Side: Sendable, Hashable {
    public var constant: Int
    public var terms: [Part]

    public init(constant: Int, terms: [Part]) {
      self.constant = constant
      self.terms = terms
    }
  }

  public struct Part: Sendable, Hashable {
    public var name: String
    public var coefficient: Int

    public init(name: String, coefficient: Int) {
      self.name = name
      self.coefficient = coefficient
    }
  }

  public var sides: [Side]

  public init(sides: [Side]) { self.sides = sides }
}

/// How a parameter is first filled.
public enum Initializer: Sendable, Hashable {
  case number(Double)
  /// Uniform in ±√(6 / (rows + columns)) (Glorot and Bengio 2010).
  case glorot
  /// Orthonormal rows or columns (Saxe et al. 2014).
  case orthogonal
  case identity
  case uniform(Double, Double)
  /// Normal with mean 0 and this deviation.
  case normal(Double)
}
