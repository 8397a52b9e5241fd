import Algebra
import Kernels

/// A recurrence with known widths as a program over one storage of numbers: what is done when parameters change, then
/// phases that are run over a window of times.
///
/// The window has `past` slots of what came before, `slots` of a run and `future` slots of what comes after; buffers in
/// it are [slot][sequence][width].
package struct Plan {
  struct Phase {
    var isLoop: Bool
    var isBackward: Bool
    var items: [PlanItem]
    /// Multiplications of one sequence at one time, roughly.
    var work: Double
  }

  /// Phases that run the same way and are run in turn over chunks of time, so that what one writes is near when the
  /// next reads it.
  struct Group {
    var phases: [Phase]
    var isBackward: Bool
    var isChunked: Bool
    /// Steps that all of them do in turn, for one thread; those of the whole run if they are not chunked.
    var chunk: Int
    /// The most steps of a chunk: for several threads, each with a cache of its own.
    var longestChunk: Int
    /// Some of it adds up over all times, in an order that must not depend on the threads.
    var hasSums: Bool
    var buffers: [ChunkBuffer]
  }

  /// A buffer of the values that only one group's phases read: room for the times of a chunk, used again for the next,
  /// and behind it, if they are read at later times, for the first ones of the chunk that was done before.
  struct ChunkBuffer {
    var base: Int
    var timeStride: Int
    /// Read at later times.
    var hasFuture: Bool
  }

  /// Where an input or variable lies in the window, or a parameter.
  package struct Location {
    package var slice: Slice
    var hasPast: Bool
  }

  let batch: Int
  let slots: Int
  let past: Int
  let future: Int
  private(set) var update: [Instruction] = []
  private(set) var packs: [PackedMatrix] = []
  private(set) var biases: [BiasJob] = []
  private(set) var groups: [Group] = []
  private(set) var finish: [Instruction] = []
  /// Sums over all times, which begin at 0.
  private(set) var totals: [Range<Int>] = []
  private(set) var constants: [(base: Int, value: Double)] = []
  private(set) var starts: [(symbol: SymbolID, time: Int, value: Operand)] = []
  package private(set) var parameters: [SymbolID: Operand] = [:]
  package private(set) var locations: [SymbolID: Location] = [:]
  /// Variables with room for a chunk only, where the times after the last one are read: the first lies at the base.
  private(set) var futures: [SymbolID: Slice] = [:]
  /// Where symbols lie, also for one step only.
  private(set) var slices: [SymbolID: Slice] = [:]
  private(set) var functions: [Operator.ID] = []
  /// Buffers of the window, with the numbers of one slot.
  private(set) var windows: [(base: Int, timeStride: Int, hasPast: Bool)] = []
  private(set) var size = 0
  private(set) var scratchSize = 0
  /// The most temporaries of a tape.
  private(set) var tapeSlots = 0
  let isCausal: Bool

  /// The largest storage, in bytes.
  static let largestSize = 1 << 30

  /// - Parameters:
  ///   - kept: the symbols whose values are read afterwards; nil for all.
  ///   - clamped: variables that may be held at some times.
  ///   - machine: what it is made for.
  /// - Throws: `PlanFailure` for what has no plan; `StorageTooLarge`.
  package init(
    _ recurrence: Recurrence, shapes: ShapeSolution, batch: Int, slots: Int, kept: Set<SymbolID>? = nil,
    clamped: Set<SymbolID> = [], machine: PlanMachine
  ) throws {
    self.batch = batch
    self.slots = slots
    past = max(recurrence.longestDelay, recurrence.starts.map { 1 - $0.time }.max() ?? 0, 1)
    future = recurrence.longestLead
    isCausal = try Schedule(recurrence).isCausal
    let keptSymbols = kept ?? Set(recurrence.variables)
    var graph = try PlanGraph(recurrence, shapes: shapes, batch: batch, clamped: clamped)
    let keptValues = Set(keptSymbols.compactMap { graph.symbols[$0]?.value })
    let inputs = recurrence.inputs.compactMap { graph.symbols[$0]?.value }
    let schedule = PlanSchedule(graph, roots: keptValues.sorted() + graph.totals)
    let grouping = PlanGrouping(graph, schedule)
    var layout = PlanLayout(graph, schedule, grouping, kept: keptValues.union(inputs))
    starts = graph.builder.compileStarts()
    scratchSize = graph.builder.scratchSize
    let totalPlaces = Plan.placeTotals(&graph, layout)
    finish = Plan.finish(&graph, totalPlaces)
    totals = totalPlaces.values.map { $0.base..<$0.base + $0.count }
    try graph.builder.checkSize()
    size = graph.builder.size
    groups = grouping.groups.map { group(of: $0, layout, machine) }
    try place(&layout, limit: Plan.largestSize / machine.bytesOfNumber)

    var writer = PlanWriter(
      graph, schedule, layout, totals: totalPlaces, batch: batch, slots: slots, size: size, machine: machine)
    for index in schedule.phases.indices { writer.writePhase(index) }
    packs = writer.packs
    biases = writer.biases
    functions = writer.functions
    tapeSlots = writer.tapeSlots
    scratchSize = max(graph.builder.scratchSize, writer.graph.builder.scratchSize)
    update = writer.graph.builder.update
    constants = writer.graph.builder.constants + writer.constants
    parameters = writer.graph.builder.location
    size = writer.size
    if size > Plan.largestSize / machine.bytesOfNumber { throw StorageTooLarge(numbers: Double(size)) }
    for (symbol, reading) in graph.symbols {
      guard let slice = writer.slice(reading) else { continue }
      slices[symbol] = slice
      guard slice.timeStride != 0, let place = layout.places[reading.value] else { continue }
      let buffer = layout.buffers[place.buffer]
      guard buffer.extent == .chunk else {
        locations[symbol] = Location(slice: slice, hasPast: buffer.hasPast)
        continue
      }
      guard buffer.hasFuture, let group = buffer.group else { continue }
      futures[symbol] = slice
      futures[symbol]?.base += (past + groups[group].longestChunk) * slice.timeStride
    }
    for (index, group) in grouping.groups.enumerated() { groups[index].phases = Array(writer.phases[group.phases]) }
  }

  /// Numbers that one time takes in the window, for all sequences.
  var numbersPerStep: Int { windows.reduce(0) { $0 + $1.timeStride } }

  /// How many steps the phases of a group do in turn.
  private func group(of group: PlanGrouping.Group, _ layout: PlanLayout, _ machine: PlanMachine) -> Group {
    let all = max(slots, 1)
    var (chunk, longest) = (all, all)
    if group.isChunked {
      let numbers = layout.buffers.reduce(0) { $0 + ($1.extent == .step ? 0 : $1.width) }
      let rows = max(
        group.hasSums ? machine.rowsOfSum : machine.rowsOfChunk, machine.numbersOfChunk / max(numbers, 1))
      chunk = min((rows + batch - 1) / max(batch, 1), all)
      longest = group.hasSums ? chunk : min(chunk * Workers.mostParts, all)
    }
    return Group(
      phases: [], isBackward: group.isBackward, isChunked: group.isChunked, chunk: chunk, longestChunk: longest,
      hasSums: group.hasSums, buffers: [])
  }

  /// Places sums over all times in the order of what they sum, so that neighbours can be one product.
  private static func placeTotals(_ graph: inout PlanGraph, _ layout: PlanLayout) -> [Int: Operand] {
    func key(_ value: Int) -> (Int, Int, Int, Int) {
      guard case .total(_, let form) = graph.values[value].operation else { return (-1, 0, 0, value) }
      let (right, reading): (Int, Reading?) =
        switch form {
        case .outer(let terms): (terms.first?.right.value ?? 0, terms.first?.left)
        case .sum(let source): (graph.values.count, source)
        }
      guard let reading, let place = layout.places[reading.value] else { return (-1, 0, 0, value) }
      return (right, place.buffer, place.offset + reading.offset, value)
    }
    let equations = graph.recurrence.equationsOfTotals.map { graph.recurrence.equations[$0] }
    var result: [Int: Operand] = [:]
    for value in graph.totals.sorted(by: { key($0) < key($1) }) {
      guard case .total(let node, _) = graph.values[value].operation else { continue }
      let place = graph.builder.placeTotal(node)
      result[value] = place
      for equation in equations where equation.body == node && equation.targets.count == 1 {
        graph.builder.name(equation.targets[0], place)
      }
    }
    return result
  }

  /// What is computed from the sums over all times.
  private static func finish(_ graph: inout PlanGraph, _ places: [Int: Operand]) -> [Instruction] {
    let summed = graph.recurrence.equationsOfTotals
    let sums = Set(
      graph.totals.compactMap { if case .total(let node, _) = graph.values[$0].operation { node } else { nil } })
    let order = (try? Schedule(graph.recurrence))?.derivedParameters.filter { index in
      summed.contains(index) && !sums.contains(graph.recurrence.equations[index].body)
    }
    return graph.builder.finish(order ?? [])
  }

  /// Gives buffers their addresses: the window first grows with the slots, so sizes are checked as they grow.
  private mutating func place(_ layout: inout PlanLayout, limit: Int) throws {
    let allSlots = past + slots + future
    for index in layout.buffers.indices {
      let buffer = layout.buffers[index]
      let slots: Int
      switch (buffer.extent, buffer.group) {
      case (.step, _): slots = 1
      case (.chunk, let group?): slots = groups[group].longestChunk + (buffer.hasFuture ? future : 0)
      default: slots = allSlots
      }
      let numbers = Double(size) + Double(batch) * Double(slots) * Double(buffer.width)
      guard numbers <= Double(limit) else { throw StorageTooLarge(numbers: numbers) }
      size = (size + 15) / 16 * 16
      let timeStride = batch * buffer.width
      layout.setBase(size, of: index)
      if buffer.extent == .window { windows.append((size, timeStride, buffer.hasPast)) }
      if buffer.extent == .chunk, let group = buffer.group {
        // Times are counted from before the first step on, for which there is no room.
        layout.setBase(size - past * timeStride, of: index)
        groups[group].buffers.append(ChunkBuffer(base: size, timeStride: timeStride, hasFuture: buffer.hasFuture))
      }
      size += timeStride * slots
    }
  }
}
