/// The work behind `Bounds`.
struct BoundsProof {
  let recurrence: Recurrence
  let assumptions: [SymbolID: Interval]
  private(set) var forms: Forms
  private let order: [Int]
  private let states: [SymbolID]
  private(set) var starts: [SymbolID: Interval] = [:]
  /// With earlier values of any size.
  private(set) var local: IntervalPass
  /// By induction from the starts.
  private(set) var final: IntervalPass
  /// What is known of any start: states that are bounded locally, all others of any size.
  private var fromAnyStart: IntervalPass

  private let isInterrupted: () -> Bool

  private static let rounds = 12

  init(
    _ recurrence: Recurrence, assumptions: [SymbolID: Interval], starts given: [SymbolID: Interval],
    isInterrupted: @escaping () -> Bool
  ) throws {
    self.recurrence = recurrence
    self.assumptions = assumptions
    let schedule = try Schedule(recurrence)
    order = schedule.derivedParameters + schedule.phases.flatMap(\.equations)
    forms = Forms(recurrence, order: order, closed: Set(assumptions.keys))
    states = recurrence.states
    self.isInterrupted = isInterrupted
    local = try IntervalPass(recurrence, order: [], forms: forms, assumptions: assumptions) { _ in .everything }
    final = local
    fromAnyStart = local
    for state in states { starts[state] = try given[state] ?? start(of: state) }
  }

  /// - Throws: `Bounds.Failure`.
  mutating func run() throws {
    let assumed = { [assumptions, starts] (symbol: SymbolID) in
      assumptions[symbol].map { $0.hull(starts[symbol] ?? Interval(0)) } ?? .everything
    }
    local = try pass(assumed)
    try refuse(local)
    let bounded = recurrence.variables.filter { local.ofSymbol[$0]?.isBounded == true }
    forms = Forms(recurrence, order: order, closed: Set(assumptions.keys), bounded: Set(bounded))
    local = try pass(assumed)
    fromAnyStart = try pass { [local, starts] symbol in
      guard let range = local.ofSymbol[symbol], range.isBounded else { return .everything }
      return range.hull(starts[symbol] ?? Interval(0))
    }
    let invariant = try induction()
    final = try pass { invariant[$0] ?? .everything }
    try refuse(final)
  }

  private func refuse(_ pass: IntervalPass) throws {
    guard let (symbol, proved) = pass.contradiction else { return }
    throw Bounds.Failure.contradiction(symbol, proved: proved, assumed: assumptions[symbol] ?? .everything)
  }

  /// A look at all equations, earlier and later values supposed.
  private func pass(_ elsewhere: @escaping (SymbolID) -> Interval) throws -> IntervalPass {
    try IntervalPass(
      recurrence, order: order, forms: forms, assumptions: assumptions, isInterrupted: isInterrupted
    ) { [recurrence, assumptions] symbol in
      // Before time 1 and after the end inputs are 0.
      recurrence.inputs.contains(symbol)
        ? (assumptions[symbol] ?? .everything).hull(Interval(0)) : elsewhere(symbol)
    }
  }

  // MARK: Starts

  /// Where the values before time 1 lie: what `init` lines say, else 0.
  private func start(of state: SymbolID) throws -> Interval {
    if recurrence.learnedStarts.contains(state) { return .everything }
    var times: Set<Int> = []
    for id in recurrence.store.closure(of: recurrence.equations.map(\.body)) {
      guard case .read(state, let shift) = recurrence.store[id], shift != 0 else { continue }
      // A read of a later time finds 0 beyond the end.
      times.formUnion(shift < 0 ? Set((1 + shift)...0) : [1])
    }
    let values = try pass { _ in .everything }
    var result: Interval?
    for time in times {
      let given = recurrence.starts.last { $0.symbol == state && $0.time == time }
      let range = given.map { values.evaluate($0.value) } ?? Interval(0)
      result = result?.hull(range) ?? range
    }
    return result ?? Interval(0)
  }

  // MARK: Induction

  private typealias Hypothesis = [SymbolID: Interval]

  /// Intervals that hold the starts and are not left in a step.
  private func induction() throws -> Hypothesis {
    var hypothesis: Hypothesis = [:]
    for state in states {
      let range = local.ofSymbol[state] ?? .everything
      let isKnown = range.isBounded && assumptions.isEmpty
      hypothesis[state] = isKnown ? range.hull(starts[state] ?? Interval(0)) : starts[state] ?? Interval(0)
    }
    var history = [hypothesis]
    for _ in 0..<BoundsProof.rounds {
      let next = try step(hypothesis)
      if next == hypothesis { return hypothesis }
      hypothesis = next
      history.append(next)
    }
    return try limit(of: history) ?? widened(history)
  }

  /// One step: what was supposed, and where it leads.
  private func step(_ hypothesis: Hypothesis) throws -> Hypothesis {
    let reached = try pass { hypothesis[$0] ?? .everything }
    return hypothesis.reduce(into: [:]) { result, entry in
      result[entry.key] = entry.value.hull(reached.ofSymbol[entry.key] ?? .everything)
    }
  }

  /// The starts, and where a step leads from an invariant: an invariant too, and a narrower one.
  private func narrowed(_ invariant: Hypothesis) throws -> Hypothesis {
    let reached = try pass { invariant[$0] ?? .everything }
    return invariant.reduce(into: [:]) { result, entry in
      let range = (starts[entry.key] ?? Interval(0)).hull(reached.ofSymbol[entry.key] ?? .everything)
      result[entry.key] = range.intersection(entry.value) ?? entry.value
    }
  }

  /// Where the last steps seem to tend, if it is an invariant: ends whose steps shrink by a factor have a limit.
  private func limit(of history: [Hypothesis]) throws -> Hypothesis? {
    try limit(of: history, givingUp: false) ?? limit(of: history, givingUp: true)
  }

  /// - Parameter givingUp: whether ends that do not seem to have a limit may go to infinity.
  private func limit(of history: [Hypothesis], givingUp: Bool) throws -> Hypothesis? {
    // With longer delays, and where the ends drive each other, it is every second or third step that shrinks evenly.
    for (stride, margin) in [1, 2, 3].flatMap({ stride in [1e-12, 1e-9, 1e-6, 1e-3].map { (stride, $0) } }) {
      let last = [2, 1, 0].map { history.count - 1 - $0 * stride }.filter { $0 >= 0 }.map { history[$0] }
      guard last.count == 3 else { continue }
      var guess: Hypothesis = [:]
      for state in states {
        let ranges = last.map { $0[state] ?? .everything }
        guess[state] = Interval(
          -Self.limit(ranges.map { -$0.low }, margin), Self.limit(ranges.map(\.high), margin))
      }
      let isFinite = states.allSatisfy { guess[$0]?.isBounded == true || history[0][$0]?.isBounded != true }
      guard isFinite || givingUp else { continue }
      // What only follows from the others gets a few rounds to catch up.
      for _ in 0..<4 {
        let next = try step(guess)
        if next == guess { return try narrowed(narrowed(guess)) }
        guess = next
      }
    }
    return nil
  }

  private static func limit(_ ends: [Double], _ margin: Double) -> Double {
    let (first, second) = (ends[1] - ends[0], ends[2] - ends[1])
    guard second > 0 else { return ends[2] }
    let ratio = second / first
    guard ratio < 0.9999 else { return .infinity }
    let value = ends[2] + second * ratio / (1 - ratio)
    return value + margin * (1 + value.magnitude)
  }

  /// What still moves is given up, until nothing does.
  private func widened(_ history: [Hypothesis]) throws -> Hypothesis {
    var hypothesis = history.last ?? [:]
    for _ in 0...2 * states.count + 1 {
      let next = try step(hypothesis)
      if next == hypothesis { return try narrowed(narrowed(hypothesis)) }
      hypothesis = next.reduce(into: [:]) { result, entry in
        result[entry.key] = entry.value.widened(from: hypothesis[entry.key] ?? .everything)
      }
    }
    return hypothesis.mapValues { _ in .everything }
  }

  // MARK: Results

  /// Where a variable lies: the local proof where it does, since it holds from any start; a sign that only the starts
  /// give is kept.
  func interval(of symbol: SymbolID, _ law: GrowthLaw?) -> Interval {
    let range = (isLocal(symbol) ? local : final).ofSymbol[symbol] ?? .everything
    guard !range.isBounded, let law, case .ceiling(let ceiling) = law.kind else { return range }
    let start = law.members.map { starts[$0]?.magnitude ?? 0 }.max() ?? 0
    let limit = max(start, ceiling)
    return limit.isFinite ? range.intersection(Interval(-limit, limit)) ?? range : range
  }

  /// Open states whose start at 0 a sign rests on.
  func startsBehindSign(of symbol: SymbolID) -> [SymbolID] {
    guard assumptions.isEmpty, !isLocal(symbol), local.ofSymbol[symbol]?.isBounded == true else { return [] }
    return states.filter { local.ofSymbol[$0]?.isBounded != true && starts[$0] == Interval(0) }
  }

  func isLocal(_ symbol: SymbolID) -> Bool {
    guard let range = local.ofSymbol[symbol], range.isBounded, assumptions.isEmpty else { return false }
    let proved = final.ofSymbol[symbol] ?? .everything
    return !(proved.low >= 0 && range.low < 0 || proved.high <= 0 && range.high > 0)
  }

  /// How a variable that is not bounded locally may grow: as the states that it is made of.
  func law(of symbol: SymbolID) -> GrowthLaw? {
    guard local.ofSymbol[symbol]?.isBounded != true, assumptions[symbol] == nil else { return nil }
    let open = Set(states.filter { local.ofSymbol[$0]?.isBounded != true && assumptions[$0] == nil })
    var corners: [GrowthAnalysis.Corner] = []
    var members: Set<SymbolID> = []
    var waiting = [symbol]
    var seen: Set<SymbolID> = [symbol]
    while let next = waiting.popLast() {
      guard let found = body(of: next, open) else { return nil }
      corners += found.corners
      members.formUnion(found.reads)
      for read in found.reads where seen.insert(read).inserted { waiting.append(read) }
    }
    return GrowthLaw(corners: corners, members: states.filter(members.contains))
  }

  /// The corners of a body in the form that says most, and the open states in it.
  private func body(of symbol: SymbolID, _ open: Set<SymbolID>) -> GrowthAnalysis.Found? {
    guard let equation = recurrence.equation(of: symbol), equation.targets.count == 1 else { return nil }
    let analysis = GrowthAnalysis(recurrence: recurrence, members: open) { [fromAnyStart] in
      fromAnyStart.ofNode[$0] ?? .everything
    }
    let found = forms.forms(of: equation.body).compactMap { analysis.corners(of: $0) }
    return found.min { GrowthLaw.isTighter($0.corners, $1.corners) }
  }
}
