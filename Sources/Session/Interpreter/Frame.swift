/// The names of one call while it runs; at the session's level, the variables of its loops.
final class Frame {
  let interpreter: Interpreter
  var slots: [Value?]
  /// The sizes that `end` stands for, innermost last.
  var ends: [Int] = []
  /// What `return` answered.
  var returned: Value = .nothing

  init(_ interpreter: Interpreter, slotCount: Int) {
    self.interpreter = interpreter
    slots = [Value?](repeating: nil, count: slotCount)
  }
}

/// How a statement ended.
enum Flow { case next, leaveLoop, nextTurn, answer }
