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
  private enum Separator { case start, row, newline, comma, space }

  private let source: Source
  private let decisions: LaTeXDecisions
  private var lines: [LaTeXLine] = []

  init(_ source: Source, _ decisions: LaTeXDecisions) {
    self.source = source
    self.decisions = decisions
  }

  private static let binary: Set<String> = ["+", "-", "*", "·", "⊙", "∘", "×", "⊗", "/", "±", "⊕"]
  private static let punctuation: Set<String> = [",", ".", ";", ":"]
  private static let connectives: Set<String> = [
    "and", "where", "with", "for", "if", "then", "so", "or", "let", "also", "given", "otherwise",
  ]

  /// Adds the lines of one formula.
  mutating func add(_ atoms: [LaTeXAtom]) throws(LaTeXFault) {
    for (separator, piece) in Self.pieces(Self.paired(Self.flattened(atoms))) {
      try add(piece, after: separator)
    }
  }

  /// Systems of equations in `array` or `cases` are rows like others.
  private static func flattened(_ atoms: [LaTeXAtom]) -> [LaTeXAtom] {
    var flat: [LaTeXAtom] = []
    for atom in atoms {
      switch atom.nucleus {
      case .fenced("", let inside): flat += flattened(inside)
      case .grid(_, let rows) where rows.allSatisfy({ $0.joined().contains { $0.isSign("=") } }):
        for row in rows {
          flat.append(LaTeXAtom(.rowBreak, atom.range))
          flat += row.joined()
        }
        flat.append(LaTeXAtom(.rowBreak, atom.range))
      default: flat.append(atom)
      }
    }
    return flat
  }

  /// `f', i' = a, b` is `f' = a, i' = b`.
  private static func paired(_ atoms: [LaTeXAtom]) -> [LaTeXAtom] {
    guard atoms.contains(where: { $0.isSign(",") }) else { return atoms }
    var out: [LaTeXAtom] = []
    var row: [LaTeXAtom] = []
    func close() {
      let sides = row.split(atSigns: ["="])
      let lefts = sides[0].split(atSigns: [","])
      let rights = sides.count == 2 ? withoutPunctuation(sides[1]).split(atSigns: [","]) : []
      let isList = lefts.count > 1 && lefts.count == rights.count && lefts.allSatisfy { $0.visible.count == 1 }
      if isList, let equal = row.first(where: { $0.isSign("=") }) {
        for (left, right) in zip(lefts, rights) { out += left + [equal] + right + [LaTeXAtom(.rowBreak, equal.range)] }
      } else {
        out += row
      }
      row = []
    }
    for atom in atoms {
      switch atom.nucleus {
      case .rowBreak, .newline:
        close()
        out.append(atom)
      default: row.append(atom)
      }
    }
    close()
    return out
  }

  private static func pieces(_ atoms: [LaTeXAtom]) -> [(Separator, [LaTeXAtom])] {
    var pieces: [(Separator, [LaTeXAtom])] = []
    var separator = Separator.start
    var piece: [LaTeXAtom] = []
    func close(_ next: Separator) {
      if !piece.isEmpty {
        pieces.append((separator, piece))
        piece = []
        separator = next
      } else if separator != .start, separator == .space || next == .row || (separator, next) == (.newline, .newline) {
        // `\\` with a newline after it is one end of a row; an empty line ends a row too.
        separator = (separator, next) == (.newline, .newline) ? .row : next
      }
    }
    for atom in atoms {
      switch atom.nucleus {
      case .rowBreak: close(.row)
      case .newline: close(.newline)
      case .wideSpace: close(.space)
      case .sign(","), .sign(";"):
        close(.comma)
        // The comma itself stays at the head of what follows, for an error to point to.
        piece.append(atom)
      default: piece.append(atom)
      }
    }
    close(.row)
    return pieces
  }

  // MARK: Pieces to lines

  private mutating func add(_ piece: [LaTeXAtom], after separator: Separator) throws(LaTeXFault) {
    var piece = piece
    var separator = separator
    if let first = piece.first, first.isSign(",") || first.isSign(";") {
      separator = .comma
      piece.removeFirst()
    }
    piece = Self.withoutPunctuation(piece)
    guard let range = LaTeXAtom.range(of: piece) else { return }
    if try isAside(piece, range, after: separator) { return }
    let purpose = takePurpose(&piece)
    let sides = piece.split(atSigns: ["="])
    let hasRelation = sides.count > 1
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

  private func comma(before range: Range<Int>) -> Range<Int> {
    var offset = range.lowerBound
    while offset > 0, source.bytes[offset - 1] != UInt8(ascii: ","), range.lowerBound - offset < 80 { offset -= 1 }
    return max(offset - 1, 0)..<max(offset, 1)
  }

  /// Whether a piece belongs to the line before it.
  private func continues(_ piece: [LaTeXAtom], _ sides: [[LaTeXAtom]], after separator: Separator) -> Bool {
    let hasRelation = sides.count > 1
    if hasRelation, sides[0].isEmpty { return true }
    if separator == .start { return false }
    guard let last = lines.last else { return false }
    if last.isRemark, !hasRelation { return true }
    if separator != .row, !hasRelation { return last.sides.count > 1 || separator != .comma }
    if last.sides.count == 1, !last.isRemark { return true }
    if let first = piece.first?.sign, Self.binary.contains(first) { return true }
    guard let end = last.sides.last else { return false }
    if end.isEmpty { return true }
    guard let sign = end.last?.sign else { return false }
    return Self.binary.contains(sign)
  }

  private static func withoutPunctuation(_ piece: [LaTeXAtom]) -> [LaTeXAtom] {
    var piece = piece.visible
    while let last = piece.last, let sign = last.sign, punctuation.contains(sign), !last.hasScripts {
      piece.removeLast()
    }
    return piece
  }

  /// `t = 1, …, T`, `f_t ∈ (0, 1)`, `∀ t`, `\text{where } …`.
  private static func isRemark(_ piece: [LaTeXAtom], _ sides: [[LaTeXAtom]]) -> Bool {
    let outer = Set(piece.compactMap(\.sign))
    if !outer.isDisjoint(with: ["∈", "∀", "≥", "≤", "≈", "∼", "→", "↦", "≠"]) { return true }
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
  private mutating func isAside(
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
  private func takePurpose(_ piece: inout [LaTeXAtom]) -> String? {
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

  private static func trimmed(_ text: String) -> String {
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

/// Walks through atoms, their contents and their scripts.
enum LaTeXVisit {
  /// Calls `body` with each atom, outermost first, until it answers true.
  @discardableResult
  static func first(_ atoms: [LaTeXAtom], where body: (LaTeXAtom) -> Bool) -> Bool {
    for atom in atoms {
      if body(atom) { return true }
      switch atom.nucleus {
      case .fenced(_, let inside): if first(inside, where: body) { return true }
      case .fraction(let above, let below): if first(above, where: body) || first(below, where: body) { return true }
      case .root(let inside, let degree):
        if first(inside, where: body) || first(degree ?? [], where: body) { return true }
      case .grid(_, let rows):
        for row in rows { for cell in row where first(cell, where: body) { return true } }
      default: break
      }
      for script in atom.superscripts where first(script, where: body) { return true }
    }
    return false
  }

  static func containsDerivative(_ atoms: [LaTeXAtom]) -> Bool {
    first(atoms) { atom in
      if atom.isSign("∂") || atom.isSign("∇") { return true }
      if case .fraction(let above, let below) = atom.nucleus { return isDifferential(above) && isDifferential(below) }
      return false
    }
  }

  /// `d c_t`, `\mathrm{d} c_t`, `∂c_t`.
  static func isDifferential(_ atoms: [LaTeXAtom]) -> Bool {
    guard let head = atoms.visible.first else { return false }
    return head.isSign("∂") || head.bareLetter == "d"
  }
}
