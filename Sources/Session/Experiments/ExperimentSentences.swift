import Algebra
import Typography

/// What the runs of an experiment show, and what they do not: a difference counts as seen if it is larger than chance
/// makes it with so few seeds (Welch's t of the logarithms, since losses scatter by factors, beyond its 95 % quantile with
/// as many degrees of freedom as the smaller group has, which is careful).
struct ExperimentSentences {
  private let figure: ExperimentFigure
  private let wasInterrupted: Bool

  init(_ figure: ExperimentFigure, wasInterrupted: Bool) {
    self.figure = figure
    self.wasInterrupted = wasInterrupted
  }

  /// Two-sided 95 % quantiles of Student's t with 1, 2, ... degrees of freedom.
  private static let quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]

  /// Something that holds (or does not) under some conditions: data sizes, and when it was looked at.
  private struct Finding {
    var text: String
    var conditions: [String]
  }

  private struct Findings {
    var list: [Finding] = []

    mutating func add(_ text: String, _ condition: String) {
      if let place = list.firstIndex(where: { $0.text == text }) {
        list[place].conditions.append(condition)
      } else {
        list.append(Finding(text: text, conditions: [condition]))
      }
    }

    /// Each with its conditions, which go without saying if they are all there are.
    func texts(of conditionCount: Int) -> [String] {
      list.map { finding in
        finding.conditions.count == conditionCount
          ? finding.text + (conditionCount > 1 ? " throughout" : "")
          : "\(finding.text) \(finding.conditions.joined(separator: ", "))"
      }
    }
  }

  var all: [String] {
    let plan = figure.plan
    var result: [String] = []
    var (learned, notLearned) = (Findings(), Findings())
    var (seen, notSeen) = (Findings(), Findings())
    let looksEarly = plan.epochs > 3 || plan.seconds != nil
    for size in plan.sizes {
      let groups = figure.groups.filter { $0.size == size }
      let data = plan.sizes.count > 1 ? "with \(size) sequences" : ""
      judge(groups, data, &learned, &notLearned)
      compare(groups, [data, "at the end"], \.finals, &seen, &notSeen)
      if looksEarly { compare(groups, [data, "after a quarter"], \.early, &seen, &notSeen) }
    }
    let sizes = plan.sizes.count
    let count = looksEarly ? 2 * sizes : sizes
    let saw = learned.texts(of: sizes) + seen.texts(of: count)
    let missed = notLearned.texts(of: sizes) + notSeen.texts(of: count)
    if !saw.isEmpty { result.append("seen: " + saw.joined(separator: "; ")) }
    if !missed.isEmpty { result.append("not seen: " + missed.joined(separator: "; ")) }
    result.append(limits)
    return result
  }

  private func name(_ group: ExperimentFigure.Group) -> String { figure.plan.cells[group.cell].name }

  /// Who got beyond what needs no memory.
  private func judge(
    _ groups: [ExperimentFigure.Group], _ data: String, _ seen: inout Findings, _ notSeen: inout Findings
  ) {
    let baseline = figure.plan.baseline
    let words = "\(figure.plan.task.baselineWords) (\(NumberText.significant(baseline, digits: 3)))"
    for group in groups {
      let final = "\(name(group)) (\(Spread(group.finals).text))"
      if group.finals.allSatisfy({ $0 < baseline / 2 }) {
        seen.add("\(final) is far below \(words)", data)
      } else if !group.finals.contains(where: { $0 < baseline * 0.9 }) {
        notSeen.add("that \(final) gets below \(words)", data)
      }
    }
  }

  private func compare(
    _ groups: [ExperimentFigure.Group], _ conditions: [String], _ values: (ExperimentFigure.Group) -> [Double],
    _ seen: inout Findings, _ notSeen: inout Findings
  ) {
    let condition = conditions.filter { !$0.isEmpty }.joined(separator: " ")
    for (position, first) in groups.enumerated() {
      for second in groups.dropFirst(position + 1) {
        let (a, b) = (Self.logarithms(values(first)), Self.logarithms(values(second)))
        guard a.mean.isFinite, b.mean.isFinite else { continue }
        let (lower, upper) = a.mean <= b.mean ? (first, second) : (second, first)
        if Self.isSeen(a, b) {
          seen.add("\(name(lower)) below \(name(upper))", condition)
        } else {
          notSeen.add("a difference between \(name(first)) and \(name(second))", condition)
        }
      }
    }
  }

  private static func logarithms(_ losses: [Double]) -> Spread { Spread(losses.map(Power.log10)) }

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
    if wasInterrupted {
      parts.append("it was interrupted after \(counted(figure.runs.count, "run")) of \(plan.runCount)")
    }
    if plan.seeds == 1 { parts.append("one seed says nothing of chance: no difference counts as seen") }
    let diverged = figure.runs.filter(\.diverged).count
    if diverged > 0 { parts.append("\(counted(diverged, "run")) diverged") }
    if plan.seconds != nil { parts.append("with equal time the figures differ from machine to machine") }
    parts.append(
      "all with Adam at \(NumberText.significant(plan.rate)), mini-batches of \(plan.batch): other settings may favour another cell"
    )
    return "to be said with it: " + parts.joined(separator: "; ")
  }
}
