/// One step of a recurrence as a linear map between states: M[t] = ∂S[t]/∂S[t-1], where S[t] holds all values that a
/// later step reads, each block of M with the rest of S[t-1] held.
///
/// With a state v that is read up to D steps late, S[t] holds v[t], ..., v[t-D+1]: all but the first of them are carried
/// over, so M is a companion matrix there. Over several steps every path passes through every S between, so
/// ∂y[T]/∂w[t] = R · M[T] ··· M[t+1] · E, with E = ∂S[t]/∂w[t] at the same time, and R reading y from S. (The product
/// of the one-step ∂c[k]/∂c[k-1] is not that: it forgets the paths through other states.)
///
/// Blocks are atoms (`∂c[t]/∂h[t-1]`, held the rest), so they are opened, printed and evaluated as all derivatives are.
public final class StateJacobian {
  /// v[t - delay] as a part of S[t].
  public struct Member: Hashable, Sendable {
    public var symbol: SymbolID
    public var delay: Int

    public init(symbol: SymbolID, delay: Int) {
      self.symbol = symbol
      self.delay = delay
    }
  }

  /// A block of M that is not zero, for a row whose value is new; rows that are carried over have no block.
  public struct Block: Sendable {
    public var row: Int
    public var column: Int
    public var atom: Atom
  }

  public let recurrence: Recurrence
  /// S, as far as the source reaches it and it reaches the target.
  public private(set) var members: [Member]
  public private(set) var blocks: [Block] = []
  /// E: members of delay 0 by the source, at time t.
  public private(set) var entries: [(member: Int, atom: Atom)] = []
  /// R: the target by S; at its own time if it is a state, else by S one step before.
  public private(set) var exits: [(member: Int, atom: Atom)] = []
  /// The target is a part of S, and R only picks it.
  public let targetIsState: Bool
  public let source: SymbolID
  public let target: SymbolID
  /// Symbols held at all times.
  private let held: [SymbolID]
  private let equations: AtomEquations
  private let isInterrupted: () -> Bool

  /// - Throws: `DerivativeFailure` if it is by a parameter, if single times are held, or if later times are read.
  public convenience init(_ derivation: Derivation) throws {
    let cut = derivation.target.cut
    let kind = derivation.recurrence.store[cut.symbol].kind
    guard kind == .variable || kind == .input else { throw DerivativeFailure.noProduct(.byParameter) }
    guard cut.held.allSatisfy({ $0.shift == nil }) else { throw DerivativeFailure.noProduct(.singleTimesHeld) }
    guard derivation.stepsBack > 0 else { throw DerivativeFailure.noProduct(.noSteps) }
    try self.init(
      derivation.recurrence, of: derivation.target.symbol, by: cut.symbol, held: cut.held.map(\.symbol),
      isInterrupted: derivation.isInterrupted)
  }

  /// - Parameters:
  ///   - target: what is derived, at some later time.
  ///   - source: a variable or input.
  ///   - held: symbols held at all times.
  ///   - isInterrupted: asked again and again; `Interruption` is thrown then.
  public init(
    _ recurrence: Recurrence, of target: SymbolID, by source: SymbolID, held: [SymbolID] = [],
    isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    let kind = recurrence.store[source].kind
    guard kind == .variable || kind == .input else { throw DerivativeFailure.noProduct(.byParameter) }
    guard recurrence.longestLead == 0 else { throw DerivativeFailure.noProduct(.readsLater) }
    self.recurrence = recurrence
    self.source = source
    self.target = target
    self.held = held
    self.isInterrupted = isInterrupted
    equations = AtomEquations(recurrence, isInterrupted: isInterrupted)
    let delays = StateJacobian.delays(recurrence, source: source)
    let all = delays.flatMap { entry in (0..<entry.delay).map { Member(symbol: entry.symbol, delay: $0) } }
    members = all.filter { !held.contains($0.symbol) }
    targetIsState = members.contains(Member(symbol: target, delay: 0))
    try connect()
    prune()
  }

  /// The states, and the source if it is an input that is read late, with their longest delays; in the order of their
  /// equations.
  static func delays(_ recurrence: Recurrence, source: SymbolID? = nil) -> [(symbol: SymbolID, delay: Int)] {
    var longest: [SymbolID: Int] = [:]
    for id in recurrence.store.closure(of: recurrence.equations.map(\.body)) {
      guard case .read(let symbol, let shift) = recurrence.store[id], shift < 0 else { continue }
      longest[symbol] = max(longest[symbol] ?? 0, -shift)
    }
    let symbols = recurrence.variables + recurrence.inputs.filter { $0 == source }
    return symbols.compactMap { symbol in longest[symbol].map { (symbol, $0) } }
  }

  // MARK: Which blocks there are

  /// The derivative of a variable at time t by a member of S[t-1], the rest of S[t-1] held.
  private func atom(_ symbol: SymbolID, by member: Member) -> Atom {
    let others = members.filter { $0 != member }.map { Held(symbol: $0.symbol, shift: -1 - $0.delay) }
    return Atom(
      symbol: symbol, shift: 0,
      cut: Cut(
        symbol: member.symbol, shift: -1 - member.delay, held: others + held.map { Held(symbol: $0, shift: nil) }))
  }

  private func connect() throws {
    let start = Cut(symbol: source, shift: 0, held: held.map { Held(symbol: $0, shift: nil) })
    var reach = Reach(recurrence, cut: start)
    for (index, member) in members.enumerated() where member.delay == 0 {
      guard member.symbol == source || reach.reaches(member.symbol, shift: 0) else { continue }
      entries.append((index, Atom(symbol: member.symbol, shift: 0, cut: start)))
    }
    let fresh = members.indices.filter {
      members[$0].delay == 0 && recurrence.store[members[$0].symbol].kind == .variable
    }
    for (column, member) in members.enumerated() {
      try equations.poll()
      let cut = atom(target, by: member).cut
      var reach = Reach(recurrence, cut: cut)
      for row in fresh where reach.reaches(members[row].symbol, shift: 0) {
        blocks.append(Block(row: row, column: column, atom: Atom(symbol: members[row].symbol, shift: 0, cut: cut)))
      }
      if targetIsState { continue }
      if reach.reaches(target, shift: 0) { exits.append((column, Atom(symbol: target, shift: 0, cut: cut))) }
    }
    if targetIsState, let index = members.firstIndex(of: Member(symbol: target, delay: 0)) {
      exits = [(index, Atom(symbol: target, shift: 0, cut: Cut(symbol: target, shift: 0)))]
    }
    blocks.sort { ($0.row, $0.column) < ($1.row, $1.column) }
  }

  /// Leaves out what the source does not reach, or what does not reach the target.
  private func prune() {
    var forward = Set(entries.map(\.member))
    var backward = Set(exits.map(\.member))
    func carried(_ index: Int) -> Int? {
      members.firstIndex(of: Member(symbol: members[index].symbol, delay: members[index].delay + 1))
    }
    for _ in members {
      for block in blocks {
        if forward.contains(block.column) { forward.insert(block.row) }
        if backward.contains(block.row) { backward.insert(block.column) }
      }
      for index in members.indices {
        guard let next = carried(index) else { continue }
        if forward.contains(index) { forward.insert(next) }
        if backward.contains(next) { backward.insert(index) }
      }
    }
    let kept = members.indices.filter { forward.contains($0) && backward.contains($0) }
    var place: [Int: Int] = [:]
    for (new, old) in kept.enumerated() { place[old] = new }
    blocks = blocks.compactMap { block in
      guard let row = place[block.row], let column = place[block.column] else { return nil }
      return Block(row: row, column: column, atom: block.atom)
    }
    entries = entries.compactMap { entry in place[entry.member].map { ($0, entry.atom) } }
    exits = exits.compactMap { exit in place[exit.member].map { ($0, exit.atom) } }
    members = kept.map { members[$0] }
  }

  // MARK: As expressions

  /// A block opened down to what is neither open nor a state of the same time: those stand, as blocks of their own.
  public func opened(_ atom: Atom) throws -> Derivation {
    var derivation = try Derivation(
      recurrence, of: atom.symbol, shift: atom.shift, cut: atom.cut, isInterrupted: isInterrupted)
    while true {
      let next = derivation.standing.filter { !isState($0.symbol) || $0.shift != atom.shift }
      if next.isEmpty { return derivation }
      try derivation.open(next)
    }
  }

  private func isState(_ symbol: SymbolID) -> Bool { members.contains { $0.symbol == symbol && $0.delay == 0 } }

  /// The source by itself: 1.
  public func isSource(_ atom: Atom) -> Bool { atom.symbol == atom.cut.symbol && atom.shift == atom.cut.shift }

  // MARK: Numbers

  /// Along a trajectory, with `t` at a time: evaluators of single times are made once.
  public final class Track {
    let shapes: ShapeSolution
    let read: (SymbolID, Int) -> Matrix
    private let jacobian: StateJacobian
    private var evaluators: [Int: TangentEvaluator<RealNumbers>] = [:]

    /// - Parameters:
    ///   - shapes: with all widths known.
    ///   - read: a symbol at an absolute time; parameters at any.
    public init(_ jacobian: StateJacobian, shapes: ShapeSolution, read: @escaping (SymbolID, Int) -> Matrix) {
      self.jacobian = jacobian
      self.shapes = shapes
      self.read = read
    }

    /// A block with `t` at a time.
    func value(_ atom: Atom, at time: Int) throws -> Matrix {
      let evaluator =
        evaluators[time]
        ?? TangentEvaluator(
          NodeEvaluator(recurrence: jacobian.recurrence, numbers: RealNumbers(), shapes: shapes, read: read),
          equations: jacobian.equations, time: time
        ) { [read] symbol in read(symbol, time).map { _ in 0 } }
      // Blocks of one step share what they are made of; the step before is not asked for again.
      evaluators = [time: evaluator]
      return try evaluator.evaluate(jacobian.recurrence.store.insert(.atom(atom)))
    }

    func width(_ symbol: SymbolID) -> Int { read(symbol, 0).rows }
  }

  /// ∂S[t]/∂w[t], member by member; nil for zero.
  public func entry(at time: Int, along track: Track) throws -> [Matrix?] {
    var state = [Matrix?](repeating: nil, count: members.count)
    for entry in entries { state[entry.member] = try track.value(entry.atom, at: time) }
    return state
  }

  /// M[t] · state.
  public func step(_ state: [Matrix?], at time: Int, along track: Track) throws -> [Matrix?] {
    var result = [Matrix?](repeating: nil, count: members.count)
    for block in blocks {
      guard let column = state[block.column] else { continue }
      // Before time 1 nothing follows anything.
      guard time >= 1 else { continue }
      let part = try track.value(block.atom, at: time).times(column)
      result[block.row] = result[block.row].map { $0.combined(part, +) } ?? part
    }
    for (index, member) in members.enumerated() where member.delay > 0 {
      guard let earlier = members.firstIndex(of: Member(symbol: member.symbol, delay: member.delay - 1)) else {
        continue
      }
      result[index] = state[earlier]
    }
    return result
  }

  /// R · state: for a target that is no state, `state` is of one step before.
  public func exit(_ state: [Matrix?], at time: Int, along track: Track) throws -> Matrix? {
    if targetIsState { return exits.first.flatMap { state[$0.member] } }
    var result: Matrix?
    for exit in exits where time >= 1 {
      guard let column = state[exit.member] else { continue }
      let part = try track.value(exit.atom, at: time).times(column)
      result = result.map { $0.combined(part, +) } ?? part
    }
    return result
  }

  /// On random nets, how far the product is from the derivative itself, relative to its largest entry; over at most
  /// `Derivation.triedSteps` steps.
  /// - Parameter isInterrupted: the answer is then nil.
  public func error(
    of derivation: Derivation, nets count: Int = 3, isInterrupted: () -> Bool = { false }
  ) throws -> Double? {
    let derivation = try derivation.shortened(to: Derivation.triedSteps)
    var worst = 0.0
    for draw in 1...max(count, 1) {
      let (trajectory, time) = try RandomTrack.make(recurrence, steps: derivation.stepsBack, seed: UInt64(draw))
      let track = Track(self, shapes: trajectory.shapes, read: trajectory.value)
      let right = try derivation.value(
        at: time - derivation.target.shift, shapes: trajectory.shapes, along: trajectory.value)
      guard
        let product = try product(
          at: time, steps: derivation.stepsBack, along: track, isInterrupted: isInterrupted)
      else { return nil }
      guard right.norm.isFinite else { continue }
      // Where everything cancels, as for the stabiliser of an sLSTM, rounding is all there is.
      let distance = product.distance(to: right)
      worst = max(worst, distance <= 1e-14 ? 0 : distance / right.norm)
    }
    return worst
  }

  /// ∂y[T]/∂w[T - steps], the whole product.
  /// - Parameter isInterrupted: asked at every step; the answer is then nil.
  public func product(
    at time: Int, steps: Int, along track: Track, isInterrupted: () -> Bool = { false }
  ) throws -> Matrix? {
    let last = targetIsState ? time : time - 1
    var state = try entry(at: time - steps, along: track)
    var moment = time - steps
    while moment < last {
      if isInterrupted() { return nil }
      moment += 1
      state = try step(state, at: moment, along: track)
    }
    return try exit(state, at: time, along: track)
      ?? Matrix(rows: track.read(target, time).rows, columns: track.read(source, time - steps).rows)
  }
}

extension Derivation {
  /// How many steps lie between what it is by and what it is of.
  public var stepsBack: Int { target.shift - target.cut.shift }

  /// The steps over which a product or a sum of paths is tried: what holds of them holds of more, since every step is
  /// made of the same blocks.
  public static let triedSteps = 20

  /// The same question over fewer steps.
  func shortened(to steps: Int) throws -> Derivation {
    guard stepsBack > steps else { return self }
    let cut = Cut(symbol: target.cut.symbol, shift: target.shift - steps, held: target.cut.held)
    return try Derivation(
      recurrence, of: target.symbol, shift: target.shift, cut: cut, isInterrupted: isInterrupted)
  }
}
