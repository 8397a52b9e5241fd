/// What a left side defines.
enum LaTeXTarget {
  case variable(LaTeXSymbol)
  /// Stacked gates: one equation for several variables.
  case split([LaTeXSymbol], Range<Int>)
  /// `h_0 = …`
  case start(String, step: String)

  var symbols: [LaTeXSymbol] {
    switch self {
    case .variable(let symbol): return [symbol]
    case .split(let symbols, _): return symbols
    case .start: return []
    }
  }
}

/// A line with its left side read.
struct LaTeXEquation {
  var target: LaTeXTarget
  var body: [LaTeXAtom]
  var line: LaTeXLine
}

/// The first look at all equations together: which letter is time, which names are variables.
struct LaTeXSurvey {
  let source: Source
  let inputs: [String]
  let functions: LaTeXFunctions
  private(set) var scripts: LaTeXScripts
  private(set) var equations: [LaTeXEquation] = []
  /// The names on left sides that have a value at each time.
  private(set) var variables: Set<String> = []
  /// Inputs and variables that no place gives a time of now: they stand for now.
  private(set) var timeless: Set<String> = []
  /// `h_{t+1} = f(h_t, x_t)`: by so much the variable is called later than it is known.
  private(set) var lateness: [String: Int] = [:]
  /// `h_{t+1} = f(h_t, x_{t+1})`: whole equations are one step late.
  private(set) var isShifted = false
  /// Every name that stands anywhere.
  private(set) var names: Set<String> = []
  /// Variables that hold a matrix: capital letters whose equation has an outer product, `v_t k_t^\top`.
  private(set) var matrices: Set<String> = []
  /// The style of each left side.
  private(set) var styles: [String: LaTeXStyle] = [:]

  init(
    _ lines: [LaTeXLine], source: Source, inputs: [String], outputs: [String], functions: LaTeXFunctions,
    decisions: LaTeXDecisions
  ) throws(LaTeXFault) {
    self.source = source
    self.inputs = inputs
    self.functions = functions
    scripts = LaTeXScripts(source)
    var lines = LaTeXCompounds.joined(lines)
    let conventions = LaTeXConventions(lines, inputs: inputs)
    scripts.timeLetter = conventions.timeLetter
    lines = LaTeXCompounds.timesAbsorbed(lines, letter: conventions.timeLetter)
    conventions.readIndices(of: lines, scripts: &scripts)
    variables = Set(outputs)
    try readTargets(lines)
    try findVariables()
    findLateness()
    findMatrices()
    note(conventions, decisions)
  }

  private func note(_ conventions: LaTeXConventions, _ decisions: LaTeXDecisions) {
    guard let range = equations.first?.line.place.range else { return }
    if scripts.timeLetter != "t" {
      let letter = scripts.timeLetter
      let example = inputs.first.map { "\($0)_\(letter)\u{1}\($0)[t]" } ?? ""
      decisions.add(.timeLetter(letter), range, example: example)
    }
    if scripts.unitLetter != nil {
      decisions.add(.unitIndex(scripts.unitLetters.sorted().joined(separator: ", ")), range)
    }
    if let letter = scripts.layerLetter { decisions.add(.layer(letter), range) }
  }

  /// Whether an equation defines a name.
  func defines(_ name: String) -> Bool { styles[name] != nil }

  // MARK: Left sides

  private mutating func readTargets(_ lines: [LaTeXLine]) throws(LaTeXFault) {
    for line in lines {
      let symbols = try targets(line.sides[0], line)
      equations.append(LaTeXEquation(target: symbols, body: line.sides[1], line: line))
      for symbol in symbols.symbols {
        names.insert(symbol.name)
        if styles[symbol.name] == nil { styles[symbol.name] = symbol.style }
        guard inputs.contains(symbol.name) else {
          if symbol.time != nil { variables.insert(symbol.name) }
          continue
        }
        throw LaTeXFault(.inputDefined(symbol.name), Place(source, symbol.range))
      }
    }
    readStarts()
  }

  private func targets(_ side: [LaTeXAtom], _ line: LaTeXLine) throws(LaTeXFault) -> LaTeXTarget {
    let atoms = side.visible
    guard let first = atoms.first, let range = LaTeXAtom.range(of: atoms) else {
      throw LaTeXFault(.emptySide, line.place)
    }
    let place = Place(source, range)
    guard atoms.count == 1 else { throw LaTeXFault(.leftSide, place) }
    if let cells = LaTeXColumns.cells(first) ?? fencedList(first) {
      var symbols: [LaTeXSymbol] = []
      for cell in cells {
        guard let atom = cell.visible.first, cell.visible.count == 1, let symbol = try symbol(atom) else {
          throw LaTeXFault(.leftSide, LaTeXAtom.range(of: cell).map { Place(source, $0) } ?? place)
        }
        symbols.append(symbol)
      }
      guard !symbols.isEmpty else { throw LaTeXFault(.leftSide, place) }
      return .split(symbols, range)
    }
    guard let symbol = try symbol(first) else { throw LaTeXFault(.leftSide, place) }
    return .variable(symbol)
  }

  private func symbol(_ atom: LaTeXAtom) throws(LaTeXFault) -> LaTeXSymbol? {
    guard let symbol = try scripts.symbol(atom) else { return nil }
    if symbol.power != nil || (symbol.isTransposed && symbol.time == nil) || symbol.isOfLayerBelow {
      throw LaTeXFault(.leftSide, Place(source, symbol.range))
    }
    if symbol.base.unicodeScalars.contains(where: { $0 == "\u{307}" || $0 == "\u{308}" || $0 == "ḣ" || $0 == "ẏ" }) {
      throw LaTeXFault(.differential(source.slice(symbol.range)), Place(source, symbol.range))
    }
    return symbol
  }

  /// `[f_t, i_t]`
  private func fencedList(_ atom: LaTeXAtom) -> [[LaTeXAtom]]? {
    guard case .fenced(_, let inside) = atom.nucleus, !atom.hasScripts else { return nil }
    return inside.visible.split(atSigns: [",", ";"])
  }

  /// `h_0 = 0` where h is a variable is its start.
  private mutating func readStarts() {
    for index in equations.indices {
      guard case .variable(let symbol) = equations[index].target, symbol.time == nil, symbol.upperLabel.isEmpty,
        !symbol.lowerLabel.isEmpty, symbol.lowerLabel.allSatisfy({ $0.isASCII && $0.isNumber }),
        variables.contains(symbol.base), let step = Int(symbol.lowerLabel)
      else { continue }
      equations[index].target = .start(symbol.base, step: String(step))
    }
  }

  private mutating func findMatrices() {
    for equation in equations {
      guard case .variable(let symbol) = equation.target, symbol.isCapital else { continue }
      let atoms = equation.body.visible
      let hasOuterProduct = zip(atoms, atoms.dropFirst()).contains { left, right in
        guard let row = try? scripts.symbol(right), let column = try? scripts.symbol(left) else { return false }
        return row.isTransposed && row.time != nil && !column.isTransposed && !column.isCapital
      }
      if hasOuterProduct { matrices.insert(symbol.name) }
    }
  }

  /// A left side at `t+1` either names late what the inputs of now make, or the whole equation is written late.
  private mutating func findLateness() {
    var late: [String: Int] = [:]
    var last = 0
    for equation in equations {
      for symbol in equation.target.symbols {
        if let time = symbol.time, time > 0 { late[symbol.name] = time }
      }
      LaTeXVisit.first(equation.body) { atom in
        if let symbol = try? scripts.symbol(atom), let time = symbol.time, inputs.contains(symbol.name) {
          last = max(last, time)
        }
        return false
      }
    }
    if last > 0 { isShifted = !late.isEmpty } else { lateness = late }
  }

  // MARK: Variables

  /// Names without a time whose equations speak of time are variables too: `f = \sigma(W x_t)`.
  private mutating func findVariables() throws(LaTeXFault) {
    var timedNow: Set<String> = []
    var readers: [String: [Int]] = [:]
    var waiting: [Int] = []
    for (index, equation) in equations.enumerated() {
      for symbol in equation.target.symbols where symbol.time != nil { timedNow.insert(symbol.name) }
      let isOpen = equation.target.symbols.contains { $0.time == nil }
      var speaksOfTime = false
      LaTeXVisit.first(equation.body) { atom in
        guard let symbol = try? scripts.symbol(atom) else { return false }
        names.insert(symbol.name)
        if symbol.time == 0 { timedNow.insert(symbol.name) }
        if symbol.time != nil || inputs.contains(symbol.name) || variables.contains(symbol.name) { speaksOfTime = true }
        if isOpen { readers[symbol.name, default: []].append(index) }
        return false
      }
      if isOpen, speaksOfTime { waiting.append(index) }
    }
    while let index = waiting.popLast() {
      for symbol in equations[index].target.symbols where !variables.contains(symbol.name) {
        variables.insert(symbol.name)
        waiting += readers[symbol.name] ?? []
      }
    }
    timeless = variables.union(inputs).subtracting(timedNow)
  }
}
