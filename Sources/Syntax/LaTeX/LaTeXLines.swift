/// A line of the paper: what stands between its `=`.
struct LaTeXLine {
  var sides: [[LaTeXAtom]]
  /// Words beside it: `\quad \text{forget gate}`.
  var purpose: String?
  var place: Place
  /// `t = 1, …, T`: about the equations, and none.
  var isRemark = false
}

/// Formulas to lines: at `\\`, at the edges of displays, at line ends and commas where a new equation begins.
struct LaTeXLines {
  enum Separator { case start, row, newline, comma, space }

  let source: Source
  let decisions: LaTeXDecisions
  var lines: [LaTeXLine] = []

  init(_ source: Source, _ decisions: LaTeXDecisions) {
    self.source = source
    self.decisions = decisions
  }

  static let binary: Set<String> = ["+", "-", "*", "·", "⊙", "∘", "×", "⊗", "/", "±", "⊕"]
  static let punctuation: Set<String> = [",", ".", ";", ":"]
  static let connectives: Set<String> = [
    "and", "where", "with", "for", "if", "then", "so", "or", "let", "also", "given", "otherwise",
  ]

  /// Adds the lines of one formula.
  mutating func add(_ atoms: [LaTeXAtom]) throws(LaTeXFault) {
    for (separator, piece) in Self.pieces(Self.paired(Self.flattened(atoms))) {
      try add(piece, after: separator)
    }
  }

  // MARK: Pieces to lines

  mutating func add(_ piece: [LaTeXAtom], after separator: Separator) throws(LaTeXFault) {
    var piece = piece
    var separator = separator
    if let first = piece.first, first.isSign(",") || first.isSign(";") {
      separator = .comma
      piece.removeFirst()
    }
    piece = Self.withoutPunctuation(piece)
    Self.dropConnective(&piece)
    try cutRemark(&piece)
    guard let range = LaTeXAtom.range(of: piece) else { return }
    if try isAside(piece, range, after: separator) { return }
    let purpose = takePurpose(&piece)
    var sides = piece.split(atSigns: ["="])
    let hasRelation = sides.count > 1
    // `:=`
    if hasRelation, let colon = sides[0].last, colon.isSign(":") { sides[0].removeLast() }
    let beginsWithRelation = hasRelation && sides[0].isEmpty
    if continues(piece, sides, after: separator) {
      guard !lines.isEmpty else {
        throw LaTeXFault(hasRelation ? .emptySide : .noEquation, Place(source, range))
      }
      let last = lines.count - 1
      let isBareComma = separator == .comma && !beginsWithRelation && !lines[last].isRemark
      if isBareComma { throw LaTeXFault(.unexpected(","), Place(source, comma(before: range))) }
      if let side = sides.first, let end = lines[last].sides.indices.last { lines[last].sides[end] += side }
      lines[last].sides += sides.dropFirst()
      lines[last].place = lines[last].place.through(Place(source, range))
      if let purpose { lines[last].purpose = purpose }
      return
    }
    var line = LaTeXLine(sides: sides, purpose: purpose, place: Place(source, range))
    line.isRemark = Self.isRemark(piece, sides)
    lines.append(line)
  }

  /// `\text{where } f_t = …` is an equation all the same.
  static func dropConnective(_ piece: inout [LaTeXAtom]) {
    guard piece.contains(where: { $0.isSign("=") }), let first = piece.first, !first.hasScripts else { return }
    switch first.nucleus {
    case .text(let text) where !text.hasSuffix(":"): piece.removeFirst()
    case .word(let word) where connectives.contains(word) && first.style == .upright: piece.removeFirst()
    default: break
    }
  }

  /// `h_t = … ∈ ℝ`: what follows is about the equation.
  func cutRemark(_ piece: inout [LaTeXAtom]) throws(LaTeXFault) {
    guard let equal = piece.firstIndex(where: { $0.isSign("=") }),
      let cut = piece.firstIndex(where: { $0.sign.map(Self.remarkSigns.contains) ?? false }), cut > equal + 1,
      let range = LaTeXAtom.range(of: Array(piece[cut...]))
    else { return }
    decisions.add(.remark, range, example: LaTeXPhrase.collapsed(source.slice(range)))
    piece.removeSubrange(cut...)
  }

  static let remarkSigns: Set<String> = ["∈", "∀", "≥", "≤", "≈", "∼", "→", "↦", "≠", "⇒"]

  func comma(before range: Range<Int>) -> Range<Int> {
    var offset = range.lowerBound
    while offset > 0, source.bytes[offset - 1] != UInt8(ascii: ","), range.lowerBound - offset < 80 { offset -= 1 }
    return max(offset - 1, 0)..<max(offset, 1)
  }

  /// Whether a piece belongs to the line before it.
  func continues(_ piece: [LaTeXAtom], _ sides: [[LaTeXAtom]], after separator: Separator) -> Bool {
    let hasRelation = sides.count > 1
    if hasRelation, sides[0].isEmpty { return true }
    if separator == .start { return false }
    guard let last = lines.last else { return false }
    if last.isRemark, !hasRelation { return true }
    if !hasRelation, Self.isRemark(piece) { return false }
    if separator != .row, !hasRelation { return last.sides.count > 1 || separator != .comma }
    if last.sides.count == 1, !last.isRemark { return true }
    if let first = piece.first?.sign, Self.binary.contains(first) { return true }
    guard let end = last.sides.last else { return false }
    if end.isEmpty { return true }
    guard let sign = end.last?.sign else { return false }
    return Self.binary.contains(sign)
  }

  /// Without a relation: words, or something of a kind that no equation is.
  static func isRemark(_ piece: [LaTeXAtom]) -> Bool { isRemark(piece, [piece]) }

  static func withoutPunctuation(_ piece: [LaTeXAtom]) -> [LaTeXAtom] {
    var piece = piece.visible
    while let last = piece.last, let sign = last.sign, punctuation.contains(sign), !last.hasScripts {
      piece.removeLast()
    }
    return piece
  }

  /// `t = 1, …, T`, `f_t ∈ (0, 1)`, `∀ t`, `\text{where } …`.
  static func isRemark(_ piece: [LaTeXAtom], _ sides: [[LaTeXAtom]]) -> Bool {
    let outer = Set(piece.compactMap(\.sign))
    if !outer.isDisjoint(with: remarkSigns) { return true }
    switch piece.first?.nucleus {
    case .text: return true
    case .word(let word) where connectives.contains(word): return true
    default: break
    }
    guard sides.count > 1, sides[0].count == 1, let letter = sides[0].first?.bareLetter else { return false }
    let body = sides[1]
    if ["t", "n", "k", "l", "i", "j"].contains(letter) {
      if body.isEmpty { return true }
      // `t = 1, …, T`; a gate may be called i, but then it is no number.
      if case .number? = body.first?.nucleus { return body.count == 1 || body.contains { $0.isSign("…") } }
    }
    return false
  }

  /// Words and numbers beside an equation.
  mutating func isAside(
    _ piece: [LaTeXAtom], _ range: Range<Int>, after separator: Separator
  ) throws(LaTeXFault) -> Bool {
    let words = piece.compactMap { atom -> String? in
      switch atom.nucleus {
      case .text(let text): return text
      case .word(let word) where atom.style == .upright: return word
      default: return nil
      }
    }
    if words.count == piece.count {
      let text = words.joined(separator: " ")
      if Self.trimmed(text).allSatisfy({ $0.isNumber || $0 == "." }) {
        decisions.add(.equationNumber, range, example: text)
        return true
      }
      if lines.last?.purpose == nil, let last = lines.indices.last, !Self.connectives.contains(text) {
        lines[last].purpose = Self.trimmed(text)
      } else if !Self.connectives.contains(text) {
        decisions.add(.remark, range, example: text)
      }
      return true
    }
    guard separator == .space, piece.count == 1, case .fenced("(", let inside) = piece[0].nucleus, !piece[0].hasScripts,
      case .number? = inside.first?.nucleus, inside.count <= 4,
      inside.allSatisfy({ !$0.hasScripts && ($0.sign.map { ".-".contains($0) } ?? true) })
    else { return false }
    decisions.add(.equationNumber, range, example: source.slice(range))
    return true
  }

  /// `\text{Forget gate:} f_t = …` and `f_t = … \text{(forget gate)}`.
  func takePurpose(_ piece: inout [LaTeXAtom]) -> String? {
    if case .text(let text)? = piece.last?.nucleus, piece.count > 1, let last = piece.last, !last.hasScripts {
      piece.removeLast()
      piece = Self.withoutPunctuation(piece)
      return Self.trimmed(text)
    }
    guard piece.count > 2, let first = piece.first, !first.hasScripts else { return nil }
    let text: String
    switch first.nucleus {
    case .text(let words): text = words
    case .word(let word) where piece[1].isSign(":"): text = word
    default: return nil
    }
    guard text.hasSuffix(":") || piece[1].isSign(":") else { return nil }
    piece.removeFirst(piece[1].isSign(":") ? 2 : 1)
    return Self.trimmed(text)
  }

  static func trimmed(_ text: String) -> String {
    let edges: Set<Character> = ["(", ")", ":", ",", ".", ";", " ", "\""]
    var text = Substring(text)
    while let first = text.first, edges.contains(first) { text.removeFirst() }
    while let last = text.last, edges.contains(last) { text.removeLast() }
    return text.filter { $0 != "\"" }
  }

  // MARK: Sorting

  /// The lines of derivatives, and the equations.
  func sorted() throws(LaTeXFault) -> (derivatives: [LaTeXLine], equations: [LaTeXLine]) {
    var derivatives: [LaTeXLine] = []
    var equations: [LaTeXLine] = []
    for line in lines {
      if line.isRemark {
        decisions.add(.remark, line.place.range, example: LaTeXPhrase.collapsed(line.place.text))
      } else if line.sides.contains(where: LaTeXVisit.containsDerivative) {
        derivatives.append(line)
      } else {
        guard line.sides.count > 1 else { throw LaTeXFault(.noEquation, line.place) }
        guard line.sides.allSatisfy({ !$0.isEmpty }) else { throw LaTeXFault(.emptySide, line.place) }
        guard line.sides.count == 2 else {
          let last = LaTeXAtom.range(of: line.sides[2]) ?? line.place.range
          throw LaTeXFault(.severalRelations, Place(source, last))
        }
        equations.append(line)
      }
    }
    return (derivatives, equations)
  }
}
