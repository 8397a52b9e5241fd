extension Recurrence {
  /// The names of the cells that a cell is built of, `layer1`, also of those within them, `layer1.inner`.
  public var partNames: [String] {
    var names: [String] = []
    for symbol in variables {
      var name = store[symbol].name[...]
      while let point = name.lastIndex(of: ".") {
        name = name[..<point]
        if !names.contains(String(name)) { names.append(String(name)) }
      }
    }
    return names
  }

  /// A part of a cell built of cells as a cell by itself: its names without the part's, what it reads of others as
  /// inputs, what others read of it as outputs. Nil if there is no such part.
  public func part(_ name: String) -> Recurrence? {
    guard partNames.contains(name) else { return nil }
    let prefix = name + "."
    func isInside(_ symbol: SymbolID) -> Bool { store[symbol].name.hasPrefix(prefix) }
    let inside = equations.filter { $0.targets.contains(where: isInside) }
    var result = Recurrence(name: "\(self.name): \(name)")
    var image: [SymbolID: SymbolID] = [:]
    func symbol(_ old: SymbolID) -> SymbolID {
      if let known = image[old] { return known }
      let isOwn = isInside(old)
      let source = store[old]
      let isFed = !isOwn && (source.kind == .variable || source.kind == .input)
      let new = result.store.add(
        Symbol(
          name: isOwn ? String(source.name.dropFirst(prefix.count)) : source.name, kind: isFed ? .input : source.kind))
      image[old] = new
      if isFed { result.inputs.append(new) }
      if source.kind == .parameter { result.parameters.append(new) }
      if let value = constants[old] { result.constants[new] = value }
      if let purpose = purposes[old] { result.purposes[new] = purpose }
      return new
    }
    for equation in inside { for target in equation.targets { _ = symbol(target) } }
    let nodes = store.rewrite(inside.map(\.body), into: result.store) { node in
      if case .read(let old, let shift) = node { return result.store.insert(.read(symbol(old), shift: shift)) }
      return nil
    }
    result.equations = inside.map { equation in
      Equation(targets: equation.targets.map(symbol), body: nodes[equation.body] ?? equation.body)
    }
    result.outputs = readOutside(of: isInside).map(symbol)
    for (part, cell) in cellOfPart where part.hasPrefix(prefix) {
      result.cellOfPart[String(part.dropFirst(prefix.count))] = cell
    }
    if let shapes = try? result.solvedShapes() { result.shapes = shapes }
    return result
  }

  /// The outputs of a part: what is an output of the whole, or read elsewhere.
  private func readOutside(of isInside: (SymbolID) -> Bool) -> [SymbolID] {
    var read = Set(outputs)
    for equation in equations where !equation.targets.contains(where: isInside) {
      for id in store.computation(of: [equation.body]) {
        if case .read(let symbol, _) = store[id] { read.insert(symbol) }
      }
    }
    return variables.filter { isInside($0) && read.contains($0) }
  }
}
