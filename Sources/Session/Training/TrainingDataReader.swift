import Algebra
import Runtime
import Syntax

/// Reads what `fit` is given as data: `(X, Y)`, or a record of inputs and targets by the names of the model.
///
/// | given | read as |
/// |---|---|
/// | an input `[count, time, width]` | a vector at each step |
/// | an input `[count, time]` | a number at each step; of an alphabet, or where the model takes a wider vector, a class |
/// | a target `[count, time, width]`, `[count, time]` | for every step |
/// | a target `[count, width]`, `[count]` | for the last step of each sequence |
///
/// With cross-entropy a target of whole numbers, where a vector is needed, is the number of a class from 1 on.
/// Besides inputs and targets a record may have `lengths` (how many steps of each sequence count), and for a text its
/// `alphabet` (the characters that the classes stand for) or the number of `classes`.
struct TrainingDataReader {
  let recurrence: Recurrence
  /// How wide an input or output of the model is; nil if the data decides.
  let width: (SymbolID) -> Int?
  let usesClasses: Bool
  /// `on: last`: only the last step counts.
  let isOnLast: Bool
  /// `fit`, or what else reads data.
  var caller = "fit"
  let place: Place?

  private struct Size {
    var count: Int
    var time: Int
  }

  private func name(_ symbol: SymbolID) -> String { recurrence.store[symbol].name }

  private func problem(_ message: String, hint: String? = nil) -> SessionError {
    .builtin(message, hint: hint, place)
  }

  func read(_ value: Value) throws -> TrainingData {
    let fields = try fields(value)
    var data = try inputs(fields)
    let classes = try data.alphabet?.count ?? classes(fields)
    let size = Size(count: data.count, time: data.time)
    let outputs = recurrence.outputs.filter { field(fields, $0) != nil }
    guard !outputs.isEmpty else {
      let has = fields.map(\.name)
      throw problem(
        "the data has no target for \(listed(recurrence.outputs.map(name)))",
        hint: has.isEmpty ? nil : "it has \(listed(has))")
    }
    let targets = try outputs.map { ($0, try tensor(fields, $0)) }
    let ends = targets.map { isOfLast($0.1, size, width: width($0.0)) }
    guard Set(ends).count == 1, let hasOneTarget = ends.first else {
      throw problem("some targets are for every step and some for the last")
    }
    data.targets = try targets.map { try target($0.0, $0.1, size, isOfLast: hasOneTarget, classes: classes) }
    data.hasOneTarget = hasOneTarget
    return data
  }

  /// The inputs alone: data without targets, or of one input its numbers.
  func inputs(_ value: Value) throws -> TrainingData {
    if case .tensor = value, let input = recurrence.inputs.first, recurrence.inputs.count == 1 {
      return try inputs([(name(input), value)])
    }
    return try inputs(try fields(value))
  }

  private func inputs(_ fields: Fields) throws -> TrainingData {
    guard let first = recurrence.inputs.first else { throw problem("\(recurrence.name) has no inputs to train on") }
    let size = try size(of: first, try tensor(fields, first))
    let alphabet = try alphabet(fields)
    let classes = try alphabet?.count ?? classes(fields)
    var inputs: [TrainingData.Field] = []
    for symbol in recurrence.inputs {
      inputs.append(try input(symbol, try tensor(fields, symbol), size, classes: classes))
    }
    return TrainingData(
      count: size.count, time: size.time, inputs: inputs, targets: [], lengths: try lengths(fields, size),
      alphabet: alphabet)
  }

  // MARK: Fields

  private static let settings = ["lengths", "alphabet", "classes"]

  private typealias Fields = [(name: String, value: Value)]

  /// By name; of a tuple the inputs, then the outputs.
  private func fields(_ value: Value) throws -> Fields {
    switch value {
    case .record(let record): return zip(record.names, record.values).map { ($0, $1) }
    case .list(let list):
      let names = (recurrence.inputs + recurrence.outputs).map(name)
      guard list.count == names.count else {
        throw problem(
          "\(recurrence.name) is trained on \(listed(names)), and this is a list of \(list.count)",
          hint: "(\((recurrence.inputs + recurrence.outputs).map(label).joined(separator: ", ")))")
      }
      return zip(names, list.items).map { ($0, $1) }
    default:
      throw SessionError.argument(
        of: caller, needs: "data: inputs and targets", value.described,
        hint:
          "(X, Y), or {\((recurrence.inputs + recurrence.outputs).map { label($0) + ": …" }.joined(separator: ", "))}",
        place)
    }
  }

  /// The only input may be called x and the only output y, whatever the model calls them.
  private func field(_ fields: Fields, _ symbol: SymbolID) -> Value? {
    if let own = fields.first(where: { $0.name == name(symbol) }) { return own.value }
    return fields.first { $0.name == label(symbol) }?.value
  }

  private func label(_ symbol: SymbolID) -> String {
    recurrence.inputs == [symbol] ? "x" : recurrence.outputs == [symbol] ? "y" : name(symbol)
  }

  private func tensor(_ fields: Fields, _ symbol: SymbolID) throws -> Tensor {
    guard let value = field(fields, symbol) else {
      let has = fields.map(\.name).filter { !Self.settings.contains($0) }
      throw problem("the data has nothing for \(name(symbol))", hint: "it has \(listed(has))")
    }
    return try tensor(value, name(symbol))
  }

  private func tensor(_ value: Value, _ name: String) throws -> Tensor {
    do {
      if let tensor = try value.tensorOrProblem() { return tensor }
    } catch let found { throw SessionError.value(found, place) }
    throw SessionError.argument(of: caller, needs: "numbers for \(name)", value.described, hint: nil, place)
  }

  private func lengths(_ fields: Fields, _ size: Size) throws -> [Int]? {
    guard let value = fields.first(where: { $0.name == "lengths" })?.value else { return nil }
    return try tensor(value, "lengths").numbers.map { number in
      guard let whole = Int(exactly: number) else { throw problem("lengths are whole numbers of steps") }
      return whole
    }
  }

  private func alphabet(_ fields: Fields) throws -> [String]? {
    guard let value = fields.first(where: { $0.name == "alphabet" })?.value else { return nil }
    guard case .text(let text) = value, !text.isEmpty else { throw problem("alphabet is a text of its characters") }
    return text.map { String($0) }
  }

  private func classes(_ fields: Fields) throws -> Int? {
    guard let value = fields.first(where: { $0.name == "classes" })?.value else { return nil }
    guard case .number(let number) = value, let whole = Int(exactly: number), whole >= 1, whole <= Net.largest else {
      throw problem("classes is how many there are")
    }
    return whole
  }

  // MARK: Shapes

  private func size(of symbol: SymbolID, _ tensor: Tensor) throws -> Size {
    guard tensor.rank >= 2, !tensor.isTimed || tensor.rank == 2 else {
      throw problem(
        tensor.rank == 1
          ? "\(name(symbol)) is a vector of \(tensor.count), and data is [count, time, width] or [count, time]"
          : "\(name(symbol)) is [time, batch, width] as a net is fed, and data is [count, time, width]",
        hint: tensor.rank == 1 ? "one sequence of numbers: reshape(x, 1, \(tensor.count))" : nil)
    }
    return Size(count: tensor.rows, time: tensor.columns)
  }

  private func mismatch(_ name: String, _ tensor: Tensor, _ needed: String) -> SessionError {
    problem("\(name) is \(tensor.shape.text), and the data needs \(needed)")
  }

  private func input(
    _ symbol: SymbolID, _ tensor: Tensor, _ size: Size, classes: Int?
  ) throws -> TrainingData.Field {
    guard tensor.rows == size.count, tensor.columns == size.time, tensor.rank >= 2 else {
      throw mismatch(name(symbol), tensor, "\(size.count) × \(size.time) × width")
    }
    if tensor.rank == 3 { return numbers(symbol, tensor, width: tensor.shape[2]) }
    if let classes { return try self.classes(symbol, tensor, of: classes) }
    if let width = width(symbol), width > 1 { return try self.classes(symbol, tensor, of: width) }
    return numbers(symbol, tensor, width: 1)
  }

  /// A target of another second size than the time, or of none. Where it is as wide as there are steps, `on: last` says
  /// that it is a vector for each sequence.
  private func isOfLast(_ tensor: Tensor, _ size: Size, width: Int?) -> Bool {
    switch tensor.rank {
    case 1: true
    case 2: tensor.columns != size.time || isOnLast && (width ?? size.time) == size.time
    default: false
    }
  }

  private func target(
    _ symbol: SymbolID, _ tensor: Tensor, _ size: Size, isOfLast: Bool, classes: Int?
  ) throws -> TrainingData.Field {
    let needed = isOfLast ? "\(size.count), or \(size.count) × width" : "\(size.count) × \(size.time) × width"
    guard tensor.shape[0] == size.count, isOfLast ? tensor.rank < 3 : tensor.columns == size.time else {
      throw mismatch(name(symbol), tensor, needed)
    }
    let hasWidth = tensor.rank == (isOfLast ? 2 : 3)
    if hasWidth { return numbers(symbol, tensor, width: tensor.shape[tensor.rank - 1]) }
    guard usesClasses else { return numbers(symbol, tensor, width: 1) }
    // As many classes as the output is wide, or as the data says or shows.
    let known = width(symbol) ?? classes
    return try self.classes(symbol, tensor, of: known ?? Int(exactly: tensor.numbers.max() ?? 1) ?? 1, isTarget: true)
  }

  private func display(_ number: Double) -> String { Display(width: 80).inText(.number(number)) }

  private func numbers(_ symbol: SymbolID, _ tensor: Tensor, width: Int) -> TrainingData.Field {
    .init(name: name(symbol), values: .numbers(tensor.numbers, width: width))
  }

  private func classes(
    _ symbol: SymbolID, _ tensor: Tensor, of count: Int, isTarget: Bool = false
  ) throws -> TrainingData.Field {
    var result: [Int32] = []
    result.reserveCapacity(tensor.count)
    for number in tensor.numbers {
      guard let whole = Int32(exactly: number), whole >= 1, Int(whole) <= count else {
        let shown = display(number)
        throw problem(
          "\(name(symbol)) has \(shown), and classes are whole numbers from 1 to \(count)",
          hint: tensor.numbers.contains(0)
            ? "classes count from 1: add 1"
            : isTarget && Int(exactly: number) != nil
              ? "an output for each class: linear(\(display(tensor.numbers.max() ?? number)))" : nil)
      }
      result.append(whole)
    }
    return .init(name: name(symbol), values: .classes(result, of: count))
  }
}
