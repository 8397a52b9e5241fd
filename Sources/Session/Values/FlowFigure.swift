import Algebra
import Figures
import Runtime
import Typography

/// `flow(LSTM, GRU)`: norms of gradients going back in time, as a chart, with half-lives and what they come from.
final class FlowFigure {
  struct Part {
    let name: String
    /// `x: 32, h: 32`.
    let widths: String
    /// That were fed together.
    let sequences: Int
    let flow: GradientFlow
  }

  let parts: [Part]
  /// Of the random nets.
  private let seed: Int?

  init(_ parts: [Part], seed: Int?) {
    self.parts = parts
    self.seed = seed
  }

  var picture: any Picture { chart }

  func lines(_ display: Display) -> [String] { chart.lines(width: display.width, ink: display.ink) }

  // MARK: As data

  /// One line of the chart.
  struct Curve {
    let cell: String
    let state: String
    /// A class of paths; nil for all.
    let paths: String?
    let norms: [Double]
  }

  /// All curves; classes of paths come after what they add up to.
  var curves: [Curve] {
    parts.flatMap { part in
      part.flow.states.flatMap { state -> [Curve] in
        let whole = Curve(cell: part.name, state: state.name, paths: nil, norms: state.norms)
        let classes = state.classes.map {
          Curve(
            cell: part.name, state: state.name, paths: Self.within(state.name, $0.name), norms: $0.norms)
        }
        return [whole] + (classes.count > 1 ? classes : [])
      }
    }
  }

  /// A text about a part of a net, `layer1.h`, without the part's name before every name.
  private static func within(_ state: String, _ text: String) -> String {
    guard let point = state.lastIndex(of: ".") else { return text }
    return text.split(separator: String(state[...point]), omittingEmptySubsequences: false).joined()
  }

  /// The norms by steps back: of several cells without classes of paths, which would be too many to tell apart.
  var chart: Chart {
    let shown = curves.filter { $0.paths == nil || parts.count == 1 }
    let series = shown.map { curve in
      let points = curve.norms.enumerated().map { back, norm in
        // What is 0 has no place on a logarithmic axis: a gap.
        Point(Double(back), norm > 0 ? norm : .nan)
      }
      let state = parts.count == 1 ? curve.state : "\(curve.cell) \(curve.state)"
      return Chart.Series(
        name: curve.paths.map { "\(state): \($0)" } ?? state, points: points,
        style: curve.paths == nil ? .line : .dashed)
    }
    var chart = Chart(
      title: title, x: Chart.Axis(label: "steps back, k"),
      y: Chart.Axis(label: "‖∂v[T]/∂v[T-k]‖₂", isLogarithmic: true), series: series, notes: notes)
    if let floor = floor(of: shown), let greatest = shown.flatMap(\.norms).filter(\.isFinite).max() {
      chart.y.range = floor...max(greatest, 1)
      let fallen = zip(shown, series).compactMap { curve, line in
        curve.norms.indices.last { curve.norms[$0] >= floor }.flatMap { last in
          curve.norms.dropFirst(last + 1).contains { $0 > 0 } ? "\(line.name) after \(last) steps" : nil
        }
      }
      chart.notes.append("below \(Self.short(floor)), and not shown: \(fallen.joined(separator: ", "))")
    }
    return chart
  }

  /// Where the axis ends, if classes of paths fade so much faster than all paths together that these would be
  /// pressed into one line: two decades below what is left of all.
  private func floor(of shown: [Curve]) -> Double? {
    func least(_ curves: [Curve]) -> Double? { curves.flatMap(\.norms).filter { $0 > 0 && $0.isFinite }.min() }
    guard let whole = least(shown.filter { $0.paths == nil }), let part = least(shown.filter { $0.paths != nil }),
      part < whole * 1e-6
    else { return nil }
    return Double("1e\(Int(Power.log10(whole).rounded(.down)) - 2)").flatMap { $0 > part ? $0 : nil }
  }

  private var title: String {
    let widths = Set(parts.map(\.widths))
    let names = parts.map { widths.count == 1 ? $0.name : "\($0.name) (\($0.widths))" }.joined(separator: ", ")
    let random = seed.map { ", random nets of seed \($0) fed normal numbers" } ?? ""
    return "how the gradient fades going back: \(names)" + (widths.count == 1 ? ", " + (widths.first ?? "") : "")
      + random
  }

  /// A sentence for each state: how fast, and why.
  var notes: [String] { parts.flatMap(notes) }

  private func notes(of part: Part) -> [String] {
    let head = parts.count == 1 ? "" : "\(part.name): "
    var result = part.flow.states.map { state in
      var text = "\(parts.count == 1 ? "" : part.name + " ")\(state.name): \(Self.speed(state.norms))"
      if let direct = state.direct {
        text += "; along itself each step multiplies by \(Self.within(state.name, direct.text))"
        if let mean = direct.mean { text += ", \(Self.short(mean)) on average, which alone \(Self.halving(mean))" }
      }
      return text
    }
    let radius = part.flow.meanRadius
    result.append(
      "\(head)the mean Jacobian of a step has the spectral radius \(Self.short(radius)), which alone \(Self.halving(radius))"
    )
    if part.sequences > 1 { result.append("\(head)the first of \(part.sequences) sequences") }
    return result
  }

  /// `halves every 2.2 steps`.
  static func speed(_ norms: [Double]) -> String {
    if let zero = norms.firstIndex(of: 0), norms[zero...].allSatisfy({ $0 == 0 }) {
      return "nothing is left after \(zero) step\(zero == 1 ? "" : "s")"
    }
    guard let rate = GradientFlow.rate(norms) else {
      return norms.allSatisfy(\.isFinite) ? "comes through at single steps alone" : "no number any more"
    }
    return halving(rate)
  }

  static func halving(_ rate: Double) -> String {
    guard rate > 0, rate.isFinite else { return rate == 0 ? "lets nothing through" : "grows beyond bounds" }
    guard let life = life(rate) else { return "neither fades nor grows" }
    let steps = short(life) == "1" ? "step" : "\(short(life)) steps"
    return (rate < 1 ? "halves" : "doubles") + " every \(steps)"
  }

  /// Steps to a half, or to the double; nil if neither is within a million steps.
  static func life(_ rate: Double) -> Double? {
    guard rate > 0, rate.isFinite else { return nil }
    let digits = abs(Power.log10(rate))
    return digits > 3e-7 ? Power.log10(2) / digits : nil
  }

  private static func short(_ number: Double) -> String { NumberText.significant(number, digits: 3) }

  /// A row for each curve.
  var table: Table {
    let curves = curves
    let steps = parts.map(\.flow.steps).min() ?? 0
    func column(_ body: (Curve) -> Double) -> Table.Column { .numbers(curves.map(body)) }
    let rates = curves.map { GradientFlow.rate($0.norms) ?? .nan }
    var headings = ["cell", "state", "paths", "rate", "half_life"]
    var columns: [Table.Column] = [
      .texts(curves.map(\.cell)), .texts(curves.map(\.state)), .texts(curves.map { $0.paths ?? "all" }),
      .numbers(rates), .numbers(rates.map { $0 < 1 ? Self.life($0) ?? .infinity : $0.isNaN ? .nan : .infinity }),
    ]
    for back in Set([1, steps / 10, steps / 2, steps]).sorted() where back > 0 {
      headings.append("back_\(back)")
      columns.append(column { $0.norms.indices.contains(back) ? $0.norms[back] : .nan })
    }
    return Table(headings: headings, columns: columns)
  }

  /// A column for each curve, a row for each number of steps back.
  var curveTable: Table {
    let curves = curves
    let rows = curves.map(\.norms.count).max() ?? 0
    let names = curves.map { curve in
      [parts.count == 1 ? nil : curve.cell, curve.state, curve.paths].compactMap { $0 }.joined(separator: " ")
    }
    let columns = curves.map { curve in
      (0..<rows).map { curve.norms.indices.contains($0) ? curve.norms[$0] : .nan }
    }
    return Table(
      headings: ["back"] + names, columns: [.numbers((0..<rows).map(Double.init))] + columns.map { .numbers($0) })
  }

  /// `flow(LSTM).table`.
  static let fields = ["table", "curves", "notes"]

  func field(_ name: String) throws(ValueProblem) -> Value? {
    switch name {
    case "table": return .table(table)
    case "curves": return .table(curveTable)
    case "notes": return .list(try List(notes.map { .text($0) }))
    default: return nil
    }
  }
}
