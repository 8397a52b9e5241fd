import Typography

/// What the runs of an experiment show, and what they do not: a difference counts as seen if it is larger than chance
/// makes it with so few seeds (Welch's t beyond its 95 % quantile, with as many degrees of freedom as the smaller group
/// has, which is careful).
struct ExperimentSentences {
  private let figure: ExperimentFigure
  private let wasInterrupted: Bool

  init(_ figure: ExperimentFigure, wasInterrupted: Bool) {
    self.figure = figure
    self.wasInterrupted = wasInterrupted
  }

  /// Two-sided 95 % quantiles of Student's t with 1, 2, ... degrees of freedom.
  private static let quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]

  var all: [String] {
    var seen: [String] = []
    var notSeen: [String] = []
    let plan = figure.plan
    for size in plan.sizes {
      let groups = figure.groups.filter { $0.size == size }
      let where_ = plan.sizes.count > 1 ? "with \(size) sequences " : ""
      learned(groups, where_, &seen, &notSeen)
      differences(groups, where_, "at the end", \.finals, &seen, &notSeen)
      if plan.epochs > 3 || plan.seconds != nil {
        differences(groups, where_, "after a quarter", \.early, &seen, &notSeen)
      }
    }
    var result: [String] = []
    if !seen.isEmpty { result.append("seen: " + seen.joined(separator: "; ")) }
    if !notSeen.isEmpty { result.append("not seen: " + notSeen.joined(separator: "; ")) }
    result.append(limits)
    return result
  }

  private func name(_ group: ExperimentFigure.Group) -> String { figure.plan.cells[group.cell].name }

  /// Who got beyond what needs no memory.
  private func learned(
    _ groups: [ExperimentFigure.Group], _ where_: String, _ seen: inout [String], _ notSeen: inout [String]
  ) {
    let baseline = figure.plan.task.baseline(figure.plan.steps)
    let words = "\(figure.plan.task.baselineWords) (\(NumberText.significant(baseline, digits: 3)))"
    let (well, badly) = (groups.filter { $0.finals.allSatisfy { $0 < baseline / 2 } }, groups.filter { !$0.finals.contains { $0 < baseline * 0.9 } })
    if !well.isEmpty { seen.append("\(where_)\(listed(well)) \(well.count == 1 ? "is" : "are") far below \(words)") }
    if !badly.isEmpty { notSeen.append("\(where_)that \(listed(badly)) \(badly.count == 1 ? "gets" : "get") below \(words)") }
  }

  private func listed(_ groups: [ExperimentFigure.Group]) -> String {
    let names = groups.map { "\(name($0)) (\(Spread($0.finals).text))" }
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  private func differences(
    _ groups: [ExperimentFigure.Group], _ where_: String, _ when: String,
    _ values: (ExperimentFigure.Group) -> [Double], _ seen: inout [String], _ notSeen: inout [String]
  ) {
    for (position, first) in groups.enumerated() {
      for second in groups.dropFirst(position + 1) {
        let (a, b) = (Spread(values(first)), Spread(values(second)))
        guard a.mean.isFinite, b.mean.isFinite else { continue }
        let (lower, upper) = a.mean <= b.mean ? (first, second) : (second, first)
        if Self.isSeen(a, b) {
          let (low, high) = a.mean <= b.mean ? (a, b) : (b, a)
          seen.append(
            "\(where_)\(when) \(name(lower)) is below \(name(upper)) (\(low.text) against \(high.text))")
        } else {
          notSeen.append("\(where_)\(when) a difference between \(name(first)) and \(name(second))")
        }
      }
    }
  }

  private static func isSeen(_ a: Spread, _ b: Spread) -> Bool {
    let freedom = min(a.count, b.count) - 1
    guard freedom >= 1 else { return false }
    let deviation =
      (a.deviation * a.deviation / Double(a.count) + b.deviation * b.deviation / Double(b.count)).squareRoot()
    let quantile = freedom <= quantiles.count ? quantiles[freedom - 1] : 2.1
    return abs(a.mean - b.mean) > quantile * deviation
  }

  /// What such runs cannot say.
  private var limits: String {
    let plan = figure.plan
    var parts: [String] = []
    if wasInterrupted { parts.append("it was interrupted after \(counted(figure.runs.count, "run")) of \(plan.runCount)") }
    if plan.seeds == 1 { parts.append("one seed says nothing of chance: no difference counts as seen") }
    let diverged = figure.runs.filter(\.diverged).count
    if diverged > 0 { parts.append("\(counted(diverged, "run")) diverged") }
    if plan.seconds != nil { parts.append("with equal time the figures differ from machine to machine") }
    parts.append(
      "all with Adam at \(NumberText.significant(plan.rate)), mini-batches of \(plan.batch): other settings may favour another cell")
    return "to be said with it: " + parts.joined(separator: "; ")
  }
}
