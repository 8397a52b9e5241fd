import Kernels

/// Which jobs of a phase threads can share, and where all must be done before any goes on.
///
/// In a loop a sequence never reads another, so a part runs its sequences through all steps. What is computed for all
/// times at once is split by rows [time][sequence] instead; there a job must wait if it reads at another time what one
/// before it wrote, or writes what one before it read at another time. A sum over all times is split by its entries,
/// never along the sum. So no number depends on how many parts there are.
struct PlanSections {
  private(set) var all: [PlanSection] = []
  /// Buffers with rows for several times, and how many of these lie before the first step.
  private let windows: [(range: Range<Int>, timeStride: Int, past: Int)]
  private let past: Int
  /// What the jobs of the section at hand touch.
  private var touched: [Access] = []

  /// Numbers of the window that a job reads or writes: which buffer, and how many times from its own.
  private struct Access {
    var window: Int
    var shift: Int
    var writes: Bool
  }

  init(isLoop: Bool, _ items: [PlanItem], _ plan: Plan) {
    past = plan.past
    let slots = plan.past + plan.slots + plan.future
    windows =
      plan.windows.map { ($0.base..<$0.base + $0.timeStride * slots, $0.timeStride, plan.past) }
      + plan.groups.flatMap { group in
        group.buffers.map {
          let slots = group.longestChunk + ($0.hasFuture ? plan.future : 0)
          return ($0.base..<$0.base + slots * $0.timeStride, $0.timeStride, 0)
        }
      }
    if isLoop {
      let isByRow = items.allSatisfy { PlanSections.split(of: $0) == .rows }
      all = items.isEmpty ? [] : [PlanSection(jobs: 0..<items.count, split: isByRow ? .rows : .none)]
      return
    }
    for (index, item) in items.enumerated() {
      let split = PlanSections.split(of: item)
      let own = accesses(of: item)
      if split == .rows, let last = all.last, last.split == .rows, !touched.contains(where: { isHazard($0, own) }) {
        all[all.count - 1].jobs = last.jobs.lowerBound..<index + 1
        touched += own
      } else {
        all.append(PlanSection(jobs: index..<index + 1, split: split))
        touched = own
      }
    }
  }

  private static func split(of item: PlanItem) -> PlanSection.Split {
    switch item {
    case .product, .tape, .reduce, .time, .clamp: .rows
    case .outer, .columnSum: .entries
    case .plain: .none
    }
  }

  private func isHazard(_ before: Access, _ own: [Access]) -> Bool {
    own.contains { $0.window == before.window && $0.shift != before.shift && ($0.writes || before.writes) }
  }

  private func accesses(of item: PlanItem) -> [Access] {
    switch item {
    case .product(let item): [access(item.left, writes: false), access(item.result, writes: true)].compactMap { $0 }
    case .tape(let item):
      item.operands.compactMap { place in
        guard case .memory(let slice, _) = place else { return nil }
        return access(slice, writes: isResult(place, of: item))
      }
    case .reduce(_, let source, let result):
      [access(source, writes: false), access(result, writes: true)].compactMap { $0 }
    case .time(let place): [access(place, writes: true)].compactMap { $0 }
    case .clamp(let item): [access(item.source, writes: false), access(item.result, writes: true)].compactMap { $0 }
    case .outer, .columnSum, .plain: []
    }
  }

  private func isResult(_ place: TapeItem.Place, of tape: TapeItem) -> Bool {
    tape.instructions.contains { tape.operands[Int($0.result)] == place }
  }

  /// Nil for what has no time.
  private func access(_ slice: Slice, writes: Bool) -> Access? {
    guard slice.timeStride > 0 else { return nil }
    // The slot of the first step lies inside, whatever the shift.
    let address = slice.base + past * slice.timeStride
    guard let window = windows.firstIndex(where: { $0.range.contains(address) }) else {
      return Access(window: -1, shift: writes ? -1 : 1, writes: true)
    }
    let offset = address - windows[window].range.lowerBound
    return Access(window: window, shift: offset / slice.timeStride - windows[window].past, writes: writes)
  }
}
