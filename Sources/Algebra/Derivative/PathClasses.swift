/// Classes of paths by what they pass through, found from the structure of a cell: for an LSTM those through the cell
/// state alone, those through the gates, and those through the output gate too.
///
/// A variable that is no state belongs to the states whose equations it goes into at the same time: f, i and g of an
/// LSTM to c, o to h. A class is a set of such groups and of states; the source and the target themselves do not count.
/// The sets are the states of an automaton that runs along a path, so every path is in just one class, and automaton ×
/// graph is linear in steps.
struct PathClasses {
  /// What a path has passed through: a bit a group.
  typealias Visited = UInt64

  /// Names of the variables of each group.
  private(set) var groups: [[String]] = []
  private var bits: [SymbolID: Visited] = [:]
  /// The source and the target.
  private let ends: [String]

  /// More classes than this are told apart only by whether they pass through other states, and through gates.
  static let most = 12

  init(_ graph: TangentGraph) {
    let fine = PathClasses(graph, isCoarse: false)
    self = fine.count(in: graph) <= PathClasses.most ? fine : PathClasses(graph, isCoarse: true)
  }

  private init(_ graph: TangentGraph, isCoarse: Bool) {
    self.init(
      graph.derivation.recurrence, met: Set(graph.order.map(\.symbol)),
      ends: [graph.source.symbol, graph.derivation.target.symbol], isCoarse: isCoarse)
  }

  /// - Parameters:
  ///   - met: the variables that paths may pass through.
  ///   - endSymbols: the source and the target, which do not count; none if it is not yet said.
  init(_ recurrence: Recurrence, met: Set<SymbolID>, ends endSymbols: [SymbolID], isCoarse: Bool) {
    let store = recurrence.store
    var told: Set<SymbolID> = []
    ends = endSymbols.filter { told.insert($0).inserted }.map { store[$0].name }
    let states = Set(recurrence.states)
    var keys: [[SymbolID]] = []
    for symbol in recurrence.variables where met.contains(symbol) && !endSymbols.contains(symbol) {
      let isState = states.contains(symbol)
      let key = isCoarse ? [] : isState ? [symbol] : PathClasses.fed(by: symbol, in: recurrence, states)
      // A state and the gates that belong to it are two groups.
      let place = keys.indices.first { keys[$0] == key && isStateGroup[$0] == isState }
      if let place {
        groups[place].append(store[symbol].name)
        bits[symbol] = 1 << UInt64(place)
      } else {
        // Beyond 63 groups the last takes all.
        let position = min(keys.count, 63)
        if position == keys.count {
          keys.append(key)
          isStateGroup.append(isState)
          groups.append([])
        }
        groups[position].append(store[symbol].name)
        bits[symbol] = 1 << UInt64(position)
      }
    }
  }

  private var isStateGroup: [Bool] = []

  /// The states into whose equations a variable goes at the same time, through others that are no states.
  private static func fed(by symbol: SymbolID, in recurrence: Recurrence, _ states: Set<SymbolID>) -> [SymbolID] {
    var result: Set<SymbolID> = []
    var seen: Set<SymbolID> = [symbol]
    var waiting = [symbol]
    while let next = waiting.popLast() {
      let read = recurrence.store.insert(.read(next, shift: 0))
      for equation in recurrence.equations where recurrence.store.closure(of: [equation.body]).contains(read) {
        for target in equation.targets {
          if states.contains(target) {
            result.insert(target)
          } else if seen.insert(target).inserted {
            waiting.append(target)
          }
        }
      }
    }
    return result.sorted()
  }

  /// What entering a variable adds.
  func bit(of symbol: SymbolID) -> Visited { bits[symbol] ?? 0 }

  /// The step of the automaton.
  func visited(_ before: Visited, entering atom: Atom) -> Visited { before | (bits[atom.symbol] ?? 0) }

  /// The classes of the target, with how many paths each has.
  func counts(in graph: TangentGraph) -> [(visited: Visited, paths: Double)] {
    var tables: [Atom: [Visited: Double]] = [graph.source: [0: 1]]
    for atom in graph.order where atom != graph.source {
      var table: [Visited: Double] = [:]
      for operand in graph.operands[atom] ?? [] {
        for (before, count) in tables[operand] ?? [:] {
          table[visited(before, entering: atom), default: 0] += count
        }
      }
      tables[atom] = table
    }
    return (tables[graph.derivation.target] ?? [:]).sorted { (ones($0.key), $0.key) < (ones($1.key), $1.key) }
      .map { ($0.key, $0.value) }
  }

  private func ones(_ visited: Visited) -> Int { visited.nonzeroBitCount }

  private func count(in graph: TangentGraph) -> Int {
    groups.count > 20 ? .max : counts(in: graph).count
  }

  /// `c alone`, `through h; f, i or g`: states first.
  func name(_ visited: Visited) -> String { name(visited, ends: ends) }

  func name(_ visited: Visited, ends: [String]) -> String {
    let met = groups.indices.filter { visited >> UInt64($0) & 1 == 1 }
    let ordered = met.filter { isStateGroup[$0] } + met.filter { !isStateGroup[$0] }
    let parts = ordered.map { position -> String in
      let names = groups[position]
      guard names.count > 1, let last = names.last else { return names.first ?? "" }
      if names.count > 6 { return "\(names[0]), … or \(last)" }
      return names.dropLast().joined(separator: ", ") + " or " + last
    }
    if parts.isEmpty { return "\(ends.joined(separator: " and ")) alone" }
    return "through " + parts.joined(separator: "; ")
  }
}
