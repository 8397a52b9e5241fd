import Algebra

/// A cell with widths, parameters and a state: what is fed.
///
/// A net changes in place; `copy` makes another. All values are Float64 at its border, rounded to its type inside.
public final class Net {
  public let recurrence: Recurrence
  /// All of whose widths are numbers.
  public let shapes: ShapeSolution
  public let type: NumberType
  public let seed: UInt64
  /// The time reached; 0 before the first feed.
  public internal(set) var time = 0
  /// The sequences fed side by side; nil until the first feed.
  public internal(set) var batch: Int?
  public internal(set) var clamps: [Clamp] = []
  var parameters: [SymbolID: [Double]]
  var parametersChanged = true
  /// Starts that were written, `net.c[0] = ...`: `[batch or 1][count]`.
  var writtenStarts: [SymbolID: [Double]] = [:]
  var track = Track()
  var engine: (any Engine)?
  /// What the engine holds of earlier steps is not what the next one reads: a state was written, or time turned back.
  var isPastLost = false
  /// The backward pass, once it was asked for.
  var knownAdjoint: Adjoint?
  /// In it, what multiplies each variable that is held.
  var heldFactors: [SymbolID: SymbolID] = [:]
  /// A segment that was computed again because it was looked at.
  var revisited: (index: Int, values: [SymbolID: [Double]])?
  /// What computes segments again.
  var revisitor: (any Engine)?
  let isCausal: Bool
  let variables: [SymbolID]
  /// How far its training has come.
  public var training: TrainingState?
  /// What the classes of its input stand for, if it was trained on a text: the characters.
  public var alphabet: [String]?
  /// Inputs and variables that are read at earlier times than their own: what a run goes on from.
  let history: [SymbolID]
  /// How many numbers each symbol of the store has at one time, in one sequence.
  private let counts: [Int]
  let inputCounts: [Int]
  let variableCounts: [Int]
  /// The place of each output among the variables; nil for sums over all times.
  let outputPlaces: [Int?]
  /// How many threads may take part when it runs; the numbers are the same, however many.
  public var threads = 1 {
    didSet {
      engine?.threads = threads
      revisitor?.threads = threads
    }
  }
  public var engineKind = EngineKind.plan {
    didSet { if engineKind != oldValue { (engine, revisitor) = (nil, nil) } }
  }

  /// - Parameters:
  ///   - widths: by name, besides those that the cell has set.
  ///   - constants: other values for the cell's `const`s.
  ///   - isInterrupted: asked now and then while parameters are first filled.
  /// - Throws: `NetError` if a width stays open, the shapes do not fit or it is too large.
  public init(
    _ cell: Recurrence, widths: [(name: String, value: Int)] = [], constants: [SymbolID: Decimal] = [:],
    seed: UInt64 = 0, type: NumberType = .float32, isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    var recurrence = cell
    recurrence.constants.merge(constants) { _, new in new }
    recurrence.widths += widths
    let shapes: ShapeSolution
    do {
      shapes = try recurrence.solvedShapes()
    } catch let error as ShapeError {
      throw NetError.shape(error)
    }
    let open = shapes.openWidths
    guard open.isEmpty else { throw NetError.openWidths(open, cell: cell.name) }
    recurrence.shapes = shapes
    let numbers = shapes.symbols.values.reduce(0.0) { total, shape in
      total + shape.dimensions.reduce(1.0) { $0 * Double($1.number ?? 1) }
    }
    guard numbers <= Double(Net.largest) else { throw NetError.tooLarge(numbers: numbers, bound: Net.largest) }
    self.recurrence = recurrence
    self.shapes = shapes
    self.seed = seed
    self.type = type
    variables = recurrence.variables
    history = Net.history(recurrence)
    let counts = Net.counts(recurrence, shapes)
    self.counts = counts
    inputCounts = recurrence.inputs.map { counts[Int($0.index)] }
    variableCounts = variables.map { counts[Int($0.index)] }
    outputPlaces = recurrence.outputs.map(variables.firstIndex)
    isCausal = try Schedule(recurrence).isCausal
    parameters = try Initialization(recurrence, shapes: shapes, seed: seed, isInterrupted: isInterrupted).values()
    for (symbol, value) in recurrence.constants { parameters[symbol] = [value.value] }
    parameters = parameters.mapValues { $0.map(rounded) }
    try beginLearnedStarts()
  }

  /// A start that is learned begins as its `init` line says.
  func beginLearnedStarts() throws {
    let begun = recurrence.learnedStarts.filter { symbol in
      recurrence.starts.contains { $0.symbol == symbol && $0.time == 0 }
    }
    guard !begun.isEmpty else { return }
    let engine = try makeEngine(batch: 1, capacity: 1)
    for symbol in begun { parameters[symbol] = engine.start(symbol, time: 0) ?? parameters[symbol] }
  }

  private init(copying other: Net) {
    recurrence = other.recurrence
    shapes = other.shapes
    type = other.type
    seed = other.seed
    time = other.time
    batch = other.batch
    clamps = other.clamps
    parameters = other.parameters
    writtenStarts = other.writtenStarts
    track = other.track
    isCausal = other.isCausal
    variables = other.variables
    history = other.history
    counts = other.counts
    inputCounts = other.inputCounts
    variableCounts = other.variableCounts
    outputPlaces = other.outputPlaces
    threads = other.threads
    engineKind = other.engineKind
    knownAdjoint = other.knownAdjoint
    heldFactors = other.heldFactors
    training = other.training
    alphabet = other.alphabet
  }

  private static func history(_ recurrence: Recurrence) -> [SymbolID] {
    let earlier = recurrence.readEarlier
    return (recurrence.inputs + recurrence.variables).filter(earlier.contains)
  }

  private static func counts(_ recurrence: Recurrence, _ shapes: ShapeSolution) -> [Int] {
    var result = [Int](repeating: 1, count: recurrence.store.symbols.count)
    for (symbol, shape) in shapes.symbols {
      result[Int(symbol.index)] = shape.dimensions.reduce(1) { $0 * ($1.number ?? 1) }
    }
    return result
  }

  /// The most numbers that one feed may answer: a quarter of a gigabyte.
  var largestAnswer: Int { type == .float32 ? 1 << 26 : 1 << 25 }
  /// The threads that take part unless it is said otherwise.
  public static let usualThreads = 1
  public static let mostThreads = Workers.mostParts
  /// The most numbers that a net or one stretch of its time may hold.
  public static let largest = 48_000_000

  /// Numbers of variables that are kept; what is beyond is computed again when it is looked at.
  var keptNumbers: Int {
    get { track.keptNumbers }
    set { track.keptNumbers = newValue }
  }

  public func copy() -> Net { Net(copying: self) }

  func rounded(_ value: Double) -> Double { type == .float32 ? Double(Float(value)) : value }

  /// How many numbers a symbol has at one time, in one sequence.
  public func count(_ symbol: SymbolID) -> Int {
    counts.indices.contains(Int(symbol.index)) ? counts[Int(symbol.index)] : 1
  }

  /// The sides of a symbol: none for a number, the width of a vector, rows and columns.
  public func sides(_ symbol: SymbolID) -> [Int] {
    (shapes.symbols[symbol] ?? .number).dimensions.map { $0.number ?? 0 }
  }

  /// How many numbers are learned.
  public var parameterCount: Int {
    (recurrence.parameters + recurrence.learnedStarts).reduce(0) { $0 + count($1) }
  }

  // MARK: Parameters

  /// A parameter, constant, or parameter made of parameters, row by row.
  public func parameter(_ symbol: SymbolID) -> [Double] {
    if recurrence.store[symbol].kind != .derivedParameter { return parameters[symbol] ?? [] }
    guard let engine = try? readyEngine(batch: batch ?? 1, steps: 1) else { return [] }
    return engine.derived(symbol)
  }

  /// Writes a parameter, row by row; the track stays.
  public func setParameter(_ symbol: SymbolID, _ values: [Double]) {
    guard values.count == count(symbol) else { return }
    parameters[symbol] = values.map(rounded)
    parametersChanged = true
  }
}
