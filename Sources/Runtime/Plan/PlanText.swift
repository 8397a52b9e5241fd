import Algebra
import Kernels

/// A plan for a reader: phases, products with their sizes and work, tapes line by line, buffers with their bytes.
public struct PlanText {
  private let recurrence: Recurrence
  private let plan: Plan
  private let bytesOfNumber: Int
  private var names: [(base: Int, count: Int, timeStride: Int, rowStride: Int, name: String)] = []

  /// - Throws: `StorageTooLarge`; `NetError.noPlan` if the plain evaluator runs the cell.
  public init(_ net: Net, batch: Int, steps: Int) throws {
    recurrence = net.recurrence
    bytesOfNumber = net.type == .float32 ? 4 : 8
    do {
      plan = try Plan(
        net.recurrence, shapes: net.shapes, batch: batch, slots: steps, kept: Set(net.recurrence.outputs),
        machine: PlanMachine(bytesOfNumber: bytesOfNumber))
    } catch is PlanFailure {
      throw NetError.noPlan
    }
    for (symbol, slice) in plan.slices {
      names.append((slice.base, slice.count, slice.timeStride, slice.rowStride, recurrence.store[symbol].name))
    }
    for (symbol, place) in plan.parameters {
      names.append((place.base, place.count, 0, 0, recurrence.store[symbol].name))
    }
    names.sort { ($0.base, $0.name) < ($1.base, $1.name) }
  }

  /// The plan, a line each.
  public var lines: [String] {
    var result: [String] = []
    for group in plan.groups {
      for phase in group.phases {
        let title =
          phase.isLoop
          ? (phase.isBackward ? "step by step, from the end" : "step by step") : "all times at once"
        result.append(title + (group.isChunked ? ", in chunks that stay in the cache" : ""))
        for item in phase.items { result += lines(of: item, rows: phase.isLoop ? plan.batch : plan.batch * plan.slots) }
      }
    }
    return result + memory
  }

  // MARK: Items

  private func lines(of item: PlanItem, rows: Int) -> [String] {
    switch item {
    case .product(let item):
      let start =
        switch item.start {
        case .zero: "="
        case .accumulate: "+="
        case .row: "= b +"
        }
      let (inner, outer) = (item.left.count, item.result.count)
      return [
        "  product  \(name(item.result)) \(start) W · \(name(item.left))"
          + "   \(outer) × \(inner) · \(counted(rows, "vector")), \(work(2 * inner * outer * rows))"
      ]
    case .tape(let tape):
      let sizes = "\(rows) × \(tape.columns)"
      return ["  tape     \(counted(tape.instructions.count, "instruction")) on \(sizes)"]
        + tape.instructions.map { "             " + text($0, tape) }
    case .plain(let instruction): return ["  plain    \(instruction.result.rows) × \(instruction.result.columns)"]
    case .reduce(let reduction, let source, let result):
      return [
        "  reduce   \(name(result)) = \(reduction)(\(name(source)))   \(source.count) · \(counted(rows, "vector"))"
      ]
    case .time: return ["  time     t"]
    case .clamp(let item): return ["  hold     \(name(item.result))"]
    case .outer(let item):
      return [
        "  sum      δW += \(name(item.left)) · \(name(item.right))ᵀ   \(item.left.count) × \(item.right.count), "
          + work(2 * item.left.count * item.right.count * rows)
      ]
    case .columnSum(let item): return ["  sum      δb += \(name(item.source))   \(item.source.count)"]
    }
  }

  private func text(_ instruction: TapeInstruction, _ tape: TapeItem) -> String {
    func operand(_ index: UInt16, span: Int = 1) -> String {
      guard tape.operands.indices.contains(Int(index)) else { return "?" }
      switch tape.operands[Int(index)] {
      case .temporary(let slot): return "r\(slot + 1)"
      case .memory(var slice, _):
        slice.count *= span
        return name(slice)
      }
    }
    let span = Int(instruction.span)
    let (a, b) = (operand(instruction.a, span: span), operand(instruction.b))
    let (c, d) = (operand(instruction.c), operand(instruction.d))
    let body: String =
      switch instruction.operation {
      case .copy: a
      case .affine: affine(a, instruction.factor, instruction.offset)
      case .add: "\(a) + \(b)"
      case .subtract: "\(a) - \(b)"
      case .multiply: "\(a) * \(b)"
      case .divide: "\(a) / \(b)"
      case .multiplyAdd: "\(a) * \(b) + \(c)"
      case .sumOfProducts: "\(a) * \(b) + \(c) * \(d)"
      case .multiplySubtract: "\(a) * \(b) - \(c)"
      case .negativeMultiplyAdd: "\(c) - \(a) * \(b)"
      case .maximum: "max(\(a), \(b))"
      case .minimum: "min(\(a), \(b))"
      case .greaterOrEqual: "\(a) ≥ \(b)"
      case .sigmoid: "σ(\(a))"
      case .squareRoot: "sqrt(\(a))"
      case .absolute: "abs(\(a))"
      case .reciprocal: "1 / \(a)"
      case .square: "\(a)²"
      case .multiplyTanh: "\(a) * tanh(\(b))"
      case .sigmoidSlope: "\(a) * \(b) * (1 - \(b))"
      case .tanhSlope: "\(a) * (1 - \(b)²)"
      case .sigmoidSlopeOfProduct: "\(a) * \(c) * \(b) * (1 - \(b))"
      case .tanhSlopeOfProduct: "\(a) * \(c) * (1 - \(b)²)"
      case .complementTimes: "(1 - \(a)) * \(b)"
      case .blend: "\(a) * \(b) + (1 - \(a)) * \(c)"
      case .function:
        plan.functions.indices.contains(Int(instruction.function))
          ? "\(OperatorTable[plan.functions[Int(instruction.function)]].name)(\(a))" : "f(\(a))"
      case .tanh, .relu, .exp, .log, .sign, .step: "\(instruction.operation)(\(a))"
      }
    return "\(operand(instruction.result, span: span)) = \(body)"
  }

  private func affine(_ a: String, _ factor: Double, _ offset: Double) -> String {
    let scaled = factor == 1 ? a : factor == -1 ? "-\(a)" : "\(short(factor)) * \(a)"
    if offset == 0 { return scaled }
    return factor == -1 ? "\(short(offset)) - \(a)" : "\(scaled) + \(short(offset))"
  }

  private func short(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? String(number)
  }

  // MARK: Names

  /// The symbols that lie in a slice, at the time at which they are read: `[f i o g]`, `h[t-1]`.
  private func name(_ slice: Slice) -> String {
    var found: [String] = []
    for entry in names where entry.timeStride == slice.timeStride {
      let distance = slice.base - entry.base
      let shift = slice.timeStride == 0 ? 0 : Int((Double(distance) / Double(slice.timeStride)).rounded())
      for shift in [shift - 1, shift, shift + 1] where -shift <= plan.past && shift <= max(plan.future, 0) {
        let start = entry.base + shift * slice.timeStride
        guard start >= slice.base, start + entry.count <= slice.base + slice.count else { continue }
        // Beside it in the same rows, not the next buffer's first rows.
        guard entry.rowStride == slice.rowStride else { continue }
        if slice.timeStride == 0 {
          if shift == 0, !found.contains(entry.name) { found.append(entry.name) }
        } else {
          found.append(entry.name + (shift == 0 ? "" : shift < 0 ? "[t\(shift)]" : "[t+\(shift)]"))
        }
      }
    }
    if found.isEmpty { return slice.timeStride == 0 ? "·" : "a" }
    return found.count == 1 ? found[0] : "[\(found.joined(separator: " "))]"
  }

  // MARK: Sizes

  private var memory: [String] {
    let window = plan.numbersPerStep * bytesOfNumber
    let packed = plan.packs.flatMap(\.blocks).reduce(0) { $0 + $1.source.rows * $1.source.columns } * bytesOfNumber
    var size = plan.size
    var chunks: [String] = []
    for group in plan.groups where !group.buffers.isEmpty {
      let step = group.buffers.reduce(0) { $0 + $1.timeStride }
      let all = bytes(step * group.chunk * bytesOfNumber)
      chunks.append("  chunk    \(bytes(step * bytesOfNumber)) a step, \(all) for \(counted(group.chunk, "step"))")
      // Room for more threads, which nothing touches.
      size -= step * (group.longestChunk - group.chunk)
    }
    return [
      "memory",
      "  window   \(bytes(window)) a step, \(bytes(window * (plan.past + plan.slots + plan.future))) for "
        + counted(plan.slots, "step"),
    ] + chunks + [
      "  weights  \(bytes(packed)) packed",
      "  in all   \(bytes(size * bytesOfNumber))",
    ]
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  private func work(_ operations: Int) -> String { scaled(operations, 1000, ["", " k", " M", " G", " T"]) + "FLOP" }

  private func bytes(_ count: Int) -> String { scaled(count, 1024, [" ", " Ki", " Mi", " Gi"]) + "B" }

  /// Three digits and a prefix.
  private func scaled(_ count: Int, _ base: Double, _ prefixes: [String]) -> String {
    var value = Double(count)
    var index = 0
    while value >= base, index < prefixes.count - 1 {
      value /= base
      index += 1
    }
    let digits = value >= 100 || index == 0 ? value.rounded() : (value * 10).rounded() / 10
    return (Int(exactly: digits).map(String.init) ?? String(digits)) + (index == 0 && prefixes[0].isEmpty ? " " : "")
      + prefixes[index]
  }
}
