/// Names in a reversed cell: δ before the name of what it is the adjoint of, ε for what comes from outside; where the
/// cell has a δ or an ε of its own, other letters.
///
/// Inside an equation of f, the argument of its activation is `a_f`, and any other part that needs a name `q_f`.
struct AdjointNames {
  private var taken: Set<String>
  let adjoint: String
  let seed: String

  init(_ names: [String]) {
    taken = Set(names)
    let bases = names.map { AdjointNames.split($0).base }
    func free(_ letters: [String]) -> String {
      letters.first { letter in !bases.contains { $0.hasPrefix(letter) } } ?? letters[0]
    }
    adjoint = free(["δ", "λ", "μ", "ν"])
    seed = free(["ε", "η", "ξ", "κ"])
  }

  /// `layer1.h` is h in `layer1.`.
  private static func split(_ name: String) -> (prefix: Substring, base: Substring) {
    guard let point = name.lastIndex(of: ".") else { return ("", name[...]) }
    return (name[...point], name[name.index(after: point)...])
  }

  /// A name that nothing else has; with a number if it must be.
  private mutating func fresh(_ name: String) -> String {
    var result = name
    var number = 1
    while !taken.insert(result).inserted {
      number += 1
      result = "\(name)\(number)"
    }
    return result
  }

  /// `δh`, `layer1.δh`.
  mutating func adjoint(of name: String) -> String {
    let (prefix, base) = AdjointNames.split(name)
    return fresh(prefix + adjoint + base)
  }

  /// `δh_0`: of the start of h.
  mutating func start(of name: String, time: Int) -> String {
    adjoint(of: name + (time == 0 ? "_0" : "_m\(time.magnitude)"))
  }

  /// `ε` if there is one output, else `ε_h`.
  mutating func seed(of name: String, isAlone: Bool) -> String {
    let (prefix, base) = AdjointNames.split(name)
    return isAlone ? fresh(seed) : fresh("\(prefix)\(seed)_\(base)")
  }

  /// Numbered names in the order of the parts that they stand for, as they are given from the last to the first: a
  /// name and the one that it becomes.
  func inOrder(_ parts: [NodeID: String]) -> [String: String] {
    var groups: [String: [(node: NodeID, name: String)]] = [:]
    for (node, name) in parts {
      var stem = name
      while let last = stem.last, last.isASCII, last.isNumber { stem.removeLast() }
      groups[stem, default: []].append((node, name))
    }
    var result: [String: String] = [:]
    for group in groups.values where group.count > 1 {
      let names = group.map(\.name).sorted { ($0.count, $0) < ($1.count, $1) }
      for (part, name) in zip(group.sorted { $0.node < $1.node }, names) where part.name != name {
        result[part.name] = name
        let (prefix, base) = AdjointNames.split(part.name)
        let (_, newBase) = AdjointNames.split(name)
        result[prefix + adjoint + base] = prefix + adjoint + newBase
      }
    }
    return result
  }

  /// `a_f`, `q_h`.
  mutating func part(of target: String, isArgument: Bool) -> String {
    let (prefix, base) = AdjointNames.split(target)
    let letter = isArgument ? "a" : "q"
    return fresh(prefix + (base.contains("_") ? letter : "\(letter)_\(base)"))
  }
}
