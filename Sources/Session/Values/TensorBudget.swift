import Synchronization

/// How many numbers all tensors together may hold. One tensor has a bound of its own (`Shape.bound`); a loop that keeps
/// many would still take all memory, so that the system ends the session and its values are lost.
enum TensorBudget {
  /// 0.8 gigabytes.
  static let bound = 100_000_000
  /// Smaller tensors are not counted.
  private static let smallest = 1 << 14
  private static let held = Atomic<Int>(0)

  /// The numbers held now, apart from small tensors.
  static var heldNumbers: Int { held.load(ordering: .relaxed) }

  /// Refuses a result of `count` numbers if there is no room for it.
  static func require(_ count: Int) throws(ValueProblem) {
    guard count >= smallest, heldNumbers + count > bound else { return }
    throw .noRoom(count, held: heldNumbers)
  }

  static func take(_ count: Int) { if count >= smallest { held.add(count, ordering: .relaxed) } }
  static func release(_ count: Int) { if count >= smallest { held.subtract(count, ordering: .relaxed) } }
}
