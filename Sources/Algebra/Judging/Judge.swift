/// Decides whether two expressions of a recurrence are equal at every time and for all parameters and inputs.
///
/// First in the prime field, where all is exact and functions are random: equal at 2 points of 3 widths, two different
/// expressions would have to meet by chance, once in 10^15. What the field finds unequal may still be equal by an
/// identity of functions that it does not know, so Float64 with running error bounds decides: a difference above 1000
/// bounds at two points is one; below the bound at 12 points the two are called equal, as numerical. Else it cannot be
/// told.
public final class Judge {
  public enum Judgement: Hashable, Sendable {
    case equal(isNumerical: Bool)
    case different
    /// With the reason.
    case unknown(String)

    public var isEqual: Bool { if case .equal = self { true } else { false } }
  }

  public let recurrence: Recurrence
  let equations: AtomEquations
  private let isInterrupted: () -> Bool
  /// Widths to judge at, none of them 1 where they are free.
  private(set) var shapes: [ShapeSolution] = []
  private var fields: [Int: JudgePoint<PrimeField>] = [:]
  /// How many steps back and ahead of t the expressions speak of.
  private var span = (back: 0, ahead: 0)
  /// How far back of t what is derived by stands.
  private var cutBack = 0

  public init(_ recurrence: Recurrence, isInterrupted: @escaping () -> Bool = { false }) throws {
    self.recurrence = recurrence.withSmallWidths
    self.isInterrupted = isInterrupted
    equations = AtomEquations(self.recurrence, isInterrupted: isInterrupted)
    shapes = try Judge.smallShapes(self.recurrence, sets: [[2, 3, 4], [3, 2, 5], [4, 5, 2]])
  }

  /// Shapes for lists of widths, each given in turn to the open ones; larger ones where a list contradicts the cell.
  static func smallShapes(_ recurrence: Recurrence, sets: [[Int]]) throws -> [ShapeSolution] {
    let open = recurrence.shapes.openWidths
    var result: [ShapeSolution] = []
    for set in sets {
      for extra in 0..<4 {
        let widths = open.enumerated().map { (name: $1, value: set[$0 % set.count] + extra) }
        guard let solution = try? recurrence.solvedShapes(widths: widths), isWhole(solution) else { continue }
        result.append(solution)
        break
      }
    }
    if result.isEmpty { result = [try recurrence.solvedShapes()] }
    return result
  }

  private static func isWhole(_ solution: ShapeSolution) -> Bool {
    solution.symbols.values.allSatisfy { $0.dimensions.allSatisfy { ($0.number ?? 0) > 0 } }
  }

  /// The derivative of an expression by the rules, as an expression; nil if it is 0.
  public func opened(_ node: NodeID) throws -> NodeID? {
    guard case .derivative(let inner, let cut) = recurrence.store[node] else { return node }
    return try equations.tangent(of: inner, by: cut)
  }

  // MARK: Judgements

  public func compare(_ a: NodeID, _ b: NodeID) throws -> Judgement {
    if a == b { return .equal(isNumerical: false) }
    cover([a, b])
    if try isEqualInField(a, b) { return .equal(isNumerical: false) }
    return try compareInFloat64(a, b)
  }

  /// Equal in the field at 2 points of every width.
  public func isEqualInField(_ a: NodeID, _ b: NodeID) throws -> Bool {
    cover([a, b])
    for index in 0..<2 * shapes.count {
      let point = try field(index)
      guard PrimeField.areEqual(try point.value(a), try point.value(b))
      else { return false }
    }
    return true
  }

  /// Equal where every width is 1, whatever they are elsewhere.
  public func isEqualAtWidthOne(_ a: NodeID, _ b: NodeID) throws -> Bool {
    cover([a, b])
    guard let shapes = try Judge.smallShapes(recurrence, sets: [[1]]).first,
      shapes.symbols.values.allSatisfy({ $0.dimensions.allSatisfy { $0.number == 1 } || $0.rank == 2 })
    else { return false }
    for draw in 0..<2 {
      let point = try self.point(shapes, draw: UInt64(100 + draw), later: draw)
      guard PrimeField.areEqual(try point.value(a), try point.value(b))
      else { return false }
    }
    return true
  }

  /// Point number `index` of the field: its width is that of `shapes[index / 2]`.
  func field(_ index: Int) throws -> JudgePoint<PrimeField> {
    if isInterrupted() { throw Interruption() }
    if let point = fields[index] { return point }
    let point = try point(shapes[index / 2 % shapes.count], draw: UInt64(index), later: index)
    fields[index] = point
    return point
  }

  /// - Parameter later: t itself is another number at each point, for equations that speak of it.
  private func point(_ shapes: ShapeSolution, draw: UInt64, later: Int) throws -> JudgePoint<PrimeField> {
    let time = time + later
    let numbers = PrimeField(key: 0x5EED &+ draw)
    let stream = Box(RandomStream(seed: 17, stream: draw))
    return try JudgePoint(
      recurrence, shapes: shapes, numbers: numbers, equations: equations, time: time, end: time + lastTime
    ) { stream.value.below(PrimeField.order) }
  }

  /// The first t at which what is derived by is not before time 1.
  var firstTime: Int { 1 + cutBack }
  /// How far behind t a sequence goes on: beyond what is read later, so that what follows from there is seen.
  var lastTime: Int { span.ahead + (recurrence.longestLead > 0 ? 2 * recurrence.longestLead + 2 : 0) }

  /// Beyond the longest delay of anything that is read.
  private var time: Int { span.back + recurrence.longestDelay + 2 }

  /// Makes room for the times that expressions speak of; points whose time was too early are drawn again.
  func cover(_ nodes: [NodeID]) {
    var (back, ahead) = span
    for id in recurrence.store.closure(of: nodes) {
      switch recurrence.store[id] {
      case .read(_, let shift):
        back = max(back, -shift)
        ahead = max(ahead, shift)
      case .atom(let atom):
        back = max(back, -atom.shift, -atom.cut.shift)
        cutBack = max(cutBack, -atom.cut.shift)
        ahead = max(ahead, atom.shift, atom.cut.shift)
      case .derivative(_, let cut):
        back = max(back, -cut.shift)
        cutBack = max(cutBack, -cut.shift)
      default: break
      }
    }
    guard (back, ahead) != span else { return }
    span = (back, ahead)
    fields = [:]
  }

  // MARK: Float64

  private func compareInFloat64(_ a: NodeID, _ b: NodeID) throws -> Judgement {
    var equal = 0
    var different = 0
    for draw in 0..<36 where equal < 12 && different < 2 {
      if isInterrupted() { throw Interruption() }
      let numbers = BoundedNumbers()
      let stream = Box(RandomStream(seed: 29, stream: UInt64(draw)))
      let time = time + draw % 5
      let point = try JudgePoint(
        recurrence, shapes: shapes[draw % shapes.count], numbers: numbers, equations: equations, time: time,
        end: time + lastTime
      ) { numbers.exact(stream.value.uniform(-0.9, 0.9)) }
      switch BoundedNumbers.compare(
        try point.value(a), try point.value(b))
      {
      case true?: equal += 1
      case false?: different += 1
      case nil: continue
      }
    }
    if different >= 2 { return .different }
    if equal >= 12, different == 0 { return .equal(isNumerical: true) }
    return .unknown(
      different == 0 && equal == 0
        ? "it has no finite value at the points that were tried"
        : "its rounding errors hide what there may be of a difference")
  }
}

extension PrimeField {
  /// Equal entry by entry; a number stands for a matrix of it.
  static func areEqual(_ a: Grid<UInt64>, _ b: Grid<UInt64>) -> Bool {
    guard a.values.allSatisfy({ $0 != undefined }), b.values.allSatisfy({ $0 != undefined }) else { return false }
    if a.rows == b.rows, a.columns == b.columns { return a.values == b.values }
    return a.combined(b) { $0 == $1 ? 1 : 0 }.values.allSatisfy { $0 == 1 }
  }
}

extension BoundedNumbers {
  /// True below the bounds, false above 1000 of them, nil between, where there is no finite value, and where the bounds
  /// are so wide that being below them says nothing.
  static func compare(_ a: Grid<Number>, _ b: Grid<Number>) -> Bool? {
    var isEqual = true
    let scale = max(a.largest, b.largest)
    for pair in a.combined(b, { a, b in Number(value: abs(a.value - b.value), bound: a.bound + b.bound) }).values {
      guard pair.value.isFinite, pair.bound.isFinite else { return nil }
      if pair.value > 1000 * pair.bound { return false }
      if pair.value > pair.bound || pair.bound > max(1e-9 * scale, 1e-15) { isEqual = false }
    }
    return isEqual ? true : nil
  }
}

extension Grid where Number == BoundedNumbers.Number {
  fileprivate var largest: Double { values.reduce(0) { max($0, abs($1.value)) } }
}

/// Something that a closure changes.
final class Box<Content> {
  var value: Content
  init(_ value: Content) { self.value = value }
}
