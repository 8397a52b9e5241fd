/// Which piece every function in pieces takes on the way to a value: `a` or `b` in max(a, b), left or right of 0 in
/// relu(z), at every time from which the value follows.
///
/// Where two runs differ in it a kink lies between them, and their difference is the slope of neither side. A tie is a
/// piece of its own, so that a point on a kink differs from those beside it. A tie at all points of a line is no kink:
/// what is equal along a line has equal slopes along it.
struct BranchSignature {
  /// Where the pieces of the functions of one number meet.
  static let kinks: [String: [Double]] = [
    "relu": [0], "abs": [0], "sign": [0], "step": [0], "elu": [0], "softsign": [0], "hardsigmoid": [-2.5, 2.5],
  ]
  /// Functions of a whole vector that choose an entry of it, and whether it is the largest.
  static let choices = ["max": true, "largest": true, "min": false, "smallest": false]

  private typealias Kink = (operation: Operator, arguments: [NodeID], isOfColumns: Bool)

  /// An equation at a time that the value follows from.
  private struct Place: Hashable {
    var equation: Int
    var time: Int
  }

  private let evaluator: NodeEvaluator<RealNumbers>
  private var kinks: [[Kink]] = []
  /// What the arguments of the kinks of an equation are made of, operands first.
  private var orders: [[NodeID]] = []
  private var places: [Place] = []

  /// - Parameters:
  ///   - target: a symbol and its time.
  ///   - times: before and after these nothing follows anything.
  ///   - isGiven: what does not follow from its equation, but is written there.
  ///   - evaluator: reads the run that is looked at.
  init(
    of target: (symbol: SymbolID, time: Int), times: ClosedRange<Int>, evaluator: NodeEvaluator<RealNumbers>,
    isGiven: (SymbolID, Int) -> Bool
  ) {
    self.evaluator = evaluator
    let recurrence = evaluator.recurrence
    let store = recurrence.store
    var reads: [[(symbol: SymbolID, shift: Int)]] = []
    var equationOf: [SymbolID: Int] = [:]
    for (index, equation) in recurrence.equations.enumerated() {
      for symbol in equation.targets { equationOf[symbol] = index }
      let nodes = store.computation(of: [equation.body])
      reads.append(
        nodes.compactMap { if case .read(let symbol, let shift) = store[$0] { (symbol, shift) } else { nil } })
      let found = nodes.compactMap { BranchSignature.kink(store[$0]) }
      kinks.append(found)
      orders.append(store.closure(of: Set(found.flatMap(\.arguments))))
    }

    var seen: Set<Place> = []
    var open = [target]
    while let (symbol, time) = open.popLast() {
      guard let equation = equationOf[symbol] else { continue }
      let isTimed = store[symbol].kind == .variable
      if isTimed, !times.contains(time) || isGiven(symbol, time) { continue }
      let place = Place(equation: equation, time: isTimed ? time : times.lowerBound)
      guard seen.insert(place).inserted else { continue }
      if !kinks[equation].isEmpty { places.append(place) }
      open += reads[equation].map { ($0.symbol, place.time + $0.shift) }
    }
  }

  private static func kink(_ node: Node) -> Kink? {
    switch node {
    case .apply(let id, let arguments):
      let row = OperatorTable[id]
      return kinks[row.name] != nil || choices[row.name] != nil ? (row, arguments, false) : nil
    case .reduced(let id, let argument):
      let row = OperatorTable[id]
      return choices[row.name] != nil ? (row, [argument], true) : nil
    default: return nil
    }
  }

  /// The pieces of the run that the evaluator reads, in an order that is the same for all runs.
  func pieces() -> [Int8] {
    var result: [Int8] = []
    for place in places {
      var values = NodeMap<Matrix>()
      func value(_ id: NodeID) -> Matrix { values[id] ?? Matrix(0) }
      for id in orders[place.equation] { values[id] = evaluator.value(of: id, time: place.time, value) }
      for kink in kinks[place.equation] { add(kink, kink.arguments.map(value), to: &result) }
    }
    return result
  }

  private func add(_ kink: Kink, _ arguments: [Matrix], to pieces: inout [Int8]) {
    guard let first = arguments.first else { return }
    if arguments.count == 2 {
      pieces += first.combined(arguments[1], BranchSignature.side).values
    } else if let meetings = BranchSignature.kinks[kink.operation.name] {
      for meeting in meetings { pieces += first.values.map { BranchSignature.side($0, meeting) } }
    } else if let isLargest = BranchSignature.choices[kink.operation.name] {
      // The entries that are chosen: more than one in a tie.
      let columns =
        kink.isOfColumns ? (0..<first.columns).map { first.columnRange($0..<$0 + 1).values } : [first.values]
      for column in columns {
        guard let best = isLargest ? column.max() : column.min() else { continue }
        pieces += column.map { BranchSignature.side($0, best) }
      }
    }
  }

  /// 1 above, -1 below, 0 for a tie (but for rounding), 2 for what is no number.
  private static func side(_ a: Double, _ b: Double) -> Int8 {
    if a.isNaN || b.isNaN { return 2 }
    if abs(a - b) <= 1e-14 * max(1, abs(a), abs(b)) { return 0 }
    return a > b ? 1 : -1
  }
}
