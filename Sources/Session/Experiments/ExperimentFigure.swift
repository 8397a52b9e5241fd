import Algebra
import Figures
import Typography

/// What an experiment answers: a table with spreads, learning curves, and in plain sentences what was seen and what was
/// not.
final class ExperimentFigure {
  let plan: ExperimentPlan
  let runs: [ExperimentRun]
  private let wasInterrupted: Bool

  init(_ plan: ExperimentPlan, _ runs: [ExperimentRun], wasInterrupted: Bool) {
    self.plan = plan
    self.runs = runs
    self.wasInterrupted = wasInterrupted
  }

  /// The runs of one cell at one size, over the seeds.
  struct Group {
    let cell: Int
    let size: Int
    let runs: [ExperimentRun]

    var finals: [Double] { runs.map { $0.losses.last ?? .nan } }
    /// After a quarter of the epochs: a small budget.
    var early: [Double] {
      runs.map { run in
        run.losses.isEmpty ? .nan : run.losses[max((run.losses.count + 3) / 4 - 1, 0)]
      }
    }
  }

  var groups: [Group] {
    plan.sizes.flatMap { size in
      plan.cells.indices.compactMap { cell in
        let own = runs.filter { $0.cell == cell && $0.size == size }
        return own.isEmpty ? nil : Group(cell: cell, size: size, runs: own)
      }
    }
  }

  // MARK: As a table

  private var lossName: String { plan.task.loss == "mse" ? "mean square error" : "cross-entropy" }

  /// Numbers, for whoever works on with them.
  var table: Table {
    let groups = groups
    func numbers(_ body: (Group) -> Double) -> Table.Column { .numbers(groups.map(body)) }
    return Table(
      headings: ["cell", "h", "numbers", "sequences", "seeds", "early", "early_s", "loss", "loss_s"],
      columns: [
        .texts(groups.map { plan.cells[$0.cell].name }), numbers { Double($0.runs[0].width) },
        numbers { Double($0.runs[0].numbers) }, numbers { Double($0.size) }, numbers { Double($0.runs.count) },
        numbers { Spread($0.early).mean }, numbers { Spread($0.early).deviation }, numbers { Spread($0.finals).mean },
        numbers { Spread($0.finals).deviation },
      ])
  }

  /// As it is read: means with their spreads in one place.
  var shown: Table {
    let groups = groups
    let quarter = (plan.epochs + 3) / 4
    let early = plan.seconds == nil ? "after \(quarter) of \(plan.epochs) epochs" : "after a quarter of the time"
    return Table(
      headings: ["cell", "h", "numbers", "sequences", early, "at the end"],
      columns: [
        .texts(groups.map { plan.cells[$0.cell].name }), .numbers(groups.map { Double($0.runs[0].width) }),
        .numbers(groups.map { Double($0.runs[0].numbers) }), .numbers(groups.map { Double($0.size) }),
        .texts(groups.map { Spread($0.early).text }), .texts(groups.map { Spread($0.finals).text }),
      ], isRead: true)
  }

  /// A row for each run.
  var runTable: Table {
    Table(
      headings: ["cell", "sequences", "seed", "epochs", "best", "loss"],
      columns: [
        .texts(runs.map { plan.cells[$0.cell].name }), .numbers(runs.map { Double($0.size) }),
        .numbers(runs.map { Double($0.seed) }), .numbers(runs.map { Double($0.losses.count) }),
        .numbers(runs.map { $0.losses.min() ?? .nan }), .numbers(runs.map { $0.losses.last ?? .nan }),
      ])
  }

  // MARK: Learning curves

  /// The mean over the seeds after each epoch, as far as all runs have come.
  private func curve(_ group: Group) -> [Double] {
    let count = group.runs.map(\.losses.count).min() ?? 0
    return (0..<count).map { epoch in Spread(group.runs.map { $0.losses[epoch] }).mean }
  }

  private func name(_ group: Group) -> String {
    plan.cells[group.cell].name + (plan.sizes.count > 1 ? ", \(group.size) sequences" : "")
  }

  var chart: Chart {
    let groups = groups
    var series = groups.map { group in
      Chart.Series(
        name: name(group),
        points: curve(group).enumerated().map { Point(Double($0.offset + 1), $0.element > 0 ? $0.element : .nan) })
    }
    let last = groups.map { curve($0).count }.max() ?? 1
    let baseline = plan.baseline
    series.append(
      Chart.Series(
        name: plan.task.baselineWords, points: [Point(1, baseline), Point(Double(max(last, 1)), baseline)],
        style: .dashed))
    return Chart(
      title: title, x: Chart.Axis(label: "epochs"),
      y: Chart.Axis(label: "\(lossName), held out", isLogarithmic: true), series: series, notes: sentences)
  }

  var curveTable: Table {
    let groups = groups
    let curves = groups.map(curve)
    let rows = curves.map(\.count).max() ?? 0
    return Table(
      headings: ["epoch"] + groups.map { plan.cells[$0.cell].name + (plan.sizes.count > 1 ? "_\($0.size)" : "") },
      columns: [.numbers((0..<rows).map { Double($0 + 1) })]
        + curves.map { curve in .numbers((0..<rows).map { curve.indices.contains($0) ? curve[$0] : .nan }) })
  }

  // MARK: To be read

  private var title: String {
    let time = plan.seconds.map { "\(NumberText.significant($0)) s a run" } ?? counted(plan.epochs, "epoch")
    return
      "\(plan.task.name), \(plan.steps) steps: \(lossName) of held-out sequences; about \(plan.numbers) numbers to "
      + "learn each, \(time), \(plan.seeds == 1 ? "one seed" : "\(plan.seeds) seeds (mean ± their deviation)")"
  }

  var sentences: [String] { ExperimentSentences(self, wasInterrupted: wasInterrupted).all }

  func lines(_ display: Display) -> [String] {
    ReadTableText(shown, display).lines + chart.lines(width: display.width, ink: display.ink)
  }

  var picture: any Picture { chart }

  static let fields = ["table", "runs", "curves", "sentences"]

  func field(_ name: String) throws(ValueProblem) -> Value? {
    switch name {
    case "table": return .table(table)
    case "runs": return .table(runTable)
    case "curves": return .table(curveTable)
    case "sentences": return .list(try List(sentences.map { .text($0) }))
    default: return nil
    }
  }
}

/// A mean with the deviation of what it is of.
struct Spread {
  let mean: Double
  /// Of a sample, by n − 1; nil of one alone is 0.
  let deviation: Double
  let count: Int

  init(_ numbers: [Double]) {
    count = numbers.count
    let mean = numbers.reduce(0, +) / Double(max(numbers.count, 1))
    self.mean = mean
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = numbers.count > 1 ? (squares / Double(numbers.count - 1)).squareRoot() : 0
  }

  /// `0.0042 ± 0.0011`.
  var text: String {
    guard mean.isFinite else { return "diverged" }
    let value = NumberText.significant(mean, digits: 3)
    return count > 1 ? "\(value) ± \(NumberText.significant(deviation, digits: 2))" : value
  }
}
