import Algebra
import Runtime
import Syntax
import Typography

/// Cells side by side.
extension BuiltinTable {
  static let comparisons: [Builtin] = [
    Builtin(
      "compare", theme: .cells, "compare(cell, ..., h: 128, x: 64, steps: 100, time: false)",
      "cells side by side: states, gates, what one step back multiplies by, numbers to learn and work per step as formulas (and in numbers at given widths), memory to train; time: true also measures steps per second here",
      example: "compare(linear, x: 3, y: 2).linear[8..9]", "(\"x·y + y\", \"8\")", .netCall(compare))
  ]

  private static let mostCells = 8

  @Sendable private static func compare(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    let subjects = try subjects(of: given, "compare", most: mostCells, "cells", place)
    let own = ["steps", "time"]
    let steps = try whole("steps", of: given, 1...1_000_000) ?? 100
    let isTimed = try truth("time", of: given)
    let settings = given.filter { $0.label != nil && !own.contains($0.label ?? "") }
    var used: Set<String> = []
    var columns: [CellComparison] = []
    for subject in subjects {
      let recurrence: Recurrence
      switch subject.value {
      case .cell(let cell): recurrence = cell.recurrence
      case .net(let net): recurrence = net.recurrence
      default:
        throw SessionError.argument(
          of: "compare", needs: "cells", subject.value.described, hint: "compare(LSTM, GRU)", subject.place)
      }
      columns.append(try CellComparison(recurrence, settings, &used, subject, interpreter, isTimed: isTimed))
    }
    if let unknown = settings.first(where: { !used.contains($0.label ?? "") }) {
      let open = subjects.flatMap { subject -> [String] in
        if case .cell(let cell) = subject.value { return cell.recurrence.shapes.openWidths }
        return []
      }
      throw SessionError.unknownLabel(
        unknown.label ?? "", function: "compare", has: own + Set(open).sorted(), unknown.place)
    }
    let names = SubjectNames.unique(zip(columns, subjects).map { ($0.name, $1.place) })
    return .table(CellComparison.table(columns, names: names, steps: steps))
  }
}

/// What is said of one cell.
struct CellComparison {
  private let open: Recurrence
  /// With the given widths; nil if some stay open.
  private let set: Recurrence?
  private let memory: (formula: String, numbers: Int?)?
  /// Steps per second, fed and trained.
  private let speed: (fed: Double, trained: Double?)?
  private let direct: [SymbolID: String]

  init(
    _ recurrence: Recurrence, _ settings: [GivenArgument], _ used: inout Set<String>, _ subject: GivenArgument,
    _ interpreter: Interpreter, isTimed: Bool
  ) throws {
    open = recurrence
    let names = recurrence.shapes.openWidths
    var widths: [(name: String, value: Int)] = []
    for setting in settings where names.contains(setting.label ?? "") {
      guard let label = setting.label else { continue }
      guard case .number(let number) = setting.value, let width = Int(exactly: number), width >= 1,
        width <= Net.largest
      else {
        throw SessionError.badSetting(
          "the width \(label)", allowed: "a whole number from 1 on", setting.value.described, setting.place)
      }
      used.insert(label)
      widths.append((label, width))
    }
    var known = recurrence
    known.widths += widths
    do {
      known.shapes = try known.solvedShapes()
      let isWhole = known.shapes.openWidths.isEmpty
      set = isWhole ? known : nil
      direct = (try? StepPaths(recurrence, isInterrupted: interpreter.isInterrupted).direct) ?? [:]
      let kept = try? recurrence.adjoint(isInterrupted: interpreter.isInterrupted).track.map(\.symbol)
      memory = kept.map { kept in
        (recurrence.size(of: kept), isWhole ? Int(known.size(of: kept)) : nil)
      }
      try interpreter.poll()
      guard isTimed else {
        speed = nil
        return
      }
      speed = try CellSpeed.measured(known, isInterrupted: interpreter.isInterrupted)
    } catch { throw NetProblem.explained(error, recurrence, at: subject.place) }
  }

  static func table(_ cells: [CellComparison], names: [String], steps: Int) -> Table {
    var rows = Self.structure
    let isSet = cells.contains { $0.set != nil }
    rows += [("numbers to learn", { $0.open.countFormula })]
    if isSet { rows.append(("… in numbers", { $0.set?.countFormula ?? "" })) }
    rows.append(("multiply-adds a step", { Work($0.open).products }))
    if isSet { rows.append(("… in numbers", { $0.set.map { Work($0).products } ?? "" })) }
    rows += [
      ("activations a step", { Work($0.open).activations }), ("other operations", { Work($0.open).elementwise }),
      ("carried on", { $0.open.size(of: $0.open.states) }),
      ("kept a step to train", { $0.memory?.formula ?? "cannot be trained" }),
    ]
    if isSet {
      rows.append(
        (
          "… \(steps) steps, 32 bit",
          { cell in cell.memory?.numbers.map { Self.bytes(Double($0) * 4 * Double(steps)) } ?? "" }
        ))
    }
    if cells.contains(where: { $0.speed != nil }) {
      rows += [
        ("a step fed, here", { $0.speed.map { Self.seconds(1 / $0.fed) } ?? "" }),
        ("a step trained, here", { $0.speed?.trained.map { Self.seconds(1 / $0) } ?? "" }),
      ]
    }
    return Table(
      headings: ["cell"] + names,
      columns: [.texts(rows.map(\.name))] + cells.map { cell in .texts(rows.map { $0.text(cell) }) }, isRead: true)
  }

  private typealias Row = (name: String, text: (CellComparison) -> String)

  private static var structure: [Row] {
    [
      ("inputs", { $0.names($0.open.inputs) }), ("states", { $0.names($0.open.states) }),
      ("outputs", { $0.names($0.open.outputs) }), ("equations", { "\($0.open.equations.count)" }),
      (
        "gates",
        { cell in
          let gates = cell.open.gates
          return gates.isEmpty ? "none" : gates.map(\.name).joined(separator: ", ")
        }
      ),
      (
        "a step along itself",
        { cell in
          let texts = cell.open.states.compactMap { state in
            cell.direct[state].map { "\(cell.open.store[state].name): \($0)" }
          }
          return texts.isEmpty ? "" : texts.joined(separator: "; ")
        }
      ),
      (
        "states lie in",
        { cell in
          guard let bounds = try? Bounds(cell.open) else { return "" }
          return cell.open.states.compactMap { state in
            bounds[state].map { "\(cell.open.store[state].name): \($0.range)" }
          }.joined(separator: "; ")
        }
      ),
    ]
  }

  var name: String { open.name }

  private func names(_ symbols: [SymbolID]) -> String {
    symbols.isEmpty ? "none" : symbols.map { open.store[$0].name }.joined(separator: ", ")
  }

  static func bytes(_ count: Double) -> String {
    var (number, unit) = (count, 0)
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    while number >= 1024, unit + 1 < units.count { (number, unit) = (number / 1024, unit + 1) }
    return "\(NumberText.significant(number, digits: 3)) \(units[unit])"
  }

  static func seconds(_ seconds: Double) -> String {
    if seconds < 1e-3 { return "\(NumberText.significant(seconds * 1e6, digits: 3)) µs" }
    if seconds < 1 { return "\(NumberText.significant(seconds * 1e3, digits: 3)) ms" }
    return "\(NumberText.significant(seconds, digits: 3)) s"
  }
}
