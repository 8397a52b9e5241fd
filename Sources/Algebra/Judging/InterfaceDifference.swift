/// Two cells that do not take and give the same kind of vectors cannot be the same.
public struct InterfaceDifference: Sendable {
  public enum Part: Sendable {
    case inputs
    case outputs
  }

  public var part: Part
  /// How many there are, or how wide one is, in either cell.
  public var first: Int
  public var second: Int
  /// The one that is not as wide as its counterpart; nil if their numbers differ.
  public var wide: (first: SymbolID, second: SymbolID)?

  static func find(_ first: Recurrence, _ second: Recurrence) -> InterfaceDifference? {
    let pairs: [(Part, [SymbolID], [SymbolID])] = [
      (.inputs, first.inputs, second.inputs), (.outputs, first.outputs, second.outputs),
    ]
    for (part, own, other) in pairs {
      if own.count != other.count { return InterfaceDifference(part: part, first: own.count, second: other.count) }
      for (a, b) in zip(own, other) {
        // A width that is open may be any.
        guard let width = first.shapes.symbols[a]?.dimensions.first?.number,
          let otherWidth = second.shapes.symbols[b]?.dimensions.first?.number, width != otherWidth
        else { continue }
        return InterfaceDifference(part: part, first: width, second: otherWidth, wide: (a, b))
      }
    }
    return nil
  }
}
