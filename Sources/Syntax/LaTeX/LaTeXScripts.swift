/// A name of the paper, with what its scripts say.
struct LaTeXSymbol {
  /// The letter with its accents: `h̃`.
  var base: String
  /// The one spelling in our language: `W_xi`.
  var name: String
  /// Counted from now, if a script says it.
  var time: Int?
  var isTransposed = false
  /// `h_t^{l-1}`: of the layer below.
  var isOfLayerBelow = false
  /// A superscript that is an exponent.
  var power: [LaTeXAtom]?
  var style: LaTeXStyle
  /// Where its label was written: two places of one label are two names.
  var lowerLabel = ""
  var upperLabel = ""
  /// The letters of its scripts that count units, in the order written.
  var units: [String] = []
  /// Its label's parts with their commas: `x,h` and `xh` are one name, which is told.
  var form = ""
  /// Called otherwise than in the paper, because the language reserves the word.
  var isRenamed = false
  var range: Range<Int>

  /// A capital letter is a matrix's, except Δ, which is a step.
  var isCapital: Bool {
    guard let first = base.unicodeScalars.first else { return false }
    return first.properties.isUppercase && first != "Δ"
  }
}

/// What one piece of a script says.
private enum LaTeXScriptPiece {
  case time(Int), unit([String]), layer, layerBelow, label(String), star, transpose, power([LaTeXAtom])
}

/// Reads the scripts of an atom by the conventions that the survey found.
struct LaTeXScripts {
  let source: Source
  /// The letter that is time: `t`.
  var timeLetter = "t"
  /// `j` in `h_t^j` where every equation has it.
  var unitLetter: String?
  /// That letter, and those that sums run over: `U_{i,j} x_j`.
  var unitLetters: Set<String> = []
  /// `l` in `h_t^l`.
  var layerLetter: String?
  /// Letters that stand both calligraphic and otherwise: two names.
  var twofoldBases: Set<String> = []
  /// Letters whose number above is a label: some left side has it.
  var numberedBases: Set<String> = []

  init(_ source: Source) { self.source = source }

  private func fault(_ problem: LaTeXFault.Problem, _ range: Range<Int>) -> LaTeXFault {
    LaTeXFault(problem, Place(source, range))
  }

  private func text(_ atoms: [LaTeXAtom], or range: Range<Int>) -> String {
    LaTeXPhrase.collapsed(source.slice(LaTeXAtom.range(of: atoms) ?? range))
  }

  /// The symbol that a letter or word is, nil for other atoms.
  func symbol(_ atom: LaTeXAtom) throws(LaTeXFault) -> LaTeXSymbol? {
    var base: String
    switch atom.nucleus {
    case .letter(let letter): base = letter
    case .word(let word): base = word
    default: return nil
    }
    base += String(repeating: "′", count: min(atom.primes, 3))
    var symbol = LaTeXSymbol(base: base, name: base, style: atom.style, range: atom.range)
    if atom.style == .calligraphic, twofoldBases.contains(base) { symbol.upperLabel = "cal" }
    for script in atom.subscripts {
      for piece in pieces(of: script) { try add(try subscriptPiece(piece, atom), to: &symbol, isRaised: false) }
    }
    for script in atom.superscripts {
      for piece in try superscript(script, of: atom, base: symbol) { try add(piece, to: &symbol, isRaised: true) }
    }
    let label = symbol.lowerLabel + symbol.upperLabel
    if !label.isEmpty { symbol.name += "_" + label }
    // `\mathrm{in}_t`: a word of the language cannot be a name.
    if ReservedWords.token(of: symbol.name) != nil {
      symbol.name += "′"
      symbol.isRenamed = true
    }
    return symbol
  }

  private func add(
    _ piece: LaTeXScriptPiece, to symbol: inout LaTeXSymbol, isRaised: Bool
  ) throws(LaTeXFault) {
    switch piece {
    case .time(let offset):
      if symbol.time != nil { throw fault(.twoTimes(source.slice(symbol.range)), symbol.range) }
      symbol.time = offset
    case .unit(let letters): symbol.units += letters
    case .layer: break
    case .layerBelow: symbol.isOfLayerBelow = true
    case .label(let label):
      symbol.form += symbol.form.isEmpty ? label : "," + label
      if isRaised { symbol.upperLabel += label } else { symbol.lowerLabel += label }
    case .star: symbol.upperLabel += "star"
    case .transpose: symbol.isTransposed.toggle()
    case .power(let atoms): symbol.power = atoms
    }
  }

  // MARK: Pieces

  /// The parts of a script between its commas.
  func pieces(of script: [LaTeXAtom]) -> [[LaTeXAtom]] {
    script.visible.split(atSigns: [",", ";"]).filter { !$0.isEmpty }
  }

  private func subscriptPiece(_ piece: [LaTeXAtom], _ atom: LaTeXAtom) throws(LaTeXFault) -> LaTeXScriptPiece {
    if let index = try indexPiece(piece) { return index }
    let isSpan = piece.contains { $0.isSign(":") } && mentionsTime(piece)
    if !isSpan, let label = Self.label(piece) { return .label(label) }
    if mentionsTime(piece) {
      throw fault(.unreadTime(text(piece, or: atom.range), letter: timeLetter), range(piece, atom))
    }
    throw fault(.label(text(piece, or: atom.range)), range(piece, atom))
  }

  private func range(_ piece: [LaTeXAtom], _ atom: LaTeXAtom) -> Range<Int> { LaTeXAtom.range(of: piece) ?? atom.range }

  private func mentionsTime(_ piece: [LaTeXAtom]) -> Bool {
    LaTeXVisit.first(piece) { $0.bareLetter == timeLetter }
  }

  /// A time, a unit or a layer.
  private func indexPiece(_ piece: [LaTeXAtom]) throws(LaTeXFault) -> LaTeXScriptPiece? {
    if let offset = time(piece) { return .time(offset) }
    let inside = Self.unwrapped(piece)
    let letters = inside.compactMap(\.bareLetter)
    if !unitLetters.isEmpty, letters.count == inside.count, !letters.isEmpty, letters.allSatisfy(unitLetters.contains) {
      return .unit(letters)
    }
    if let layerLetter, let offset = Self.offset(inside, from: layerLetter) {
      switch offset {
      case 0: return .layer
      case -1: return .layerBelow
      default:
        throw fault(.unreadTime(text(piece, or: 0..<0), letter: layerLetter), LaTeXAtom.range(of: piece) ?? 0..<0)
      }
    }
    return nil
  }

  /// The offset that a piece says: `t`, `(t-1)`, `⟨t⟩`, `<t-1>`.
  func time(_ piece: [LaTeXAtom]) -> Int? { Self.offset(Self.unwrapped(piece), from: timeLetter) }

  /// Without parentheses or angles around.
  static func unwrapped(_ piece: [LaTeXAtom]) -> [LaTeXAtom] {
    let piece = piece.visible
    if let inside = LaTeXAtom.unfenced(piece) { return inside.visible }
    if piece.count > 2, let first = piece.first?.sign, let last = piece.last?.sign,
      ["<", "⟨"].contains(first), [">", "⟩"].contains(last)
    {
      return Array(piece.dropFirst().dropLast())
    }
    return piece
  }

  /// `t` is 0, `t-2` is -2, from the letter; nil for anything else.
  static func offset(_ atoms: [LaTeXAtom], from letter: String) -> Int? {
    guard let first = atoms.first, first.bareLetter == letter else { return nil }
    if atoms.count == 1 { return 0 }
    guard atoms.count == 3, let sign = atoms[1].sign, sign == "-" || sign == "+", !atoms[2].hasScripts,
      case .number(let digits) = atoms[2].nucleus, let number = Int(digits), number <= 1_000_000
    else { return nil }
    return sign == "-" ? -number : number
  }

  /// Letters and digits one after another, with their own scripts on the line: `xi`, `h1` for `h_1`.
  static func label(_ atoms: [LaTeXAtom]) -> String? {
    var label = ""
    for atom in atoms where !atom.isSpacing {
      switch atom.nucleus {
      case .letter(let letter): label += letter
      case .word(let word): label += word
      case .number(let number) where !number.contains("."): label += number
      case .text(let text): label += text.filter { $0.isLetter || $0.isNumber }
      case .fenced(_, let inside):
        guard let part = Self.label(inside) else { return nil }
        label += part
      case .sign("→"), .sign(","), .sign(":"), .sign("="), .sign("|"): break
      default: return nil
      }
      label += String(repeating: "′", count: min(atom.primes, 3))
      for script in atom.subscripts + atom.superscripts {
        guard let part = Self.label(script) else { return nil }
        label += part
      }
      if label.utf8.count > 200 { return nil }
    }
    return label.isEmpty ? nil : label
  }

  // MARK: Superscripts

  private func superscript(
    _ script: [LaTeXAtom], of atom: LaTeXAtom, base: LaTeXSymbol
  ) throws(LaTeXFault) -> [LaTeXScriptPiece] {
    let visible = script.visible
    if let index = try indexPiece(visible) { return [index] }
    let parts = pieces(of: Self.unwrapped(visible))
    if parts.count > 1 {
      var found: [LaTeXScriptPiece] = []
      for part in parts { found.append(try subscriptPiece(part, atom)) }
      return found
    }
    if Self.isTransposition(visible) { return [.transpose] }
    if visible.count == 1, let sign = visible.first?.sign {
      if sign == "*" || sign == "⋆" { return [.star] }
      throw fault(.exponent(text(visible, or: atom.range)), range(visible, atom))
    }
    try refuseInverse(visible, atom)
    if visible.count == 1, case .number? = visible.first?.nucleus {
      let isLabel = numberedBases.contains(base.base) || (base.isCapital && base.time == nil)
      if !isLabel { return [.power(visible)] }
    }
    if base.base == "e", base.lowerLabel.isEmpty { return [.power(visible)] }
    if !Self.hasTimes(visible, timeLetter), let label = Self.label(visible) { return [.label(label)] }
    return [.power(visible)]
  }

  /// What the scripts of parentheses and fractions say: an exponent, a transposition, or a unit that is left out.
  func outer(_ atom: LaTeXAtom) throws(LaTeXFault) -> (isTransposed: Bool, power: [LaTeXAtom]?, isUnit: Bool) {
    var found = (isTransposed: false, power: [LaTeXAtom]?.none, isUnit: false)
    if atom.primes > 0 { throw fault(.exponent("′"), atom.range) }
    for script in atom.subscripts {
      guard case .unit? = try indexPiece(script) else {
        throw fault(.label(text(script, or: atom.range)), range(script, atom))
      }
      found.isUnit = true
    }
    for script in atom.superscripts {
      let visible = script.visible
      if case .unit? = try indexPiece(visible) {
        found.isUnit = true
      } else if Self.isTransposition(visible) {
        found.isTransposed.toggle()
      } else {
        try refuseInverse(visible, atom)
        if visible.isEmpty || (visible.count == 1 && visible[0].sign != nil) || time(visible) != nil {
          throw fault(.exponent(text(visible, or: atom.range)), range(visible, atom))
        }
        found.power = visible
      }
    }
    return found
  }

  private func refuseInverse(_ visible: [LaTeXAtom], _ atom: LaTeXAtom) throws(LaTeXFault) {
    if visible.count == 2, visible[0].isSign("-"), case .number("1") = visible[1].nucleus {
      throw fault(.inverse(source.slice(atom.range)), atom.range)
    }
  }

  private static func isTransposition(_ atoms: [LaTeXAtom]) -> Bool {
    guard atoms.count == 1, let only = atoms.first, !only.hasScripts else { return false }
    switch only.nucleus {
    case .letter("T"), .sign("⊤"): return true
    case .word(let word): return word == "T" || word == "tr" || word == "top"
    default: return false
    }
  }

  /// Whether a letter inside has a time of its own: then the whole is an exponent.
  private static func hasTimes(_ atoms: [LaTeXAtom], _ letter: String) -> Bool {
    LaTeXVisit.first(atoms) { atom in
      (atom.subscripts + atom.superscripts).contains { offset(unwrapped($0), from: letter) != nil }
    }
  }
}
