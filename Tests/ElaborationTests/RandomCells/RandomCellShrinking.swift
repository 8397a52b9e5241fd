/// The smallest cell that fails as a given one does: equations, terms and subtrees are left out one by one as long as
/// the failure stays.
enum RandomCellShrinking {
  static func smallest(_ cell: RandomCell, failing kind: String) -> RandomCell {
    var best = cell
    var attempts = 0
    var isSmaller = true
    while isSmaller, attempts < 3000 {
      isSmaller = false
      for candidate in candidates(best) {
        attempts += 1
        if attempts >= 3000 { break }
        if RandomCellCheck(candidate).failure()?.kind == kind {
          best = candidate
          isSmaller = true
          break
        }
      }
    }
    return best
  }

  private static func candidates(_ cell: RandomCell) -> [RandomCell] {
    var result: [RandomCell] = []
    for index in cell.equations.indices { if let smaller = dropping(index, from: cell) { result.append(smaller) } }
    func changed(_ change: (inout RandomCell) -> Void) {
      var other = cell
      change(&other)
      result.append(other)
    }
    for index in cell.starts.indices { changed { $0.starts.remove(at: index) } }
    for index in cell.initials.indices { changed { $0.initials.remove(at: index) } }
    for index in cell.learned.indices { changed { $0.learned.remove(at: index) } }
    if cell.purpose != nil { changed { $0.purpose = nil } }
    for index in cell.equations.indices where cell.equations[index].purpose != nil {
      changed { $0.equations[index].purpose = nil }
    }
    for index in cell.equations.indices {
      for body in smaller(cell.equations[index].body) { changed { $0.equations[index].body = body } }
    }
    if cell.order != cell.order.sorted() { changed { $0.order.sort() } }
    if cell.spellingSeed != 0 { changed { $0.spellingSeed = 0 } }
    return result
  }

  /// The cell without an equation; where its variables were read stand parameters.
  private static func dropping(_ index: Int, from cell: RandomCell) -> RandomCell? {
    var result = cell
    let targets = cell.equations[index].targets
    guard cell.variables.count > targets.count || cell.symbols[targets[0]].role == .derived else { return nil }
    result.equations.remove(at: index)
    result.order = cell.order.filter { $0 != index }.map { $0 > index ? $0 - 1 : $0 }
    for target in targets {
      let isNumber = cell.symbols[target].shape == .number
      result.symbols[target].role = .parameter
      result.symbols[target].isDeclared = true
      result.starts.removeAll { $0.variable == target }
      result.learned.removeAll { $0 == target }
      result.outputs.removeAll { $0 == target }
      func replace(_ tree: RandomTree) -> RandomTree {
        switch tree {
        case .read(target, _): return isNumber ? .literal("0.5") : .parameter(target)
        default: return tree.replacingChildren(tree.children.map(replace))
        }
      }
      for equation in result.equations.indices {
        result.equations[equation].body = replace(result.equations[equation].body)
      }
    }
    if result.outputs.isEmpty { result.outputs = Array(result.variables.suffix(1)) }
    if !cell.namesOutputs { result.namesOutputs = true }
    let used = result.used()
    result.initials.removeAll { line in
      !used.contains { line.hasPrefix(result.symbols[$0].name + " ") && result.symbols[$0].role == .parameter }
    }
    return result
  }

  /// Trees with a node replaced by one of its children, or a term left out.
  private static func smaller(_ tree: RandomTree) -> [RandomTree] {
    var result = tree.children
    switch tree {
    case .sum(let terms) where terms.count > 1:
      for index in terms.indices {
        var fewer = terms
        fewer.remove(at: index)
        result.append(.sum(fewer))
      }
    case .product(let factors) where factors.count > 2:
      for index in factors.indices {
        var fewer = factors
        fewer.remove(at: index)
        result.append(.product(fewer))
      }
    default: break
    }
    for (index, child) in tree.children.enumerated() {
      for other in smaller(child) {
        var children = tree.children
        children[index] = other
        result.append(tree.replacingChildren(children))
      }
    }
    return result
  }
}
