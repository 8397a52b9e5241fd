/// Phases that run the same way and can take turns over chunks of time, so that what one writes is near when the next
/// reads it.
struct PlanGrouping {
  struct Group {
    var phases: Range<Int>
    var isBackward: Bool
    /// Nothing reads what a later chunk computes, and there is more than one phase to take turns.
    var isChunked: Bool
    /// Something of it adds up over all times.
    var hasSums: Bool
  }

  let groups: [Group]
  /// Of each phase.
  private let group: [Int]

  init(_ graph: PlanGraph, _ schedule: PlanSchedule) {
    let ranges = PlanGrouping.ranges(schedule.phases)
    group = ranges.indices.flatMap { index in ranges[index].phases.map { _ in index } }
    groups = ranges.map { range, isBackward in
      let values = schedule.readings.indices.filter { range.contains(schedule.phase[$0]) }
      let looksAhead = values.contains { value in
        schedule.readings[value].contains {
          range.contains(schedule.phase[$0.value]) && (isBackward ? $0.shift < 0 : $0.shift > 0)
        }
      }
      return Group(
        phases: range, isBackward: isBackward, isChunked: range.count > 1 && !looksAhead,
        hasSums: values.contains { if case .total = graph.values[$0].operation { true } else { false } })
    }
  }

  /// The group of a phase; nil for what no phase computes.
  func group(ofPhase phase: Int) -> Int? { group.indices.contains(phase) ? group[phase] : nil }

  /// Phases that follow each other in one direction.
  private static func ranges(_ phases: [PlanSchedule.Phase]) -> [(phases: Range<Int>, isBackward: Bool)] {
    var ranges: [(phases: Range<Int>, isBackward: Bool)] = []
    for (index, phase) in phases.enumerated() {
      let loops = phases[index...].first { $0.isLoop }?.isBackward
      if phase.isLoop {
        if let last = ranges.last, last.isBackward == phase.isBackward {
          ranges[ranges.count - 1].phases = last.phases.lowerBound..<index + 1
        } else if let last = ranges.last, !phases[last.phases].contains(where: \.isLoop) {
          ranges[ranges.count - 1] = (last.phases.lowerBound..<index + 1, phase.isBackward)
        } else {
          ranges.append((index..<index + 1, phase.isBackward))
        }
      } else if let last = ranges.last {
        ranges[ranges.count - 1].phases = last.phases.lowerBound..<index + 1
      } else {
        ranges.append((index..<index + 1, loops ?? false))
      }
    }
    return ranges
  }
}
