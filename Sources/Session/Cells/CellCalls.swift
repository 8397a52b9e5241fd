import Algebra
import Runtime
import Syntax

/// `LSTM(x: 2, h: 3, seed: 1)`: a net if every width is known, else the cell with those widths set.
extension Interpreter {
  func call(_ cell: Cell, _ given: [GivenArgument], _ place: Place?) throws -> Value {
    var order = NetOrder(cell.recurrence, nextSeed: random.seed &+ netCount, isInterrupted: isInterrupted)
    for argument in given { try order.read(argument) }
    let answer = try order.answer(place)
    if case .net = answer, !given.contains(where: { $0.label == "seed" }) { netCount &+= 1 }
    return answer
  }
}

/// What a call of a cell asks for.
struct NetOrder {
  private var recurrence: Recurrence
  private var widths: [(name: String, value: Int, place: Place?)] = []
  private var seed: UInt64?
  private var type: NumberType?

  /// The seed of a net for which none is asked: each net of a session starts otherwise, and the same the next time.
  private let nextSeed: UInt64
  private let isInterrupted: () -> Bool

  init(_ recurrence: Recurrence, nextSeed: UInt64, isInterrupted: @escaping () -> Bool) {
    self.isInterrupted = isInterrupted
    self.recurrence = recurrence
    self.nextSeed = nextSeed
  }

  mutating func read(_ argument: GivenArgument) throws {
    switch argument.label {
    case "seed":
      guard case .number(let number) = argument.value, let whole = UInt64(exactly: number) else {
        throw SessionError.badSetting(
          "seed", allowed: "a whole number from 0 on", argument.value.described, argument.place)
      }
      seed = whole
    case "dtype":
      guard case .text(let word) = argument.value, let type = NumberType(rawValue: word) else {
        throw SessionError.badSetting("dtype", allowed: "f32 or f64", argument.value.described, argument.place)
      }
      self.type = type
    case nil:
      guard recurrence.outputs.count == 1, let output = recurrence.outputs.first else {
        throw SessionError.builtin(
          "\(recurrence.name) has several outputs, so a width needs its name",
          hint: widthNames.first.map { "\($0): 3" }, argument.place)
      }
      try setWidth(recurrence.store[output].name, argument)
    case let label?:
      if let symbol = recurrence.store.symbol(named: label), recurrence.constants[symbol] != nil {
        try setConstant(symbol, argument)
      } else {
        try setWidth(label, argument)
      }
    }
  }

  private mutating func setConstant(_ symbol: SymbolID, _ argument: GivenArgument) throws {
    guard case .number(let number) = argument.value, let decimal = Decimal(number) else {
      throw SessionError.badSetting(
        recurrence.store[symbol].name, allowed: "a number", argument.value.described, argument.place)
    }
    recurrence.constants[symbol] = decimal
  }

  private mutating func setWidth(_ name: String, _ argument: GivenArgument) throws {
    guard case .number(let number) = argument.value, let width = Int(exactly: number), width >= 1 else {
      throw SessionError.badSetting(
        "the width \(name)", allowed: "a whole number from 1 on", argument.value.described, argument.place)
    }
    guard width <= Net.largest else {
      throw SessionError.builtin("a width is at most \(Net.largest)", hint: nil, argument.place)
    }
    guard !widths.contains(where: { $0.name == name }) else { throw SessionError.argumentTwice(name, argument.place) }
    widths.append((name, width, argument.place))
  }

  /// The names that widths go by.
  private var widthNames: [String] { recurrence.shapes.openWidths }

  func answer(_ place: Place?) throws -> Value {
    var recurrence = recurrence
    recurrence.widths += widths.map { ($0.name, $0.value) }
    do {
      recurrence.shapes = try recurrence.solvedShapes()
      let open = recurrence.shapes.openWidths
      if !open.isEmpty {
        guard seed == nil, type == nil else { throw NetError.openWidths(open, cell: recurrence.name) }
        return .cell(Cell(recurrence))
      }
      return .net(
        NetValue(
          try Net(recurrence, seed: seed ?? nextSeed, type: type ?? .float32, isInterrupted: isInterrupted)))
    } catch let error as ShapeError {
      throw NetProblem.explained(NetError.shape(error), recurrence, at: culprit(error) ?? place)
    } catch let error as NetError {
      throw NetProblem.explained(error, recurrence, at: place)
    }
  }

  /// The argument that a shape error speaks of.
  private func culprit(_ error: ShapeError) -> Place? {
    switch error {
    case .width(let name, _, _), .unknownWidth(let name, _): widths.first { $0.name == name }?.place
    default: nil
    }
  }
}
