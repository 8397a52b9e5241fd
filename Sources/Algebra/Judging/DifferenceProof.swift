/// Why no parameters make two cells the same, where that can be proved.
///
/// Two cells are the same if each does, with some parameters, what the other does with any. So it is enough that one of
/// them can do something that the other cannot, whatever its parameters are.
public enum DifferenceProof: Sendable {
  case interface(InterfaceDifference)
  /// A cell without parameters is one function, and the other gives another output.
  case noParameters(isFirst: Bool)
  /// An output of one stays in a range that the other's leaves.
  case range(RangeDifference)
  /// An output of one follows an input that the other's does not.
  case reach(ReachDifference)
  /// One depends on more parameters, independently, than the other has.
  case rank(RankDifference)

  /// - Throws: `Interruption`.
  static func find(
    _ first: Recurrence, _ second: Recurrence, _ outputs: OutputDifference?, isInterrupted: @escaping () -> Bool
  ) throws -> DifferenceProof? {
    let fixed = [first, second].firstIndex { $0.parameters.isEmpty && $0.learnedStarts.isEmpty }
    if let fixed, outputs != nil { return .noParameters(isFirst: fixed == 0) }
    if let range = try RangeDifference.find(first, second, isInterrupted: isInterrupted) { return .range(range) }
    if let reach = try ReachDifference.find(first, second, isInterrupted: isInterrupted) { return .reach(reach) }
    return try RankDifference.find(first, second, isInterrupted: isInterrupted).map { .rank($0) }
  }
}
