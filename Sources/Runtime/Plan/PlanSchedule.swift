import Algebra

/// When each value is computed.
///
/// The strongly connected parts of the graph of reads (all shifts) are the only loops over time. Each value has a rank:
/// odd ranks are loops, in which step follows step; even ranks compute all times at once, as large products. A product
/// that is in no loop is hoisted to the even rank after what it reads. An elementwise operation never gets a pass of
/// its own if it can join the loop that reads it, or the one that it reads.
struct PlanSchedule {
  struct Phase {
    var isLoop: Bool
    var isBackward: Bool
    /// The values computed in a step, or at once: products and plain operations at even levels, elementwise operations
    /// at odd ones, each after those it reads.
    var levels: [[Int]]
  }

  private(set) var phases: [Phase] = []
  /// For each value its phase (-1 for inputs, and what is not computed).
  private(set) var phase: [Int]
  private(set) var level: [Int]
  /// For each value what it reads, cheap values replaced by what they read themselves.
  let readings: [[Reading]]
  /// For each value who reads it.
  private(set) var readers: [[(reader: Int, reading: Reading)]]
  private let graph: PlanGraph
  private var rank: [Int]
  private var isBackward: [Int: Bool] = [:]
  private var isLooped: [Bool]

  /// - Parameter roots: values that are asked for; what none of them needs is not computed.
  init(_ graph: PlanGraph, roots: [Int]) {
    self.graph = graph
    let count = graph.values.count
    let all = graph.values.indices.map { PlanSchedule.expanded($0, graph) }
    readings = all
    var isLive = [Bool](repeating: false, count: count)
    var stack = roots
    while let value = stack.popLast() {
      guard !isLive[value] else { continue }
      isLive[value] = true
      stack += all[value].map(\.value)
    }
    readers = Array(repeating: [], count: count)
    for value in 0..<count where isLive[value] {
      for reading in all[value] { readers[reading.value].append((value, reading)) }
    }
    rank = Array(repeating: 0, count: count)
    phase = Array(repeating: -1, count: count)
    level = Array(repeating: 0, count: count)
    isLooped = Array(repeating: false, count: count)
    let live = graph.values.indices.filter { isLive[$0] }
    assignRanks(live)
    pullIntoLoops(live, roots: Set(roots))
    makePhases(live)
  }

  /// What a value reads, seen through inline values.
  private static func expanded(_ value: Int, _ graph: PlanGraph) -> [Reading] {
    var result: [Reading] = []
    var stack = Array(graph.values[value].readings.reversed())
    while let reading = stack.popLast() {
      if graph.values[reading.value].isInline {
        stack += graph.values[reading.value].readings.map { $0.shifted(by: reading.shift) }
      } else if !result.contains(reading) {
        result.append(reading)
      }
    }
    return result
  }

  // MARK: Ranks

  private enum Kind { case elementwise, product, affine, plain, input }

  private func kind(_ value: Int) -> Kind {
    switch graph.values[value].operation {
    case .elementwise: .elementwise
    case .product, .total: .product
    case .affine: .affine
    case .plain, .spread, .reduce, .clamped, .time: .plain
    case .input: .input
    }
  }

  private mutating func assignRanks(_ live: [Int]) {
    var components: [[Int]] = []
    Components.visit(
      roots: live, count: readings.count, successors: { readings[$0].map(\.value) }, { components.append($0) })
    for component in components {
      let members = Set(component)
      let inner = component.flatMap { readings[$0] }.filter { members.contains($0.value) }
      if inner.isEmpty { rank[component[0]] = rankOfSingle(component[0]) } else { rankLoop(component, inner, members) }
    }
  }

  private mutating func rankLoop(_ component: [Int], _ inner: [Reading], _ members: Set<Int>) {
    let backward = inner.contains { $0.shift > 0 }
    let outside = component.flatMap { readings[$0] }.filter { !members.contains($0.value) }
    var own = outside.map { rank[$0.value] }.max() ?? 0
    if own % 2 == 0 { own += 1 }
    // Two loops are one if they run the same way and neither waits for the other's end.
    while (isBackward[own] ?? backward) != backward
      || outside.contains(where: { rank[$0.value] == own && (backward ? $0.shift < 0 : $0.shift > 0) })
    {
      own += 2
    }
    isBackward[own] = backward
    for value in component {
      rank[value] = own
      isLooped[value] = true
    }
  }

  private func rankOfSingle(_ value: Int) -> Int {
    let highest = readings[value].map { rank[$0.value] }.max() ?? 0
    guard highest % 2 == 1 else { return highest }
    switch kind(value) {
    case .affine: return highest
    case .product: return highest + 1
    case .elementwise, .plain, .input:
      let backward = isBackward[highest] ?? false
      let waits = readings[value].contains {
        rank[$0.value] == highest && (backward ? $0.shift < 0 : $0.shift > 0)
      }
      return waits ? highest + 1 : highest
    }
  }

  /// Elementwise operations join the first loop that reads them, if it reads them when it computes them.
  private mutating func pullIntoLoops(_ live: [Int], roots: Set<Int>) {
    var changed = true
    while changed {
      changed = false
      for value in live.reversed() where rank[value] % 2 == 0 && !isLooped[value] && kind(value) == .elementwise {
        guard let first = readers[value].map({ rank[$0.reader] }).min(), first % 2 == 1 else { continue }
        let early = readers[value].filter { rank[$0.reader] == first }
        guard early.allSatisfy({ $0.reading.shift == 0 }), first > rank[value] else { continue }
        rank[value] = first
        changed = true
      }
    }
  }

  // MARK: Phases and levels

  private mutating func makePhases(_ live: [Int]) {
    let computed = live.filter { kind($0) != .input && !graph.values[$0].isInline }
    for current in Set(computed.map { rank[$0] }).sorted() {
      let values = computed.filter { rank[$0] == current }
      let isLoop = current % 2 == 1
      for value in values { phase[value] = phases.count }
      let number = phases.count
      var order: [Int] = []
      Components.visit(
        roots: values, count: readings.count,
        successors: { value in
          readings[value].filter { phase[$0.value] == number && (!isLoop || $0.shift == 0) }.map(\.value)
        }
      ) { order += $0 }
      for value in order { level[value] = levelOf(value, in: number, isLoop: isLoop) }
      var levels = Array(repeating: [Int](), count: (order.map { level[$0] }.max() ?? 0) + 1)
      for value in order { levels[level[value]].append(value) }
      phases.append(Phase(isLoop: isLoop, isBackward: isBackward[current] ?? false, levels: levels))
    }
  }

  private func levelOf(_ value: Int, in number: Int, isLoop: Bool) -> Int {
    let own = kind(value)
    var result = own == .elementwise ? 1 : 0
    for reading in readings[value] where phase[reading.value] == number && (!isLoop || reading.shift == 0) {
      let before = level[reading.value]
      let step: Int
      switch (own, kind(reading.value)) {
      case (.elementwise, .elementwise):
        let isSame = graph.values[value].count == graph.values[reading.value].count && (isLoop || reading.shift == 0)
        step = isSame ? 0 : 2
      case (.affine, _): step = 0
      case (_, .elementwise), (.elementwise, _): step = 1
      default: step = 2
      }
      result = max(result, before + step)
    }
    return result
  }
}
