/// Names that are functions, and what they are applied to.
extension LaTeXTranslation {
  func nameOrCall(_ symbol: LaTeXSymbol, _ cursor: inout LaTeXCursor) throws(LaTeXFault) -> LaTeXTerm {
    let isNamed = survey.variables.contains(symbol.name) || survey.inputs.contains(symbol.name)
    let isFollowed = isFence(cursor.peek)
    if !isNamed || (isFollowed && LaTeXFunctions.isFunctionWord(symbol.name)) {
      let isWord = symbol.base.count > 1 || symbol.base == "σ" || symbol.base == "σ̂"
      if symbol.time == nil, let function = survey.functions.name(of: symbol.name), isFollowed || isWord {
        return try call(node(.name(function), symbol.range), symbol.power, symbol.range, &cursor)
      }
      if isFollowed, Self.joiners.contains(symbol.base), let fence = cursor.peek,
        case .fenced("(", let inside) = fence.nucleus
      {
        cursor.advance()
        let term = try joined(inside.split(atSigns: [",", ";"]), fence)
        decisions.add(.joined, symbol.range, example: "\(symbol.base)(…)\u{1}\(LaTeXPhrase.cell(term.expression))")
        return term
      }
      let isSigma = symbol.base.unicodeScalars.first == "σ" && symbol.time == nil
      let isKnownWord = LaTeXFunctions.isFunctionWord(symbol.base) && symbol.base.count > 1
      if isSigma || isKnownWord || (isFollowed && LaTeXFunctions.looksLikeFunction(symbol.base, symbol.style)) {
        let example = LaTeXFunctions.example(for: symbol.name)
        throw fault(.unknownFunction(symbol.name, example: example), symbol.range)
      }
    }
    return try name(symbol)
  }

  static let joiners: Set<String> = ["concat", "Concat", "cat", "concatenate", "Concatenate"]

  func isFence(_ atom: LaTeXAtom?) -> Bool {
    guard case .fenced(let fence, _)? = atom?.nucleus else { return false }
    return fence == "(" || fence == "[" || fence == "{"
  }

  /// `tanh(` typed as letters.
  func spelledWord(_ cursor: LaTeXCursor) -> (name: String, length: Int, range: Range<Int>)? {
    guard cursor.peek?.bareLetter != nil else { return nil }
    var word = ""
    var end = 0
    let start = cursor.peek?.range.lowerBound ?? 0
    for (index, atom) in cursor.ahead(12).enumerated() {
      if let letter = atom.bareLetter, index == 0 || atom.range.lowerBound == end {
        word += letter
        end = atom.range.upperBound
        continue
      }
      guard index > 1, case .fenced("(", _) = atom.nucleus, LaTeXFunctions.isFunctionWord(word),
        let name = survey.functions.name(of: word)
      else { return nil }
      return (name, index, start..<end)
    }
    return nil
  }

  func call(
    _ function: Expression, _ power: [LaTeXAtom]?, _ range: Range<Int>, _ cursor: inout LaTeXCursor
  ) throws(LaTeXFault) -> LaTeXTerm {
    guard let next = cursor.peek, startsArgument(next) else {
      throw fault(.functionAlone(slice(range)), range)
    }
    var result: LaTeXTerm
    if case .fenced(let fence, let inside) = next.nucleus, fence == "(" || fence == "{", !LaTeXColumns.isGrid(next) {
      cursor.advance()
      if inside.contains(where: { $0.isSign(";") }) {
        return try scripted(try scaled(function, inside, range.through(next.range)), next)
      }
      var arguments: [LaTeXTerm] = []
      for part in inside.split(atSigns: [","]) { arguments.append(try argument(part, next)) }
      guard let first = arguments.first else { throw fault(.missingOperand, next.range) }
      let place = Place(source, range.through(next.range))
      result = try first.call(function, Array(arguments.dropFirst()), place)
      if let power { result = try .infix(.power, result, try whole(power)) }
      return try scripted(result, next)
    }
    let isOneFactor: Bool
    var operand: LaTeXTerm
    if case .fenced = next.nucleus {
      operand = try factor(&cursor, after: nil)
      isOneFactor = true
    } else {
      let before = cursor
      operand = try chain(&cursor, after: nil)
      var again = before
      again.advance()
      isOneFactor = again.peek?.range == cursor.peek?.range
    }
    operand = operand.withoutParentheses
    let place = Place(source, range.through(operand.range))
    result = try operand.call(function, [], place)
    if !isOneFactor {
      let name = LaTeXPhrase.cell(function)
      let paper = "\(name) \(LaTeXPhrase.paper(operand.expression))"
      decisions.add(.functionScope, place.range, example: paper + "\u{1}" + LaTeXPhrase.cell(result.expression))
    }
    if let power { result = try .infix(.power, result, try whole(power)) }
    return result
  }

  /// `LN(z; α, β)` is LN(z) * α + β.
  func scaled(
    _ function: Expression, _ inside: [LaTeXAtom], _ range: Range<Int>
  ) throws(LaTeXFault) -> LaTeXTerm {
    let parts = inside.split(atSigns: [";"])
    let gains = parts.count == 2 ? parts[1].split(atSigns: [","]) : []
    guard gains.count == 2, case .name("LN") = function.form else {
      let semicolon = inside.first { $0.isSign(";") }?.range ?? range
      throw fault(.unexpected(";"), semicolon)
    }
    let place = Place(source, range)
    let normal = try whole(parts[0]).call(function, [], place)
    let scaled = try LaTeXTerm.infix(.times, normal, try whole(gains[0]))
    let sum = try LaTeXTerm.infix(.plus, scaled, try whole(gains[1]))
    let names = gains.compactMap(LaTeXAtom.range).map(slice).joined(separator: ", ")
    decisions.add(.gains, range, example: "LN(…; \(names))\u{1}\(LaTeXPhrase.cell(sum.expression))")
    return sum.closed()
  }

  func argument(_ atoms: [LaTeXAtom], _ fence: LaTeXAtom) throws(LaTeXFault) -> LaTeXTerm {
    if atoms.visible.isEmpty { throw fault(.missingOperand, fence.range) }
    return try whole(atoms)
  }

  func startsArgument(_ atom: LaTeXAtom) -> Bool {
    switch atom.nucleus {
    case .sign, .text, .unknown, .wideSpace, .rowBreak, .newline: return false
    default: return true
    }
  }
}
