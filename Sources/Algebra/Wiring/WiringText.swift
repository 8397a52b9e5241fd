extension Wiring {
  /// The same in words, a line for each variable: `c: + of (× of f, c[t-1]), (× of i, g)`.
  public var text: [String] {
    var operands: [[Int]] = Array(repeating: [], count: nodes.count)
    for edge in edges { operands[edge.to].append(edge.from) }
    var phrases: [String] = []
    var lines: [String] = []
    for (index, node) in nodes.enumerated() {
      let parts = operands[index].map { phrases[$0] }.joined(separator: ", ")
      let whole = parts.isEmpty ? node.label : "\(node.label) of \(parts)"
      switch node.role {
      case .earlier, .input: phrases.append(node.label)
      case .result: phrases.append(node.label)
      default:
        if let name = node.name {
          lines.append("\(name): \(whole)")
          phrases.append(name)
        } else {
          phrases.append("(\(whole))")
        }
      }
    }
    return lines
  }
}
