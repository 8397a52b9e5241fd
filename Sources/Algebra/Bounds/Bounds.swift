/// Where the variables of a cell lie, whatever is fed and whatever the parameters are, each with a reason.
///
/// 1. Locally: with earlier values of any size. A σ times a tanh is found here, from any start.
/// 2. By induction from the starts: suppose that earlier values lie somewhere, look where the new ones lie, and widen
///    until nothing moves. A mix of old and new is found here. Where the steps shrink, their limit is guessed and then
///    proved; what moves on is given up.
/// 3. For what has no bound, or one that depends on the start: how it may grow in each step (`GrowthLaw`).
public struct Bounds {
  public struct Entry: Sendable {
    public var symbol: SymbolID
    /// Where it lies at every time from 1 on, from the starts that the cell gives.
    public var interval: Interval
    /// How it may grow from any start; nil if its start does not matter, or nothing can be said.
    public var law: GrowthLaw?
    /// `(0, 1)`, `|c[t]| ≤ |c[0]| + t`.
    public var range: String
    /// The proof in words.
    public var reason: String
  }

  public enum Failure: Error, Sendable {
    /// The variable cannot lie where it was assumed to.
    case contradiction(SymbolID, proved: Interval, assumed: Interval)
    case interrupted
  }

  public let recurrence: Recurrence
  /// Variables in the order of their equations.
  public let entries: [Entry]
  /// Every node of the equations, and symbols; for ranges of what is made of them.
  let pass: IntervalPass
  /// Where variables lie whatever was before.
  private let local: [SymbolID: Interval]
  private let localNodes: [NodeID: Interval]
  let assumptions: [SymbolID: Interval]
  /// Where states lie before time 1.
  let starts: [SymbolID: Interval]

  public subscript(_ symbol: SymbolID) -> Entry? { entries.first { $0.symbol == symbol } }

  /// Where a symbol lies at the times from 1 on; parameters at any.
  public func interval(of symbol: SymbolID) -> Interval {
    self[symbol]?.interval ?? pass.ofSymbol[symbol] ?? .everything
  }

  /// Where a variable lies whatever was before: nothing but its own equations speaks for it.
  func interval(ofAlone symbol: SymbolID) -> Interval { local[symbol] ?? .everything }

  /// Where an expression of the equations lies whatever was before.
  func interval(ofAlone node: NodeID) -> Interval { localNodes[node] ?? .everything }

  /// - Parameters:
  ///   - assumptions: where inputs, parameters and variables are said to lie.
  ///   - starts: where states lie before time 1, if it is not as the cell says.
  ///   - isInterrupted: asked again and again; `Failure.interrupted` is thrown then.
  /// - Throws: `Failure`, or `Schedule.Failure` for equations that cannot be put in order.
  public init(
    _ recurrence: Recurrence, assumptions: [SymbolID: Interval] = [:], starts: [SymbolID: Interval] = [:],
    isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    self.recurrence = recurrence
    self.assumptions = assumptions
    var proof = try BoundsProof(
      recurrence, assumptions: assumptions, starts: starts, isInterrupted: isInterrupted)
    try proof.run()
    pass = proof.final
    self.starts = proof.starts
    local = proof.local.ofSymbol
    localNodes = proof.local.ofNode
    var words = BoundsWords(proof)
    entries = recurrence.variables.map { symbol in
      let law = proof.law(of: symbol)
      let interval = proof.interval(of: symbol, law)
      return Entry(
        symbol: symbol, interval: interval, law: law, range: words.range(of: symbol, interval: interval, law: law),
        reason: words.reason(for: symbol, interval: interval, law: law))
    }
  }
}
