import Algebra

/// How a gradient fades (or grows) going back in time: ‖∂v[T]/∂v[T-k]‖₂ for every state v of a net and k = 0, 1, ...,
/// along what the net did, in all and by classes of paths. Of a batch it is the first sequence; a variable that is held
/// at a time is moved by nothing there, and is itself what a later one is derived by.
///
/// Rows of ∂v[T]/∂S[t] are multiplied on from the right, a step at a time: Q ← Q · M[t], with M in parts by what paths
/// pass through (`StepPaths`), so that every class has a Q of its own and the Qs add up to the derivative. A step costs
/// a few products of matrices as wide as the states, whatever the number of steps before.
public struct GradientFlow {
  /// One class of paths, from v to v.
  public struct PathClass: Sendable {
    public var visited: StepPaths.Visited
    /// `c alone`, `through h; f, i or g`.
    public var name: String
    /// At 0, 1, ... steps back.
    public var norms: [Double]
  }

  public struct State: Sendable {
    public var symbol: SymbolID
    public var name: String
    /// ‖∂v[T]/∂v[T-k]‖₂ at k = 0, 1, ....
    public var norms: [Double]
    public var classes: [PathClass]
    /// What one step multiplies by along the path through no other variable, and its mean over units and times if it
    /// scales every unit by itself.
    public var direct: (text: String, mean: Double?)?
  }

  public let states: [State]
  /// T, and how many steps back.
  public let time: Int
  public let steps: Int
  /// The spectral radius of the mean of M[t] over these times.
  public let meanRadius: Double

  /// The most numbers that may be held: states may be so wide together that the squares of their widths, times classes,
  /// do not fit.
  public static let largest = 1 << 26

  public enum Failure: Error, Sendable {
    case noStates(cell: String)
    case matrixState(name: String)
    case tooFewSteps(reached: Int)
    case tooWide(numbers: Double, bound: Int)
  }

  /// - Parameters:
  ///   - steps: how far back from the time reached.
  ///   - observe: told every matrix ∂v[T]/∂v[T-k] of every class, for tests.
  /// - Throws: `Failure`, `NetError.notOneRun`, `DerivativeFailure`, `Interruption`.
  public init(
    _ net: Net, steps: Int, isInterrupted: @escaping () -> Bool = { false },
    observe: ((SymbolID, Int, StepPaths.Visited, [Double]) -> Void)? = nil
  ) throws {
    let recurrence = net.recurrence
    guard !recurrence.states.isEmpty else { throw Failure.noStates(cell: recurrence.name) }
    guard steps >= 1, net.time > steps else { throw Failure.tooFewSteps(reached: net.time) }
    try net.requireOneRun(from: net.time - steps)
    if let matrix = recurrence.states.first(where: { net.sides($0).count > 1 }) {
      throw Failure.matrixState(name: recurrence.store[matrix].name)
    }
    let paths = try StepPaths(recurrence, isInterrupted: isInterrupted)
    let total = paths.members.reduce(0.0) { $0 + Double(net.count($1.symbol)) }
    guard total * total * 16 <= Double(GradientFlow.largest) else {
      throw Failure.tooWide(numbers: total * total * 16, bound: GradientFlow.largest)
    }
    var walk = FlowWalk(net, paths, observe: observe)
    try walk.run(from: net.time, steps: steps, isInterrupted: isInterrupted)
    time = net.time
    self.steps = steps
    states = walk.states
    meanRadius = try walk.meanJacobian.radius(isInterrupted: isInterrupted)
  }
}

extension GradientFlow {
  /// The factor a step over the second half of the steps, where what the beginning was like no longer matters, between
  /// the first and the last that anything comes through: nil where those are not two, or something is no number.
  public static func rate(_ norms: [Double]) -> Double? {
    let met = (norms.count / 2..<norms.count).filter { norms[$0] != 0 }
    guard let first = met.first, let last = met.last, last > first, norms[first].isFinite, norms[last].isFinite else {
      return nil
    }
    return Power.of(norms[last] / norms[first], 1 / Double(last - first))
  }
}
