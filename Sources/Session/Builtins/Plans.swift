import Algebra
import Runtime
import Syntax
import Typography

/// What is run when a cell is run.
extension BuiltinTable {
  static let plans: [Builtin] = [
    Builtin(
      "plan", theme: .cells, "plan(cell, steps: 100, batch: 1, ...)",
      "the program that a cell becomes: what is computed for all times at once and what step by step, products with their sizes and work, fused elementwise tapes, memory; widths as for a net, 64 where one is left open",
      example: "type(plan(linear))", "\"figure\"", .netCall(plan))
  ]

  /// The width that is taken where none is given.
  private static let usualWidth = 64.0

  @Sendable private static func plan(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    guard let first = given.first, first.label == nil else {
      throw SessionError.argumentMissing("cell", function: "plan(cell, …)", place)
    }
    let steps = try size("steps", of: given, usual: 100)
    let settings = given.dropFirst().filter { $0.label != "steps" && $0.label != "batch" }
    let net: Net
    switch first.value {
    case .net(let value):
      if let other = settings.first {
        throw SessionError.unknownLabel(other.label ?? "", function: "plan", has: ["steps", "batch"], other.place)
      }
      net = value.net
    case .cell(let cell):
      let set = Set(settings.compactMap(\.label))
      let open = cell.recurrence.shapes.openWidths.filter { !set.contains($0) }
      let widths = open.map { GivenArgument(label: $0, value: .number(usualWidth), place: first.place) }
      guard case .net(let value) = try interpreter.call(cell, Array(settings) + widths, place) else {
        throw SessionError.builtin(
          "plan needs the widths of \(cell.name)", hint: "plan(\(cell.name), x: 64, h: 64)", place)
      }
      net = value.net
    default:
      throw SessionError.argument(of: "plan", needs: "a cell or a net", first.value.described, hint: nil, first.place)
    }
    let batch = try size("batch", of: given, usual: net.batch ?? 1)
    do {
      return .figure(.plan(PlanFigure(net, try PlanText(net, batch: batch, steps: steps), batch: batch)))
    } catch { throw NetProblem.explained(error, net.recurrence, at: place) }
  }

  private static func size(_ label: String, of given: [GivenArgument], usual: Int) throws -> Int {
    guard let argument = given.first(where: { $0.label == label }) else { return usual }
    guard case .number(let number) = argument.value, let size = Int(exactly: number), size >= 1, size <= 1_000_000
    else {
      throw SessionError.argument(
        of: "plan", needs: "a whole number from 1 to 1,000,000 in \(label):", argument.value.described, hint: nil,
        argument.place)
    }
    return size
  }
}

/// A plan to look at, under a line that says of what.
final class PlanFigure {
  private let heading: String
  private let text: PlanText

  init(_ net: Net, _ text: PlanText, batch: Int) {
    let recurrence = net.recurrence
    let widths = (recurrence.inputs + recurrence.states).map { symbol in
      "\(recurrence.store[symbol].name): \(net.sides(symbol).map(String.init).joined(separator: " × "))"
    }
    heading = "\(recurrence.name), " + widths.joined(separator: ", ") + ", batch \(batch), \(net.type.rawValue)"
    self.text = text
  }

  func lines(width: Int) -> [String] { ([heading] + text.lines).flatMap { Wrapping.wrap($0, width: width) } }
}
