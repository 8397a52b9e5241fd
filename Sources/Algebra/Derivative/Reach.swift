/// Which variables what is cut loose can reach, and how many steps later: exactly, by offset.
///
/// w itself is reached at offset 0; u at offset d if its equation reads some v[t+k] (k < 0: earlier) with v reached at
/// d + k. Where only earlier times are read all offsets are from 0 on. Where later ones are read too, offsets run both
/// ways, and a path may go up and come back: beyond what is asked for, a margin is searched as well.
///
/// A parameter is there at every time, so what follows it does so always, but for what is held at single times: there
/// the reads are gone through, back to the first time at which something is held.
struct Reach {
  private let recurrence: Recurrence
  private let cut: Cut
  /// Who reads a symbol: the targets of an equation, and how many steps later than now they read it.
  private var readers: [SymbolID: [(targets: [SymbolID], shift: Int)]] = [:]
  /// What the equation of a symbol reads.
  private var reads: [SymbolID: [Moment]] = [:]
  /// The symbols at each offset of a window that begins at `first`.
  private var reached: [Set<SymbolID>] = []
  private var first = 0
  private let longestShift: Int
  private let readsLater: Bool

  init(_ recurrence: Recurrence, cut: Cut) {
    self.recurrence = recurrence
    self.cut = cut
    for equation in recurrence.equations {
      for id in recurrence.store.computation(of: [equation.body]) {
        guard case .read(let symbol, let shift) = recurrence.store[id] else { continue }
        readers[symbol, default: []].append((equation.targets, shift))
        for target in equation.targets { reads[target, default: []].append(Moment(symbol: symbol, shift: shift)) }
      }
    }
    readsLater = recurrence.longestLead > 0
    longestShift = max(recurrence.longestDelay, recurrence.longestLead)
  }

  /// Whether a symbol `shift` steps from t depends on the cut.
  mutating func reaches(_ symbol: SymbolID, shift: Int) -> Bool {
    if isHeld(symbol, shift: shift) { return false }
    switch recurrence.store[cut.symbol].kind {
    case .parameter, .derivedParameter, .constant: return followsParameter(Moment(symbol: symbol, shift: shift))
    case .input, .variable: break
    }
    let steps = shift - cut.shift
    if steps < 0, !readsLater { return false }
    if !reached.indices.contains(steps - first) { search(around: steps) }
    return reached[steps - first].contains(symbol)
  }

  func isHeld(_ symbol: SymbolID, shift: Int) -> Bool {
    cut.held.contains { $0.symbol == symbol && ($0.shift == nil || $0.shift == shift) }
  }

  /// The most offsets and symbols that a margin is made of.
  private static let largestMargin = 1_000_000

  private mutating func search(around steps: Int) {
    let count = max(recurrence.equations.count, 1)
    // Through each equation once, and around two loops against each other until they meet.
    let margin =
      readsLater ? min(count * longestShift + 2 * longestShift * longestShift, Reach.largestMargin / count) : 16
    let reach = 2 * abs(steps) + margin
    first = readsLater ? -reach : 0
    reached = [Set<SymbolID>](repeating: [], count: reach - first + 1)
    reached[-first].insert(cut.symbol)
    var waiting: [(symbol: SymbolID, steps: Int)] = [(cut.symbol, 0)]
    while let next = waiting.popLast() {
      for reader in readers[next.symbol] ?? [] {
        let steps = next.steps - reader.shift
        guard reached.indices.contains(steps - first) else { continue }
        for target in reader.targets where !isHeld(target, shift: cut.shift + steps) {
          if reached[steps - first].insert(target).inserted { waiting.append((target, steps)) }
        }
      }
    }
  }

  // MARK: Parameters

  /// A symbol, so many steps from t.
  private struct Moment: Hashable {
    var symbol: SymbolID
    var shift: Int
  }

  private var followers: Set<SymbolID>?
  private var knownMoments: [Moment: Bool] = [:]

  private mutating func followsParameter(_ moment: Moment) -> Bool {
    if let known = knownMoments[moment] { return known }
    let followers = followers ?? followersOfParameter()
    self.followers = followers
    let result = followsParameter(moment, followers)
    knownMoments[moment] = result
    return result
  }

  private func followsParameter(_ moment: Moment, _ followers: Set<SymbolID>) -> Bool {
    let times = cut.held.compactMap(\.shift)
    guard followers.contains(moment.symbol), let firstHeld = times.min(), let lastHeld = times.max() else {
      return followers.contains(moment.symbol)
    }
    var seen: Set<Moment> = [moment]
    var waiting = [moment]
    while let next = waiting.popLast() {
      if isHeld(next.symbol, shift: next.shift) { continue }
      let isTimed = recurrence.store[next.symbol].isTimed
      // Nothing is held before that; where later times are read, nothing after it either.
      let isBeyond = next.shift < firstHeld || readsLater && next.shift > lastHeld
      if !isTimed || isBeyond || next.symbol == cut.symbol {
        if followers.contains(next.symbol) { return true }
        continue
      }
      for read in reads[next.symbol] ?? [] {
        let earlier = Moment(symbol: read.symbol, shift: next.shift + read.shift)
        if seen.insert(earlier).inserted { waiting.append(earlier) }
      }
    }
    return false
  }

  /// What follows from it, at whatever time, but for what is held at all times.
  private func followersOfParameter() -> Set<SymbolID> {
    var followers: Set<SymbolID> = [cut.symbol]
    var waiting = [cut.symbol]
    while let next = waiting.popLast() {
      for reader in readers[next] ?? [] {
        for target in reader.targets where !cut.held.contains(Held(symbol: target, shift: nil)) {
          if followers.insert(target).inserted { waiting.append(target) }
        }
      }
    }
    return followers
  }
}
