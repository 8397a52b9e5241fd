/// A derivation's agreement with central differences on random nets, found before it is shown.
///
/// What is differenced is the graph that was cut: the variable is written at its time, what is held is written with
/// its own values, and the equations run on from there. Steps h and h/2 with Richardson's extrapolation. A net at whose
/// points relu, max or abs do not all take the same piece, or where the two steps disagree, is tried with shorter steps,
/// and then drawn again: at a kink the derivative is that of one side by convention (max(a, b) with a = b takes a's),
/// which no difference shows. Where every net has a kink, as max(a[t], a[t-1]) of a constant has, the certificate says
/// that it checked nothing.
public struct Certificate: Sendable {
  public var nets: Int
  /// The largest difference, relative to the largest entry of the Jacobian.
  public var worst: Double
  /// What was evaluated is the printed text, read back.
  public var isReadBack = false

  /// `agrees with finite differences on 3 random nets to 1e-9`; loud if it does not agree.
  public var text: String {
    if nets == 0 { return "not checked: on no random net is everything finite and without a kink" }
    let power = worst <= 1e-15 ? -15 : Int((Power.log10(worst)).rounded(.up))
    if worst > 1e-5 {
      return "DOES NOT AGREE with finite differences (1e\(power)): this derivation is wrong; please report it"
    }
    return "agrees with finite differences on \(nets) random nets to 1e\(max(power, -9))"
  }

  public var isGood: Bool { nets > 0 && worst <= 1e-5 }
}

extension Derivation {
  /// Checks the whole derivation, level by level as it stands, on `count` random nets.
  /// - Parameter lines: its lines as their printed form reads, to be evaluated in their place.
  public func certificate(
    nets count: Int = 3, seed: UInt64 = 1, lines: [(atom: Atom, expression: NodeID)]? = nil
  ) throws -> Certificate {
    let evaluated = lines ?? [(target, expression)]
    let equations = AtomEquations(tangents)
    var worst = 0.0
    var done = 0
    var draw: UInt64 = 0
    while done < count, draw < UInt64(count) * 8 {
      draw += 1
      // Roots, logarithms and powers may be of positive numbers only.
      let trial = try CertificateNet(
        recurrence, target, seed: seed &* 1000 &+ draw, isPositive: draw > UInt64(count) * 4)
      guard let error = try trial.error(of: self, lines: evaluated, equations: equations) else { continue }
      worst = max(worst, error)
      done += 1
    }
    return Certificate(nets: done, worst: worst, isReadBack: lines != nil)
  }
}

/// One random net, run once; then again with the cut moved.
struct CertificateNet {
  private let recurrence: Recurrence
  private let cut: Cut
  private let shapes: ShapeSolution
  private let evaluator: Evaluator<Double>
  private let time: Int
  /// The end of the sequence.
  private let end: Int
  private var parameters: [SymbolID: Matrix] = [:]
  private var inputs: [SymbolID: [Double]] = [:]
  /// `[time - 1 + past]`, base values.
  private var base: [SymbolID: [Double]] = [:]
  private var stream: RandomStream

  init(_ recurrence: Recurrence, _ target: Atom, seed: UInt64, isPositive: Bool) throws {
    self.recurrence = recurrence
    let cut = target.cut
    self.cut = cut
    stream = RandomStream(seed: seed)
    shapes = try recurrence.trialShapes(inputs: 3, others: 4)
    // Beyond the longest delay, so that nothing reads the start.
    time = recurrence.longestDelay - min(cut.shift, target.shift, 0) + 2
    let lead = recurrence.longestLead
    end = time + max(cut.shift, target.shift, 0) + (lead > 0 ? 2 * lead + 2 : 0)
    evaluator = try Evaluator(recurrence, shapes: shapes, batch: 1, capacity: end)
    for symbol in recurrence.parameters {
      let dimensions = shapes.symbols[symbol]?.dimensions.map { $0.number ?? 1 } ?? []
      let (rows, columns) = (dimensions.first ?? 1, dimensions.count > 1 ? dimensions[1] : 1)
      parameters[symbol] = Matrix(
        rows: rows, columns: columns,
        values: (0..<rows * columns).map { _ in stream.uniform(isPositive ? 0.1 : -0.9, 0.9) })
    }
    for (symbol, number) in recurrence.constants { parameters[symbol] = Matrix(number.value) }
    for symbol in recurrence.inputs {
      inputs[symbol] = (0..<end * evaluator.count(symbol)).map { _ in stream.uniform(isPositive ? 0.1 : -1, 1) }
    }
    run(parameters: parameters, inputs: inputs, clamps: [])
    for symbol in recurrence.inputs + recurrence.variables {
      base[symbol] = Array(evaluator.values(symbol, slots: 0..<evaluator.past + end))
    }
    for equation in recurrence.equations {
      for symbol in equation.targets where recurrence.store[symbol].kind == .derivedParameter {
        parameters[symbol] = matrix(symbol, evaluator.parameter(symbol)[...])
      }
    }
  }

  private func run(parameters: [SymbolID: Matrix], inputs: [SymbolID: [Double]], clamps: [Clamp]) {
    for (symbol, matrix) in parameters { evaluator.setParameter(symbol, matrix.values) }
    evaluator.update()
    for (symbol, values) in inputs {
      values.withUnsafeBufferPointer { evaluator.write(symbol, slot: evaluator.past, $0) }
    }
    _ = evaluator.run(steps: end, firstTime: 1, clamps: clamps)
  }

  private func matrix(_ symbol: SymbolID, _ values: ArraySlice<Double>) -> Matrix {
    let dimensions = shapes.symbols[symbol]?.dimensions.map { $0.number ?? 1 } ?? []
    let columns = dimensions.count > 1 ? dimensions[1] : 1
    return Matrix(rows: values.count / max(columns, 1), columns: columns, values: Array(values))
  }

  private func value(_ symbol: SymbolID, at time: Int) -> Matrix {
    if let parameter = parameters[symbol] { return parameter }
    let count = evaluator.count(symbol)
    let slot = evaluator.past + time - 1
    guard let values = base[symbol], slot >= 0, (slot + 1) * count <= values.count else {
      return matrix(symbol, [Double](repeating: 0, count: count)[...])
    }
    return matrix(symbol, values[slot * count..<(slot + 1) * count])
  }

  /// Steps of the differences, each tried with its half: the short one where within the long one the function bends or
  /// has a kink.
  private static let lengths = [1e-3, 1.25e-4]
  /// How far the two slopes of a step may be apart, relative to the largest: the error of what is extrapolated from them
  /// goes with the square of that, so it stays far below what it is to judge.
  private static let largestSpread = 1e-4
  private static let largestNoise = 1e-7

  /// The relative error of a derivation here; nil if this net does not lend itself to it.
  func error(
    of derivation: Derivation, lines: [(atom: Atom, expression: NodeID)], equations: AtomEquations
  ) throws -> Double? {
    var draws = stream
    let point = value(cut.symbol, at: time + cut.shift)
    let direction = Matrix(
      rows: point.rows, columns: point.columns, values: point.values.map { _ in draws.uniform(-1, 1) })
    let branches = branches(before: derivation.target)
    run(to: derivation.target, point)
    let pieces = branches.pieces()
    var found: Matrix?
    for length in CertificateNet.lengths where found == nil {
      found = try measured(derivation.target, at: point, along: direction, length, branches, pieces, equations.poll)
    }
    guard let measured = found else { return nil }
    let size = max(measured.norm, 1e-4)
    let tangents = TangentEvaluator(
      NodeEvaluator(recurrence: recurrence, numbers: RealNumbers(), shapes: shapes) { value($0, at: $1) },
      equations: equations, time: time, lastTime: end
    ) { _ in direction }
    let claimed = try tangents.evaluate(lines[0].expression)
    // Each line printed below is its own atom's.
    var worstLine = 0.0
    for line in lines.dropFirst() {
      let right = try tangents.evaluate(recurrence.store.insert(.atom(line.atom)))
      let printed = right.combined(try tangents.evaluate(line.expression)) { $1 }
      worstLine = max(worstLine, printed.distance(to: right) / max(right.norm, 1e-4))
    }
    let whole =
      claimed.rows == measured.rows && claimed.columns == measured.columns
      ? claimed : claimed.combined(Matrix(rows: measured.rows, columns: measured.columns)) { $0 + $1 }
    let distance = whole.distance(to: measured)
    return distance.isNaN || worstLine.isNaN ? nil : max(distance / size, worstLine)
  }

  /// The Jacobian, or a differential, by central differences of a step and its half, extrapolated (Richardson); nil at a
  /// kink, and where the two disagree.
  private func measured(
    _ target: Atom, at point: Matrix, along direction: Matrix, _ length: Double, _ branches: BranchSignature,
    _ pieces: [Int8], _ poll: () throws -> Void
  ) throws -> Matrix? {
    let isTimed = recurrence.store[cut.symbol].isTimed
    let value = value(target.symbol, at: time + target.shift)
    let rows = value.values.count
    let columns = isTimed ? point.rows : 1
    var result = Matrix(rows: isTimed ? rows : value.rows, columns: isTimed ? columns : value.columns)
    var spread = 0.0
    for column in 0..<columns {
      try poll()
      var step = direction
      if isTimed { step = Matrix(rows: point.rows, columns: 1, values: (0..<point.rows).map { $0 == column ? 1 : 0 }) }
      func slope(_ length: Double) -> Matrix? {
        func moved(_ length: Double) -> Matrix? {
          let value = run(to: target, point.combined(step) { $0 + length * $1 })
          return branches.pieces() == pieces ? value : nil
        }
        guard let ahead = moved(length), let back = moved(-length) else { return nil }
        return ahead.combined(back) { ($0 - $1) / (2 * length) }
      }
      guard let coarse = slope(length), let fine = slope(length / 2) else { return nil }
      for row in 0..<rows {
        let (a, b) = (coarse.values[row], fine.values[row])
        guard a.isFinite, b.isFinite else { return nil }
        spread = max(spread, abs(a - b))
        result.values[isTimed ? row * columns + column : row] = (4 * b - a) / 3
      }
    }
    let size = max(result.norm, 1e-4)
    // What is lost by rounding in a difference of large numbers, over a short step.
    let noise = length < CertificateNet.lengths[0] ? 8 * value.norm.ulp / length : 0
    return spread > CertificateNet.largestSpread * size || noise > CertificateNet.largestNoise * size ? nil : result
  }

  /// Which pieces of relu, max and the like the target follows from, in the run that the evaluator holds.
  private func branches(before target: Atom) -> BranchSignature {
    let ran = NodeEvaluator(recurrence: recurrence, numbers: RealNumbers(), shapes: shapes) { symbol, time in
      let parameter = evaluator.parameter(symbol)
      if !parameter.isEmpty { return matrix(symbol, parameter[...]) }
      let slot = evaluator.past + time - 1
      let values = evaluator.values(symbol, slots: slot..<slot + 1)
      return values.isEmpty ? value(symbol, at: time) : matrix(symbol, values)
    }
    return BranchSignature(of: (target.symbol, time + target.shift), times: 1...end, evaluator: ran) { symbol, moment in
      symbol == cut.symbol && moment == time + cut.shift
        || cut.held.contains { $0.symbol == symbol && ($0.shift.map { time + $0 == moment } ?? true) }
    }
  }

  /// The target's value when what is cut has another.
  @discardableResult
  private func run(to target: Atom, _ point: Matrix) -> Matrix {
    var parameters = parameters.filter { recurrence.store[$0.key].kind != .derivedParameter }
    var inputs = inputs
    var clamps: [Clamp] = []
    let at = time + cut.shift
    switch recurrence.store[cut.symbol].kind {
    case .input:
      let count = evaluator.count(cut.symbol)
      if at >= 1 { inputs[cut.symbol]?.replaceSubrange((at - 1) * count..<at * count, with: point.values) }
    case .variable: clamps.append(Clamp(symbol: cut.symbol, times: at...at, values: point.values))
    default: parameters[cut.symbol] = point
    }
    for held in cut.held where recurrence.store[held.symbol].kind == .variable {
      let times = held.shift.map { time + $0...time + $0 } ?? 1...end
      for moment in times where moment >= 1 {
        clamps.append(Clamp(symbol: held.symbol, times: moment...moment, values: value(held.symbol, at: moment).values))
      }
    }
    run(parameters: parameters, inputs: inputs, clamps: clamps)
    if target.symbol == cut.symbol, target.shift == cut.shift { return point }
    let slot = evaluator.past + time + target.shift - 1
    let result = evaluator.values(target.symbol, slots: slot..<slot + 1)
    return matrix(target.symbol, result)
  }
}
