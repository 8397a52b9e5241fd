@testable import Syntax

/// Foundation has an `Expression` too.
typealias Expression = Syntax.Expression

/// A small generator of numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Trees as the parser could have made them, at random: every form, with parentheses where the grammar asks for them.
struct RandomTrees {
  var random: SeededGenerator
  private var isIndex = false
  private let place: Place

  init(seed: UInt64) {
    random = SeededGenerator(state: seed)
    place = Place(Source(name: "random", text: ""), 0..<0)
  }

  private mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }
  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  private mutating func some<T>(_ range: ClosedRange<Int>, _ make: (inout RandomTrees) -> T) -> [T] {
    (0..<Int.random(in: range, using: &random)).map { _ in make(&self) }
  }
  private func tree(_ form: Form) -> Expression { Expression(form, place) }

  static let names = [
    "a", "b", "x", "h", "W_f", "σ", "W_xi", "h̃", "x\u{302}", "δ\u{304}_t", "h_t", "f′", "長さ", "b_α", "h_1", "LSTM",
    "expand", "latex", "param", "Δ", "ħ", "_", "é", "∞", "D", "sqrt", "δW",
  ]

  mutating func name() -> String { pick(Self.names) }

  private mutating func identifier() -> Identifier {
    Identifier(pick(["a", "b", "W_f", "σ", "h̃", "長", "x\u{302}"]), place)
  }

  private mutating func distinct(_ range: ClosedRange<Int>) -> [Identifier] {
    var seen: Set<String> = []
    return some(range) { $0.identifier() }.filter { seen.insert($0.name).inserted }
  }

  // MARK: Expressions

  /// An expression at least as tight as a level.
  mutating func expression(_ level: Level, _ depth: Int) -> Expression {
    let made = form(depth)
    return made.level >= level ? made : tree(.parentheses(made))
  }

  private mutating func form(_ depth: Int) -> Expression {
    if depth <= 0 { return leaf() }
    let below = depth - 1
    switch Int.random(in: 0..<19, using: &random) {
    case 0, 1, 2:
      let infix = pick(InfixOperator.allCases)
      let levels = infix.levels
      return tree(.infix(infix, expression(levels.left, below), expression(levels.right, below)))
    case 3:
      let operators = some(1...3) { $0.pick(ComparisonOperator.allCases) }
      return tree(.comparison((0...operators.count).map { _ in expression(.range, below) }, operators))
    case 4: return tree(.prefix(pick([.minus, .plus]), expression(.unary, below)))
    case 5: return tree(.prefix(.not, expression(.not, below)))
    case 6: return tree(.parentheses(expression(.within, below)))
    case 7: return tree(.primed(expression(.postfix, below)))
    case 8: return call(below)
    case 9: return index(base(below), below)
    case 10: return tree(.field(base(below), pick(["f", "in", "end", "lr", "σ"])))
    case 11: return tree(.brackets(some(0...3) { trees in trees.some(1...3) { $0.expression(.or, below) } }))
    case 12: return tree(.tuple(items(below)))
    case 13: return record(below)
    case 14: return derivative(below)
    case 15: return holding(below)
    case 16: return tree(.within(expression(.within, below), expression(.or, below)))
    case 17:
      return tree(
        .conditional(
          expression(.within, below), then: expression(.within, below), otherwise: expression(.within, below)))
    default: return text(below)
    }
  }

  private mutating func leaf() -> Expression {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return tree(.number(pick(["3", "0.5", ".5", "1e-3", "12345678901234567890", "2e5"])))
    case 1: return tree(.truth(chance(50)))
    case 2: return tree(.nothing)
    case 3: return tree(.timed(pick(["h", "h̃", "W_x"]), offset: Int.random(in: -3...2, using: &random)))
    case 4 where isIndex: return tree(.end)
    default: return tree(.name(name()))
    }
  }

  /// What may be called or indexed: not a number, where a product sign is missing.
  private mutating func base(_ depth: Int) -> Expression {
    let made = expression(.postfix, depth)
    if case .number = made.form { return tree(.name("a")) }
    return made
  }

  private mutating func items(_ depth: Int) -> [Expression] {
    let items = some(0...3) { $0.expression(.within, depth) }
    return items
  }

  private mutating func call(_ depth: Int) -> Expression {
    let function = base(depth)
    var arguments = some(0...3) { trees in
      Argument(
        label: trees.chance(30) ? trees.pick(["k", "in", "f", "β"]) : nil, value: trees.expression(.within, depth),
        place: trees.place)
    }
    if case .name("D") = function.form { arguments = Array(arguments.prefix(1)) }
    return tree(.call(function, arguments))
  }

  private mutating func index(_ base: Expression, _ depth: Int) -> Expression {
    let outer = isIndex
    isIndex = true
    let items = some(1...3) { trees in
      trees.chance(15) ? trees.tree(.all) : trees.expression(.or, depth)
    }
    isIndex = outer
    return tree(.index(base, items))
  }

  private mutating func record(_ depth: Int) -> Expression {
    var seen: Set<String> = []
    let fields = some(0...3) { trees in
      RecordField(
        name: trees.pick(["a", "lr", "if", "σ", "x\u{302}"]), value: trees.expression(.within, depth),
        place: trees.place)
    }
    return tree(.record(fields.filter { seen.insert($0.name).inserted }))
  }

  private mutating func text(_ depth: Int) -> Expression {
    let outer = isIndex
    isIndex = false
    defer { isIndex = outer }
    var pieces: [TextPiece] = []
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      if chance(40) {
        pieces.append(.expression(expression(.within, min(depth, 2))))
      } else if case .literal = pieces.last {
        continue
      } else {
        pieces.append(.literal(literal()))
      }
    }
    return tree(.text(pieces))
  }

  mutating func literal() -> String {
    pick([
      "plain", "σ and é", "\"quoted\"", "back\\slash {brace}", "line\nline\t.", "\u{1}\u{7F}", "}", "“”", "#", "  ",
    ])
  }

  private mutating func symbol(_ depth: Int) -> Expression {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return tree(.timed("c", offset: -1))
    case 1: return index(tree(.name("c")), min(depth, 1))
    case 2: return tree(.field(tree(.name("layer1")), "h"))
    case 3: return tree(.parentheses(expression(.within, depth)))
    default: return tree(.name(name()))
    }
  }

  private mutating func derivative(_ depth: Int) -> Expression {
    chance(70)
      ? tree(.derivative(of: expression(.power, depth), by: symbol(depth), operand: nil))
      : tree(.derivative(of: nil, by: symbol(depth), operand: expression(.within, depth)))
  }

  private mutating func holding(_ depth: Int) -> Expression {
    let inner = chance(70) ? derivative(depth) : expression(.postfix, depth)
    return tree(.holding(inner, some(1...2) { $0.symbol(depth) }))
  }

  // MARK: Statements

  mutating func statement(_ depth: Int, isLoop: Bool = false, isFunction: Bool = false) -> Statement {
    let below = depth - 1
    func block(_ trees: inout RandomTrees, loop: Bool = isLoop, function: Bool = isFunction) -> [Statement] {
      trees.some(0...3) { $0.statement(below, isLoop: loop, isFunction: function) }
    }
    let form: StatementForm
    switch Int.random(in: 0..<(depth > 0 ? 17 : 11), using: &random) {
    case 0, 1: form = .assignment(target(), expression(.within, 3))
    case 2: form = .expression(tree(.infix(.plus, tree(.name("a")), expression(.product, 3))))
    case 3: form = .expression(tree(.prefix(pick([.minus, .plus]), expression(.unary, 2))))
    case 4: form = .assertion(expression(.within, 2), message: chance(50) ? text(1) : nil)
    case 5: form = .set(pick(["seed", "notation", "長さ"]), expression(.within, 1))
    case 6: form = .check(expression(.within, 2), some(1...3) { $0.expression(.within, 2) })
    case 7: form = .use(tree(.name("LSTM")))
    case 8:
      form = pick([
        .command("expand", nil), .command("expand", tree(.number("2"))), .command("help", tree(.name("for"))),
        .command("help", tree(.name("·"))), .command("forget", tree(.name("σ"))), .command("collapse", nil),
        .command("expand", tree(.derivative(of: tree(.name("y")), by: tree(.name("x")), operand: nil))),
      ])
    case 9: form = isLoop ? pick([.break, .continue]) : .import(text(0))
    case 10: form = isFunction ? .return(chance(70) ? expression(.within, 2) : nil) : .use(tree(.name("GRU")))
    case 11:
      form = .conditional(
        some(1...3) { ConditionalBranch(condition: $0.expression(.within, 1), body: block(&$0)) },
        otherwise: chance(50) ? block(&self) : nil)
    case 12: form = .forLoop(loopTarget(), over: expression(.or, 1), block(&self, loop: true))
    case 13: form = .whileLoop(expression(.within, 1), block(&self, loop: true))
    case 14, 15:
      let name = identifier()
      form = .function(
        FunctionDefinition(
          name: name.name, namePlace: place, parameters: distinct(0...3).map(\.name),
          body: chance(50) ? .expression(expression(.within, 3)) : .block(block(&self, loop: false, function: true))))
    default: form = .cell(cell())
    }
    return Statement(form, place, isQuiet: chance(20))
  }

  private mutating func target() -> Expression {
    let simple = tree(.name(pick(["a", "W_f", "h̃", "δ\u{304}", "help"])))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return tree(.field(simple, "f"))
    case 1: return index(simple, 1)
    case 2: return tree(.tuple([simple, tree(.field(tree(.name("net")), "W"))]))
    default: return simple
    }
  }

  private mutating func loopTarget() -> Expression {
    chance(70) ? tree(.name(pick(["t", "v"]))) : tree(.tuple([tree(.name("a")), tree(.name("t"))]))
  }

  // MARK: Cells

  private mutating func cell() -> CellDefinition {
    let outputs = distinct(0...2)
    let body: CellBody
    if chance(20) {
      body = .latex(
        chance(70)
          ? tree(.text([.literal(pick(["\\sigma x\n  y", "h_t", "\n\\x", "a\\\"", "x\ny"]))])) : expression(.within, 1))
    } else {
      var items = some(0...5) { $0.cellItem() }
      if chance(30) { items.insert(CellItem(.purpose(literal()), place), at: 0) }
      body = .items(items)
    }
    return CellDefinition(
      isReversed: chance(10), name: identifier(), inputs: distinct(0...3), outputs: outputs, body: body)
  }

  private mutating func cellItem() -> CellItem {
    let form: CellItemForm
    switch Int.random(in: 0..<8, using: &random) {
    case 0: form = .parameter(identifier(), dimensions: some(1...3) { $0.expression(.sum, 1) })
    case 1: form = .constant(identifier(), expression(.or, 1))
    case 2: form = .initial(symbolTarget(), expression(.or, 1))
    case 3: form = .learn(symbolTarget())
    default:
      form = .equation(target: equationTarget(), body: expression(.or, 4), purpose: chance(40) ? literal() : nil)
    }
    return CellItem(form, place)
  }

  private mutating func symbolTarget() -> Expression {
    chance(50) ? tree(.name("b_f")) : tree(.index(tree(.name("c")), [tree(.number("0"))]))
  }

  private mutating func equationTarget() -> Expression {
    let time = tree(.name("t"))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return tree(.name(pick(["h_t", "A", "param"])))
    case 1: return tree(.timed("h̃", offset: 0))
    case 2:
      return tree(.brackets([[tree(.index(tree(.name("a")), [time])), tree(.index(tree(.name("b")), [time]))]]))
    default: return tree(.index(tree(.name(pick(["h", "σ̂", "c"]))), [time]))
    }
  }
}
