/// A cell that is built of cells, as one block for each of them: who reads whom.
public struct WiringBlocks: Sendable {
  public struct Block: Sendable {
    /// `layer1`.
    public var name: String
    /// Of which cell it is a copy: `LSTM`.
    public var cell: String?
    public var states: [SymbolID] = []
    /// From which time each comes: -1 for the step before, 1 for the step after.
    public var shifts: [SymbolID: Int] = [:]
    /// Inputs of the whole that it reads.
    public var inputs: [SymbolID] = []
    /// Other blocks that it reads, as indices.
    public var blocks: [Int] = []
    public var outputs: [SymbolID] = []
  }

  public private(set) var blocks: [Block] = []

  /// Nil if the cell has no parts, or but one with nothing beside it.
  public init?(_ recurrence: Recurrence) {
    let store = recurrence.store
    /// The block of a variable; what stands beside the blocks is one by itself.
    func block(_ symbol: SymbolID) -> String? {
      guard store[symbol].kind == .variable else { return nil }
      let name = store[symbol].name
      return name.firstIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
    var index: [String: Int] = [:]
    var isBuilt = false
    for symbol in recurrence.variables {
      guard let name = block(symbol) else { continue }
      if store[symbol].name.contains(".") { isBuilt = true }
      if index[name] == nil {
        index[name] = blocks.count
        blocks.append(Block(name: name, cell: recurrence.cellOfPart[name]))
      }
    }
    guard isBuilt, blocks.count > 1 else { return nil }
    for symbol in recurrence.states {
      if let name = block(symbol), let place = index[name] { blocks[place].states.append(symbol) }
    }
    for symbol in recurrence.outputs {
      if let name = block(symbol), let place = index[name] { blocks[place].outputs.append(symbol) }
    }
    for equation in recurrence.equations {
      guard let target = equation.targets.first, let name = block(target), let place = index[name] else { continue }
      for id in store.computation(of: [equation.body]) {
        guard case .read(let symbol, let shift) = store[id] else { continue }
        if shift != 0, block(symbol) == name { blocks[place].shifts[symbol] = shift }
        if let other = block(symbol).flatMap({ index[$0] }) {
          if other != place, !blocks[place].blocks.contains(other) { blocks[place].blocks.append(other) }
        } else if store.variation(id) == .withTime, !blocks[place].inputs.contains(symbol) {
          blocks[place].inputs.append(symbol)
        }
      }
    }
  }
}
