import Algebra

extension BuiltinTable {
  /// The examples use ranges whose results do not depend on the stream.
  static let randomNumbers: [Builtin] = [
    Builtin(
      "uniform", theme: .random, "uniform(low?, high?, size?, ...)",
      "a number between low and high (0 and 1), or a tensor of them; set seed makes it repeat",
      example: "shape(uniform(0, 1, 2, 3))", "[2, 3]",
      .general { call in
        let low = call.has(0) ? try call.number(0) : 0
        let high = call.has(1) ? try call.number(1) : call.has(0) ? low : 1
        let bottom = call.count == 1 ? 0 : low
        return try drawn(&call, from: 2) { bottom + (high - bottom) * $0.uniform() }
      }),
    Builtin(
      "normal", theme: .random, "normal(mean?, deviation?, size?, ...)",
      "a number of the normal distribution (mean 0, deviation 1), or a tensor of them",
      example: "shape(normal(0, 1, 4))", "[4]",
      .general { call in
        let mean = call.has(0) ? try call.number(0) : 0
        let deviation = call.has(1) ? try call.number(1) : 1
        return try drawn(&call, from: 2) { mean + deviation * $0.normal() }
      }),
    Builtin(
      "permutation", theme: .random, "permutation(x)",
      "1..n in random order; the elements, rows or items of x in random order",
      example: "sort(permutation(4))", "[1, 2, 3, 4]", .general(permutation)),
    Builtin(
      "choice", theme: .random, "choice(xs, count?)", "one of the elements, rows or items; or so many, each drawn anew",
      example: "contains([1, 2, 3], choice([1, 2, 3]))", "true", .general(choice)),
  ]

  private static func drawn(
    _ call: inout Call, from first: Int, _ body: (inout RandomStream) -> Double
  ) throws -> Value {
    guard call.count > first else { return .number(body(&call.interpreter.random)) }
    let shape = try call.shape(from: first)
    var numbers: [Double] = []
    numbers.reserveCapacity(shape.count)
    for position in 0..<shape.count {
      if position & 0xFFFF == 0 { try call.poll() }
      numbers.append(body(&call.interpreter.random))
    }
    return .tensor(Tensor(shape, numbers))
  }

  @Sendable private static func permutation(_ call: inout Call) throws -> Value {
    if case .number = call.values[0] {
      let count = try Shape([try call.integer(0, needs: "a count")]).count
      return .tensor(Tensor(vector: call.interpreter.random.permutation(count).map { Double($0 + 1) }))
    }
    let items = try Items(call.values[0], call.places[0])
    guard items.count <= List.bound else { throw ValueProblem.listTooLong(items.count) }
    let order = call.interpreter.random.permutation(items.count)
    return try picked(order, call)
  }

  @Sendable private static func choice(_ call: inout Call) throws -> Value {
    let items = try Items(call.values[0], call.places[0])
    guard items.count > 0 else { throw call.problem(at: 0, "there is nothing to choose from") }
    let bound = UInt64(items.count)
    guard call.has(1) else { return try items.item(Int(call.interpreter.random.below(bound))) }
    let count = try Shape([try call.integer(1, needs: "a count")]).count
    return try picked((0..<count).map { _ in Int(call.interpreter.random.below(bound)) }, call)
  }

  /// The elements, rows or items at positions from 0.
  private static func picked(_ positions: [Int], _ call: Call) throws -> Value {
    switch call.values[0] {
    case .list(let list): return .list(try List(positions.map { list.items[$0] }))
    case .text(let text):
      let characters = Array(text)
      return .text(String(positions.map { characters[$0] }))
    case .table(let table): return .table(table.rows(positions))
    default: return try call.tensor(0).part([.some(positions)])
    }
  }
}
