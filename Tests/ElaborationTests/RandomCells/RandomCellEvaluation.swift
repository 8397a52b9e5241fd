import Foundation

/// What a random cell computes, worked out over its own trees: slowly, and knowing nothing of the program.
struct RandomCellEvaluation {
  /// A number (rank 0), a vector (rank 1, a column) or a matrix (rank 2), row by row.
  struct Value: Equatable {
    var rank: Int
    var rows: Int
    var columns: Int
    var numbers: [Double]

    static func number(_ value: Double) -> Value { Value(rank: 0, rows: 1, columns: 1, numbers: [value]) }

    func at(_ row: Int, _ column: Int) -> Double {
      numbers[(rows == 1 ? 0 : row) * columns + (columns == 1 ? 0 : column)]
    }
  }

  struct Misfit: Error { var description: String }

  let cell: RandomCell
  let widths: [String: Int]
  let parameters: [Int: Value]
  /// `[steps]` of each input.
  let inputs: [Int: [[Double]]]
  private var values: [Int: [Int: Value]] = [:]
  private var derived: [Int: Value] = [:]

  init(_ cell: RandomCell, widths: [String: Int], parameters: [Int: Value], inputs: [Int: [[Double]]]) {
    self.cell = cell
    self.widths = widths
    self.parameters = parameters
    self.inputs = inputs
  }

  static func zero(_ shape: KnownShape, _ widths: [String: Int]) -> Value {
    let sides = shape.sides(widths)
    let rows = sides.first ?? 1
    let columns = sides.count > 1 ? sides[1] : 1
    return Value(
      rank: sides.count, rows: rows, columns: columns, numbers: [Double](repeating: 0, count: rows * columns))
  }

  /// `[variable][time]`, from time 1.
  mutating func run(steps: Int) throws -> [Int: [Value]] {
    for equation in cell.equations where cell.symbols[equation.targets[0]].role == .derived {
      derived[equation.targets[0]] = try value(equation.body, 0)
    }
    for start in cell.starts {
      let value = try value(start.value, 0)
      let place = RandomCellEvaluation.zero(cell.symbols[start.variable].shape, widths)
      values[start.variable, default: [:]][start.time] = try spread([place, value])[1]
    }
    for symbol in cell.learned {
      values[symbol, default: [:]][0] = parameters[symbol]
    }
    var result: [Int: [Value]] = [:]
    for time in 1...steps {
      for equation in cell.equations where cell.symbols[equation.targets[0]].role == .variable {
        let whole = try value(equation.body, time)
        var row = 0
        for target in equation.targets {
          var part = RandomCellEvaluation.zero(cell.symbols[target].shape, widths)
          if equation.targets.count == 1 {
            guard part.rank == whole.rank, part.rows == whole.rows, part.columns == whole.columns else {
              throw Misfit(description: "\(cell.symbols[target].name) at \(time)")
            }
            part = whole
          } else {
            guard row + part.rows <= whole.rows else { throw Misfit(description: "split") }
            part.numbers = Array(whole.numbers[row..<row + part.rows])
            row += part.rows
          }
          values[target, default: [:]][time] = part
          result[target, default: []].append(part)
        }
      }
    }
    return result
  }

  private func spread(_ operands: [Value]) throws -> [Value] {
    let rank = operands.map(\.rank).max() ?? 0
    let rows = operands.map(\.rows).max() ?? 1
    let columns = operands.map(\.columns).max() ?? 1
    return try operands.map { operand in
      guard operand.rank == 0 || operand.rows == rows || operand.rank == 2 && operand.rows == 1,
        operand.columns == columns || operand.columns == 1
      else { throw Misfit(description: "\(operand.rows) × \(operand.columns) and \(rows) × \(columns)") }
      var numbers: [Double] = []
      numbers.reserveCapacity(rows * columns)
      for row in 0..<rows { for column in 0..<columns { numbers.append(operand.at(row, column)) } }
      return Value(rank: rank, rows: rows, columns: columns, numbers: numbers)
    }
  }

  private func elementwise(_ operands: [Value], _ body: ([Double]) -> Double) throws -> Value {
    if operands.count == 1 {
      var result = operands[0]
      for index in result.numbers.indices { result.numbers[index] = body([result.numbers[index]]) }
      return result
    }
    let all = try spread(operands)
    var result = all[0]
    for index in result.numbers.indices { result.numbers[index] = body(all.map { $0.numbers[index] }) }
    return result
  }

  private func value(_ tree: RandomTree, _ time: Int) throws -> Value {
    switch tree {
    case .literal(let text): return .number(Double(text) ?? .nan)
    case .named(let name): return .number(name == "π" ? .pi : 2.718281828459045)
    case .time: return .number(Double(time))
    case .identity: throw Misfit(description: "I by itself")
    case .parameter(let symbol):
      switch cell.symbols[symbol].role {
      case .constant: return .number(cell.symbols[symbol].constant)
      case .derived: return derived[symbol] ?? RandomCellEvaluation.zero(cell.symbols[symbol].shape, widths)
      default: return parameters[symbol] ?? RandomCellEvaluation.zero(cell.symbols[symbol].shape, widths)
      }
    case .read(let symbol, let delay): return read(symbol, at: time - delay)
    case .sum(let terms):
      if let sum = try sumWithIdentity(terms, time) { return sum }
      let operands = try terms.map { try value($0.tree, time) }
      return try elementwise(operands) { numbers in
        var total = terms[0].isNegative ? -numbers[0] : numbers[0]
        for (term, number) in zip(terms, numbers).dropFirst() {
          total = term.isNegative ? total - number : total + number
        }
        return total
      }
    case .product(let factors):
      return try elementwise(factors.map { try value($0, time) }) { $0.dropFirst().reduce($0[0], *) }
    case .quotient(let a, let b): return try elementwise([try value(a, time), try value(b, time)]) { $0[0] / $0[1] }
    case .power(let a, let b): return try elementwise([try value(a, time), try value(b, time)]) { pow($0[0], $0[1]) }
    case .matrixProduct(.transpose(let a), let b):
      let (left, right) = (try value(a, time), try value(b, time))
      // uᵀ · v is the number u · v.
      if left.rank == 1, right.rank == 1 { return try product(left, right) }
      return try product(try value(.transpose(a), time), right)
    case .matrixProduct(let a, let b): return try product(try value(a, time), try value(b, time))
    case .transpose(let a):
      let inner = try value(a, time)
      guard inner.rank > 0 else { return inner }
      var result = Value(rank: 2, rows: inner.columns, columns: inner.rows, numbers: inner.numbers)
      for row in 0..<result.rows {
        for column in 0..<result.columns { result.numbers[row * result.columns + column] = inner.at(column, row) }
      }
      return result
    case .concatenate(let parts):
      let numbers = try parts.flatMap { try value($0, time).numbers }
      return Value(rank: 1, rows: numbers.count, columns: 1, numbers: numbers)
    case .apply(let name, let arguments): return try apply(name, try arguments.map { try value($0, time) })
    case .call("swish_2", let arguments):
      let values = try arguments.map { try value($0, time) }
      return try elementwise(values) { $0[0] * RandomCellEvaluation.logistic($0[1] * $0[0]) }
    case .call(_, let arguments):
      let values = try arguments.map { try value($0, time) }
      return try elementwise(values) { $0[0] * $0[1] + (1 - $0[0]) * $0[2] }
    }
  }

  /// `M + n * I`.
  private func sumWithIdentity(_ terms: [RandomTerm], _ time: Int) throws -> Value? {
    func factor(_ tree: RandomTree) -> RandomTree? {
      if case .product(let factors) = tree, factors.count == 2, factors[1] == .identity { return factors[0] }
      return nil
    }
    guard terms.contains(where: { factor($0.tree) != nil }) else { return nil }
    var result: Value?
    for term in terms {
      let sign: Double = term.isNegative ? -1 : 1
      if let factor = factor(term.tree) {
        let number = try value(factor, time).numbers[0]
        guard var matrix = result, matrix.rows == matrix.columns else { throw Misfit(description: "I") }
        for index in 0..<matrix.rows { matrix.numbers[index * matrix.columns + index] += sign * number }
        result = matrix
      } else {
        let operand = try value(term.tree, time)
        if let known = result {
          result = try elementwise([known, operand]) { $0[0] + sign * $0[1] }
        } else {
          result = try elementwise([operand]) { sign * $0[0] }
        }
      }
    }
    return result
  }

  private func read(_ symbol: Int, at time: Int) -> Value {
    if let known = values[symbol]?[time] { return known }
    var result = RandomCellEvaluation.zero(cell.symbols[symbol].shape, widths)
    if cell.symbols[symbol].role == .input, time >= 1, let row = inputs[symbol]?[time - 1] { result.numbers = row }
    return result
  }

  private func product(_ a: Value, _ b: Value) throws -> Value {
    if a.rank == 0 || b.rank == 0 { return try elementwise([a, b]) { $0[0] * $0[1] } }
    if a.rank == 1, b.rank == 1 {
      guard a.rows == b.rows else { throw Misfit(description: "u · v") }
      return .number(zip(a.numbers, b.numbers).reduce(0) { $0 + $1.0 * $1.1 })
    }
    guard a.columns == b.rows else { throw Misfit(description: "\(a.rows) × \(a.columns) · \(b.rows) × \(b.columns)") }
    var result = Value(rank: b.rank == 1 ? 1 : 2, rows: a.rows, columns: b.columns, numbers: [])
    for row in 0..<a.rows {
      for column in 0..<b.columns {
        result.numbers.append((0..<a.columns).reduce(0) { $0 + a.at(row, $1) * b.at($1, column) })
      }
    }
    return result
  }

  private static func logistic(_ z: Double) -> Double { z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)) }

  private func apply(_ name: String, _ arguments: [Value]) throws -> Value {
    let z = arguments[0].numbers
    let count = Double(z.count)
    switch name {
    case "sum": return .number(z.reduce(0, +))
    case "mean": return .number(z.reduce(0, +) / count)
    case "max" where arguments.count == 1: return .number(z.max() ?? .nan)
    case "min" where arguments.count == 1: return .number(z.min() ?? .nan)
    case "softmax":
      let largest = z.max() ?? 0
      let powers = z.map { exp($0 - largest) }
      let total = powers.reduce(0, +)
      return Value(rank: 1, rows: z.count, columns: 1, numbers: powers.map { $0 / total })
    case "LN":
      let mean = z.reduce(0, +) / count
      let variance = z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      return Value(
        rank: 1, rows: z.count, columns: 1, numbers: z.map { ($0 - mean) / (variance + 1e-5).squareRoot() })
    default: break
    }
    guard let function = RandomCellEvaluation.functions[name] else { throw Misfit(description: name) }
    return try elementwise(arguments, function)
  }

  private static let functions: [String: @Sendable ([Double]) -> Double] = [
    "σ": { logistic($0[0]) },
    "tanh": { tanh($0[0]) },
    "relu": { max($0[0], 0) },
    "exp": { exp($0[0]) },
    "log": { log($0[0]) },
    "sqrt": { $0[0].squareRoot() },
    "abs": { abs($0[0]) },
    "sign": { $0[0] > 0 ? 1 : $0[0] < 0 ? -1 : 0 },
    "sin": { sin($0[0]) },
    "cos": { cos($0[0]) },
    "atan": { atan($0[0]) },
    "softplus": { max($0[0], 0) + log1p(exp(-abs($0[0]))) },
    "hardsigmoid": { $0[0] < -2.5 ? 0 : $0[0] > 2.5 ? 1 : 0.2 * $0[0] + 0.5 },
    "softsign": { $0[0] / (1 + abs($0[0])) },
    "elu": { $0[0] > 0 ? $0[0] : expm1($0[0]) },
    "silu": { $0[0] * logistic($0[0]) },
    "gelu": { $0[0] * (1 + erf($0[0] / 2.0.squareRoot())) / 2 },
    "max": { max($0[0], $0[1]) },
    "min": { min($0[0], $0[1]) },
  ]
}
