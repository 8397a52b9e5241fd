import Algebra
import Kernels

/// Writes the items of a plan's phases, once every value has its place.
struct PlanWriter {
  var graph: PlanGraph
  private let schedule: PlanSchedule
  private let layout: PlanLayout
  private let batch: Int
  private let slots: Int
  private let machine: PlanMachine
  private(set) var phases: [Plan.Phase] = []
  private(set) var packs: [PackedMatrix] = []
  private(set) var biases: [BiasJob] = []
  private(set) var functions: [Operator.ID] = []
  private(set) var tapeSlots = 0
  private let room: Room
  /// Affine values to which something was added already.
  private var started: Set<Int> = []
  private let totals: [Int: Operand]
  /// How many operations read each value, whether they are computed or not.
  private let readerCounts: [Int]

  /// What is left of the storage, and the numbers of the equations that have a place in it.
  private final class Room {
    var size: Int
    var addresses: [UInt64: Int] = [:]
    var numbers: [(base: Int, value: Double)] = []

    init(size: Int) { self.size = size }

    func allocate(_ count: Int) -> Int {
      size = (size + 15) / 16 * 16
      defer { size += count }
      return size
    }

    func address(of number: Double) -> Int {
      if let known = addresses[number.bitPattern] { return known }
      let address = allocate(1)
      addresses[number.bitPattern] = address
      numbers.append((address, number))
      return address
    }
  }

  var size: Int { room.size }
  var constants: [(base: Int, value: Double)] { room.numbers }

  /// - Parameter totals: where each sum over all times lies.
  init(
    _ graph: PlanGraph, _ schedule: PlanSchedule, _ layout: PlanLayout, totals: [Int: Operand], batch: Int, slots: Int,
    size: Int, machine: PlanMachine
  ) {
    self.graph = graph
    self.schedule = schedule
    self.layout = layout
    self.batch = batch
    self.slots = slots
    self.machine = machine
    self.totals = totals
    var counts = Array(repeating: 0, count: graph.values.count)
    for readings in schedule.readings { for reading in readings { counts[reading.value] += 1 } }
    readerCounts = counts
    room = Room(size: size)
  }

  /// Where a reading lies; nil for what lies nowhere.
  func slice(_ reading: Reading) -> Slice? {
    guard let place = layout.places[reading.value] else { return nil }
    let buffer = layout.buffers[place.buffer]
    let timeStride = buffer.extent == .step ? 0 : batch * buffer.width
    return Slice(
      base: buffer.base + place.offset + reading.offset + reading.shift * timeStride, timeStride: timeStride,
      rowStride: buffer.width, count: reading.count, isOfChunk: buffer.extent == .chunk)
  }

  private func operand(_ source: TimedSource) -> Operand {
    guard let slice = slice(source.reading) else { return Operand() }
    var result = Operand(
      base: slice.base, rows: source.rows, columns: source.columns, rowStride: source.columns, columnStride: 1,
      batchStride: slice.rowStride, timeStride: slice.timeStride)
    if source.isTransposed { (result.rowStride, result.columnStride) = (1, source.rows) }
    return result
  }

  /// Where a value lies, as a matrix.
  private func operand(_ value: Int) -> Operand {
    let own = graph.values[value]
    return operand(
      TimedSource(reading: Reading(value: value, count: own.count), rows: own.rows, columns: own.columns))
  }

  // MARK: Phases

  mutating func writePhase(_ index: Int) {
    let phase = schedule.phases[index]
    var items: [PlanItem] = []
    for (level, values) in phase.levels.enumerated() {
      items += level % 2 == 0 ? writeProducts(values, rows: phase.isLoop ? batch : batch * slots) : writeTapes(values)
    }
    let work = items.reduce(0.0) { $0 + PlanWriter.work(of: $1) }
    phases.append(Plan.Phase(isLoop: phase.isLoop, isBackward: phase.isBackward, items: items, work: work))
  }

  /// Vector operations of an item for one sequence, and what it takes to begin one.
  private static func work(of item: PlanItem) -> Double {
    switch item {
    case .product(let item): 200 + Double(item.left.count) * Double(item.result.count) / 8
    case .outer(let item): 200 + Double(item.left.count) * Double(item.right.count) / 8
    case .tape(let item): 200 + Double(item.columns * item.instructions.count) / 4
    case .plain(let instruction):
      200 + 10 * Double(instruction.result.count) * Double(instruction.operands.first?.columns ?? 1)
    case .columnSum(let item): 200 + Double(item.source.count) / 8
    case .reduce(_, let source, _): 200 + Double(source.count) / 4
    case .time, .clamp: 50
    }
  }

  private mutating func writeProducts(_ values: [Int], rows: Int) -> [PlanItem] {
    var blocks: [ProductWriter.Block] = []
    var items: [PlanItem] = []
    for value in values {
      switch graph.values[value].operation {
      case .product(let matrix, let operand, let isNegative, let target):
        guard let left = slice(operand),
          let result = slice(Reading(value: target, count: graph.values[target].count))
        else { continue }
        blocks.append(
          ProductWriter.Block(
            value: value, matrix: matrix, isNegative: isNegative, left: left, shift: operand.shift, result: result,
            target: target))
      case .plain(let node, let operands):
        let places = Dictionary(operands.map { ($0.node, operand($0.source)) }, uniquingKeysWith: { $1 })
        if let instruction = graph.builder.instruction(for: node, result: operand(value), timed: places) {
          items.append(.plain(instruction))
        }
      case .spread(let source):
        let result = operand(value)
        items.append(
          .plain(
            Instruction(
              operation: .copy, operands: [operand(source).spread(rows: result.rows, columns: result.columns)],
              result: result)))
      case .clamped(let reading, let parts):
        if let source = slice(reading), let result = slice(Reading(value: value, count: reading.count)) {
          items.append(.clamp(ClampItem(source: source, result: result, parts: parts)))
        }
      case .reduce(let reduction, let reading):
        if let source = slice(reading), let result = slice(Reading(value: value, count: 1)) {
          items.append(.reduce(reduction, source: source, result: result))
        }
      case .time:
        if let place = slice(Reading(value: value, count: 1)) { items.append(.time(place)) }
      case .total: items += writeTotal(value)
      case .input, .elementwise, .affine: break
      }
    }
    return ProductWriter.joined(blocks, started: &started).map { .product(write($0, rows: rows)) }
      + SumWriter.joined(items).map { onTiles($0, rows: rows) }
  }

  /// A sum of outer products on the matrix unit, if it is faster there.
  private func onTiles(_ item: PlanItem, rows: Int) -> PlanItem {
    guard case .outer(var item) = item else { return item }
    item.isTiled = machine.isSumTiled(rows, item.left.count, item.right.count)
    return .outer(item)
  }

  private mutating func write(_ product: ProductWriter.Joined, rows: Int) -> ProductItem {
    let (inner, outer) = (product.left.count, product.result.count)
    let isTiled = machine.isProductTiled(rows, inner, outer)
    let panels = (outer + machine.panelWidth - 1) / machine.panelWidth * machine.panelWidth
    let count = isTiled ? machine.tiledCount(inner, outer) : inner * panels
    var matrix = PackedMatrix(packed: room.allocate(count), inner: inner, outer: outer, isTiled: isTiled)
    for (block, innerOffset, outerOffset) in product.blocks {
      matrix.blocks.append(
        PackedMatrix.Block(
          source: block.matrix, isNegative: block.isNegative, innerOffset: innerOffset, outerOffset: outerOffset))
    }
    packs.append(matrix)
    let start = product.isStarted ? .accumulate : writeBiases(of: product.targets, count: outer)
    return ProductItem(
      left: product.left, result: product.result, packed: matrix.packed, start: start, isTiled: isTiled)
  }

  private mutating func writeBiases(of targets: [Int], count: Int) -> ProductItem.Start {
    var terms: [(offset: Int, count: Int, terms: [(isNegative: Bool, operand: Operand)])] = []
    var offset = 0
    for target in targets {
      guard case .affine(_, let biases) = graph.values[target].operation else { continue }
      terms.append((offset, graph.values[target].count, biases))
      offset += graph.values[target].count
    }
    guard terms.contains(where: { !$0.terms.isEmpty }) else { return .zero }
    let row = room.allocate(count)
    for part in terms {
      biases.append(BiasJob(result: row + part.offset, count: part.count, terms: part.terms))
    }
    return .row(row)
  }

  // MARK: Tapes

  private mutating func writeTapes(_ values: [Int]) -> [PlanItem] {
    var widths: [Int] = []
    for value in values where layout.places[value] != nil && !widths.contains(graph.values[value].count) {
      widths.append(graph.values[value].count)
    }
    var items: [PlanItem] = []
    for width in widths {
      let stored = values.filter { graph.values[$0].count == width && layout.places[$0] != nil }
      let (slices, room) = (self, room)
      var writer = TapeWriter(
        graph, layout, columns: width, functions: functions, slice: slices.slice, address: room.address,
        readerCounts: readerCounts)
      writer.writeActivations(stored)
      for value in stored { writer.write(value) }
      functions = writer.functions
      if let tape = writer.finished() {
        tapeSlots = max(tapeSlots, tape.slots)
        items.append(.tape(tape))
      }
    }
    return items
  }

  // MARK: Sums over all times

  private func writeTotal(_ value: Int) -> [PlanItem] {
    guard case .total(_, let form) = graph.values[value].operation, let place = totals[value] else { return [] }
    switch form {
    case .sum(let reading):
      return slice(reading).map { [.columnSum(ColumnSumItem(source: $0, result: place.base))] } ?? []
    case .outer(let terms):
      return terms.compactMap { term in
        guard let left = slice(term.left), let right = slice(term.right) else { return nil }
        return .outer(
          OuterItem(
            left: left, right: right, result: place.base + term.column, resultStride: place.columns,
            isTiled: false))
      }
    }
  }
}
