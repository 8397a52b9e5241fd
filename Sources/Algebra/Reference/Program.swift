/// A recurrence with known widths as lists of instructions over one storage of numbers: parameters and what is made of
/// them, then temporary values, then the window of times that is looked at.
struct Program {
  struct Phase {
    var instructions: [Instruction]
    /// The instructions that follow each write of a variable belong together: indices after which a clamp may act.
    var writes: [Write]
    var isBackward: Bool

    /// Multiplications of one step, roughly.
    func work(batch: Int) -> Double {
      instructions.reduce(10) { total, instruction in
        let sequences = instruction.result.batchStride == 0 ? 1 : Double(batch)
        var each = Double(instruction.result.count)
        switch instruction.operation {
        case .matrixProduct: each *= Double(instruction.operands.first?.columns ?? 1)
        case .unary, .binary, .whole: each *= 10
        default: break
        }
        return total + sequences * each
      }
    }
  }

  /// A variable has its value after `instruction` instructions of its phase.
  struct Write {
    var symbol: SymbolID
    var instruction: Int
  }

  /// Run once after parameters change.
  var update: [Instruction] = []
  /// Run over the window, one after another.
  var phases: [Phase] = []
  /// Sums over all times that start at 0 with each run, and what is made of them after it.
  var totals: [Operand] = []
  var finish: [Instruction] = []
  /// Values of states before the first time, computed with `update`.
  var starts: [(symbol: SymbolID, time: Int, value: Operand)] = []
  /// Where each symbol lies: parameters without a time stride, inputs and variables in the window (at slot 0).
  var location: [SymbolID: Operand] = [:]
  /// Numbers that stand in the equations, written once.
  var constants: [(base: Int, value: Double)] = []
  /// Numbers in all; the window is the last part.
  var size = 0
  var windowStart = 0
  /// Slots before the first time of a run, and after its last.
  var past = 0
  var future = 0
  var scratchSize = 0

  /// The largest storage, in numbers.
  static let largestSize = StorageTooLarge.bound

  init(_ recurrence: Recurrence, shapes: ShapeSolution, batch: Int, slots: Int) throws {
    let schedule = try Schedule(recurrence)
    var builder = ProgramBuilder(recurrence: recurrence, shapes: shapes, batch: batch)
    past = max(recurrence.longestDelay, recurrence.starts.map { 1 - $0.time }.max() ?? 0, 1)
    future = recurrence.longestLead
    try builder.placeParameters()
    // Temporaries come before the window, whose size depends on the number of slots; so the window's addresses are
    // relative until all else is placed.
    let timed = recurrence.inputs + recurrence.variables
    var windowOffset: [SymbolID: Int] = [:]
    var windowSize = 0
    let allSlots = past + slots + future
    for symbol in timed {
      windowOffset[symbol] = windowSize
      let (bytes, overflow) = builder.count(symbol).multipliedReportingOverflow(by: batch)
      let (whole, overflow2) = bytes.multipliedReportingOverflow(by: allSlots)
      let (next, overflow3) = windowSize.addingReportingOverflow(whole)
      if overflow || overflow2 || overflow3 || next > Program.largestSize {
        throw StorageTooLarge(numbers: Double(builder.count(symbol)) * Double(batch) * Double(allSlots))
      }
      windowSize = next
    }
    builder.placeTimed(timed, offsets: windowOffset, batch: batch)
    let summed = recurrence.equationsOfTotals
    builder.compileDerived(schedule.derivedParameters.filter { !summed.contains($0) })
    starts = builder.compileStarts()
    for phase in schedule.phases { phases.append(builder.compile(phase)) }
    if let phase = builder.compileTotals(schedule.derivedParameters.filter(summed.contains)) { phases.append(phase) }
    totals = builder.totals
    finish = builder.finish
    try builder.checkSize(adding: windowSize)
    windowStart = builder.size
    builder.moveWindow(to: windowStart, phases: &phases)
    update = builder.update
    constants = builder.constants
    location = builder.location
    scratchSize = builder.scratchSize
    size = windowStart + windowSize
  }
}
