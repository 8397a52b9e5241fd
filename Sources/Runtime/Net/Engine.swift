import Algebra
import Kernels

/// The floating-point type in which a net computes.
public enum NumberType: String, Sendable, CaseIterable {
  case float32 = "f32"
  case float64 = "f64"
}

/// What computes: the plan, or the plain evaluator that judges it.
public enum EngineKind: String, Sendable, CaseIterable {
  case plan, reference
}

/// What runs a net's equations over a stretch of time. Values cross its border as Float64, whatever it computes in.
protocol Engine: AnyObject {
  var batch: Int { get }
  var capacity: Int { get }
  /// How many threads may take part; the numbers are the same, however many.
  var threads: Int { get set }
  /// Slots that hold what came before the first step.
  var past: Int { get }
  /// Slots after the last step of a run, for what reads later times.
  var future: Int { get }
  /// Whether the values of an input or variable can be read.
  func keeps(_ symbol: SymbolID) -> Bool
  func setParameters(_ values: [SymbolID: [Double]])
  func start(_ symbol: SymbolID, time: Int) -> [Double]?
  func derived(_ symbol: SymbolID) -> [Double]
  /// `[batch][count]` at a slot; slots before `past` lie before the first step.
  func write(_ symbol: SymbolID, slot: Int, _ values: ArraySlice<Double>)
  func read(_ symbol: SymbolID, slots: Range<Int>, into: inout [Double])
  /// As `read`, in the type it computes in.
  func append(_ symbol: SymbolID, slots: Range<Int>, to: inout Numbers)
  /// Answers false if it was interrupted.
  ///
  /// What is read beyond the last step is 0; with `keepsFuture` it is what was written to the slots there, of every
  /// input and variable: so a run that goes backward is continued in the stretch before.
  func run(steps: Int, firstTime: Int, clamps: [Clamp], keepsFuture: Bool, isInterrupted: () -> Bool) -> Bool
  func advance(steps: Int)
}

extension Engine {
  func run(steps: Int, firstTime: Int, clamps: [Clamp], isInterrupted: () -> Bool) -> Bool {
    run(steps: steps, firstTime: firstTime, clamps: clamps, keepsFuture: false, isInterrupted: isInterrupted)
  }
}

/// The plain evaluator as an engine.
final class ReferenceEngine<Scalar: BinaryFloatingPoint>: Engine {
  private let evaluator: Evaluator<Scalar>
  private var buffer: [Scalar] = []
  /// It runs on one.
  var threads = 1

  init(_ recurrence: Recurrence, shapes: ShapeSolution, batch: Int, capacity: Int) throws {
    evaluator = try Evaluator(recurrence, shapes: shapes, batch: batch, capacity: capacity)
  }

  var batch: Int { evaluator.batch }
  var capacity: Int { evaluator.capacity }
  var past: Int { evaluator.past }
  var future: Int { evaluator.future }

  func keeps(_ symbol: SymbolID) -> Bool { true }

  func setParameters(_ values: [SymbolID: [Double]]) {
    for (symbol, numbers) in values { evaluator.setParameter(symbol, numbers.map { Scalar($0) }) }
    evaluator.update()
  }

  func start(_ symbol: SymbolID, time: Int) -> [Double]? {
    evaluator.start(symbol, time: time)?.map { Double($0) }
  }

  func derived(_ symbol: SymbolID) -> [Double] { evaluator.parameter(symbol).map { Double($0) } }

  func write(_ symbol: SymbolID, slot: Int, _ values: ArraySlice<Double>) {
    buffer.removeAll(keepingCapacity: true)
    for value in values { buffer.append(Scalar(value)) }
    buffer.withUnsafeBufferPointer { evaluator.write(symbol, slot: slot, $0) }
  }

  func read(_ symbol: SymbolID, slots: Range<Int>, into result: inout [Double]) {
    for value in evaluator.values(symbol, slots: slots) { result.append(Double(value)) }
  }

  func append(_ symbol: SymbolID, slots: Range<Int>, to numbers: inout Numbers) {
    Array(evaluator.values(symbol, slots: slots)).withUnsafeBytes { bytes in
      switch numbers {
      case .single: numbers.append(bytes.bindMemory(to: Float.self))
      case .double: numbers.append(bytes.bindMemory(to: Double.self))
      }
    }
  }

  func run(steps: Int, firstTime: Int, clamps: [Clamp], keepsFuture: Bool, isInterrupted: () -> Bool) -> Bool {
    evaluator.run(
      steps: steps, firstTime: firstTime, clamps: clamps, keepsFuture: keepsFuture, isInterrupted: isInterrupted)
  }

  func advance(steps: Int) { evaluator.advance(steps: steps) }
}

/// Where an engine is chosen: the only place that names one.
enum Engines {
  /// - Parameters:
  ///   - kept: the variables that are read afterwards; nil for all.
  ///   - clamped: variables that may be held at some times.
  ///   - kind: what has no plan is run by the plain evaluator in any case.
  /// - Throws: `StorageTooLarge` if the window does not fit.
  static func make(
    _ recurrence: Recurrence, shapes: ShapeSolution, type: NumberType, batch: Int, capacity: Int,
    kept: Set<SymbolID>? = nil, clamped: Set<SymbolID> = [], kind: EngineKind = .plan
  ) throws -> any Engine {
    if kind == .plan, Processor.isSupported {
      do {
        switch type {
        case .float32:
          return try PlanEngine<Float>(
            recurrence, shapes: shapes, batch: batch, capacity: capacity, kept: kept, clamped: clamped)
        case .float64:
          return try PlanEngine<Double>(
            recurrence, shapes: shapes, batch: batch, capacity: capacity, kept: kept, clamped: clamped)
        }
      } catch is PlanFailure {}
    }
    switch type {
    case .float32: return try ReferenceEngine<Float>(recurrence, shapes: shapes, batch: batch, capacity: capacity)
    case .float64: return try ReferenceEngine<Double>(recurrence, shapes: shapes, batch: batch, capacity: capacity)
    }
  }
}
