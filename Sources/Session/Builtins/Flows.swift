import Algebra
import Figures
import Runtime
import Syntax
import Typography

/// How gradients fade going back in time.
extension BuiltinTable {
  static let flows: [Builtin] = [
    Builtin(
      "flow", theme: .cells, "flow(cell, ..., steps: 100, h: 32, seed: 0)",
      "how the gradient fades going back in time: the norm of ∂v[T]/∂v[T-k] for every state v of some cells (random nets, fed random numbers) or nets (as they were fed, of a batch the first sequence; held variables stay held), of one alone also by class of paths; .table and .curves hold the numbers",
      example: #"flow(rewrite(linear, "y[t] = 0.5 * y[t-1] + W · x[t]"), y: 2, steps: 3).curves.y"#,
      "[1, 0.5, 0.25, 0.125]", .netCall(flow))
  ]

  /// The width that is taken where none is given.
  private static let usualWidth = 32.0
  private static let usualSteps = 100
  private static let mostSteps = 10_000
  private static let mostNets = 8
  /// Steps that a random net is fed before those that are looked at: by then it has forgotten its start.
  private static let runIn = 20

  @Sendable private static func flow(
    _ given: [GivenArgument], _ interpreter: Interpreter, _ place: Place?
  ) throws -> Value {
    let subjects = try subjects(of: given, "flow", most: mostNets, "cells and nets", place)
    let steps = try whole("steps", of: given, 1...mostSteps)
    let seed = try whole("seed", of: given, 0...Int(Int32.max)) ?? 0
    var settings = given.filter { $0.label != nil && !["steps", "seed"].contains($0.label) }
    var used: Set<String> = []
    var parts: [FlowFigure.Part] = []
    let names = SubjectNames.unique(subjects.map { (name(of: $0), $0.place) })
    for (subject, name) in zip(subjects, names) {
      switch subject.value {
      case .net(let value):
        guard value.net.time >= 2 else {
          throw SessionError.builtin(
            "flow goes back along what a net was fed, and this one was fed \(value.net.time == 0 ? "nothing" : "one step")",
            hint: "feed(net, X), or flow of the cell", subject.place)
        }
        let reach = min(steps ?? usualSteps, value.net.time - 1)
        parts.append(try part(value.net, subject, name: name, reach, interpreter))
      case .cell(let cell):
        let net = try randomNet(cell, subject, settings, seed: seed, &used, interpreter)
        let reach = steps ?? usualSteps
        try feedRandom(net, steps: reach + runIn, seed: UInt64(seed), subject.place, interpreter)
        parts.append(try part(net, subject, name: name, reach, interpreter))
      default:
        throw SessionError.argument(
          of: "flow", needs: "cells and nets", subject.value.described, hint: "flow(LSTM, GRU)", subject.place)
      }
    }
    settings.removeAll { used.contains($0.label ?? "") }
    if let unknown = settings.first {
      throw SessionError.unknownLabel(
        unknown.label ?? "", function: "flow", has: ["steps", "seed"] + used.sorted(), unknown.place)
    }
    return .figure(.flow(FlowFigure(parts, seed: subjects.contains { $0.value.isCell } ? seed : nil)))
  }

  /// Of a cell its own name; of a net what it is called, if that is short.
  private static func name(of subject: GivenArgument) -> String {
    switch subject.value {
    case .cell(let cell): return cell.name
    case .net(let net):
      let text = subject.place?.text ?? net.recurrence.name
      return text.count <= 20 ? text : net.recurrence.name
    default: return ""
    }
  }

  /// A net of a cell: widths as given, as wide as usual where nothing is said.
  private static func randomNet(
    _ cell: Cell, _ subject: GivenArgument, _ settings: [GivenArgument], seed: Int, _ used: inout Set<String>,
    _ interpreter: Interpreter
  ) throws -> Net {
    guard cell.recurrence.longestLead == 0 else {
      throw SessionError.builtin(
        Interpreter.text(of: DerivativeFailure.noProduct(.readsLater)), hint: nil, subject.place)
    }
    var given: [GivenArgument] = []
    var known = cell.recurrence
    for setting in settings {
      guard let label = setting.label else { continue }
      let isConstant = cell.recurrence.store.symbol(named: label).map { cell.recurrence.constants[$0] != nil } ?? false
      let isWidth = cell.recurrence.shapes.openWidths.contains(label)
      guard isConstant || isWidth else { continue }
      used.insert(label)
      given.append(setting)
      if isWidth, case .number(let number) = setting.value, let width = Int(exactly: number) {
        known.widths.append((label, width))
      }
    }
    // One by one: a width may decide others.
    while let open = (try? known.solvedShapes())?.openWidths.first {
      known.widths.append((open, Int(usualWidth)))
      given.append(GivenArgument(label: open, value: .number(usualWidth), place: subject.place))
    }
    given.append(GivenArgument(label: "seed", value: .number(Double(seed)), place: subject.place))
    given.append(GivenArgument(label: "dtype", value: .text("f64"), place: subject.place))
    // Widths that are all set make a net of their own.
    guard case .net(let value) = try interpreter.call(cell, given, subject.place) else {
      throw SessionError.builtin("flow needs the widths of \(cell.name)", hint: nil, subject.place)
    }
    return value.net
  }

  /// Normal random numbers, the same for every cell that is as wide.
  private static func feedRandom(
    _ net: Net, steps: Int, seed: UInt64, _ place: Place?, _ interpreter: Interpreter
  ) throws {
    let numbers = net.recurrence.inputs.reduce(0.0) { $0 + Double(steps) * Double(net.count($1)) }
    guard numbers <= Double(Net.largest) else {
      throw NetProblem.explained(
        NetError.tooLarge(numbers: numbers, bound: Net.largest), net.recurrence, at: place)
    }
    var stream = RandomStream(seed: seed, stream: 3_000_000)
    var inputs: [SymbolID: [Double]] = [:]
    for symbol in net.recurrence.inputs {
      inputs[symbol] = (0..<steps * net.count(symbol)).map { _ in stream.normal() }
    }
    do {
      _ = try net.feed(inputs, steps: steps, batch: 1, isInterrupted: interpreter.isInterrupted)
    } catch { throw NetProblem.explained(error, net.recurrence, at: place) }
  }

  private static func part(
    _ net: Net, _ subject: GivenArgument, name: String, _ steps: Int, _ interpreter: Interpreter
  ) throws -> FlowFigure.Part {
    do {
      let flow = try GradientFlow(net, steps: steps, isInterrupted: interpreter.isInterrupted)
      let recurrence = net.recurrence
      let widths = (recurrence.inputs + recurrence.states).map { symbol in
        "\(recurrence.store[symbol].name): \(net.sides(symbol).map(String.init).joined(separator: " × "))"
      }
      return FlowFigure.Part(
        name: name, widths: widths.joined(separator: ", "), sequences: net.batch ?? 1, flow: flow)
    } catch let failure as GradientFlow.Failure {
      let (message, hint) = words(failure, net.recurrence.name)
      throw SessionError.builtin(message, hint: hint, subject.place)
    } catch let failure as DerivativeFailure {
      throw SessionError.builtin(Interpreter.text(of: failure), hint: nil, subject.place)
    } catch { throw NetProblem.explained(error, net.recurrence, at: subject.place) }
  }

  private static func words(_ failure: GradientFlow.Failure, _ cell: String) -> (String, String?) {
    switch failure {
    case .noStates: ("\(cell) has no states: nothing flows back in time", nil)
    case .matrixState(let name):
      (
        "the state \(name) is a matrix: its derivatives have four indices, and flow follows those of vectors, which have two",
        nil
      )
    case .tooFewSteps(let reached): ("the net has reached time \(reached), which is too short", "feed(net, X)")
    case .tooWide(let numbers, let bound):
      (
        "the Jacobians of \(cell) are about \(NumberText.significant(numbers, digits: 3)) numbers, more than \(bound)",
        "smaller widths: h: 128"
      )
    }
  }
}

extension Value {
  fileprivate var isCell: Bool { if case .cell = self { true } else { false } }
}
