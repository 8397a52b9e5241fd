/// In which order, and in which direction of time, the equations of a recurrence are computed.
///
/// The strongly connected parts of the graph of reads (all shifts) are the loops over time. Within one part all
/// shifts have one sign, and no cycle has total shift 0.
public struct Schedule: Sendable {
  public struct Phase: Sendable {
    /// Indices of equations, each after those that it reads at the same time.
    public var equations: [Int]
    /// Runs from the last time to the first.
    public var isBackward: Bool
  }

  public var phases: [Phase]
  /// Equations without a time, in order.
  public var derivedParameters: [Int]
  /// Can be fed step by step: nothing later is read.
  public var isCausal: Bool

  public enum Failure: Error {
    /// The variables of a loop within one time step, in the order in which they read each other.
    case loop([SymbolID])
    /// Variables that read both earlier and later times of each other.
    case bothDirections([SymbolID])
  }

  public init(_ recurrence: Recurrence) throws {
    let reads = Schedule.reads(of: recurrence)
    try Schedule.refuseLoops(recurrence, reads: reads)
    var order: [[Int]] = []
    Components.visit(count: reads.count, successors: { node in reads[node].map(\.equation) }) { order.append($0) }
    var phases: [Phase] = []
    var derived: [Int] = []
    for component in order {
      let members = Set(component)
      let isDerived = component.allSatisfy { index in
        recurrence.equations[index].targets.allSatisfy { recurrence.store[$0].kind == .derivedParameter }
      }
      if isDerived {
        derived += component
        continue
      }
      let inner = component.flatMap { reads[$0] }.filter { members.contains($0.equation) && $0.shift != 0 }
      let isBackward = inner.contains { $0.shift > 0 }
      if isBackward, inner.contains(where: { $0.shift < 0 }) {
        throw Failure.bothDirections(component.flatMap { recurrence.equations[$0].targets })
      }
      let sorted = Schedule.sortedWithinStep(component, reads: reads)
      // An equation that loops over nothing joins the phase before it, unless it reads that phase against its
      // direction.
      if let last = phases.last, inner.isEmpty || isBackward == last.isBackward,
        !component.contains(where: { index in
          reads[index].contains { read in
            last.equations.contains(read.equation) && (last.isBackward ? read.shift < 0 : read.shift > 0)
          }
        })
      {
        phases[phases.count - 1].equations += sorted
      } else {
        phases.append(Phase(equations: sorted, isBackward: isBackward))
      }
    }
    self.phases = phases
    derivedParameters = derived
    isCausal = recurrence.longestLead == 0 && !phases.contains { $0.isBackward }
  }

  struct Read {
    var equation: Int
    var shift: Int
  }

  /// For each equation the equations that it reads, with the shifts.
  static func reads(of recurrence: Recurrence) -> [[Read]] {
    var definition: [SymbolID: Int] = [:]
    for (index, equation) in recurrence.equations.enumerated() {
      for target in equation.targets { definition[target] = index }
    }
    return recurrence.equations.map { equation in
      recurrence.store.computation(of: [equation.body]).compactMap { id in
        guard case .read(let symbol, let shift) = recurrence.store[id], let other = definition[symbol] else {
          return nil
        }
        return Read(equation: other, shift: shift)
      }
    }
  }

  private static func refuseLoops(_ recurrence: Recurrence, reads: [[Read]]) throws {
    var failure: Failure?
    let now = reads.map { list in list.filter { $0.shift == 0 }.map(\.equation) }
    Components.visit(count: now.count, successors: { now[$0] }) { component in
      guard failure == nil, component.count > 1 || now[component[0]].contains(component[0]) else { return }
      failure = .loop(path(through: component, now: now).map { recurrence.equations[$0].targets[0] })
    }
    if let failure { throw failure }
  }

  /// A shortest cycle through a strongly connected part, for the error that prints it.
  private static func path(through component: [Int], now: [[Int]]) -> [Int] {
    let members = Set(component)
    let start = component.min() ?? component[0]
    var previous: [Int: Int] = [:]
    var queue = [start]
    var head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      for next in now[node] where members.contains(next) {
        if next == start {
          var cycle = [node]
          while let before = previous[cycle[0]] { cycle.insert(before, at: 0) }
          return cycle
        }
        if previous[next] == nil {
          previous[next] = node
          queue.append(next)
        }
      }
    }
    return component
  }

  /// Equations of one part ordered by their reads of the same time (there is no cycle among them).
  private static func sortedWithinStep(_ component: [Int], reads: [[Read]]) -> [Int] {
    let members = Set(component)
    var result: [Int] = []
    Components.visit(
      roots: component.sorted(), count: reads.count,
      successors: { node in reads[node].filter { $0.shift == 0 && members.contains($0.equation) }.map(\.equation) }
    ) { result += $0.filter(members.contains) }
    return result
  }
}
