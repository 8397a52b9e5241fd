/// Equations to trees: names with their times, functions, sums. Products have their own file, stacked gates too.
final class LaTeXTranslation {
  let survey: LaTeXSurvey
  let decisions: LaTeXDecisions
  var source: Source { survey.source }

  /// A derivative's line: names that no equation defines are allowed, and ∂ is read.
  private(set) var readsDerivatives = false
  /// `h_{t+1} = …` is taken one step earlier.
  var shift = 0
  /// The row of stacked gates that is read now, and whether something depended on it.
  var row: (index: Int, count: Int)?
  var dependsOnRow = false
  /// How deep the factor that is read now stands.
  var depth = 0
  var spellings: [String: LaTeXSymbol] = [:]
  /// Parameters that scale a matrix.
  var numbers: [String: Place] = [:]

  init(_ survey: LaTeXSurvey, _ decisions: LaTeXDecisions) {
    self.survey = survey
    self.decisions = decisions
  }

  func fault(_ problem: LaTeXFault.Problem, _ range: Range<Int>) -> LaTeXFault {
    LaTeXFault(problem, Place(source, range))
  }

  func node(_ form: Form, _ range: Range<Int>) -> Expression { Expression(form, Place(source, range)) }

  func slice(_ range: Range<Int>) -> String { LaTeXPhrase.collapsed(source.slice(range)) }

  // MARK: Equations

  func items() throws(LaTeXFault) -> [CellItem] {
    var items: [CellItem] = []
    var seen: [String: [Int]] = [:]
    for equation in survey.equations {
      for item in try self.items(of: equation) {
        guard case .equation(let target, let body, let purpose) = item.form else {
          items.append(item)
          continue
        }
        // Word for word the same: counted once.
        let key = LaTeXPhrase.cell(target)
        let repeated = (seen[key] ?? []).prefix(8).contains { index in
          guard case .equation(_, let other, _) = items[index].form else { return false }
          return other == body
        }
        if repeated {
          decisions.add(.repeated, item.place.range, example: key)
          continue
        }
        seen[key, default: []].append(items.count)
        items.append(CellItem(.equation(target: target, body: body, purpose: purpose), item.place))
      }
    }
    for (name, place) in numbers.sorted(by: { $0.key < $1.key }) {
      let one = Expression(.number("1"), place)
      items.append(CellItem(.parameter(Identifier(name, place), dimensions: [one]), place))
    }
    return items
  }

  func items(of equation: LaTeXEquation) throws(LaTeXFault) -> [CellItem] {
    let place = equation.line.place
    switch equation.target {
    case .start(let name, let step):
      let range = LaTeXAtom.range(of: equation.line.sides[0]) ?? place.range
      let target = node(.index(node(.name(name), range), [node(.number(step), range)]), range)
      shift = 0
      return [CellItem(.initial(target, try whole(equation.body).expression), place)]
    case .split(let symbols, let range):
      try setShift(symbols, range)
      return try stacked(symbols, range, equation)
    case .variable(let symbol):
      try setShift([symbol], symbol.range)
      let target = try self.target(symbol)
      let body = try whole(equation.body)
      return [CellItem(.equation(target: target, body: body.expression, purpose: equation.line.purpose), place)]
    }
  }

  func setShift(_ symbols: [LaTeXSymbol], _ range: Range<Int>) throws(LaTeXFault) {
    let times = Set(symbols.map { $0.time ?? 0 })
    guard times.count == 1, let time = times.first, time >= 0 else { throw fault(.futureLeft(slice(range)), range) }
    shift = survey.isShifted ? time : 0
    guard time > 0 else { return }
    let letter = survey.scripts.timeLetter
    for symbol in symbols {
      let name = symbol.name
      let now = survey.isShifted ? "" : ", \(name)_\(letter)\u{1}\(name)[t-\(time)]"
      decisions.add(.shifted, range, example: "\(name)_{\(letter)+\(time)}\u{1}\(name)[t]" + now)
    }
  }

  /// The tree of a left side.
  func target(_ symbol: LaTeXSymbol) throws(LaTeXFault) -> Expression {
    try register(symbol)
    guard survey.variables.contains(symbol.name) else { return node(.name(symbol.name), symbol.range) }
    if symbol.time == nil { noteTimeless(symbol) }
    let target = timed(symbol.name, 0, symbol.range)
    if symbol.isTransposed {
      decisions.add(
        .rowVectors, symbol.range, example: "\(slice(symbol.range))\u{1}\(LaTeXPhrase.cell(target))")
    }
    return target
  }

  func noteTimeless(_ symbol: LaTeXSymbol) {
    decisions.add(.timeless, symbol.range, example: "\(symbol.name)\u{1}\(symbol.name)[t]")
  }

  func timed(_ name: String, _ offset: Int, _ range: Range<Int>) -> Expression {
    var time = node(.name("t"), range)
    if offset != 0 {
      let distance = node(.number(String(offset.magnitude)), range)
      time = node(.infix(offset < 0 ? .minus : .plus, time, distance), range)
    }
    return node(.index(node(.name(name), range), [time]), range)
  }

  /// All the atoms as one sum.
  func whole(_ atoms: [LaTeXAtom]) throws(LaTeXFault) -> LaTeXTerm {
    var cursor = LaTeXCursor(atoms)
    let term = try sum(&cursor)
    if let rest = cursor.peek { throw unexpected(rest) }
    return term
  }

  func unexpected(_ atom: LaTeXAtom) -> LaTeXFault {
    switch atom.nucleus {
    case .unknown(let name): return fault(.unknownCommand(name), atom.range)
    case .sign(")"), .sign("]"), .sign("}"): return fault(.stray(slice(atom.range)), atom.range)
    case .sign(let sign):
      if let hint = Self.unread[sign] { return fault(.unreadSign(slice(atom.range), hint: hint), atom.range) }
      return fault(.unexpected(slice(atom.range)), atom.range)
    default: return fault(.unexpected(slice(atom.range)), atom.range)
    }
  }

  static let unread: [String: String] = [
    "∑": "write the product with the matrix: W x_t", "∏": "write the product out", "∫": "write the step",
    "⊕": "[h_{t-1}, x_t] joins, + adds", "‖": "[h_{t-1}, x_t] joins", "|": "write abs(…), or [h_{t-1}, x_t] to join",
    "±": "write two equations", "<": "an equation has no comparison", ">": "an equation has no comparison",
    "…": "write it out", "⊖": "a difference is -", "∇": "a gradient is no part of a cell",
    "=": "an equation of a cell has one =",
  ]

  // MARK: Sums

  func sum(_ cursor: inout LaTeXCursor) throws(LaTeXFault) -> LaTeXTerm {
    var total: LaTeXTerm?
    while true {
      var sign: LaTeXAtom?
      if let next = cursor.peek, next.isSign("+") || next.isSign("-"), !next.hasScripts {
        sign = next
        cursor.advance()
      } else if total != nil {
        break
      }
      let isMinus = sign?.isSign("-") ?? false
      let term = try product(&cursor)
      if let before = total {
        let (left, right) = try aligned(before, term)
        total = try .infix(isMinus ? .minus : .plus, left, right)
      } else if let sign, isMinus {
        total = try term.negated(Place(source, sign.range))
      } else {
        total = term
      }
    }
    guard let total else { throw fault(.missingOperand, cursor.end) }
    return total
  }

  /// `x_t^\top W + b^\top`: the product was turned into a column, so the row beside it is turned too.
  func aligned(_ left: LaTeXTerm, _ right: LaTeXTerm) throws(LaTeXFault) -> (LaTeXTerm, LaTeXTerm) {
    if left.isRow, !right.isRow, right.isTimed, case .primed = left.expression.form {
      return (try left.transposed(left.place), right)
    }
    if right.isRow, !left.isRow, left.isTimed, case .primed = right.expression.form {
      return (left, try right.transposed(right.place))
    }
    return (left, right)
  }

  // MARK: Derivatives

  /// A line of derivatives as a claim, if it can be read.
  func skipped(_ line: LaTeXLine) -> Skipped {
    readsDerivatives = true
    shift = 0
    var read: [Expression] = []
    var obstacle: Diagnostic?
    do throws(LaTeXFault) {
      for side in line.sides {
        guard !side.isEmpty else { throw LaTeXFault(.emptySide, line.place) }
        read.append(try whole(side).expression)
      }
    } catch {
      obstacle = error.diagnostic
    }
    let name = read.first.map(LaTeXPhrase.cell) ?? slice(line.place.range)
    let isWhole = obstacle == nil
    return Skipped(
      name: name, claim: isWhole ? read.first : nil, answers: isWhole ? Array(read.dropFirst()) : [],
      obstacle: obstacle, place: line.place)
  }
}
