/// Makes random cells.
///
/// Every expression is made for a shape. `anchored` asks for one that fixes its own rank and widths, as the language
/// needs it where nothing around it does: the operand of a product with a parameter, the parts of a concatenation, the
/// argument of a reduction. Where the surroundings say the shape, parameters stand without a `param` line.
struct RandomCellMaker {
  private var chance: Chance
  private var cell = RandomCell()
  /// Variables before this one in the order of computation may be read at the same time.
  private var reached = 0
  private var isTimeless = false
  /// A matrix stands around: parameters without a `param` line would be taken for matrices.
  private var isSealed = false
  private var parameterCount = 0

  static func make(seed: UInt64) -> RandomCell {
    var maker = RandomCellMaker(chance: Chance(seed))
    maker.cell.spellingSeed = seed &* 77 &+ 5
    maker.run()
    return maker.cell
  }

  private init(chance: Chance) { self.chance = chance }

  private static let variableNames = [
    "h", "c", "z", "r", "c\u{303}", "h\u{302}", "s_1", "q", "δ", "k_2", "v\u{304}", "ω", "S",
  ]
  private static let inputNames = ["x", "y", "u", "x_2"]
  private static let parameterNames = ["W", "U", "b", "α", "W_xi", "γ", "p", "b_α", "V\u{302}", "Θ"]

  private mutating func run() {
    var names = chance.shuffled(RandomCellMaker.inputNames)
    for _ in 0..<1 + chance.below(2) { addInput(names.removeLast()) }
    if chance.happens(0.4) {
      let value = [0.5, 2, 0.25, 1, 0.1][chance.below(5)]
      cell.symbols.append(.init(name: "β", role: .constant, shape: .number, constant: value))
    }
    addVariables()
    if chance.happens(0.5) { cell.purpose = chance.pick(["a cell by chance", "with \"quotes\" and {braces}", "α\\β"]) }
    let count = cell.equations.count
    cell.order = chance.happens(0.3) ? Array(0..<count) : chance.shuffled(Array(0..<count))
    let variables = cell.variables
    cell.outputs = Array(chance.shuffled(variables).prefix(1 + chance.below(min(3, variables.count))))
    if chance.happens(0.2),
      let last = cell.order.last(where: { cell.symbols[cell.equations[$0].targets[0]].role == .variable })
    {
      cell.namesOutputs = false
      cell.outputs = [cell.equations[last].targets.last ?? 0]
    }
    addSettings()
  }

  // MARK: Symbols

  private mutating func addInput(_ name: String) {
    cell.symbols.append(.init(name: name, role: .input, shape: .vector(ownWidth(name))))
  }

  private mutating func ownWidth(_ name: String) -> FormOfWidths {
    let taken = Set(cell.widths.values)
    let free = Array(1...5).filter { !taken.contains($0) }
    cell.widths[name] = free.isEmpty ? 1 + chance.below(5) : chance.pick(free)
    return FormOfWidths(name)
  }

  /// Widths of vectors that are there already.
  private var knownWidths: [FormOfWidths] {
    var result: [FormOfWidths] = []
    for symbol in cell.symbols where symbol.role == .input || symbol.role == .variable {
      for form in symbol.shape.forms where form.parts.count > 0 && !result.contains(form) { result.append(form) }
    }
    return result
  }

  private mutating func width(for name: String) -> FormOfWidths {
    let known = knownWidths
    switch chance.unit() {
    case ..<0.4: return chance.pick(known)
    case ..<0.75: return ownWidth(name)
    case ..<0.85: return chance.pick(known) + chance.pick(known)
    case ..<0.92: return chance.pick(known) + FormOfWidths(constant: 1)
    default: return chance.pick(known).times(2)
    }
  }

  private mutating func addVariables() {
    var names = chance.shuffled(RandomCellMaker.variableNames)
    var remaining = 1 + chance.below(6)
    var planned: [[Int]] = []
    while remaining > 0 {
      let isSplit = remaining > 1 && chance.happens(0.12)
      var targets: [Int] = []
      for _ in 0..<(isSplit ? 2 : 1) {
        let name = names.removeLast()
        let shape: KnownShape
        switch isSplit ? 0 : chance.unit() {
        case ..<0.72: shape = .vector(width(for: name))
        case ..<0.88: shape = .number
        default: shape = .matrix(chance.pick(knownWidths), chance.pick(knownWidths))
        }
        targets.append(cell.symbols.count)
        cell.symbols.append(.init(name: name, role: .variable, shape: shape))
        remaining -= 1
      }
      planned.append(targets)
    }
    addDerivedParameters()
    for targets in planned {
      reached = targets[0]
      isTimeless = false
      let body: RandomTree
      if targets.count == 2 {
        let whole = targets.reduce(FormOfWidths()) { $0 + (cell.symbols[$1].shape.forms.first ?? FormOfWidths()) }
        body = chance.happens(0.7) ? product(rows: whole, anchored: false, depth: 2) : squashed(.vector(whole), 2)
      } else {
        body = self.body(of: targets[0])
      }
      let purposes = ["how much stays", "a \"text\" with {braces}", "the new state\\", "ℝ → ℝ"]
      cell.equations.append(
        .init(targets: targets, body: body, purpose: chance.happens(0.3) ? chance.pick(purposes) : nil))
    }
  }

  /// Parameters made of parameters: A = U - Uᵀ - γ * I, and vectors and numbers.
  private mutating func addDerivedParameters() {
    guard chance.happens(0.3) else { return }
    isTimeless = true
    let side = chance.pick(knownWidths)
    let name = chance.pick(["A", "g_0", "ζ"])
    let kind = chance.below(3)
    let shape: KnownShape = [.matrix(side, side), .vector(side), .number][kind]
    let body: RandomTree
    switch kind {
    case 0:
      let u = RandomTree.parameter(newParameter(.matrix(side, side), isDeclared: true))
      let gamma = RandomTree.parameter(newParameter(.number, isDeclared: true))
      body = .sum([
        .init(isNegative: false, tree: u), .init(isNegative: true, tree: .transpose(u)),
        .init(isNegative: true, tree: .product([gamma, .identity])),
      ])
    default: body = squashed(shape, 2)
    }
    cell.symbols.append(.init(name: name, role: .derived, shape: shape))
    cell.equations.append(.init(targets: [cell.symbols.count - 1], body: body, purpose: nil))
    isTimeless = false
  }

  private mutating func newParameter(_ shape: KnownShape, isDeclared: Bool) -> Int {
    parameterCount += 1
    var name = RandomCellMaker.parameterNames[
      (parameterCount * 7 + chance.below(3)) % RandomCellMaker.parameterNames.count]
    if cell.symbols.contains(where: { $0.name == name }) { name = "\(name.first ?? "P")_\(parameterCount)" }
    cell.symbols.append(.init(name: name, role: .parameter, shape: shape, isDeclared: isDeclared))
    return cell.symbols.count - 1
  }

  /// A parameter of the shape, perhaps one that is there already.
  private mutating func parameter(_ shape: KnownShape, isDeclared: Bool) -> RandomTree {
    let known = cell.symbols.indices.filter {
      cell.symbols[$0].shape == shape
        && (cell.symbols[$0].role == .parameter && (!isDeclared || cell.symbols[$0].isDeclared)
          || cell.symbols[$0].role == .derived && !isTimeless || cell.symbols[$0].role == .constant)
    }
    if !known.isEmpty, chance.happens(0.4) { return .parameter(chance.pick(known)) }
    return .parameter(newParameter(shape, isDeclared: isDeclared))
  }

  // MARK: Bodies

  /// A body whose values stay moderate, whatever is fed.
  private mutating func body(of symbol: Int) -> RandomTree {
    let shape = cell.symbols[symbol].shape
    switch chance.unit() {
    case ..<0.55: return squashed(shape, 3)
    case ..<0.8:
      let gate = gate(for: shape)
      let old = RandomTree.read(symbol, delay: 1 + chance.below(3))
      let complement = RandomTree.sum([
        .init(isNegative: false, tree: .literal("1")), .init(isNegative: true, tree: gate),
      ])
      return .sum([
        .init(isNegative: false, tree: .product([gate, old])),
        .init(isNegative: false, tree: .product([complement, squashed(shape, 2)])),
      ])
    default: return linear(shape)
    }
  }

  private mutating func gate(for shape: KnownShape) -> RandomTree {
    if case .matrix(let rows, _) = shape, chance.happens(0.6) {
      // A vector scales the rows of a matrix.
      isSealed = true
      defer { isSealed = false }
      return .apply("σ", [make(.vector(rows), anchored: true, depth: 1)])
    }
    return .apply("σ", [make(shape, anchored: true, depth: 1)])
  }

  private mutating func squashed(_ shape: KnownShape, _ depth: Int) -> RandomTree {
    let names = ["tanh", "σ", "softsign", "sin", "cos", "atan", "hardsigmoid", "tanh", "σ"]
    return .apply(chance.pick(names), [make(shape, anchored: true, depth: depth)])
  }

  private mutating func linear(_ shape: KnownShape) -> RandomTree {
    switch shape {
    case .number: return .product([.literal("0.5"), make(.number, anchored: true, depth: 0)])
    case .vector(let width):
      let first = product(rows: width, anchored: false, depth: 0)
      guard chance.happens(0.7) else { return first }
      return .sum([
        .init(isNegative: chance.happens(0.3), tree: first),
        .init(isNegative: chance.happens(0.3), tree: leaf(shape, anchored: false)),
      ])
    case .matrix: return .product([.literal(".5"), squashed(shape, 1)])
    }
  }

  // MARK: Expressions

  mutating func make(_ shape: KnownShape, anchored: Bool, depth: Int) -> RandomTree {
    guard depth > 0 else { return leaf(shape, anchored: anchored) }
    switch shape {
    case .number: return number(depth: depth - 1)
    case .vector(let width): return vector(width, anchored: anchored, depth: depth - 1)
    case .matrix(let rows, let columns): return matrix(rows, columns, depth: depth - 1)
    }
  }

  /// Inputs and variables of a shape that may be read here; `isKnown` if their shapes do not depend on this equation.
  private mutating func reads(_ shape: KnownShape, isKnown: Bool) -> [RandomTree] {
    guard !isTimeless else { return [] }
    var result: [RandomTree] = []
    for index in cell.symbols.indices where cell.symbols[index].shape == shape {
      switch cell.symbols[index].role {
      case .input: result += (0...3).map { .read(index, delay: $0) }
      case .variable:
        if index < reached { result.append(.read(index, delay: 0)) }
        if index < reached || !isKnown { result += (1...3).map { .read(index, delay: $0) } }
      default: break
      }
    }
    return result
  }

  private mutating func leaf(_ shape: KnownShape, anchored: Bool) -> RandomTree {
    let reads = reads(shape, isKnown: anchored)
    if !reads.isEmpty, chance.happens(0.75) { return chance.pick(reads) }
    if case .number = shape {
      switch chance.below(isTimeless ? 3 : 4) {
      case 0: return .literal(chance.pick(["1", "2", "0.5", ".25", "3e-1", "1.50", "0"]))
      case 1: return .named(chance.pick(["π", "e"]))
      case 2: return parameter(.number, isDeclared: true)
      default:
        return .apply(
          chance.pick(["sin", "cos", "tanh"]), [chance.happens(0.5) ? .time : .quotient(.time, .literal("4"))])
      }
    }
    if case .vector(let width) = shape, width.parts.isEmpty || chance.happens(0.3), !isTimeless {
      return .product([make(.number, anchored: true, depth: 1), parameter(shape, isDeclared: true)])
    }
    return parameter(shape, isDeclared: anchored || isSealed || shape.forms.count == 2 || chance.happens(0.3))
  }

  private mutating func number(depth: Int) -> RandomTree {
    let width = chance.pick(knownWidths)
    switch chance.below(isTimeless ? 5 : 9) {
    case 0...4: return elementwise(.number, anchored: true, depth: depth)
    case 5, 6:
      return .apply(
        chance.pick(["sum", "mean", "max", "min"]),
        [
          make(
            chance.happens(0.8) ? .vector(width) : .matrix(width, chance.pick(knownWidths)), anchored: true,
            depth: depth)
        ])
    default:
      // An inner product, as u · v or uᵀ · v.
      let left = operand(.vector(width), depth: depth)
      let right = make(.vector(width), anchored: true, depth: depth)
      return .matrixProduct(chance.happens(0.4) ? .transpose(left) : left, right)
    }
  }

  /// What may stand left of `·` without being taken for a matrix.
  private mutating func operand(_ shape: KnownShape, depth: Int) -> RandomTree {
    let reads = reads(shape, isKnown: true)
    if !reads.isEmpty, chance.happens(0.6) { return chance.pick(reads) }
    return .apply("tanh", [make(shape, anchored: true, depth: depth)])
  }

  private mutating func vector(_ width: FormOfWidths, anchored: Bool, depth: Int) -> RandomTree {
    switch chance.below(10) {
    case 0...4: return elementwise(.vector(width), anchored: anchored, depth: depth)
    case 5, 6: return product(rows: width, anchored: anchored, depth: depth)
    case 7:
      return .apply(chance.pick(["LN", "softmax"]), [make(.vector(width), anchored: true, depth: depth)])
    case 8 where !isTimeless:
      // (u · kᵀ) · q
      let other = chance.pick(knownWidths)
      let outer = RandomTree.matrixProduct(
        operand(.vector(width), depth: 0), .transpose(make(.vector(other), anchored: true, depth: 0)))
      return .matrixProduct(outer, make(.vector(other), anchored: true, depth: depth))
    default:
      let parts = decomposed(width)
      if parts.count < 2 { return elementwise(.vector(width), anchored: anchored, depth: depth) }
      return .concatenate(
        parts.map { part in
          part == FormOfWidths(constant: 1)
            ? make(.number, anchored: true, depth: depth) : make(.vector(part), anchored: true, depth: depth)
        })
    }
  }

  /// A width as a sum of widths in some order.
  private mutating func decomposed(_ width: FormOfWidths) -> [FormOfWidths] {
    var parts: [FormOfWidths] = []
    for (name, count) in width.parts.sorted(by: { $0.key < $1.key }) {
      for _ in 0..<count { parts.append(FormOfWidths(name)) }
    }
    for _ in 0..<width.constant { parts.append(FormOfWidths(constant: 1)) }
    return chance.shuffled(parts)
  }

  /// W · v, with what may stand for W.
  private mutating func product(rows: FormOfWidths, anchored: Bool, depth: Int) -> RandomTree {
    let known = knownWidths
    var columns = chance.pick(known)
    if chance.happens(0.5) { columns = columns + chance.pick(known) }
    let operand: RandomTree
    let parts = decomposed(columns)
    if parts.count > 1, !isTimeless {
      operand = .concatenate(
        parts.map {
          $0 == FormOfWidths(constant: 1)
            ? make(.number, anchored: true, depth: depth) : make(.vector($0), anchored: true, depth: depth)
        })
    } else {
      operand = make(.vector(columns), anchored: true, depth: depth)
    }
    let shape = KnownShape.matrix(rows, columns)
    let matrix: RandomTree
    switch chance.below(8) {
    case 0: matrix = .transpose(parameter(.matrix(columns, rows), isDeclared: anchored))
    case 1:
      matrix = .sum([
        .init(isNegative: chance.happens(0.3), tree: parameter(shape, isDeclared: anchored)),
        .init(isNegative: chance.happens(0.5), tree: parameter(shape, isDeclared: anchored)),
      ])
    case 2: matrix = self.matrix(rows, columns, depth: max(depth - 1, 0))
    case 3:
      let reads = reads(shape, isKnown: true)
      matrix = reads.isEmpty ? parameter(shape, isDeclared: anchored) : chance.pick(reads)
    default: matrix = parameter(shape, isDeclared: anchored)
    }
    return .matrixProduct(matrix, operand)
  }

  /// A matrix that fixes its own shape.
  private mutating func matrix(_ rows: FormOfWidths, _ columns: FormOfWidths, depth: Int) -> RandomTree {
    let shape = KnownShape.matrix(rows, columns)
    switch chance.below(isTimeless ? 4 : 7) {
    case 0: return leaf(shape, anchored: true)
    case 1: return .transpose(make(.matrix(columns, rows), anchored: true, depth: max(depth - 1, 0)))
    case 2: return elementwise(shape, anchored: true, depth: depth)
    case 3 where rows == columns:
      return .sum([
        .init(isNegative: false, tree: leaf(shape, anchored: true)),
        .init(isNegative: chance.happens(0.5), tree: .product([make(.number, anchored: true, depth: 0), .identity])),
      ])
    case 4:
      return .matrixProduct(
        operand(.vector(rows), depth: 0), .transpose(make(.vector(columns), anchored: true, depth: depth)))
    case 5:
      // Rows scaled by a vector, columns by a transposed one.
      let scaled = leaf(shape, anchored: true)
      if chance.happens(0.5) {
        return .product([make(.vector(rows), anchored: true, depth: 0), scaled])
      }
      return .product([scaled, .transpose(make(.vector(columns), anchored: true, depth: 0))])
    case 6:
      let inner = chance.pick(knownWidths)
      return .matrixProduct(leaf(.matrix(rows, inner), anchored: true), leaf(.matrix(inner, columns), anchored: true))
    default: return leaf(shape, anchored: true)
    }
  }

  // MARK: Elementwise

  private mutating func elementwise(_ shape: KnownShape, anchored: Bool, depth: Int) -> RandomTree {
    func literal(_ text: String) -> RandomTree { .literal(text) }
    let first = make(shape, anchored: anchored, depth: depth)
    switch chance.below(13) {
    case 0...2:
      var terms = [RandomTerm(isNegative: chance.happens(0.2), tree: first)]
      for _ in 0..<1 + chance.below(3) {
        terms.append(.init(isNegative: chance.happens(0.4), tree: other(shape, anchored: anchored, depth: depth)))
      }
      return .sum(chance.shuffled(terms))
    case 3, 4:
      var factors = [first]
      for _ in 0..<1 + chance.below(2) { factors.append(other(shape, anchored: anchored, depth: depth)) }
      return .product(chance.shuffled(factors))
    case 5:
      let divisor = base(other(shape, anchored: anchored, depth: depth), of: shape)
      let safe: [RandomTree] = [
        .sum([
          .init(isNegative: false, tree: literal("1")), .init(isNegative: false, tree: .power(divisor, literal("2"))),
        ]),
        .sum([.init(isNegative: false, tree: literal("2")), .init(isNegative: true, tree: .apply("σ", [divisor]))]),
        .sum([.init(isNegative: false, tree: .apply("abs", [divisor])), .init(isNegative: false, tree: literal("0.5"))]
        ),
        literal("3"),
      ]
      return .quotient(first, chance.pick(safe))
    case 6: return power(first, shape, anchored: anchored, depth: depth)
    case 7:
      let second = other(shape, anchored: anchored, depth: depth)
      return .apply(chance.pick(["max", "min"]), chance.happens(0.5) ? [first, second] : [second, first])
    case 8:
      switch chance.below(shape.forms.count == 2 ? 4 : 5) {
      case 0: return .apply("exp", [.apply("tanh", [first])])
      case 1: return .apply("exp", [.sum([.init(isNegative: true, tree: .apply("abs", [first]))])])
      case 2:
        return .apply(
          "log",
          [
            .sum([.init(isNegative: false, tree: literal("1")), .init(isNegative: false, tree: .apply("abs", [first]))])
          ])
      case 3:
        return .apply(
          "sqrt",
          [
            .sum([
              .init(isNegative: false, tree: .apply("softplus", [first])),
              .init(isNegative: false, tree: literal("0.1")),
            ])
          ])
      default:
        return .apply(
          "log",
          [
            .sum([
              .init(isNegative: false, tree: .power(first, literal("2"))),
              .init(isNegative: false, tree: literal("0.5")),
            ])
          ])
      }
    case 9:
      // A function of the session: swish_2(z, b) = z * σ(b * z), mix(a, b, c) = a * b + (1 - a) * c.
      if chance.happens(0.5) {
        return .call("swish_2", [first, other(.number, anchored: true, depth: min(depth, 1))])
      }
      return .call(
        "mix",
        [
          .apply("σ", [first]), other(shape, anchored: anchored, depth: depth),
          other(shape, anchored: anchored, depth: depth),
        ])
    case 10: return .sum([.init(isNegative: true, tree: first)])
    default:
      let names = [
        "σ", "tanh", "relu", "abs", "sign", "sin", "cos", "atan", "softplus", "hardsigmoid", "softsign", "elu", "silu",
        "gelu",
      ]
      return .apply(chance.pick(names), [first])
    }
  }

  /// A second operand: of the shape, or a number that spreads.
  private mutating func other(_ shape: KnownShape, anchored: Bool, depth: Int) -> RandomTree {
    if shape != .number, chance.happens(0.25) { return make(.number, anchored: true, depth: min(depth, 1)) }
    // Beside an anchored operand the rest needs no anchor, except in matrices, where a vector would be raised.
    let needsAnchor = shape.forms.count != 1 || isTimeless
    return make(shape, anchored: needsAnchor, depth: depth)
  }

  /// Powers of matrices have no place in equations, so a number stands for a matrix there.
  private mutating func base(_ tree: RandomTree, of shape: KnownShape) -> RandomTree {
    shape.forms.count == 2 ? make(.number, anchored: true, depth: 1) : tree
  }

  private mutating func power(_ base: RandomTree, _ shape: KnownShape, anchored: Bool, depth: Int) -> RandomTree {
    if shape.forms.count == 2 { return .apply("tanh", [base]) }
    let small = RandomTree.apply("tanh", [base])
    let positive = RandomTree.sum([
      .init(isNegative: false, tree: .apply("σ", [base])), .init(isNegative: false, tree: .literal("0.5")),
    ])
    switch chance.below(6) {
    case 0: return .power(small, .literal("2"))
    case 1: return .power(small, .literal("3"))
    case 2: return .power(positive, .literal(chance.pick(["0.5", "1.5", "9", "0"])))
    case 3: return .power(positive, .sum([.init(isNegative: true, tree: .literal(chance.pick(["1", "2", "0.5"])))]))
    case 4: return .power(positive, .apply("tanh", [other(shape, anchored: anchored, depth: min(depth, 1))]))
    default: return .power(chance.happens(0.5) ? .literal("2") : .named("e"), small)
    }
  }

  // MARK: Settings

  private mutating func addSettings() {
    isTimeless = true
    for symbol in cell.variables {
      let shape = cell.symbols[symbol].shape
      if chance.happens(0.25) {
        for time in Set([0, -chance.below(3)]).sorted() {
          let value: RandomTree
          switch chance.below(3) {
          case 0: value = .literal("0.5")
          case 1: value = .sum([.init(isNegative: true, tree: .literal("0.25"))])
          default: value = squashed(shape, 1)
          }
          cell.starts.append(.init(variable: symbol, time: time, value: value))
        }
      } else if chance.happens(0.1), shape.forms.count == 1 {
        cell.learned.append(symbol)
      }
    }
    let used = cell.used()
    for index in cell.symbols.indices where cell.symbols[index].role == .parameter && used.contains(index) {
      guard chance.happens(0.15) else { continue }
      let rules =
        cell.symbols[index].shape.forms.count == 2
        ? ["orthogonal", "glorot", "identity", "uniform(-0.1, 0.1)", "normal(0.5)", "zeros"]
        : ["1", "-0.5", "ones", "log(3)", "uniform(0, 1)"]
      cell.initials.append("\(cell.symbols[index].name) = \(chance.pick(rules))")
    }
  }
}
