import Algebra

/// Where each value lies: nowhere (a register of its tape), in a buffer of one step, of a chunk of times, or in the
/// window of all times.
///
/// Values that one product reads or writes together stand side by side in one buffer, so that four gates are one
/// product and Σ U_kᵀ · δa_k is one product as well. An activation takes the place of its argument if nothing else
/// reads that.
struct PlanLayout {
  struct Place: Hashable {
    var buffer: Int
    var offset: Int
  }

  /// For which times a buffer has rows.
  enum Extent {
    /// The step at hand alone.
    case step
    /// Those of a chunk: all who read it take turns with those who write it.
    case chunk
    /// All.
    case window
  }

  struct Buffer {
    /// Numbers of one sequence at one time; rows follow each other at this distance.
    var width: Int
    var extent: Extent
    /// The phases that take turns over its chunk.
    var group: Int?
    /// Read at earlier times than its own.
    var hasPast = false
    /// Read at later times than its own.
    var hasFuture = false
    var base = 0
  }

  private(set) var buffers: [Buffer] = []
  private(set) var places: [Int: Place] = [:]
  /// Affine values and activations that take their argument's place: the value whose place it is.
  private(set) var host: [Int: Int] = [:]
  private var guest: [Int: Int] = [:]
  private let graph: PlanGraph
  private let schedule: PlanSchedule
  private let grouping: PlanGrouping
  private let kept: Set<Int>

  init(_ graph: PlanGraph, _ schedule: PlanSchedule, _ grouping: PlanGrouping, kept: Set<Int>) {
    self.graph = graph
    self.schedule = schedule
    self.grouping = grouping
    self.kept = kept
    let live = graph.values.indices.filter { value in
      schedule.phase[value] >= 0 || !schedule.readers[value].isEmpty || kept.contains(value)
    }.filter { !graph.values[$0].isInline }
    findHosts(live)
    let stored = live.filter { host[$0] == nil && isStored($0) }
    let destinations = stored.filter { isAffine($0) }
    group(destinations, by: operandsOfAffine)
    let sources = stored.filter { !isAffine($0) && isElementwise($0) }
    group(sources, by: sinks)
    for value in stored where places[value] == nil { place([value]) }
    for (value, root) in host { places[value] = places[self.root(root)] }
    for value in live {
      guard let place = places[value] else { continue }
      for (_, reading) in schedule.readers[value] {
        if reading.shift < 0 { buffers[place.buffer].hasPast = true }
        if reading.shift > 0 { buffers[place.buffer].hasFuture = true }
      }
    }
  }

  mutating func setBase(_ base: Int, of buffer: Int) { buffers[buffer].base = base }

  func isAffine(_ value: Int) -> Bool { if case .affine = graph.values[value].operation { true } else { false } }

  private func isElementwise(_ value: Int) -> Bool {
    if case .elementwise = graph.values[value].operation { true } else { false }
  }

  private func root(_ value: Int) -> Int {
    var result = value
    while let next = host[result] { result = next }
    return result
  }

  // MARK: What is stored

  private func isStored(_ value: Int) -> Bool {
    guard case .elementwise(let form) = graph.values[value].operation else {
      switch graph.values[value].operation {
      case .product, .total: return false
      default: return true
      }
    }
    if kept.contains(value) { return true }
    return schedule.readers[value].contains { reader, reading in
      guard isElementwise(reader), reading.shift == 0, schedule.phase[reader] == schedule.phase[value],
        graph.values[reader].count == graph.values[value].count, reading.count == graph.values[value].count
      else { return true }
      // An expensive value is not computed again by a later tape of the step.
      return schedule.level[reader] != schedule.level[value] && PlanLayout.isCostly(form)
    }
  }

  private static func isCostly(_ form: ElementwiseForm) -> Bool {
    switch form {
    case .unary, .binary, .quotient: true
    default: false
    }
  }

  private func extent(of value: Int) -> Extent {
    if kept.contains(value) { return .window }
    let phase = schedule.phase[value]
    guard phase >= 0, let group = grouping.group(ofPhase: phase) else { return .window }
    let readers = schedule.readers[value]
    var writers = [phase]
    if case .affine(let products, _) = graph.values[value].operation { writers += products.map { schedule.phase[$0] } }
    if schedule.phases[phase].isLoop, writers.allSatisfy({ $0 == phase }),
      readers.allSatisfy({ $0.reading.shift == 0 && schedule.phase[$0.reader] == phase })
    {
      return .step
    }
    // The states before the first step are given, those after the last one asked for: what is read earlier stays.
    let isOfChunk =
      grouping.groups[group].isChunked && writers.allSatisfy { grouping.group(ofPhase: $0) == group }
      && readers.allSatisfy {
        $0.reading.shift >= 0 && grouping.group(ofPhase: schedule.phase[$0.reader]) == group
      }
    return isOfChunk ? .chunk : .window
  }

  /// Whether those who write and read a value can go where its buffer is moved to.
  private func isMovable(_ value: Int) -> Bool {
    ([value] + schedule.readers[value].map(\.reader)).allSatisfy { user in
      switch graph.values[user].operation {
      case .elementwise, .affine, .product, .reduce, .total: true
      case .input, .plain, .spread, .clamped, .time: false
      }
    }
  }

  private mutating func findHosts(_ live: [Int]) {
    for value in live { host[value] = argument(of: value) }
    for (value, argument) in host { guest[argument] = value }
  }

  /// What an activation, or a sum that begins with a sum of products, takes the place of: an affine value, or a sum
  /// that itself takes the place of one.
  private func argument(of value: Int) -> Int? {
    guard case .elementwise(let form) = graph.values[value].operation else { return nil }
    let argument: Factor?
    switch form {
    case .unary(_, let factor): argument = factor
    case .sum(let terms): argument = terms.first?.factor
    default: argument = nil
    }
    guard case .value(let reading)? = argument, reading.shift == 0, reading.offset == 0,
      reading.count == graph.values[value].count, reading.count == graph.values[reading.value].count,
      !kept.contains(reading.value), schedule.readers[reading.value].count == 1,
      isAffine(reading.value) || isSum(reading.value) && self.argument(of: reading.value) != nil
    else { return nil }
    return reading.value
  }

  private func isSum(_ value: Int) -> Bool {
    if case .elementwise(.sum) = graph.values[value].operation { true } else { false }
  }

  // MARK: Groups

  /// The vectors that an affine value's products read.
  private func operandsOfAffine(_ value: Int) -> [Reading] {
    guard case .affine(let products, _) = graph.values[value].operation else { return [] }
    return products.compactMap { product in
      if case .product(_, let operand, _, _) = graph.values[product].operation { operand } else { nil }
    }
  }

  /// The affine values, and the shifts, for which products read a value.
  private func sinks(_ value: Int) -> [Reading] {
    schedule.readers[value].compactMap { reader, reading in
      guard case .product(_, _, _, let target) = graph.values[reader].operation else { return nil }
      return Reading(value: target, shift: reading.shift, count: 0)
    }
  }

  /// Puts values that share a key side by side.
  private mutating func group(_ values: [Int], by keys: (Int) -> [Reading]) {
    var members: [[Int]] = []
    var groupOfKey: [Reading: Int] = [:]
    for value in values {
      let own = keys(value)
      let groups = Set(own.compactMap { groupOfKey[$0] }).sorted()
      guard let first = groups.first else {
        for key in own { groupOfKey[key] = members.count }
        members.append([value])
        continue
      }
      for other in groups.dropFirst() {
        members[first] += members[other]
        members[other] = []
        for (key, index) in groupOfKey where index == other { groupOfKey[key] = first }
      }
      members[first].append(value)
      for key in own { groupOfKey[key] = first }
    }
    for group in members where !group.isEmpty { place(ordered(group, by: keys)) }
  }

  /// An order in which the members that share a key are neighbours, as far as there is one: members are sorted by the
  /// place of their set of keys in a Gray code, in which {1}, {1, 2}, {2} follow each other; then by activation.
  private func ordered(_ group: [Int], by keys: (Int) -> [Reading]) -> [Int] {
    var numbers: [Reading: Int] = [:]
    var codes: [Int: UInt64] = [:]
    for value in group {
      var code: UInt64 = 0
      for key in keys(value) {
        let number = numbers[key] ?? numbers.count
        numbers[key] = number
        if number < 63 { code |= 1 << UInt64(number) }
      }
      var place = code
      var rest = code >> 1
      while rest != 0 {
        place ^= rest
        rest >>= 1
      }
      codes[value] = place
    }
    let position = Dictionary(uniqueKeysWithValues: group.enumerated().map { ($1, $0) })
    return group.sorted { a, b in
      let left = (codes[a] ?? 0, activation(a), position[a] ?? 0)
      let right = (codes[b] ?? 0, activation(b), position[b] ?? 0)
      return left < right
    }
  }

  /// The number of the activation that takes a value's place; -1 if none does.
  private func activation(_ value: Int) -> Int {
    var current = value
    while let next = guest[current] { current = next }
    if case .elementwise(.unary(let operation, _)) = graph.values[current].operation { return Int(operation.index) }
    return -1
  }

  private mutating func place(_ group: [Int]) {
    var offset = 0
    var extents: Set<Extent> = []
    var groups: Set<Int> = []
    var isMovable = true
    for value in group {
      places[value] = Place(buffer: buffers.count, offset: offset)
      offset += graph.values[value].count
      var current: Int? = value
      while let inPlace = current {
        extents.insert(extent(of: inPlace))
        isMovable = isMovable && self.isMovable(inPlace)
        if let group = grouping.group(ofPhase: schedule.phase[inPlace]) { groups.insert(group) }
        current = guest[inPlace]
      }
    }
    let isOfChunk = !extents.contains(.window) && groups.count == 1 && isMovable
    let extent: Extent = extents == [.step] ? .step : isOfChunk ? .chunk : .window
    buffers.append(Buffer(width: offset, extent: extent, group: groups.first))
  }
}
