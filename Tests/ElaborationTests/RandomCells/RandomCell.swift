import Foundation

/// A width as a linear form in named widths, for the independent opinion on shapes: `x + 2·h + 1`.
struct FormOfWidths: Hashable {
  var constant = 0
  var parts: [String: Int] = [:]

  init(constant: Int = 0, parts: [String: Int] = [:]) {
    self.constant = constant
    self.parts = parts.filter { $0.value != 0 }
  }

  init(_ name: String) { self.init(parts: [name: 1]) }

  static func + (left: FormOfWidths, right: FormOfWidths) -> FormOfWidths {
    FormOfWidths(
      constant: left.constant + right.constant, parts: left.parts.merging(right.parts) { $0 + $1 })
  }

  func times(_ factor: Int) -> FormOfWidths {
    FormOfWidths(constant: constant * factor, parts: parts.mapValues { $0 * factor })
  }

  func number(_ widths: [String: Int]) -> Int {
    parts.reduce(constant) { $0 + $1.value * (widths[$1.key] ?? 0) }
  }
}

enum KnownShape: Hashable {
  case number
  case vector(FormOfWidths)
  case matrix(FormOfWidths, FormOfWidths)

  var forms: [FormOfWidths] {
    switch self {
    case .number: []
    case .vector(let width): [width]
    case .matrix(let rows, let columns): [rows, columns]
    }
  }

  func sides(_ widths: [String: Int]) -> [Int] { forms.map { $0.number(widths) } }
}

/// An expression of a random cell. It knows nothing of the program's own expressions.
indirect enum RandomTree: Hashable {
  case literal(String)
  case named(String)
  case time
  /// A variable or input, `delay` steps earlier.
  case read(Int, delay: Int)
  case parameter(Int)
  case identity
  case sum([RandomTerm])
  case product([RandomTree])
  case quotient(RandomTree, RandomTree)
  case power(RandomTree, RandomTree)
  case matrixProduct(RandomTree, RandomTree)
  case transpose(RandomTree)
  case concatenate([RandomTree])
  case apply(String, [RandomTree])
  /// A function of the session, seen through.
  case call(String, [RandomTree])

  var children: [RandomTree] {
    switch self {
    case .literal, .named, .time, .read, .parameter, .identity: []
    case .sum(let terms): terms.map(\.tree)
    case .product(let factors), .concatenate(let factors): factors
    case .quotient(let a, let b), .power(let a, let b), .matrixProduct(let a, let b): [a, b]
    case .transpose(let a): [a]
    case .apply(_, let arguments), .call(_, let arguments): arguments
    }
  }

  func replacingChildren(_ new: [RandomTree]) -> RandomTree {
    guard new.count == children.count else { return self }
    switch self {
    case .literal, .named, .time, .read, .parameter, .identity: return self
    case .sum(let terms): return .sum(zip(terms, new).map { RandomTerm(isNegative: $0.isNegative, tree: $1) })
    case .product: return .product(new)
    case .concatenate: return .concatenate(new)
    case .quotient: return .quotient(new[0], new[1])
    case .power: return .power(new[0], new[1])
    case .matrixProduct: return .matrixProduct(new[0], new[1])
    case .transpose: return .transpose(new[0])
    case .apply(let name, _): return .apply(name, new)
    case .call(let name, _): return .call(name, new)
    }
  }

  var size: Int { children.reduce(1) { $0 + $1.size } }
}

struct RandomTerm: Hashable {
  var isNegative: Bool
  var tree: RandomTree
}

/// A cell made at random, all of whose shapes are known by construction.
struct RandomCell {
  enum Role { case input, variable, parameter, derived, constant }

  struct Symbol {
    var name: String
    var role: Role
    var shape: KnownShape
    /// Has a `param` line.
    var isDeclared = false
    var constant = 0.0
  }

  struct Equation {
    var targets: [Int]
    var body: RandomTree
    var purpose: String?
  }

  struct Start {
    var variable: Int
    var time: Int
    var value: RandomTree
  }

  var symbols: [Symbol] = []
  /// In the order in which they can be computed.
  var equations: [Equation] = []
  /// In the order in which they are written.
  var order: [Int] = []
  var starts: [Start] = []
  var learned: [Int] = []
  /// `init b_f = 1` and the like, as written.
  var initials: [String] = []
  var outputs: [Int] = []
  var namesOutputs = true
  var purpose: String?
  /// The widths that are free, and a number for each.
  var widths: [String: Int] = [:]
  var spellingSeed: UInt64 = 0

  /// The number for a width that goes by a variable's or its own name.
  func width(named name: String) -> Int {
    if let symbol = symbols.first(where: { $0.name == name }), case .vector(let width) = symbol.shape {
      return width.number(widths)
    }
    return widths[name] ?? 1
  }

  var inputs: [Int] { symbols.indices.filter { symbols[$0].role == .input } }
  var variables: [Int] { equations.flatMap(\.targets).filter { symbols[$0].role == .variable } }

  func used() -> Set<Int> {
    var result = Set(equations.flatMap(\.targets) + inputs)
    func visit(_ tree: RandomTree) {
      switch tree {
      case .parameter(let symbol), .read(let symbol, _): result.insert(symbol)
      default: tree.children.forEach(visit)
      }
    }
    equations.forEach { visit($0.body) }
    starts.forEach { visit($0.value) }
    return result
  }
}

/// SplitMix64 again, by itself: tests do not draw from the program's own source of chance.
struct Chance {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
  mutating func happens(_ probability: Double) -> Bool { unit() < probability }
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
  mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

  mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
    var result = list
    for index in result.indices.reversed() where index > 0 { result.swapAt(index, below(index + 1)) }
    return result
  }
}
